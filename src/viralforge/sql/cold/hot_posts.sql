CREATE TABLE hot_posts AS SELECT * FROM arriving

CREATE VIEW history AS
SELECT * FROM cold_history
WHERE (scraped_post_id, recorded_at) NOT IN (SELECT (scraped_post_id, recorded_at) FROM corrected)
UNION ALL SELECT * FROM hot_history

-- Every post is in the database, some as stubs; what those gave up comes from the archive.
CREATE VIEW posts AS
SELECT hot.* REPLACE (
    coalesce(hot.description, kept.description) AS description, coalesce(hot.raw_json, kept.raw_json) AS raw_json,
    coalesce(hot.video_url, kept.video_url) AS video_url, coalesce(hot.media_urls, kept.media_urls) AS media_urls)
FROM hot_posts AS hot LEFT JOIN (
    SELECT id, arg_max(description, last_scraped_at) AS description, arg_max(raw_json, last_scraped_at) AS raw_json,
           arg_max(video_url, last_scraped_at) AS video_url, arg_max(media_urls, last_scraped_at) AS media_urls
    FROM cold_posts GROUP BY id
) AS kept ON kept.id = hot.id

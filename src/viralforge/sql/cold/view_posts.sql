-- Every post is in the database, some as stubs; what those gave up comes from the archive, from the newest sighting that
-- knew it, of two of one moment from that with the larger reach.
CREATE VIEW posts AS
SELECT hot.* REPLACE (
    coalesce(hot.description, kept.description) AS description, coalesce(hot.raw_json, kept.raw_json) AS raw_json,
    coalesce(hot.video_url, kept.video_url) AS video_url, coalesce(hot.media_urls, kept.media_urls) AS media_urls)
FROM hot_posts AS hot LEFT JOIN (
    SELECT id, arg_max(description, newness) AS description, arg_max(raw_json, newness) AS raw_json,
           arg_max(video_url, newness) AS video_url, arg_max(media_urls, newness) AS media_urls
    FROM (
        SELECT id, description, raw_json, video_url, media_urls, {
            'at': last_scraped_at, 'is_views': views IS NOT NULL,
            'reach': coalesce(views, coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0))} AS newness
        FROM cold_posts
    ) AS kept
    GROUP BY id
) AS kept ON kept.id = hot.id

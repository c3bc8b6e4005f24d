-- One row a post: as it was when it was archived last, with what only an earlier sighting knew. Of two sightings of one
-- moment the larger reach wins.
SELECT * EXCLUDE (newest, kept_description, kept_raw_json, kept_video_url, kept_media_urls)
       REPLACE (kept_description AS description, kept_raw_json AS raw_json, kept_video_url AS video_url,
                kept_media_urls AS media_urls)
FROM (
    SELECT *, row_number() OVER path AS newest,
           first_value(description IGNORE NULLS) OVER later AS kept_description,
           first_value(raw_json IGNORE NULLS) OVER later AS kept_raw_json,
           first_value(video_url IGNORE NULLS) OVER later AS kept_video_url,
           first_value(media_urls IGNORE NULLS) OVER later AS kept_media_urls
    FROM (SELECT * FROM hot UNION ALL SELECT * FROM cold)
    WINDOW path AS (
               PARTITION BY id
               ORDER BY last_scraped_at DESC, (views IS NOT NULL) DESC,
                        coalesce(views, coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0)) DESC),
           later AS (
               PARTITION BY id
               ORDER BY last_scraped_at DESC, (views IS NOT NULL) DESC,
                        coalesce(views, coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0)) DESC
               ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
WHERE newest = 1
ORDER BY date_trunc('month', scraped_at), id

-- name: trending
SELECT hashtag, platform, post_count, total_views, avg_engagement_rate
FROM viralforge.v_trending_hashtags
WHERE %(platform)s::text IS NULL OR platform = %(platform)s
ORDER BY post_count DESC, hashtag, platform
LIMIT %(limit)s;

-- name: across_platforms
WITH used AS (
    SELECT hashtag, platform, views, engagement_rate,
           scraped_at > viralforge.clock() - interval '7 days' AS this_week
    FROM viralforge.scraped_posts, unnest(hashtags) AS hashtag
    WHERE scraped_at > viralforge.clock() - interval '14 days'
)
SELECT hashtag, array_agg(DISTINCT platform ORDER BY platform) FILTER (WHERE this_week) AS platforms,
       count(*) FILTER (WHERE this_week) AS post_count,
       sum(views) FILTER (WHERE this_week) AS total_views,
       avg(engagement_rate) FILTER (WHERE this_week) AS avg_engagement_rate,
       count(*) FILTER (WHERE NOT this_week) AS post_count_before,
       round(count(*) FILTER (WHERE this_week)::numeric
             / nullif(count(*) FILTER (WHERE NOT this_week), 0) - 1, 4) AS change
FROM used
GROUP BY hashtag
HAVING count(DISTINCT platform) FILTER (WHERE this_week) > 1
ORDER BY post_count DESC, hashtag
LIMIT %(limit)s;

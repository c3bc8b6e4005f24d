-- name: trending
-- In the view's own order: sorted once more, PostgreSQL would not stop at the limit.
SELECT hashtag, platform, post_count, total_views, avg_engagement_rate
FROM viralforge.v_trending_hashtags
WHERE %(platform)s::text IS NULL OR platform = %(platform)s
LIMIT %(limit)s;

-- name: across_platforms
-- As the view of each platform: what is kept, in order, but for the hashtags of which something has changed.
WITH changes AS MATERIALIZED (
    SELECT * FROM viralforge.hashtag_changes()
),
parts AS (
    SELECT * FROM changes
    UNION ALL
    SELECT kept.* FROM viralforge.hashtag_rollup AS kept
    JOIN (SELECT DISTINCT hashtag FROM changes) AS changed USING (hashtag)
),
changed AS (
    SELECT hashtag, platform, sum(posts) AS posts, sum(views) AS views, sum(views_known) AS views_known,
           sum(rate) AS rate, sum(rates_known) AS rates_known, sum(posts_before) AS posts_before
    FROM parts GROUP BY hashtag, platform
)
SELECT hashtag, platforms, posts AS post_count, CASE WHEN views_known > 0 THEN views END AS total_views,
       rate / nullif(rates_known, 0) AS avg_engagement_rate, posts_before AS post_count_before,
       round(posts::numeric / nullif(posts_before, 0) - 1, 4) AS change
FROM (
    (SELECT hashtag, platforms, posts, views, views_known, rate, rates_known, posts_before
     FROM viralforge.hashtag_across_rollup
     WHERE cardinality(platforms) > 1 AND hashtag NOT IN (SELECT hashtag FROM changes)
     ORDER BY posts DESC, hashtag)
    UNION ALL
    (SELECT hashtag, array_agg(platform ORDER BY platform) FILTER (WHERE posts > 0), sum(posts)::bigint AS posts,
            sum(views), sum(views_known)::bigint, sum(rate), sum(rates_known)::bigint, sum(posts_before)::bigint
     FROM changed GROUP BY hashtag HAVING count(*) FILTER (WHERE posts > 0) > 1
     ORDER BY posts DESC, hashtag)
) AS counted
ORDER BY post_count DESC, hashtag
LIMIT %(limit)s;

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

-- name: rising
-- As across_platforms, but of each platform: what is kept, in order, and what has changed since.
WITH changes AS MATERIALIZED (
    SELECT * FROM viralforge.hashtag_changes()
)
SELECT hashtag, platform, posts AS post_count, CASE WHEN views_known > 0 THEN views END AS total_views,
       rate / nullif(rates_known, 0) AS avg_engagement_rate, posts_before AS post_count_before,
       round(posts::numeric / nullif(posts_before, 0) - 1, 4) AS change
FROM (
    (SELECT hashtag, platform, posts, views, views_known, rate, rates_known, posts_before
     FROM viralforge.hashtag_rollup
     WHERE posts > 0 AND (hashtag, platform) NOT IN (SELECT hashtag, platform FROM changes)
       AND (%(platform)s::text IS NULL OR platform = %(platform)s)
     ORDER BY posts DESC, hashtag, platform
     LIMIT %(limit)s)
    UNION ALL
    (SELECT hashtag, platform, coalesce(kept.posts, 0) + changes.posts AS posts,
            coalesce(kept.views, 0) + changes.views, coalesce(kept.views_known, 0) + changes.views_known,
            coalesce(kept.rate, 0) + changes.rate, coalesce(kept.rates_known, 0) + changes.rates_known,
            coalesce(kept.posts_before, 0) + changes.posts_before
     FROM changes LEFT JOIN viralforge.hashtag_rollup AS kept USING (hashtag, platform)
     WHERE coalesce(kept.posts, 0) + changes.posts > 0
       AND (%(platform)s::text IS NULL OR platform = %(platform)s))
) AS counted
ORDER BY post_count DESC, hashtag, platform
LIMIT %(limit)s;

-- name: history
-- The posts that carry a hashtag, by the UTC day on which they were first seen.
SELECT (scraped_at AT TIME ZONE 'UTC')::date AS date, platform, count(*) AS posts, sum(views) AS total_views,
       round(avg(engagement_rate), 6) AS avg_engagement_rate
FROM viralforge.scraped_posts
WHERE hashtags @> ARRAY[%(hashtag)s::text] AND scraped_at >= viralforge.days_start(%(days)s)
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: together
-- The hashtags that stand beside one: `share` of its posts have the other as well.
WITH posts AS MATERIALIZED (
    SELECT hashtags FROM viralforge.scraped_posts
    WHERE hashtags @> ARRAY[%(hashtag)s::text] AND scraped_at >= viralforge.days_start(%(days)s)
      AND (%(platform)s::text IS NULL OR platform = %(platform)s)
)
SELECT tag AS hashtag, count(*) AS posts, round(count(*)::numeric / (SELECT count(*) FROM posts), 4) AS share
FROM posts, LATERAL (SELECT DISTINCT unnest(hashtags)) AS each (tag)
WHERE tag <> %(hashtag)s
GROUP BY tag
ORDER BY posts DESC, tag
LIMIT %(limit)s;

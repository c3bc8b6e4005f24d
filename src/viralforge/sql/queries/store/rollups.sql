-- name: lock_rollups
SELECT pg_try_advisory_xact_lock(%(lock)s);

-- name: wait_for_rollups
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: fold
-- Deltas into the rollup, deleted and added in one statement: a view that sums both sees no difference.
WITH taken AS (
    DELETE FROM viralforge.daily_deltas RETURNING *
), folded AS (
    INSERT INTO viralforge.daily_rollup AS rollup (day, platform, posts, views, views_known, rate, rates_known)
    SELECT day, platform, sum(posts), sum(views), sum(views_known), sum(rate), sum(rates_known)
    FROM taken GROUP BY day, platform ORDER BY day, platform
    ON CONFLICT (day, platform) DO UPDATE SET
        posts = rollup.posts + excluded.posts, views = rollup.views + excluded.views,
        views_known = rollup.views_known + excluded.views_known, rate = rollup.rate + excluded.rate,
        rates_known = rollup.rates_known + excluded.rates_known
)
SELECT count(*) FROM taken;

-- name: backlog
SELECT count(*) FROM viralforge.daily_deltas;

-- name: check
-- The days and platforms whose rollup and deltas do not come to what the posts come to.
WITH kept AS (
    SELECT day, platform, sum(posts) AS posts, sum(views) AS views, sum(views_known) AS views_known,
           sum(rate) AS rate, sum(rates_known) AS rates_known
    FROM (SELECT * FROM viralforge.daily_rollup UNION ALL SELECT * FROM viralforge.daily_deltas) AS parts
    GROUP BY day, platform
), plain AS (
    SELECT (scraped_at AT TIME ZONE 'UTC')::date AS day, platform, count(*) AS posts,
           coalesce(sum(views), 0) AS views, count(views) AS views_known,
           coalesce(sum(engagement_rate), 0) AS rate, count(engagement_rate) AS rates_known
    FROM viralforge.scraped_posts GROUP BY 1, 2
)
SELECT day, platform, coalesce(kept.posts, 0)::bigint AS kept, coalesce(plain.posts, 0) AS posts
FROM kept FULL JOIN plain USING (day, platform)
WHERE (coalesce(kept.posts, 0), coalesce(kept.views, 0), coalesce(kept.views_known, 0), coalesce(kept.rate, 0),
       coalesce(kept.rates_known, 0))
      IS DISTINCT FROM
      (coalesce(plain.posts, 0), coalesce(plain.views, 0), coalesce(plain.views_known, 0), coalesce(plain.rate, 0),
       coalesce(plain.rates_known, 0))
ORDER BY day, platform;

-- name: rebuild
-- What is missing is appended as deltas, like any writer's: readers and writers go on.
INSERT INTO viralforge.daily_deltas (day, platform, posts, views, views_known, rate, rates_known)
SELECT day, platform, sum(posts), sum(views), sum(views_known), sum(rate), sum(rates_known)
FROM (
    SELECT (scraped_at AT TIME ZONE 'UTC')::date AS day, platform, 1 AS posts, coalesce(views, 0) AS views,
           (views IS NOT NULL)::int AS views_known, coalesce(engagement_rate, 0) AS rate,
           (engagement_rate IS NOT NULL)::int AS rates_known
    FROM viralforge.scraped_posts
    UNION ALL
    SELECT day, platform, -posts, -views, -views_known, -rate, -rates_known FROM viralforge.daily_rollup
    UNION ALL
    SELECT day, platform, -posts, -views, -views_known, -rate, -rates_known FROM viralforge.daily_deltas
) AS parts
GROUP BY day, platform
HAVING (sum(posts), sum(views), sum(views_known), sum(rate), sum(rates_known)) <> (0, 0, 0, 0, 0);

-- name: refresh_popular_content
SELECT viralforge.refresh_popular_content();

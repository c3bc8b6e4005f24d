-- name: check_daily
WITH kept AS (
    SELECT day, platform, sum(posts)::bigint AS posts, sum(views) AS views, sum(views_known) AS views_known,
           sum(rate) AS rate, sum(rates_known) AS rates_known
    FROM (SELECT * FROM viralforge.daily_rollup UNION ALL SELECT * FROM viralforge.daily_changes) AS parts
    GROUP BY day, platform
), plain AS (
    SELECT (scraped_at AT TIME ZONE 'UTC')::date AS day, platform, count(*) AS posts,
           coalesce(sum(views), 0) AS views, count(views) AS views_known,
           coalesce(sum(engagement_rate), 0) AS rate, count(engagement_rate) AS rates_known
    FROM viralforge.scraped_posts WHERE erased_at IS NULL GROUP BY 1, 2
)
SELECT 'daily' AS rollup, concat_ws(' ', day, platform) AS key, kept.posts::text AS kept, plain.posts::text AS counted
FROM kept FULL JOIN plain USING (day, platform)
WHERE (coalesce(kept.posts, 0), coalesce(kept.views, 0), coalesce(kept.views_known, 0), coalesce(kept.rate, 0),
       coalesce(kept.rates_known, 0))
      IS DISTINCT FROM
      (coalesce(plain.posts, 0), coalesce(plain.views, 0), coalesce(plain.views_known, 0), coalesce(plain.rate, 0),
       coalesce(plain.rates_known, 0))
ORDER BY day, platform;

-- name: check_hashtags
WITH kept AS (
    SELECT hashtag, platform, sum(posts)::bigint AS posts, sum(views) AS views, sum(views_known) AS views_known,
           sum(rate) AS rate, sum(rates_known) AS rates_known, sum(posts_before)::bigint AS posts_before
    FROM (SELECT * FROM viralforge.hashtag_rollup UNION ALL SELECT * FROM viralforge.hashtag_changes()) AS parts
    GROUP BY hashtag, platform
), plain AS (
    SELECT hashtag, platform, count(*) FILTER (WHERE week) AS posts,
           coalesce(sum(views) FILTER (WHERE week), 0) AS views, count(views) FILTER (WHERE week) AS views_known,
           coalesce(sum(engagement_rate) FILTER (WHERE week), 0) AS rate,
           count(engagement_rate) FILTER (WHERE week) AS rates_known, count(*) FILTER (WHERE NOT week) AS posts_before
    FROM viralforge.scraped_posts, unnest(hashtags) AS hashtag,
         LATERAL (SELECT scraped_at > viralforge.clock() - interval '7 days') AS seen (week)
    WHERE scraped_at > viralforge.clock() - interval '14 days' AND hashtag IS NOT NULL
    GROUP BY 1, 2
)
SELECT 'hashtags' AS rollup, concat_ws(' ', hashtag, platform) AS key, kept.posts::text AS kept,
       plain.posts::text AS counted
FROM kept FULL JOIN plain USING (hashtag, platform)
WHERE (coalesce(kept.posts, 0), coalesce(kept.views, 0), coalesce(kept.views_known, 0), coalesce(kept.rate, 0),
       coalesce(kept.rates_known, 0), coalesce(kept.posts_before, 0))
      IS DISTINCT FROM
      (coalesce(plain.posts, 0), coalesce(plain.views, 0), coalesce(plain.views_known, 0), coalesce(plain.rate, 0),
       coalesce(plain.rates_known, 0), coalesce(plain.posts_before, 0))
ORDER BY hashtag, platform;

-- name: check_hashtags_across
-- Against the rollup by platform, from which it is made.
WITH plain AS (
    SELECT hashtag, coalesce(array_agg(platform ORDER BY platform) FILTER (WHERE posts > 0), '{}') AS platforms,
           sum(posts)::bigint AS posts, sum(views) AS views, sum(views_known)::bigint AS views_known, sum(rate) AS rate,
           sum(rates_known)::bigint AS rates_known, sum(posts_before)::bigint AS posts_before
    FROM viralforge.hashtag_rollup GROUP BY hashtag
)
SELECT 'hashtags across' AS rollup, hashtag AS key, kept.posts::text AS kept, plain.posts::text AS counted
FROM viralforge.hashtag_across_rollup AS kept FULL JOIN plain USING (hashtag)
WHERE kept IS DISTINCT FROM plain
ORDER BY hashtag;

-- name: check_growth
SELECT 'growth' AS rollup, concat_ws(' ', scraped_post_id, level) AS key, kept.span::text AS kept,
       plain.span::text AS counted
FROM (
    SELECT * FROM viralforge.growth_spans
    WHERE scraped_post_id NOT IN (SELECT scraped_post_id FROM viralforge.post_deltas)
) AS kept
FULL JOIN (
    SELECT * FROM viralforge.growth_now
    WHERE scraped_post_id NOT IN (SELECT scraped_post_id FROM viralforge.post_deltas)
) AS plain USING (scraped_post_id, level)
WHERE kept.span IS DISTINCT FROM plain.span
ORDER BY scraped_post_id, level;

-- name: check_funnel
WITH plain AS (
    SELECT user_id, count(DISTINCT session_id) FILTER (WHERE event_name = 'trend_discovery') AS discoveries,
           count(DISTINCT session_id) FILTER (WHERE event_name = 'trend_action') AS interactions,
           count(DISTINCT session_id) FILTER (WHERE event_name = 'content_analysis') AS analyses,
           count(DISTINCT session_id) FILTER (WHERE event_name = 'clip_generation') AS generations
    FROM viralforge.funnel_events
    GROUP BY user_id
)
SELECT 'funnel' AS rollup, user_id AS key,
       concat_ws(' ', kept.discoveries, kept.interactions, kept.analyses, kept.generations) AS kept,
       concat_ws(' ', plain.discoveries, plain.interactions, plain.analyses, plain.generations) AS counted
FROM viralforge.v_user_engagement_funnel AS kept FULL JOIN plain USING (user_id)
WHERE kept IS DISTINCT FROM plain
ORDER BY user_id;

-- name: check_funnel_users
WITH kept AS (
    SELECT user_id, event_name, platform, max(last_at) AS last_at
    FROM (
        SELECT user_id, event_name, platform, last_at FROM viralforge.funnel_users
        UNION ALL
        SELECT user_id, event_name, spot, created_at
        FROM viralforge.funnel_deltas, LATERAL (VALUES (''), (platform)) AS spots (spot) WHERE spot IS NOT NULL
    ) AS parts
    GROUP BY user_id, event_name, platform
), plain AS (
    SELECT user_id, event_name, spot AS platform, max(created_at) AS last_at
    FROM viralforge.funnel_events, LATERAL (VALUES (''), (platform)) AS spots (spot)
    WHERE spot IS NOT NULL
    GROUP BY 1, 2, 3
)
SELECT 'funnel users' AS rollup, concat_ws(' ', user_id, event_name, platform) AS key, kept.last_at::text AS kept,
       plain.last_at::text AS counted
FROM kept FULL JOIN plain USING (user_id, event_name, platform)
WHERE kept.last_at IS DISTINCT FROM plain.last_at
ORDER BY user_id, event_name, platform;

-- name: check_funnel_days
-- Against the rollup by user, from which it is made.
SELECT 'funnel days' AS rollup, concat_ws(' ', event_name, platform, day) AS key, kept.users::text AS kept,
       plain.users::text AS counted
FROM viralforge.funnel_days AS kept
FULL JOIN (
    SELECT event_name, platform, (last_at AT TIME ZONE 'UTC')::date AS day, count(*) AS users
    FROM viralforge.funnel_users GROUP BY 1, 2, 3
) AS plain USING (event_name, platform, day)
WHERE coalesce(kept.users, 0) <> coalesce(plain.users, 0)
ORDER BY event_name, platform, day;

-- name: check_traced
WITH kept AS (
    SELECT trend_id, event_name, sum(events)::bigint AS events
    FROM (SELECT * FROM viralforge.traced_rollup UNION ALL SELECT * FROM viralforge.traced_deltas) AS parts
    GROUP BY trend_id, event_name
), plain AS (
    SELECT trend_id, event_name, sum(events)::bigint AS events FROM viralforge.traced_events
    GROUP BY trend_id, event_name
)
SELECT 'traced' AS rollup, concat_ws(' ', trend_id, event_name) AS key, kept.events::text AS kept,
       plain.events::text AS counted
FROM kept FULL JOIN plain USING (trend_id, event_name)
WHERE coalesce(kept.events, 0) <> coalesce(plain.events, 0)
ORDER BY trend_id, event_name;

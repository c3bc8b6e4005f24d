-- name: one_snapshot
-- All steps of a fold see the same deltas and posts; what is written meanwhile waits for the next one.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- name: lock_rollups
SELECT pg_try_advisory_xact_lock(%(lock)s);

-- name: wait_for_rollups
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: room_for_fold
SET LOCAL work_mem = '128MB';

-- name: fold_daily
INSERT INTO viralforge.daily_rollup AS rollup (day, platform, posts, views, views_known, rate, rates_known)
SELECT day, platform, posts, views, views_known, rate, rates_known FROM viralforge.daily_changes ORDER BY day, platform
ON CONFLICT (day, platform) DO UPDATE SET
    posts = rollup.posts + excluded.posts, views = rollup.views + excluded.views,
    views_known = rollup.views_known + excluded.views_known, rate = rollup.rate + excluded.rate,
    rates_known = rollup.rates_known + excluded.rates_known;

-- name: make_hashtag_stage
CREATE TEMP TABLE IF NOT EXISTS hashtag_stage (
    hashtag text, platform text, posts bigint, views numeric, views_known bigint, rate numeric, rates_known bigint,
    posts_before bigint
) ON COMMIT DELETE ROWS;

-- name: stage_hashtags
INSERT INTO pg_temp.hashtag_stage SELECT * FROM viralforge.hashtag_changes();

-- name: fold_hashtags
INSERT INTO viralforge.hashtag_rollup AS rollup
    (hashtag, platform, posts, views, views_known, rate, rates_known, posts_before)
SELECT hashtag, platform, posts, views, views_known, rate, rates_known, posts_before
FROM pg_temp.hashtag_stage ORDER BY hashtag, platform
ON CONFLICT (hashtag, platform) DO UPDATE SET
    posts = rollup.posts + excluded.posts, views = rollup.views + excluded.views,
    views_known = rollup.views_known + excluded.views_known, rate = rollup.rate + excluded.rate,
    rates_known = rollup.rates_known + excluded.rates_known, posts_before = rollup.posts_before + excluded.posts_before;

-- name: drop_unused_hashtags
DELETE FROM viralforge.hashtag_rollup AS rollup USING pg_temp.hashtag_stage AS changed
WHERE (rollup.hashtag, rollup.platform) = (changed.hashtag, changed.platform)
  AND rollup.posts = 0 AND rollup.posts_before = 0;

-- name: fold_hashtags_across
INSERT INTO viralforge.hashtag_across_rollup AS rollup
    (hashtag, platforms, posts, views, views_known, rate, rates_known, posts_before)
SELECT hashtag, coalesce(array_agg(platform ORDER BY platform) FILTER (WHERE posts > 0), '{}'), sum(posts), sum(views),
       sum(views_known), sum(rate), sum(rates_known), sum(posts_before)
FROM viralforge.hashtag_rollup
WHERE hashtag IN (SELECT hashtag FROM pg_temp.hashtag_stage)
GROUP BY hashtag ORDER BY hashtag
ON CONFLICT (hashtag) DO UPDATE SET
    platforms = excluded.platforms, posts = excluded.posts, views = excluded.views,
    views_known = excluded.views_known, rate = excluded.rate, rates_known = excluded.rates_known,
    posts_before = excluded.posts_before;

-- name: drop_unused_hashtags_across
DELETE FROM viralforge.hashtag_across_rollup AS rollup USING pg_temp.hashtag_stage AS changed
WHERE rollup.hashtag = changed.hashtag
  AND NOT EXISTS (SELECT FROM viralforge.hashtag_rollup AS kept WHERE kept.hashtag = rollup.hashtag);

-- name: move_hashtag_edge
UPDATE viralforge.rollup_edges SET edge = viralforge.clock() - interval '7 days' WHERE rollup = 'hashtags';

-- name: drop_growth
DELETE FROM viralforge.growth_spans
WHERE scraped_post_id IN (SELECT scraped_post_id FROM viralforge.post_deltas);

-- name: fold_growth
INSERT INTO viralforge.growth_spans (scraped_post_id, level, span)
SELECT scraped_post_id, level, span FROM viralforge.growth_now
WHERE scraped_post_id IN (SELECT scraped_post_id FROM viralforge.post_deltas)
ORDER BY scraped_post_id, level;

-- name: take_post_deltas
DELETE FROM viralforge.post_deltas;

-- name: fold_funnel
INSERT INTO viralforge.funnel_rollup AS rollup (user_id, discoveries, interactions, analyses, generations)
SELECT user_id, discoveries, interactions, analyses, generations FROM viralforge.funnel_changes() ORDER BY user_id
ON CONFLICT (user_id) DO UPDATE SET
    discoveries = rollup.discoveries + excluded.discoveries, interactions = rollup.interactions + excluded.interactions,
    analyses = rollup.analyses + excluded.analyses, generations = rollup.generations + excluded.generations;

-- name: fold_funnel_sessions
INSERT INTO viralforge.funnel_sessions (user_id, event_name, session_id)
SELECT DISTINCT user_id, event_name, session_id FROM viralforge.funnel_deltas WHERE session_id IS NOT NULL
ORDER BY user_id, event_name, session_id
ON CONFLICT DO NOTHING;

-- name: fold_funnel_users
INSERT INTO viralforge.funnel_users AS rollup (user_id, event_name, platform, last_at)
SELECT user_id, event_name, spot, max(created_at)
FROM viralforge.funnel_deltas, LATERAL (VALUES (''), (platform)) AS spots (spot)
WHERE spot IS NOT NULL
GROUP BY user_id, event_name, spot ORDER BY user_id, event_name, spot
ON CONFLICT (user_id, event_name, platform) DO UPDATE SET last_at = greatest(rollup.last_at, excluded.last_at);

-- name: take_funnel_deltas
DELETE FROM viralforge.funnel_deltas;

-- name: fold_traced
INSERT INTO viralforge.traced_rollup AS rollup (trend_id, event_name, events)
SELECT trend_id, event_name, sum(events) FROM viralforge.traced_deltas
GROUP BY trend_id, event_name ORDER BY trend_id, event_name
ON CONFLICT (trend_id, event_name) DO UPDATE SET events = rollup.events + excluded.events;

-- name: take_traced_deltas
DELETE FROM viralforge.traced_deltas;

-- name: backlog
SELECT (SELECT count(*) FROM viralforge.post_deltas) + (SELECT count(*) FROM viralforge.funnel_deltas)
       + (SELECT count(*) FROM viralforge.traced_deltas);

-- name: clean_deltas
VACUUM (SKIP_LOCKED) viralforge.post_deltas, viralforge.funnel_deltas, viralforge.traced_deltas;

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
    FROM viralforge.scraped_posts GROUP BY 1, 2
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
    WHERE scraped_at > viralforge.clock() - interval '14 days'
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
    FROM viralforge.app_events
    WHERE user_id IS NOT NULL
      AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
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
    FROM viralforge.app_events, LATERAL (VALUES (''), (platform)) AS spots (spot)
    WHERE user_id IS NOT NULL AND spot IS NOT NULL
      AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
    GROUP BY 1, 2, 3
)
SELECT 'funnel users' AS rollup, concat_ws(' ', user_id, event_name, platform) AS key, kept.last_at::text AS kept,
       plain.last_at::text AS counted
FROM kept FULL JOIN plain USING (user_id, event_name, platform)
WHERE kept.last_at IS DISTINCT FROM plain.last_at
ORDER BY user_id, event_name, platform;

-- name: check_traced
WITH kept AS (
    SELECT trend_id, event_name, sum(events)::bigint AS events
    FROM (SELECT * FROM viralforge.traced_rollup UNION ALL SELECT * FROM viralforge.traced_deltas) AS parts
    GROUP BY trend_id, event_name
), plain AS (
    SELECT (properties ->> 'trend_id')::bigint AS trend_id, event_name, count(*) AS events
    FROM viralforge.app_events WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
    GROUP BY 1, 2
)
SELECT 'traced' AS rollup, concat_ws(' ', trend_id, event_name) AS key, kept.events::text AS kept,
       plain.events::text AS counted
FROM kept FULL JOIN plain USING (trend_id, event_name)
WHERE coalesce(kept.events, 0) <> coalesce(plain.events, 0)
ORDER BY trend_id, event_name;

-- name: empty_daily
DELETE FROM viralforge.daily_rollup;

-- name: fill_daily
INSERT INTO viralforge.daily_rollup (day, platform, posts, views, views_known, rate, rates_known)
SELECT (scraped_at AT TIME ZONE 'UTC')::date, platform, count(*), coalesce(sum(views), 0), count(views),
       coalesce(sum(engagement_rate), 0), count(engagement_rate)
FROM viralforge.scraped_posts GROUP BY 1, 2 ORDER BY 1, 2;

-- name: empty_hashtags
DELETE FROM viralforge.hashtag_rollup;

-- name: empty_hashtags_across
DELETE FROM viralforge.hashtag_across_rollup;

-- name: forget_hashtag_edge
-- Nothing is kept: the fold that follows takes all from the posts.
UPDATE viralforge.rollup_edges SET edge = 'infinity' WHERE rollup = 'hashtags';

-- name: empty_growth
DELETE FROM viralforge.growth_spans;

-- name: fill_growth
INSERT INTO viralforge.growth_spans (scraped_post_id, level, span)
SELECT scraped_post_id, level, span FROM viralforge.growth_now ORDER BY scraped_post_id, level;

-- name: empty_funnel
DELETE FROM viralforge.funnel_rollup;

-- name: empty_funnel_sessions
DELETE FROM viralforge.funnel_sessions;

-- name: empty_funnel_users
DELETE FROM viralforge.funnel_users;

-- name: find_funnel_deltas
INSERT INTO viralforge.funnel_deltas (user_id, session_id, event_name, platform, created_at)
SELECT user_id, session_id, event_name, platform, created_at FROM viralforge.app_events
WHERE user_id IS NOT NULL
  AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation');

-- name: empty_traced
DELETE FROM viralforge.traced_rollup;

-- name: find_traced_deltas
INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
SELECT (properties ->> 'trend_id')::bigint, event_name, count(*) FROM viralforge.app_events
WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$' GROUP BY 1, 2;

-- name: refresh_popular_content
SELECT viralforge.refresh_popular_content();

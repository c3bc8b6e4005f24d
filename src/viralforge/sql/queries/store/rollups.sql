-- name: one_snapshot
-- All steps of a fold see the same deltas and posts; what is written meanwhile waits for the next one.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- name: lock_rollups
SELECT pg_try_advisory_xact_lock(%(lock)s);

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
-- Always, also to where it is: a fold that has waited for this one sees the state before it, and fails here.
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
-- Whoever reached a stage again leaves the day on which it was last so far.
WITH reached AS (
    SELECT user_id, event_name, spot, max(created_at) AS last_at
    FROM viralforge.funnel_deltas, LATERAL (VALUES (''), (platform)) AS spots (spot)
    WHERE spot IS NOT NULL
    GROUP BY user_id, event_name, spot
), later AS (
    INSERT INTO viralforge.funnel_users AS rollup (user_id, event_name, platform, last_at)
    SELECT user_id, event_name, spot, last_at FROM reached ORDER BY user_id, event_name, spot
    ON CONFLICT (user_id, event_name, platform) DO UPDATE SET last_at = greatest(rollup.last_at, excluded.last_at)
    RETURNING event_name, platform, last_at
), moved AS (
    SELECT event_name, platform, last_at, 1 AS users FROM later
    UNION ALL
    SELECT kept.event_name, kept.platform, kept.last_at, -1
    FROM reached JOIN viralforge.funnel_users AS kept
        ON (kept.user_id, kept.event_name, kept.platform) = (reached.user_id, reached.event_name, spot)
)
INSERT INTO viralforge.funnel_days AS rollup (event_name, platform, day, users)
SELECT event_name, platform, (last_at AT TIME ZONE 'UTC')::date AS day, sum(users) FROM moved
GROUP BY event_name, platform, day ORDER BY event_name, platform, day
ON CONFLICT (event_name, platform, day) DO UPDATE SET users = rollup.users + excluded.users;

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

-- name: empty_daily
DELETE FROM viralforge.daily_rollup;

-- name: fill_daily
INSERT INTO viralforge.daily_rollup (day, platform, posts, views, views_known, rate, rates_known)
SELECT (scraped_at AT TIME ZONE 'UTC')::date, platform, count(*), coalesce(sum(views), 0), count(views),
       coalesce(sum(engagement_rate), 0), count(engagement_rate)
FROM viralforge.scraped_posts WHERE erased_at IS NULL GROUP BY 1, 2 ORDER BY 1, 2;

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

-- name: empty_funnel_days
DELETE FROM viralforge.funnel_days;

-- name: find_funnel_deltas
INSERT INTO viralforge.funnel_deltas (user_id, session_id, event_name, platform, created_at)
SELECT user_id, session_id, event_name, platform, max(created_at) FROM viralforge.funnel_events
GROUP BY user_id, session_id, event_name, platform;

-- name: empty_traced
DELETE FROM viralforge.traced_rollup;

-- name: find_traced_deltas
INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
SELECT trend_id, event_name, sum(events) FROM viralforge.traced_events GROUP BY trend_id, event_name;

-- name: refresh_popular_content
SELECT viralforge.refresh_popular_content();

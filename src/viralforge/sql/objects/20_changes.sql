-- What the kept rollups lack to be what is true now. The views add it, the fold writes it down. These are
-- functions so that PostgreSQL takes their rows for few, whatever it knows of the deltas, and keeps to the indexes
-- (before 18 a scan that is switched off looks so dear that it would start workers and a compiler for it). They
-- have their owner's rights, as the views have; whoever may use the schema may call them.

-- Hashtags: what the deltas change, and what enters and leaves the 7 days, and the 7 before, since the edge.
CREATE FUNCTION viralforge.hashtag_changes() RETURNS TABLE (
    hashtag text, platform text, posts bigint, views numeric, views_known bigint, rate numeric, rates_known bigint,
    posts_before bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
SET search_path = viralforge, pg_temp SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
AS $$
#variable_conflict use_column
DECLARE
    kept timestamptz := (SELECT edge FROM rollup_edges WHERE rollup = 'hashtags');
    edge timestamptz := clock() - interval '7 days';
    lower timestamptz := least(kept, edge);
    upper timestamptz := greatest(kept, edge);
BEGIN
RETURN QUERY
    WITH parts AS (
        SELECT tag, delta.platform, delta.views, engagement_rate,
               (scraped_at > kept)::int AS week,
               (scraped_at <= kept)::int AS before
        FROM post_deltas AS delta, unnest(hashtags) AS tag
        WHERE change >= 0 AND tag IS NOT NULL AND scraped_at > kept - interval '7 days'
        UNION ALL
        SELECT tag, delta.platform, was_views, was_engagement_rate,
               -(scraped_at > kept)::int, -(scraped_at <= kept)::int
        FROM post_deltas AS delta, unnest(was_hashtags) AS tag
        WHERE change <= 0 AND tag IS NOT NULL AND scraped_at > kept - interval '7 days'
        UNION ALL
        SELECT tag, post.platform, post.views, engagement_rate,
               (scraped_at > edge)::int - (scraped_at > kept)::int,
               (scraped_at > edge - interval '7 days' AND scraped_at <= edge)::int
               - (scraped_at > kept - interval '7 days' AND scraped_at <= kept)::int
        FROM scraped_posts AS post, unnest(hashtags) AS tag
        WHERE tag IS NOT NULL
          AND (scraped_at > lower AND scraped_at <= upper
               OR scraped_at > lower - interval '7 days' AND scraped_at <= upper - interval '7 days')
    ), summed AS (
        SELECT tag, platform, sum(week) AS posts, coalesce(sum(week * views), 0) AS views,
               coalesce(sum(week) FILTER (WHERE views IS NOT NULL), 0) AS views_known,
               coalesce(sum(week * engagement_rate), 0) AS rate,
               coalesce(sum(week) FILTER (WHERE engagement_rate IS NOT NULL), 0) AS rates_known,
               sum(before) AS posts_before
        FROM parts GROUP BY tag, platform
    )
    SELECT * FROM summed
    WHERE (summed.posts, summed.views, summed.views_known, summed.rate, summed.rates_known, summed.posts_before)
          <> (0, 0, 0, 0, 0, 0);
END $$;

-- The funnel: sessions that are not counted yet, by user.
CREATE FUNCTION viralforge.funnel_changes() RETURNS TABLE (
    user_id text, discoveries bigint, interactions bigint, analyses bigint, generations bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
SET search_path = viralforge, pg_temp SET jit = off SET max_parallel_workers_per_gather = 0
AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY
    SELECT user_id, count(session_id) FILTER (WHERE event_name = 'trend_discovery'),
           count(session_id) FILTER (WHERE event_name = 'trend_action'),
           count(session_id) FILTER (WHERE event_name = 'content_analysis'),
           count(session_id) FILTER (WHERE event_name = 'clip_generation')
    FROM (
        SELECT DISTINCT user_id, event_name,
               CASE WHEN NOT EXISTS (
                   SELECT FROM funnel_sessions AS kept
                   WHERE kept.user_id = delta.user_id AND kept.event_name = delta.event_name
                     AND kept.session_id = delta.session_id
               ) THEN session_id END AS session_id
        FROM funnel_deltas AS delta
    ) AS reached
    GROUP BY user_id;
END $$;

-- The days: posts and numbers by the day they were first seen.
CREATE VIEW viralforge.daily_changes AS
SELECT (scraped_at AT TIME ZONE 'UTC')::date AS day, platform, sum(change)::bigint AS posts,
       sum(coalesce(views, 0)::numeric - coalesce(was_views, 0)) AS views,
       sum((views IS NOT NULL)::int - (was_views IS NOT NULL)::int)::bigint AS views_known,
       sum(coalesce(engagement_rate, 0) - coalesce(was_engagement_rate, 0)) AS rate,
       sum((engagement_rate IS NOT NULL)::int - (was_engagement_rate IS NOT NULL)::int)::bigint AS rates_known
FROM viralforge.post_deltas GROUP BY 1, 2;

-- The spans as they are by now, of every post that was seen more than once. A reading counts by the basis that
-- the post's numbers have now, and holds until the next one.
CREATE VIEW viralforge.growth_now AS
SELECT post.id AS scraped_post_id, grown.level, grown.span
FROM viralforge.scraped_posts AS post
CROSS JOIN LATERAL (
    SELECT level::smallint, tstzrange(min(at), max(until)) AS span
    FROM (
        SELECT recorded_at AS at, reach,
               coalesce(lead(recorded_at) OVER (ORDER BY recorded_at), 'infinity') AS until
        FROM viralforge.post_metrics_history AS seen,
             LATERAL (SELECT CASE WHEN post.views IS NULL
                                  THEN viralforge.interactions(seen.likes, seen.comments, seen.shares)
                                  ELSE seen.views END) AS known (reach)
        WHERE seen.scraped_post_id = post.id AND reach IS NOT NULL
    ) AS readings, (VALUES (2), (10)) AS levels (level)
    WHERE readings.reach > 0
      AND viralforge.reach(post.views, post.likes, post.comments, post.shares) >= level * readings.reach
    GROUP BY level
) AS grown
WHERE post.sightings > 1;

-- What the rollups of events count: the events that are there, and what was kept of months that left.
CREATE VIEW viralforge.funnel_events AS
SELECT user_id, session_id, event_name, platform, created_at FROM viralforge.app_events
WHERE user_id IS NOT NULL
  AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
UNION ALL
SELECT user_id, session_id, event_name, platform, created_at FROM viralforge.sealed_funnel;

CREATE VIEW viralforge.traced_events AS
SELECT (properties ->> 'trend_id')::bigint AS trend_id, event_name, 1::bigint AS events FROM viralforge.app_events
WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
UNION ALL
SELECT trend_id, event_name, events FROM viralforge.sealed_traced;

-- name: trends
-- The latest trends with what they cost, what they stand on, and how often users' events name them.
WITH latest AS MATERIALIZED (
    SELECT id, title, platform, status, hotness, hashtags, created_at, crew_execution_id
    FROM viralforge.trends
    WHERE created_at >= viralforge.days_start(%(days)s)
      AND (%(platform)s::text IS NULL OR platform IS NULL OR platform = %(platform)s)
    ORDER BY created_at DESC, id DESC
    LIMIT %(limit)s
)
SELECT latest.id, title, platform, latest.status, hotness, hashtags, latest.created_at, crew_execution_id, crew_type, sources,
       avg_relevance, round(cost_usd / nullif(together, 0), 9) AS cost_usd,
       round(posts_scraped::numeric / nullif(together, 0), 3) AS posts_scraped, events
FROM latest
LEFT JOIN viralforge.crew_executions AS execution ON execution.id = crew_execution_id
CROSS JOIN LATERAL (
    SELECT count(*) AS sources, round(avg(relevance_score::numeric), 6) AS avg_relevance
    FROM viralforge.trend_sources WHERE trend_id = latest.id
) AS linked
CROSS JOIN LATERAL (
    SELECT count(*) AS together FROM viralforge.trends WHERE crew_execution_id = latest.crew_execution_id
) AS found
CROSS JOIN LATERAL (
    SELECT coalesce(sum(events), 0)::bigint AS events
    FROM (SELECT events FROM viralforge.traced_rollup WHERE trend_id = latest.id
          UNION ALL SELECT events FROM viralforge.traced_deltas WHERE trend_id = latest.id) AS parts
) AS traced
ORDER BY latest.created_at DESC, latest.id DESC;

-- name: by_day
SELECT (created_at AT TIME ZONE 'UTC')::date AS date, count(*) AS trends
FROM viralforge.trends
WHERE created_at >= viralforge.days_start(%(days)s)
  AND (%(platform)s::text IS NULL OR platform IS NULL OR platform = %(platform)s)
GROUP BY 1
ORDER BY 1;

-- name: engagement
-- What users did with the trends that were found in the last days.
SELECT event_name, sum(events)::bigint AS events, count(DISTINCT trend_id) AS trends
FROM (SELECT * FROM viralforge.traced_rollup UNION ALL SELECT * FROM viralforge.traced_deltas) AS parts
JOIN viralforge.trends ON id = trend_id
WHERE created_at >= viralforge.days_start(%(days)s)
  AND (%(platform)s::text IS NULL OR platform IS NULL OR platform = %(platform)s)
GROUP BY event_name
ORDER BY events DESC, event_name;

-- name: events
SELECT event_name, sum(events)::bigint AS events
FROM (SELECT * FROM viralforge.traced_rollup WHERE trend_id = %(id)s
      UNION ALL SELECT * FROM viralforge.traced_deltas WHERE trend_id = %(id)s) AS parts
GROUP BY event_name
ORDER BY events DESC, event_name;

-- name: by_crew
SELECT coalesce(crew_type, 'unknown') AS crew_type, count(DISTINCT crew_execution_id) AS runs, count(*) AS trends,
       round(count(*)::numeric / nullif(count(DISTINCT crew_execution_id), 0), 3) AS trends_per_run,
       round(avg(sources), 3) AS avg_sources,
       round(sum(posts_scraped::numeric / nullif(together, 0)) / count(*), 3) AS posts_per_trend
FROM viralforge.trends AS trend
LEFT JOIN viralforge.crew_executions AS execution ON execution.id = crew_execution_id
CROSS JOIN LATERAL (SELECT count(*) AS sources FROM viralforge.trend_sources WHERE trend_id = trend.id) AS linked
CROSS JOIN LATERAL (
    SELECT count(*) AS together FROM viralforge.trends WHERE crew_execution_id = trend.crew_execution_id
) AS found
WHERE trend.created_at >= viralforge.days_start(%(days)s)
  AND (%(platform)s::text IS NULL OR trend.platform IS NULL OR trend.platform = %(platform)s)
GROUP BY crew_type
ORDER BY trends DESC, crew_type;

-- name: relevance
-- Sources by how relevant they were said to be, in tenths, and how they grew after the trend was called.
SELECT least(floor(relevance_score::numeric * 10), 9) / 10 AS relevance, count(*) AS sources, count(growth) AS measured,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY growth) AS median_growth
FROM viralforge.trends AS trend
JOIN viralforge.trend_sources AS source ON trend_id = trend.id
CROSS JOIN LATERAL viralforge.source_growth(scraped_post_id, trend.created_at, source.reach_then) AS grown
WHERE trend.created_at >= viralforge.days_start(%(days)s) AND relevance_score IS NOT NULL
  AND (%(platform)s::text IS NULL OR trend.platform IS NULL OR trend.platform = %(platform)s)
GROUP BY 1
ORDER BY 1;

-- name: sources
-- The posts behind a trend, with the reach they had when it was called.
SELECT post.id, post.platform, external_id, post.title, author, relevance_score, grown.reach_then, grown.reach,
       round(grown.reach / nullif(grown.reach_then, 0)::numeric, 3) AS times, source.created_at AS linked_at
FROM viralforge.trend_sources AS source
JOIN viralforge.trends AS trend ON trend.id = trend_id
JOIN viralforge.scraped_posts AS post ON post.id = scraped_post_id
CROSS JOIN LATERAL viralforge.source_growth(post.id, trend.created_at, source.reach_then) AS grown
WHERE trend_id = %(id)s
ORDER BY relevance_score DESC NULLS LAST, grown.reach DESC NULLS LAST, post.id
LIMIT %(limit)s;

-- name: revealed
-- The trends that a post revealed.
SELECT trend.id, title, relevance_score, trend.created_at
FROM viralforge.trend_sources JOIN viralforge.trends AS trend ON trend.id = trend_id
WHERE scraped_post_id = %(id)s
ORDER BY trend.created_at DESC, trend.id DESC;

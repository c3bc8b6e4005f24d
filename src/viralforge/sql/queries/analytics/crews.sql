-- name: success
WITH found AS (
    SELECT crew_execution_id AS id, count(*) AS trends FROM viralforge.trends GROUP BY crew_execution_id
),
runs AS (
    SELECT crew_type, status, duration_ms, cost_usd, coalesce(found.trends, trends_discovered, 0) AS trends
    FROM viralforge.crew_executions
    LEFT JOIN found USING (id)
    WHERE %(window)s::interval IS NULL OR start_time > viralforge.clock() - %(window)s::interval
),
summed AS (
    SELECT crew_type, count(*) AS runs, count(*) FILTER (WHERE status = 'completed') AS completed,
           count(*) FILTER (WHERE status = 'failed') AS failed, count(*) FILTER (WHERE status = 'stale') AS stale,
           count(*) FILTER (WHERE status = 'running') AS running, avg(duration_ms) AS avg_duration_ms,
           sum(cost_usd) AS cost_usd, count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced_runs,
           sum(trends)::bigint AS trends, sum(trends) FILTER (WHERE cost_usd IS NOT NULL) AS priced_trends
    FROM runs GROUP BY crew_type
)
SELECT crew_type, runs, completed, failed, stale, running,
       round(completed::numeric / nullif(completed + failed + stale, 0), 6) AS success_rate,
       round(avg_duration_ms) AS avg_duration_ms, cost_usd, unpriced_runs, trends,
       round(trends::numeric / runs, 6) AS trends_per_run,
       round(priced_trends / nullif(cost_usd, 0), 6) AS trends_per_dollar,
       round(cost_usd / nullif(priced_trends, 0), 9) AS cost_per_trend
FROM summed
ORDER BY trends_per_dollar DESC NULLS LAST, trends_per_run DESC, crew_type;

-- name: agents
WITH found AS (
    SELECT crew_execution_id AS id, count(*) AS trends FROM viralforge.trends GROUP BY crew_execution_id
),
took_part AS (
    SELECT agent, crew_execution_id AS id, count(*) AS calls, sum(cost_usd) AS usd
    FROM viralforge.crew_calls WHERE agent IS NOT NULL GROUP BY agent, crew_execution_id
),
summed AS (
    SELECT agent, count(*) AS runs, sum(calls)::bigint AS calls, sum(usd) AS own_cost_usd, sum(cost_usd) AS cost_usd,
           count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced_runs,
           sum(coalesce(trends, trends_discovered, 0))::bigint AS trends,
           sum(coalesce(trends, trends_discovered, 0)) FILTER (WHERE cost_usd IS NOT NULL) AS priced_trends
    FROM took_part
    JOIN viralforge.crew_executions USING (id)
    LEFT JOIN found USING (id)
    GROUP BY agent
),
growth AS MATERIALIZED (
    SELECT crew_execution_id AS id, growth
    FROM viralforge.trends AS trend
    JOIN viralforge.trend_sources AS source ON trend_id = trend.id
    CROSS JOIN LATERAL viralforge.source_growth(scraped_post_id, trend.created_at, source.reach_then) AS grown
),
grown AS (
    SELECT agent, percentile_cont(0.5) WITHIN GROUP (ORDER BY growth) AS median_source_growth
    FROM took_part JOIN growth USING (id) GROUP BY agent
)
SELECT agent, runs, calls, own_cost_usd, cost_usd, unpriced_runs, trends,
       round(trends::numeric / runs, 6) AS trends_per_run,
       round(priced_trends / nullif(cost_usd, 0), 6) AS trends_per_dollar, median_source_growth
FROM summed LEFT JOIN grown USING (agent)
ORDER BY trends_per_dollar DESC NULLS LAST, trends_per_run DESC, agent;

-- name: peak_times
-- The zone is applied to now as well, so that a wrong one is refused where there are no runs too.
SELECT extract(isodow FROM local)::integer AS weekday, extract(hour FROM local)::integer AS hour,
       count(*) AS runs, round(avg(duration_ms)) AS avg_duration_ms
FROM viralforge.crew_executions, LATERAL (SELECT timezone(%(zone)s, start_time)) AS there (local)
WHERE timezone(%(zone)s, viralforge.clock()) IS NOT NULL
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: executions
SELECT id, crew_type, status, user_id, platforms, niches, start_time, end_time, duration_ms, llm_calls, tool_calls,
       tokens_used, cost_usd,
       coalesce(nullif((SELECT count(*) FROM viralforge.trends WHERE crew_execution_id = execution.id), 0),
                trends_discovered) AS trends,
       posts_scraped, error_message
FROM viralforge.v_executions AS execution
ORDER BY start_time DESC, id DESC
LIMIT %(limit)s;

-- name: tools
SELECT name AS tool, count(*) AS calls, count(*) FILTER (WHERE from_cache) AS from_cache,
       count(*) FILTER (WHERE NOT ok) AS failed, round(count(*) FILTER (WHERE ok)::numeric / count(*), 6) AS success_rate,
       round(avg(duration_ms)) AS avg_duration_ms, sum(cost_usd) AS cost_usd,
       count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced_calls
FROM viralforge.crew_calls WHERE kind = 'tool'
GROUP BY name
ORDER BY calls DESC, name;

-- name: models
SELECT coalesce(model, name) AS model, count(*) AS calls, sum(tokens_in)::bigint AS tokens_in,
       sum(tokens_out)::bigint AS tokens_out, sum(tokens_cached)::bigint AS tokens_cached,
       sum(tokens_reasoning)::bigint AS tokens_reasoning, sum(cost_usd) AS cost_usd,
       count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced_calls
FROM viralforge.crew_calls WHERE kind = 'llm'
GROUP BY coalesce(model, name)
ORDER BY cost_usd DESC NULLS LAST, 1;

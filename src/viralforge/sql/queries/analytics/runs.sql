-- name: by_day
-- Executions by the UTC day on which they began. Those without a known cost stay out of the cost of a trend.
SELECT (start_time AT TIME ZONE 'UTC')::date AS date, crew_type, count(*) AS runs,
       count(*) FILTER (WHERE status = 'completed') AS completed, count(*) FILTER (WHERE status = 'failed') AS failed,
       count(*) FILTER (WHERE status = 'stale') AS stale, round(avg(duration_ms)) AS avg_duration_ms,
       count(duration_ms) AS timed, sum(tokens_used)::bigint AS tokens, sum(cost_usd) AS cost_usd,
       sum(coalesce(found.trends, trends_discovered, 0))::bigint AS trends,
       coalesce(sum(coalesce(found.trends, trends_discovered, 0)) FILTER (WHERE cost_usd IS NOT NULL), 0)::bigint
           AS priced_trends,
       sum(posts_scraped)::bigint AS posts
FROM viralforge.crew_executions AS execution
CROSS JOIN LATERAL (
    SELECT nullif(count(*), 0) AS trends FROM viralforge.trends WHERE crew_execution_id = execution.id
) AS found
WHERE start_time >= viralforge.days_start(%(days)s)
  AND (%(platform)s::text IS NULL OR platforms @> ARRAY[%(platform)s::text])
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: tokens
SELECT (call.started_at AT TIME ZONE 'UTC')::date AS date, coalesce(model, name) AS model, count(*) AS calls,
       sum(coalesce(tokens_in, 0) + coalesce(tokens_out, 0))::bigint AS tokens, sum(cost_usd) AS cost_usd
FROM viralforge.crew_calls AS call
WHERE kind = 'llm' AND call.started_at >= viralforge.days_start(%(days)s)
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: most
-- The slowest or the dearest of the last UTC days.
SELECT id, crew_type, status, start_time, duration_ms, llm_calls, tool_calls, tokens_used, cost_usd,
       coalesce(nullif((SELECT count(*) FROM viralforge.trends WHERE crew_execution_id = execution.id), 0),
                trends_discovered) AS trends,
       posts_scraped, error_message
FROM viralforge.crew_executions AS execution
WHERE start_time >= viralforge.days_start(%(days)s)
  AND CASE %(by)s WHEN 'duration' THEN duration_ms IS NOT NULL WHEN 'cost' THEN cost_usd IS NOT NULL ELSE true END
  AND (%(platform)s::text IS NULL OR platforms @> ARRAY[%(platform)s::text])
ORDER BY CASE %(by)s WHEN 'duration' THEN duration_ms WHEN 'cost' THEN cost_usd
         ELSE extract(epoch FROM start_time) END DESC, id DESC
LIMIT %(limit)s;

-- name: get
SELECT id, parent_execution_id, crew_type, status, user_id, platforms, niches, start_time, end_time, duration_ms, llm_calls,
       tool_calls, tokens_used, tokens_in, tokens_out, tokens_cached, tokens_reasoning, cost_usd,
       coalesce(nullif((SELECT count(*) FROM viralforge.trends WHERE crew_execution_id = execution.id), 0),
                trends_discovered) AS trends,
       posts_scraped, posts_new, output_data, error_message
FROM viralforge.v_executions AS execution
WHERE id = %(id)s;

-- name: calls
SELECT id, kind, name, model, crew, agent, task, started_at, duration_ms, tokens_in, tokens_out, tokens_cached, cost_usd,
       from_cache, ok, error
FROM viralforge.crew_calls
WHERE crew_execution_id = %(id)s
ORDER BY started_at, id
LIMIT %(limit)s;

-- name: stale
SELECT id, crew_type, start_time, error_message
FROM viralforge.crew_executions
WHERE status = 'stale' AND start_time >= viralforge.days_start(%(days)s)
ORDER BY start_time DESC, id DESC
LIMIT %(limit)s;

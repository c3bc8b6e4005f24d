-- name: by_run
-- By crew type or by day (UTC). An execution's cost has the money of its calls and of its collecting in it, once.
WITH found AS (
    SELECT crew_execution_id AS id, count(*) AS trends FROM viralforge.trends GROUP BY crew_execution_id
),
saved AS (
    SELECT crew_execution_id AS id, sum(saved_usd) AS saved_usd, sum(cost_usd) AS api_usd
    FROM viralforge.scrape_jobs WHERE crew_execution_id IS NOT NULL GROUP BY crew_execution_id
),
runs AS (
    SELECT CASE %(by)s WHEN 'type' THEN crew_type ELSE (start_time AT TIME ZONE 'UTC')::date::text END AS name,
           cost_usd, tokens_used, saved_usd, api_usd,
           coalesce(found.trends, trends_discovered, 0) AS trends, posts_scraped, posts_new
    FROM viralforge.crew_executions
    LEFT JOIN found USING (id)
    LEFT JOIN saved USING (id)
    WHERE %(window)s::interval IS NULL OR start_time > viralforge.clock() - %(window)s::interval
)
SELECT name, count(*) AS runs, sum(tokens_used)::bigint AS tokens, sum(cost_usd) AS cost_usd, sum(api_usd) AS api_usd,
       count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced_runs, sum(trends)::bigint AS trends,
       sum(posts_scraped)::bigint AS posts, sum(posts_new)::bigint AS new_posts,
       round(sum(cost_usd) / nullif(sum(trends) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_trend,
       round(sum(cost_usd) / nullif(sum(posts_scraped) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_post,
       round(sum(cost_usd) / nullif(sum(posts_new) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_new_post,
       sum(saved_usd) AS saved_usd
FROM runs
GROUP BY name
ORDER BY CASE %(by)s WHEN 'type' THEN sum(cost_usd) END DESC NULLS LAST, name DESC;

-- name: by_platform
SELECT platform, operation, sum(requests)::bigint AS requests, sum(cache_hits)::bigint AS cache_hits,
       sum(errors)::bigint AS errors, sum(quota_units)::bigint AS quota_units, sum(found)::bigint AS posts,
       sum(new)::bigint AS new_posts, sum(rejected)::bigint AS rejected, sum(cost_usd) AS cost_usd,
       round(sum(cost_usd) / nullif(sum(found) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_post,
       round(sum(cost_usd) / nullif(sum(new) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_new_post,
       sum(saved_usd) AS saved_usd, sum(saved_units)::bigint AS saved_units
FROM viralforge.scrape_jobs
WHERE %(window)s::interval IS NULL OR started_at > viralforge.clock() - %(window)s::interval
GROUP BY platform, operation
ORDER BY cost_usd DESC NULLS LAST, requests DESC, platform, operation;

-- name: slowest
SELECT crew_execution_id, crew_type, kind, coalesce(model, name) AS name, agent, call.started_at, call.duration_ms,
       call.cost_usd, ok
FROM viralforge.crew_calls AS call JOIN viralforge.crew_executions AS run ON run.id = crew_execution_id
WHERE call.duration_ms IS NOT NULL
ORDER BY call.duration_ms DESC, call.started_at DESC
LIMIT %(limit)s;

-- name: unpriced
-- Models whose price is not known, though their tokens are.
SELECT coalesce(model, name) AS model, count(*) AS calls,
       sum(coalesce(tokens_in, 0) + coalesce(tokens_out, 0))::bigint AS tokens
FROM viralforge.crew_calls
WHERE kind = 'llm' AND cost_usd IS NULL AND coalesce(tokens_in, tokens_out) IS NOT NULL
GROUP BY coalesce(model, name)
ORDER BY calls DESC, 1;

-- name: daily
SELECT date, platform, posts_scraped, total_views, avg_views, avg_engagement_rate
FROM viralforge.v_daily_scraping_stats
WHERE date > (timezone('UTC', viralforge.clock()) - %(window)s::interval)::date
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
ORDER BY date, platform;

-- name: error_rates
SELECT platform, count(*) AS jobs, sum(requests)::bigint AS requests, sum(errors)::bigint AS errors,
       round(sum(errors) / nullif(sum(requests), 0), 6) AS error_rate
FROM viralforge.scrape_jobs
GROUP BY platform
ORDER BY error_rate DESC NULLS LAST, platform;

-- name: costs
SELECT platform, count(*) AS jobs, count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced_jobs,
       sum(found)::bigint AS found, sum(new)::bigint AS new, sum(cost_usd) AS cost_usd,
       round(sum(cost_usd) / nullif(sum(found) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_post,
       round(sum(cost_usd) / nullif(sum(new) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_new_post
FROM viralforge.scrape_jobs
GROUP BY platform
ORDER BY platform;

-- name: returns
-- An execution's cost holds the API money of its jobs already; only jobs outside such a run count beside it.
WITH collecting AS (
    SELECT count(*) AS jobs, count(*) FILTER (WHERE job.cost_usd IS NULL) AS unpriced_jobs,
           sum(job.cost_usd) AS usd
    FROM viralforge.scrape_jobs AS job
    LEFT JOIN viralforge.crew_executions AS execution ON execution.id = crew_execution_id
    WHERE execution.cost_usd IS NULL
),
crews AS (
    SELECT count(*) AS executions, count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced_executions,
           sum(cost_usd) AS usd
    FROM viralforge.crew_executions
),
prices AS (
    SELECT event_name, usd FROM unnest(%(event_names)s::text[], %(event_values)s::numeric[]) AS given (event_name, usd)
),
traced AS (
    SELECT sum(events) FILTER (WHERE event_name = 'trend_action') AS interactions,
           sum(events) FILTER (WHERE event_name = 'clip_generation') AS generations,
           sum(events * usd) AS usd
    FROM (SELECT * FROM viralforge.traced_rollup UNION ALL SELECT * FROM viralforge.traced_deltas) AS parts
    JOIN viralforge.trends ON id = trend_id
    LEFT JOIN prices USING (event_name)
),
spent AS (
    SELECT CASE WHEN jobs = 0 THEN 0 ELSE collecting.usd END AS collecting_usd,
           CASE WHEN executions = 0 THEN 0 ELSE crews.usd END AS crews_usd,
           CASE WHEN jobs + executions = 0 OR coalesce(collecting.usd, crews.usd) IS NOT NULL
                THEN coalesce(collecting.usd, 0) + coalesce(crews.usd, 0) END AS spent_usd,
           unpriced_jobs, unpriced_executions
    FROM collecting, crews
)
SELECT collecting_usd, crews_usd, spent_usd, unpriced_jobs, unpriced_executions,
       coalesce(interactions, 0)::bigint AS interactions, coalesce(generations, 0)::bigint AS generations,
       value_usd, round(value_usd / nullif(spent_usd, 0), 6) AS value_per_dollar
FROM spent, traced,
     LATERAL (SELECT CASE WHEN EXISTS (SELECT FROM prices) THEN coalesce(traced.usd, 0) END) AS priced (value_usd);

-- name: alarms
SELECT platform, operation, measure, usual, lately, requests
FROM viralforge.v_yield_alarms
ORDER BY platform, operation, measure;

-- name: by_platform
SELECT platform, sum(posts)::bigint AS posts, CASE WHEN sum(views_known) > 0 THEN sum(views) END AS total_views,
       round(sum(rate) / nullif(sum(rates_known), 0), 6) AS avg_engagement_rate
FROM (SELECT * FROM viralforge.daily_rollup UNION ALL SELECT * FROM viralforge.daily_changes) AS parts
WHERE day >= (viralforge.days_start(%(days)s) AT TIME ZONE 'UTC')::date
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY platform
HAVING sum(posts) > 0
ORDER BY posts DESC, platform;

-- name: by_day
SELECT (started_at AT TIME ZONE 'UTC')::date AS date, platform, count(*) AS jobs, sum(requests)::bigint AS requests,
       sum(errors)::bigint AS errors, sum(cache_hits)::bigint AS cache_hits, sum(found)::bigint AS found,
       sum(new)::bigint AS new, sum(rejected)::bigint AS rejected, sum(cost_usd) AS cost_usd, sum(saved_usd) AS saved_usd,
       coalesce(sum(found) FILTER (WHERE cost_usd IS NOT NULL), 0)::bigint AS priced_found
FROM viralforge.scrape_jobs
WHERE started_at >= viralforge.days_start(%(days)s) AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: totals
SELECT platform, sum(requests)::bigint AS requests, sum(errors)::bigint AS errors,
       round(sum(errors) / nullif(sum(requests), 0), 6) AS error_rate, sum(found)::bigint AS found,
       sum(new)::bigint AS new, sum(rejected)::bigint AS rejected, sum(cost_usd) AS cost_usd,
       round(sum(cost_usd) / nullif(sum(found) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_post,
       round(sum(cost_usd) / nullif(sum(new) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_new_post
FROM viralforge.scrape_jobs
WHERE started_at >= viralforge.days_start(%(days)s) AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY platform
ORDER BY requests DESC, platform;

-- name: rejected
SELECT reason, platform, count(*) AS rejections, max(rejected_at) AS latest
FROM viralforge.rejections
WHERE rejected_at >= viralforge.days_start(%(days)s) AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY reason, platform
ORDER BY rejections DESC, reason, platform;

-- name: alarmed
SELECT id, platform, operation, tool, query, started_at, requests, errors, found, rejected, alarms, crew_execution_id
FROM viralforge.scrape_jobs
WHERE alarms IS NOT NULL AND started_at >= viralforge.days_start(%(days)s)
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
ORDER BY started_at DESC, id DESC
LIMIT %(limit)s;

-- name: clock
SELECT viralforge.clock();

-- name: oldest_call
SELECT min(started_at)
FROM viralforge.crew_calls AS call JOIN viralforge.crew_executions AS run ON run.id = crew_execution_id
WHERE started_at < %(until)s AND run.status <> 'running' AND NOT EXISTS (
    SELECT FROM viralforge.archive_steps AS step
    WHERE table_name = 'calls' AND state = 'restored' AND changed_at > viralforge.clock() - %(restored_for)s::interval
      AND month = date_trunc('month', started_at, 'UTC')::date);

-- name: has_posts
-- By the first of them: a search for any would look at every stub where there are many.
SELECT coalesce(min(last_scraped_at) < %(until)s, false) FROM viralforge.scraped_posts
WHERE (archived_at IS NULL OR archived_at < last_scraped_at) AND erased_at IS NULL;

-- name: moved_months
-- What became of months: which of them are thin by now, and which were brought back lately and stay for a while.
SELECT DISTINCT ON (month) month, CASE state WHEN 'restored' THEN 'restored' ELSE leaves END
FROM viralforge.archive_steps
WHERE table_name = %(table)s AND month IS NOT NULL
  AND (state = 'done' OR state = 'restored' AND changed_at > viralforge.clock() - %(restored_for)s::interval)
ORDER BY month, changed_at DESC;

-- name: planned_calls
SELECT date_trunc('month', min(started_at), 'UTC')::date, count(*), sum(pg_column_size(call.*))::bigint
FROM viralforge.crew_calls AS call JOIN viralforge.crew_executions AS run ON run.id = crew_execution_id
WHERE started_at < %(until)s AND run.status <> 'running'
GROUP BY date_trunc('month', started_at, 'UTC') ORDER BY 1;

-- name: planned_posts
SELECT NULL::date, count(*),
       sum(pg_column_size(raw_json) + coalesce(pg_column_size(description), 0)
           + coalesce(pg_column_size(media_urls), 0))::bigint
FROM viralforge.scraped_posts
WHERE last_scraped_at < %(until)s AND (archived_at IS NULL OR archived_at < last_scraped_at) AND erased_at IS NULL
HAVING count(*) > 0;

-- name: planned_rejections
SELECT NULL::date, count(*), sum(pg_column_size(rejected.*))::bigint
FROM viralforge.rejections AS rejected WHERE rejected_at < %(until)s HAVING count(*) > 0;

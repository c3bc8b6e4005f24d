-- name: server
SELECT current_setting('server_version') AS version, current_database() AS name,
       pg_database_size(current_database()) AS bytes;

-- name: tables
-- Rows as PostgreSQL last estimated them; a partitioned table with all its months.
SELECT c.relname AS name, sum(greatest(part.reltuples, pg_stat_get_live_tuples(part.oid), 0))::bigint AS rows,
       sum(pg_total_relation_size(part.oid))::bigint AS bytes, count(i.inhrelid) AS months
FROM pg_class c
LEFT JOIN pg_inherits i ON i.inhparent = c.oid
JOIN pg_class part ON part.oid = coalesce(i.inhrelid, c.oid)
WHERE c.relnamespace = 'viralforge'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
GROUP BY c.relname ORDER BY bytes DESC, name;

-- name: jobs
-- Overdue is what was to be done again three times since.
SELECT DISTINCT ON (name) name, started_at, viralforge.milliseconds(started_at, ended_at) AS duration_ms, ok,
       detail ->> 'error' AS error,
       coalesce(started_at < viralforge.clock() - 3 * (detail ->> 'every_seconds')::float8 * interval '1 second', false)
           AS is_overdue
FROM viralforge.job_runs
ORDER BY name, started_at DESC;

-- name: slow
SELECT query, calls, mean_ms, total_ms FROM viralforge.slow_queries() ORDER BY total_ms DESC, query LIMIT %(limit)s;

-- name: connections
SELECT count(*) FILTER (WHERE state = 'active') AS active, count(*) AS connections,
       current_setting('max_connections')::int AS most
FROM pg_stat_activity WHERE datname = current_database();

-- name: gather_statistics
ANALYZE (SKIP_LOCKED) viralforge.post_metrics_history, viralforge.app_events;

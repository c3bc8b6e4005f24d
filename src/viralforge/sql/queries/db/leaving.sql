-- name: stored_months
SELECT to_date(right(child.relname, 7), 'YYYY_MM') AS month, greatest(child.reltuples, pg_stat_get_live_tuples(child.oid), 0)::bigint,
       pg_total_relation_size(child.oid)
FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
WHERE inhparent = to_regclass(%(table)s)
ORDER BY month;

-- name: wait_at_most
SELECT set_config('lock_timeout', %(timeout)s, true);

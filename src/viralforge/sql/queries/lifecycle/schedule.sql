-- name: is_due
-- Done long enough ago, or never; after a failure it is tried again a little later.
SELECT coalesce(max(started_at) FILTER (WHERE ok) <= viralforge.clock() - %(every)s::interval, true)
       AND coalesce(max(started_at) FILTER (WHERE NOT ok) <= viralforge.clock() - %(again)s::interval, true)
FROM viralforge.job_runs
WHERE name = %(name)s AND started_at > viralforge.clock() - %(every)s::interval - interval '1 day';

-- name: now
SELECT viralforge.clock();

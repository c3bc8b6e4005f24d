-- name: is_due
-- By its last run: done long enough ago, or failed a little ago; or never run.
SELECT coalesce((
    SELECT CASE WHEN ok THEN started_at <= viralforge.clock() - %(every)s::interval
                ELSE coalesce(ended_at, started_at) <= viralforge.clock() - %(again)s::interval END
    FROM viralforge.job_runs WHERE name = %(name)s
    ORDER BY started_at DESC, id DESC LIMIT 1
), true);

-- name: now
SELECT viralforge.clock();

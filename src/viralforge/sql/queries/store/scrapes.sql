-- name: log_job
INSERT INTO viralforge.scrape_jobs
    (crew_execution_id, platform, operation, query, tool, requests, cache_hits, found, new, rejected, errors,
     quota_units, cost_usd, saved_usd, saved_units, started_at, ended_at)
VALUES (%(crew_execution_id)s, %(platform)s, %(operation)s, %(query)s, %(tool)s, %(requests)s, %(cache_hits)s,
        %(found)s, %(new)s, %(rejected)s, %(errors)s, %(quota_units)s, %(cost_usd)s, %(saved_usd)s, %(saved_units)s,
        %(started_at)s, %(ended_at)s)
RETURNING id;

-- name: mark_jobs
-- The jobs of the last day that took part in what is alarming now, each with the measures by which it did.
WITH marked AS (
    SELECT job.id, array_agg(alarm.measure ORDER BY alarm.measure)
               FILTER (WHERE CASE alarm.measure
                   WHEN 'posts a request' THEN job.found < alarm.usual / 2 * job.requests
                   WHEN 'failed requests' THEN job.errors > 0
                   WHEN 'rejected records' THEN job.rejected > 0
                   ELSE coalesce(job.unknown_fields -> substr(alarm.measure, 9),
                                 job.rejected_shapes -> substr(alarm.measure, 10), '0') <> '0' END) AS alarms
    FROM viralforge.scrape_jobs AS job
    LEFT JOIN viralforge.v_yield_alarms AS alarm USING (platform, operation)
    WHERE job.started_at > viralforge.clock() - interval '24 hours' AND job.requests > 0
    GROUP BY job.id
)
UPDATE viralforge.scrape_jobs AS job
SET alarms = marked.alarms
FROM marked
WHERE marked.id = job.id AND marked.alarms IS DISTINCT FROM job.alarms;

-- name: reject
INSERT INTO viralforge.rejections
    (payload_hash, reason, detail, platform, shape, origin, payload, observed_at, niche, scrape_source,
     scrape_job_id, rejected_at)
SELECT decode(payload_hash, 'hex'), reason, detail, platform, shape, origin, payload, observed_at, niche,
       scrape_source, scrape_job_id, viralforge.clock()
FROM jsonb_to_recordset(%(rows)s::jsonb) AS given (
    payload_hash text, reason text, detail text, platform text, shape text, origin text, payload jsonb,
    observed_at timestamptz, niche text, scrape_source text, scrape_job_id bigint)
ORDER BY payload_hash, reason
ON CONFLICT (payload_hash, reason) DO NOTHING;

-- name: rejections
SELECT id, reason, detail, platform, shape, origin, payload, observed_at, niche, scrape_source,
       scrape_job_id, rejected_at
FROM viralforge.v_rejections
WHERE (%(reason)s::text IS NULL OR reason = %(reason)s)
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
ORDER BY rejected_at DESC, id DESC LIMIT %(limit)s;

-- name: rejections_by_reason
SELECT reason, count(*) AS rejections, max(rejected_at) AS latest
FROM viralforge.rejections GROUP BY reason ORDER BY rejections DESC, reason;

-- name: rejections_after
SELECT id, reason, detail, platform, shape, origin, payload, observed_at, niche, scrape_source,
       scrape_job_id, rejected_at
FROM viralforge.rejections
WHERE id > %(after)s AND (%(reason)s::text IS NULL OR reason = %(reason)s)
ORDER BY id LIMIT %(limit)s;

-- name: drop_rejections
DELETE FROM viralforge.rejections WHERE id = ANY(%(ids)s);

-- name: record_job_run
INSERT INTO viralforge.job_runs (name, started_at, ended_at, ok, detail)
VALUES (%(name)s, viralforge.clock(), viralforge.clock(), true, %(detail)s);

-- name: tell_job_run
-- What is older than a week is forgotten with it.
WITH old AS (
    DELETE FROM viralforge.job_runs
    WHERE name = %(name)s AND started_at < viralforge.clock() - interval '7 days' AND detail ? 'every_seconds'
)
INSERT INTO viralforge.job_runs (name, started_at, ended_at, ok, detail)
VALUES (%(name)s, %(started_at)s, viralforge.clock(), %(ok)s, %(detail)s);

-- name: has_job_run
SELECT EXISTS (SELECT FROM viralforge.job_runs WHERE name = %(name)s AND ok);

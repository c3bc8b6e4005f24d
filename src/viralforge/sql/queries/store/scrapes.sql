-- name: log_job
INSERT INTO viralforge.scrape_jobs
    (crew_execution_id, platform, operation, query, tool, requests, cache_hits, found, new, rejected, errors,
     quota_units, cost_usd, started_at, ended_at)
VALUES (%(crew_execution_id)s, %(platform)s, %(operation)s, %(query)s, %(tool)s, %(requests)s, %(cache_hits)s,
        %(found)s, %(new)s, %(rejected)s, %(errors)s, %(quota_units)s, %(cost_usd)s, %(started_at)s, %(ended_at)s)
RETURNING id;

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
FROM viralforge.rejections
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

-- name: has_job_run
SELECT EXISTS (SELECT FROM viralforge.job_runs WHERE name = %(name)s AND ok);

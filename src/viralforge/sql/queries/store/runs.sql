-- name: note_run
-- A run that is known already, by its key, stays as it is. Its parent was noted before it.
WITH known AS (
    INSERT INTO viralforge.execution_keys (key, crew_execution_id, recorder, seen_at)
    VALUES (%(key)s, nextval(pg_get_serial_sequence('viralforge.crew_executions', 'id')), %(recorder)s,
            viralforge.clock())
    ON CONFLICT (key) DO NOTHING
    RETURNING crew_execution_id AS id
)
INSERT INTO viralforge.crew_executions
    (id, parent_execution_id, user_id, crew_type, status, platforms, niches, start_time, created_at)
SELECT id, (SELECT crew_execution_id FROM viralforge.execution_keys WHERE key = %(parent)s), %(user_id)s, %(crew_type)s,
       'running', %(platforms)s, %(niches)s, %(start_time)s, viralforge.clock()
FROM known;

-- name: note_calls
-- Calls of an execution that was deleted meanwhile go with it.
INSERT INTO viralforge.crew_calls
    (crew_execution_id, call_key, crew, agent, task, kind, name, provider, model, started_at, duration_ms, tokens_in,
     tokens_out, tokens_cached, tokens_cache_write, tokens_reasoning, cost_usd, price_source, from_cache, ok, error)
SELECT run.id, call_key, crew, agent, task, kind, name, provider, model, started_at, given.duration_ms, given.tokens_in,
       given.tokens_out, given.tokens_cached, tokens_cache_write, given.tokens_reasoning, given.cost_usd, price_source,
       from_cache, ok, error
FROM jsonb_to_recordset(%(rows)s::jsonb) AS given (
    run uuid, call_key uuid, crew text, agent text, task text, kind text, name text, provider text, model text,
    started_at timestamptz, duration_ms bigint, tokens_in bigint, tokens_out bigint, tokens_cached bigint,
    tokens_cache_write bigint, tokens_reasoning bigint, cost_usd numeric, price_source text, from_cache boolean,
    ok boolean, error text)
JOIN viralforge.execution_keys AS known ON known.key = given.run
JOIN viralforge.crew_executions AS run ON run.id = known.crew_execution_id
ON CONFLICT (crew_execution_id, call_key) DO NOTHING;

-- name: note_end
-- A run ends once: what it said first holds, also against a sweep that came too early.
UPDATE viralforge.crew_executions AS run
SET status = %(status)s, end_time = %(end_time)s, duration_ms = viralforge.milliseconds(start_time, %(end_time)s),
    output_data = coalesce(%(output_data)s, output_data),
    error_message = coalesce(%(error_message)s, CASE WHEN run.status <> 'stale' THEN error_message END)
FROM viralforge.execution_keys AS known
WHERE known.key = %(run)s AND run.id = known.crew_execution_id AND run.status IN ('running', 'stale');

-- name: note_job
INSERT INTO viralforge.scrape_jobs
    (job_key, crew_execution_id, platform, operation, query, tool, requests, cache_hits, errors, quota_units, cost_usd,
     saved_usd, saved_units, started_at, ended_at)
VALUES (%(job_key)s, (SELECT crew_execution_id FROM viralforge.execution_keys WHERE key = %(run)s), %(platform)s,
        %(operation)s, %(query)s, %(tool)s, %(requests)s, %(cache_hits)s, %(errors)s, %(quota_units)s, %(cost_usd)s,
        %(saved_usd)s, %(saved_units)s, %(started_at)s, %(ended_at)s)
ON CONFLICT ON CONSTRAINT scrape_jobs_key DO NOTHING;

-- name: job_of
SELECT id FROM viralforge.scrape_jobs WHERE job_key = %(job_key)s;

-- name: note_job_posts
-- A post is new where its first sighting is this one; an answer from the cache brings nothing new.
INSERT INTO viralforge.scrape_job_posts (scraped_post_id, scrape_job_id, is_new)
SELECT post.id, job.id, job.cache_hits = 0 AND post.scraped_at = given.seen_at
FROM unnest(%(ids)s::uuid[], %(seen)s::timestamptz[]) AS given (id, seen_at)
JOIN viralforge.scraped_posts AS post ON post.id = given.id AND erased_at IS NULL
JOIN viralforge.scrape_jobs AS job ON job.id = %(job)s
ON CONFLICT (scraped_post_id, scrape_job_id) DO NOTHING;

-- name: note_job_result
UPDATE viralforge.scrape_jobs AS job
SET found = counted.found, new = counted.new, rejected = %(rejected)s, unknown_fields = %(unknown_fields)s,
    rejected_shapes = %(rejected_shapes)s
FROM (SELECT count(*) AS found, count(*) FILTER (WHERE is_new) AS new
      FROM viralforge.scrape_job_posts WHERE scrape_job_id = %(job)s) AS counted
WHERE job.id = %(job)s;

-- name: count_up
-- The figures of executions are those of their calls, jobs and trends. A model's call whose price is unknown leaves the
-- cost unknown; a tool's, or that of a platform which asks for no money, does not. What failed before it was charged
-- tells no tokens and costs nothing.
UPDATE viralforge.crew_executions AS run
SET llm_calls = coalesce(calls.llm, 0), tool_calls = coalesce(calls.tool, 0), tokens_in = calls.tokens_in,
    tokens_out = calls.tokens_out, tokens_cached = calls.tokens_cached, tokens_reasoning = calls.tokens_reasoning,
    tokens_used = CASE WHEN coalesce(calls.tokens_in, calls.tokens_out) IS NOT NULL OR calls.untold IS NOT TRUE
                       THEN coalesce(calls.tokens_in, 0) + coalesce(calls.tokens_out, 0) END,
    cost_usd = CASE WHEN calls.unpriced IS NOT TRUE THEN coalesce(calls.cost_usd, 0) + coalesce(jobs.cost_usd, 0) END,
    posts_scraped = coalesce(posts.found, 0), posts_new = coalesce(posts.new, 0),
    trends_discovered = (SELECT count(*) FROM viralforge.trends WHERE crew_execution_id = run.id)
FROM viralforge.execution_keys AS known
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'llm') AS llm, count(*) FILTER (WHERE kind = 'tool') AS tool,
           sum(call.tokens_in)::bigint AS tokens_in, sum(call.tokens_out)::bigint AS tokens_out,
           sum(call.tokens_cached)::bigint AS tokens_cached, sum(call.tokens_reasoning)::bigint AS tokens_reasoning,
           sum(call.cost_usd) AS cost_usd, bool_or(kind = 'llm' AND call.cost_usd IS NULL) AS unpriced,
           bool_or(kind = 'llm' AND ok AND coalesce(call.tokens_in, call.tokens_out) IS NULL) AS untold
    FROM viralforge.crew_calls AS call WHERE call.crew_execution_id = known.crew_execution_id
) AS calls ON true
LEFT JOIN LATERAL (
    SELECT sum(job.cost_usd) AS cost_usd FROM viralforge.scrape_jobs AS job
    WHERE job.crew_execution_id = known.crew_execution_id
) AS jobs ON true
LEFT JOIN LATERAL (
    SELECT count(DISTINCT scraped_post_id) AS found, count(DISTINCT scraped_post_id) FILTER (WHERE is_new) AS new
    FROM viralforge.scrape_jobs AS job JOIN viralforge.scrape_job_posts AS brought ON brought.scrape_job_id = job.id
    WHERE job.crew_execution_id = known.crew_execution_id
) AS posts ON true
WHERE known.key = ANY (%(runs)s::uuid[]) AND run.id = known.crew_execution_id AND run.calls_archived_at IS NULL;

-- name: still_here
UPDATE viralforge.execution_keys SET seen_at = viralforge.clock() WHERE key = ANY (%(runs)s::uuid[]);

-- name: execution_of
SELECT run.id
FROM viralforge.execution_keys AS known JOIN viralforge.crew_executions AS run ON run.id = known.crew_execution_id
WHERE known.key = %(run)s;

-- name: sweep_recorders
-- Runs of processes that are known to have ended.
UPDATE viralforge.crew_executions AS run
SET status = 'stale', error_message = coalesce(error_message, 'its process ended without telling how the run went')
FROM viralforge.execution_keys AS known
WHERE known.recorder = ANY (%(recorders)s::uuid[]) AND run.id = known.crew_execution_id AND run.status = 'running';

-- name: sweep_silent
-- Runs of which nobody has told anything for so long, whether a recorder kept them or somebody logged them by hand.
UPDATE viralforge.crew_executions AS run
SET status = 'stale', error_message = coalesce(error_message, 'nothing was heard of the run any more')
WHERE run.status = 'running' AND CASE
    WHEN EXISTS (SELECT FROM viralforge.execution_keys WHERE crew_execution_id = run.id)
    THEN NOT EXISTS (SELECT FROM viralforge.execution_keys
                     WHERE crew_execution_id = run.id AND seen_at > viralforge.clock() - %(silence)s::interval)
    ELSE start_time < viralforge.clock() - %(longest)s::interval END;

-- name: posts_of_run
SELECT scraped_post_id
FROM viralforge.scrape_jobs AS job JOIN viralforge.scrape_job_posts ON scrape_job_id = job.id
WHERE job.crew_execution_id = %(execution)s
GROUP BY scraped_post_id
ORDER BY max(job.id) DESC, scraped_post_id
LIMIT %(limit)s;

-- name: spent_today
-- The known money of every call and of all collecting: one price that is not known hides no other.
SELECT crew_type,
       coalesce(sum((SELECT sum(cost_usd) FROM viralforge.crew_calls WHERE crew_execution_id = run.id)), 0)
       + coalesce(sum((SELECT sum(cost_usd) FROM viralforge.scrape_jobs WHERE crew_execution_id = run.id)), 0)
       + coalesce(sum(cost_usd) FILTER (
           WHERE NOT EXISTS (SELECT FROM viralforge.crew_calls WHERE crew_execution_id = run.id)
             AND NOT EXISTS (SELECT FROM viralforge.scrape_jobs WHERE crew_execution_id = run.id)), 0)
FROM viralforge.crew_executions AS run
WHERE crew_type = ANY (%(crew_types)s::text[])
  AND start_time >= date_trunc('day', viralforge.clock(), 'UTC')
GROUP BY crew_type;

-- name: hold_runs
-- Who counts figures holds their rows first, so that the count after it sees what others have committed.
SELECT run.id
FROM viralforge.crew_executions AS run JOIN viralforge.execution_keys AS known ON known.crew_execution_id = run.id
WHERE known.key = ANY (%(runs)s::uuid[])
ORDER BY run.id
FOR UPDATE OF run;

-- name: note_root
-- What the root of a trace says of its run, once it is there.
UPDATE viralforge.crew_executions AS run
SET crew_type = %(crew_type)s, start_time = %(start_time)s
FROM viralforge.execution_keys AS known
WHERE known.key = %(key)s AND run.id = known.crew_execution_id;

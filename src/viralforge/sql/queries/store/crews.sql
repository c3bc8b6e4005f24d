-- name: log_execution
INSERT INTO viralforge.crew_executions
    (user_id, crew_type, status, platforms, niches, start_time, end_time, duration_ms, llm_calls, tool_calls,
     tokens_used, cost_usd, trends_discovered, posts_scraped, output_data, error_message, created_at)
VALUES (%(user_id)s, %(crew_type)s, %(status)s, %(platforms)s, %(niches)s, %(start_time)s, %(end_time)s,
        coalesce(%(duration_ms)s::bigint, viralforge.milliseconds(%(start_time)s, %(end_time)s)), %(llm_calls)s, %(tool_calls)s, %(tokens_used)s, %(cost_usd)s, %(trends_discovered)s,
        %(posts_scraped)s, %(output_data)s, %(error_message)s, viralforge.clock())
RETURNING id;

-- name: update_execution
-- Only what is given changes; the duration follows from the times where it is not given.
UPDATE viralforge.crew_executions AS run
SET user_id = coalesce(%(user_id)s, user_id), crew_type = coalesce(%(crew_type)s, crew_type),
    status = coalesce(%(status)s, status), platforms = coalesce(%(platforms)s, platforms),
    niches = coalesce(%(niches)s, niches), start_time = coalesce(%(start_time)s, start_time),
    end_time = coalesce(%(end_time)s, end_time),
    duration_ms = coalesce(%(duration_ms)s, duration_ms,
        viralforge.milliseconds(coalesce(%(start_time)s, start_time), %(end_time)s)),
    llm_calls = coalesce(%(llm_calls)s, llm_calls), tool_calls = coalesce(%(tool_calls)s, tool_calls),
    tokens_used = coalesce(%(tokens_used)s, tokens_used), cost_usd = coalesce(%(cost_usd)s, cost_usd),
    trends_discovered = coalesce(%(trends_discovered)s, trends_discovered),
    posts_scraped = coalesce(%(posts_scraped)s, posts_scraped),
    output_data = coalesce(%(output_data)s, output_data),
    error_message = coalesce(%(error_message)s, error_message)
WHERE id = %(id)s;

-- name: log_calls
INSERT INTO viralforge.crew_calls
    (crew_execution_id, agent, task, kind, name, model, started_at, duration_ms, tokens_in, tokens_out,
     tokens_cached, tokens_reasoning, cost_usd, from_cache, ok, error)
SELECT crew_execution_id, agent, task, kind, name, model, started_at, duration_ms, tokens_in, tokens_out,
       tokens_cached, tokens_reasoning, cost_usd, from_cache, ok, error
FROM jsonb_to_recordset(%(rows)s::jsonb) AS given (
    crew_execution_id bigint, agent text, task text, kind text, name text, model text, started_at timestamptz,
    duration_ms bigint, tokens_in bigint, tokens_out bigint, tokens_cached bigint, tokens_reasoning bigint,
    cost_usd numeric, from_cache boolean, ok boolean, error text);

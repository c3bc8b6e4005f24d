-- What whoever reads may see of users: who may read `users` sees their ids, who may not sees pseudonyms, which are the
-- same everywhere in this database and tell nobody an id. These views have their owner's rights.

-- Events, without what their properties say but the trend and the content platform they name. One half of it is never
-- run: who sees users gets the column itself, which sorts faster than what is worked out for each row.
CREATE VIEW viralforge.v_events AS
SELECT event.created_at, event.received_at, event.event_id, event.user_key, event.session_id, event.event_name,
       event.event_type, event.platform, event.country, agent.user_agent,
       CASE WHEN event.properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
            THEN (event.properties ->> 'trend_id')::bigint END AS trend_id,
       CASE WHEN event.properties ->> 'platform' IN ('youtube', 'twitter', 'instagram', 'tiktok', 'reddit')
            THEN event.properties ->> 'platform' END AS asked_for
FROM (
    SELECT created_at, received_at, event_id, user_id AS user_key, session_id, event_name, event_type, platform,
           country, user_agent_id, properties
    FROM viralforge.app_events WHERE (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT'))
    UNION ALL
    SELECT created_at, received_at, event_id,
           left(encode(sha256((SELECT sha256(secret || 'pseudonyms'::bytea) FROM viralforge.secrets
                               WHERE name = 'erased') || convert_to(user_id, 'UTF8')), 'hex'), 24),
           session_id, event_name, event_type, platform, country, user_agent_id, properties
    FROM viralforge.app_events WHERE NOT (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT'))
) AS event LEFT JOIN viralforge.user_agents AS agent ON agent.id = event.user_agent_id;

-- Executions: whoever may not see users sees neither for whom a run was made nor what it returned.
CREATE VIEW viralforge.v_executions AS
SELECT id, parent_execution_id,
       CASE WHEN (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT')) THEN user_id END AS user_id,
       crew_type, status, platforms, niches, start_time, end_time, duration_ms, llm_calls, tool_calls, tokens_used,
       tokens_in, tokens_out, tokens_cached, tokens_reasoning, cost_usd, trends_discovered, posts_scraped, posts_new,
       CASE WHEN (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT')) THEN output_data END AS output_data,
       error_message, created_at
FROM viralforge.crew_executions;

-- What was turned away: a payload may be anything, so also what names users.
CREATE VIEW viralforge.v_rejections AS
SELECT id, reason, detail, platform, shape, origin,
       CASE WHEN (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT')) THEN payload END AS payload,
       observed_at, niche, scrape_source, scrape_job_id, rejected_at
FROM viralforge.rejections;

-- The funnel by pseudonym. The view with the ids calls a function that tells them, and functions are called with the
-- rights of who asks: this one keeps them to itself.
CREATE FUNCTION viralforge.funnel_by_pseudonym() RETURNS TABLE (
    user_key text, discoveries bigint, interactions bigint, analyses bigint, generations bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = viralforge, pg_temp
AS $$
    SELECT left(encode(sha256((SELECT sha256(secret || 'pseudonyms'::bytea) FROM viralforge.secrets
                               WHERE name = 'erased') || convert_to(user_id, 'UTF8')), 'hex'), 24),
           discoveries, interactions, analyses, generations
    FROM viralforge.v_user_engagement_funnel
$$;
CREATE VIEW viralforge.v_funnel AS
SELECT user_key, discoveries, interactions, analyses, generations
FROM viralforge.funnel_by_pseudonym()
ORDER BY generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_key;

-- How many users have reached a stage since a moment, on one platform of the app or (NULL) on any, as far as that is
-- not folded yet.
CREATE FUNCTION viralforge.funnel_newcomers(since timestamptz, app text)
RETURNS TABLE (event_name text, users bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = viralforge, pg_temp
AS $$
    SELECT delta.event_name, count(DISTINCT delta.user_id)
    FROM viralforge.funnel_deltas AS delta
    WHERE delta.created_at > since AND (app IS NULL OR delta.platform = app)
      AND NOT EXISTS (
          SELECT FROM viralforge.funnel_users AS kept
          WHERE kept.user_id = delta.user_id AND kept.event_name = delta.event_name
            AND kept.platform = coalesce(app, '') AND kept.last_at > since
      )
    GROUP BY delta.event_name
$$;

-- Writers look for the erased without reading the secret behind their names, and take out a user they made too early.
ALTER FUNCTION viralforge.erased_key(text, text) SECURITY DEFINER SET search_path = viralforge, pg_temp;
ALTER FUNCTION viralforge.know_users(text[]) SECURITY DEFINER SET search_path = viralforge, pg_temp;
REVOKE EXECUTE ON FUNCTION viralforge.erased_key(text, text), viralforge.know_users(text[]),
    viralforge.make_month(text, date), viralforge.funnel_changes() FROM public;

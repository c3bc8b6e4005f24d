-- name: add_events
-- Stores events that are not there yet, says how many, and whom nobody knows: where there are such and they are not
-- `settled`, nothing is stored; once they are, who is unknown still may not be named. `naming` are the properties that
-- go where the user does. What is new and may be forwarded goes to the outbox.
WITH given AS MATERIALIZED (
    SELECT *, user_id IS NOT NULL AND named IS NULL AS is_stranger,
           user_id IS NOT NULL AND named IS NOT TRUE AS is_nameless
    FROM (
        SELECT *, (SELECT analytics FROM viralforge.users WHERE id = user_id) AS named
        FROM json_to_recordset(%(events)s::json) AS event (
            created_at timestamptz, event_id uuid, user_agent_id integer, user_id text, session_id text,
            event_name text, event_type text, platform text, country text, ip_hash bytea, properties jsonb,
            forward boolean)
    ) AS events
), strangers AS MATERIALIZED (
    SELECT array_agg(DISTINCT user_id) AS ids FROM given WHERE is_stranger AND NOT %(settled)s::boolean
), added AS (
    INSERT INTO viralforge.app_events
        (created_at, received_at, event_id, user_agent_id, user_id, session_id, event_name, event_type, platform,
         country, ip_hash, properties)
    SELECT created_at, (SELECT viralforge.clock()), event_id, user_agent_id, CASE WHEN NOT is_nameless THEN user_id END,
           session_id, event_name, event_type, platform, country, CASE WHEN NOT is_nameless THEN ip_hash END,
           CASE WHEN is_nameless THEN properties - %(naming)s::text[] ELSE properties END
    FROM given WHERE (SELECT ids FROM strangers) IS NULL
    ORDER BY created_at, event_id
    ON CONFLICT (created_at, event_id) DO NOTHING
    RETURNING created_at, event_id, user_id, session_id, event_name, platform, properties
), on_the_way AS (
    INSERT INTO viralforge.funnel_deltas (user_id, session_id, event_name, platform, created_at)
    SELECT user_id, session_id, event_name, platform, created_at FROM added
    WHERE user_id IS NOT NULL
      AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
), traced AS (
    INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
    SELECT (properties ->> 'trend_id')::bigint, event_name, count(*) FROM added
    WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$' GROUP BY 1, 2
), forwarded AS (
    INSERT INTO viralforge.posthog_outbox (created_at, event_id)
    SELECT created_at, event_id FROM added
    WHERE %(forwards)s::boolean AND (created_at, event_id) IN (
        SELECT created_at, event_id FROM given WHERE forward AND NOT is_nameless)
    ORDER BY created_at, event_id
)
SELECT (SELECT count(*) FROM added), ids FROM strangers;

-- name: salts
-- The salts of the database's day and of the next, which whoever comes first draws, and the time it is there.
WITH days AS (
    SELECT (viralforge.clock() AT TIME ZONE 'UTC')::date + later AS day, fresh
    FROM (VALUES (0, %(fresh)s::bytea), (1, %(fresh_next)s::bytea)) AS drawn (later, fresh)
), drawn AS (
    INSERT INTO viralforge.ip_salts (day, salt) SELECT day, fresh FROM days ORDER BY day
    ON CONFLICT DO NOTHING RETURNING day, salt
)
SELECT clock_timestamp() - now() + viralforge.clock(), day, salt FROM drawn
UNION ALL
SELECT clock_timestamp() - now() + viralforge.clock(), day, salt FROM viralforge.ip_salts JOIN days USING (day);

-- name: know_user_agents
-- The ids of user agents, made as needed; one that another makes in this moment is missing, and there the next time.
WITH given AS (
    SELECT user_agent, hash FROM unnest(%(agents)s::text[], %(hashes)s::bytea[]) AS given (user_agent, hash)
), made AS (
    INSERT INTO viralforge.user_agents (user_agent, user_agent_hash)
    SELECT user_agent, hash FROM given
    WHERE NOT EXISTS (SELECT FROM viralforge.user_agents AS known WHERE known.user_agent_hash = hash)
    ORDER BY hash ON CONFLICT DO NOTHING
    RETURNING id, user_agent
)
SELECT id, user_agent FROM made
UNION ALL
SELECT known.id, given.user_agent FROM given JOIN viralforge.user_agents AS known ON known.user_agent_hash = hash;

-- name: has_old_salts
-- The salt of a day may have been used from its first moment on.
SELECT EXISTS (
    SELECT FROM viralforge.ip_salts WHERE day <= (viralforge.clock() AT TIME ZONE 'UTC')::date - %(days)s::integer);

-- name: hold_salts
LOCK TABLE viralforge.ip_salts IN ACCESS EXCLUSIVE MODE;

-- name: young_salts
SELECT day, salt FROM viralforge.ip_salts WHERE day > (viralforge.clock() AT TIME ZONE 'UTC')::date - %(days)s::integer;

-- name: empty_salts
-- A deleted row stays in the table's file, for as long as anybody might still see it: this gives the table a new one.
TRUNCATE viralforge.ip_salts;

-- name: put_back_salts
INSERT INTO viralforge.ip_salts (day, salt) SELECT * FROM unnest(%(days)s::date[], %(salts)s::bytea[]);

-- name: forget_hashes
-- Some of the hashes under the salts that are destroyed.
UPDATE viralforge.app_events AS event SET ip_hash = NULL
FROM (
    SELECT created_at, event_id FROM viralforge.app_events
    WHERE ip_hash IS NOT NULL AND received_at < date_trunc('day', viralforge.clock(), 'UTC')
                                                + interval '1 day' - make_interval(days => %(days)s::integer)
    LIMIT 10000
) AS old
WHERE (event.created_at, event.event_id) = (old.created_at, old.event_id);

-- name: add_events
SELECT viralforge.add_events(%(events)s, %(named)s, %(naming)s);

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

-- name: destroy_salts
-- The salt of a day may have been used from its first moment on.
DELETE FROM viralforge.ip_salts WHERE day <= (viralforge.clock() AT TIME ZONE 'UTC')::date - %(days)s::integer;

-- name: wipe_salts
-- A deleted row stays in the table's file until it is written anew; the table is tiny.
VACUUM (FULL) viralforge.ip_salts;

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

-- How events come in. These are functions since each of their statements sees what was committed before it: whoever
-- was erased while a statement waited is known to the next one.

-- The only name of the erased: the same for the same key in this database, and nothing elsewhere.
CREATE FUNCTION viralforge.erased_key(kind text, key text) RETURNS bytea
LANGUAGE sql STABLE
RETURN (
    SELECT sha256(secret || sha256(secret || convert_to(kind || chr(31) || key, 'UTF8')))
    FROM viralforge.secrets WHERE name = 'erased'
);

-- Makes the users that are missing and may be there; says whom nobody may name: who refuses, and who was erased. An
-- erasure holds the user's row, there or not, until it is done, and that is what a new row waits for.
CREATE FUNCTION viralforge.know_users(named text[]) RETURNS text[]
LANGUAGE plpgsql
AS $$
DECLARE
    strangers text[];
    nameless text[];
BEGIN
    SELECT array_agg(given.id ORDER BY given.id) FILTER (WHERE known.id IS NULL),
           array_agg(given.id) FILTER (WHERE NOT known.analytics)
    INTO strangers, nameless
    FROM unnest(named) AS given (id) LEFT JOIN viralforge.users AS known ON known.id = given.id;
    IF strangers IS NULL THEN
        RETURN nameless;
    END IF;
    INSERT INTO viralforge.users (id, created_at)
    SELECT stranger, viralforge.clock() FROM unnest(strangers) AS stranger
    WHERE NOT EXISTS (
        SELECT FROM viralforge.erased
        WHERE kind = 'user' AND key_hash = viralforge.erased_key('user', stranger))
    ON CONFLICT DO NOTHING;
    DELETE FROM viralforge.users AS made
    WHERE made.id = ANY (strangers) AND EXISTS (
        SELECT FROM viralforge.erased
        WHERE kind = 'user' AND key_hash = viralforge.erased_key('user', made.id));
    RETURN nameless || ARRAY(
        SELECT stranger FROM unnest(strangers) AS stranger
        WHERE NOT EXISTS (SELECT FROM viralforge.users AS known WHERE known.id = stranger AND known.analytics));
END $$;

-- Stores events that are not there yet and says how many; `named` are the users in them, `naming` the properties
-- that go where the user may not be named. An event that may be forwarded and is new goes to the outbox.
CREATE FUNCTION viralforge.add_events(events json, named text[], naming text[]) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    nameless text[] := CASE WHEN named <> '{}' THEN viralforge.know_users(named) END;
    new bigint;
BEGIN
    WITH given AS MATERIALIZED (
        SELECT *, coalesce(user_id = ANY (nameless), false) AS is_nameless
        FROM json_to_recordset(events) AS given (
            created_at timestamptz, event_id uuid, user_agent_id integer, user_id text, session_id text,
            event_name text, event_type text, platform text, country text, ip_hash bytea, properties jsonb,
            forward boolean)
    ), added AS (
        INSERT INTO viralforge.app_events
            (created_at, received_at, event_id, user_agent_id, user_id, session_id, event_name, event_type, platform,
             country, ip_hash, properties)
        SELECT created_at, viralforge.clock(), event_id, user_agent_id, CASE WHEN NOT is_nameless THEN user_id END,
               session_id, event_name, event_type, platform, country, CASE WHEN NOT is_nameless THEN ip_hash END,
               CASE WHEN is_nameless THEN properties - naming ELSE properties END
        FROM given ORDER BY created_at, event_id
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
        WHERE (created_at, event_id) IN (SELECT created_at, event_id FROM given WHERE forward AND NOT is_nameless)
        ORDER BY created_at, event_id
    )
    SELECT count(*) INTO new FROM added;
    RETURN new;
END $$;

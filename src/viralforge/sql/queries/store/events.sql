-- name: add_user
INSERT INTO viralforge.users AS known (id, display_name, analytics, created_at)
VALUES (%(id)s, %(display_name)s, %(analytics)s, viralforge.clock())
ON CONFLICT (id) DO UPDATE SET display_name = coalesce(excluded.display_name, known.display_name),
                               analytics = excluded.analytics;

-- name: delete_user
DELETE FROM viralforge.users WHERE id = %(id)s;

-- name: know_users
-- Users that an event names are made as needed; who refuses analytics comes back and stays out.
WITH given AS (SELECT DISTINCT id FROM unnest(%(ids)s::text[]) AS given (id)),
made AS (
    INSERT INTO viralforge.users (id, created_at)
    SELECT id, viralforge.clock() FROM given
    WHERE NOT EXISTS (SELECT FROM viralforge.users AS known WHERE known.id = given.id)
    ORDER BY id ON CONFLICT DO NOTHING
)
SELECT id FROM viralforge.users JOIN given USING (id) WHERE NOT analytics;

-- name: salt
-- The salt of the database's day; whoever comes first draws it.
WITH today AS (SELECT (viralforge.clock() AT TIME ZONE 'UTC')::date AS day),
drawn AS (
    INSERT INTO viralforge.ip_salts (day, salt) SELECT day, %(fresh)s FROM today
    ON CONFLICT DO NOTHING RETURNING day, salt
)
SELECT day, salt FROM drawn UNION ALL SELECT day, salt FROM viralforge.ip_salts JOIN today USING (day) LIMIT 1;

-- name: clock
SELECT viralforge.clock();

-- name: insert_events
INSERT INTO viralforge.app_events
    (event_id, user_id, session_id, event_name, event_type, platform, properties, user_agent, ip_hash, country,
     created_at, received_at)
SELECT event_id, user_id, session_id, event_name, event_type, platform, properties, user_agent,
       decode(ip_hash, 'hex'), country, created_at, viralforge.clock()
FROM jsonb_to_recordset(%(rows)s::jsonb) AS given (
    event_id uuid, user_id text, session_id text, event_name text, event_type text, platform text,
    properties jsonb, user_agent text, ip_hash text, country text, created_at timestamptz)
ORDER BY created_at, event_id
ON CONFLICT (created_at, event_id) DO NOTHING;

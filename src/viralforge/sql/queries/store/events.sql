-- name: add_user
INSERT INTO viralforge.users AS known (id, display_name, analytics, created_at)
VALUES (%(id)s, %(display_name)s, %(analytics)s, viralforge.clock())
ON CONFLICT (id) DO UPDATE SET display_name = coalesce(excluded.display_name, known.display_name),
                               analytics = excluded.analytics;

-- name: hold_rollups
-- Nobody folds or rebuilds meanwhile.
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: hold_user
-- From now on nobody stores an event that names the user.
SELECT FROM viralforge.users WHERE id = %(id)s FOR UPDATE;

-- name: untrace_user
INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
SELECT (properties ->> 'trend_id')::bigint, event_name, -count(*) FROM viralforge.app_events
WHERE user_id = %(id)s AND properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
GROUP BY 1, 2;

-- name: uncount_user
UPDATE viralforge.funnel_days AS rollup SET users = rollup.users - 1
FROM viralforge.funnel_users AS gone
WHERE gone.user_id = %(id)s AND (rollup.event_name, rollup.platform, rollup.day)
      = (gone.event_name, gone.platform, (gone.last_at AT TIME ZONE 'UTC')::date);

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

-- name: track
-- One live event; nothing is stored where it is out of its time. Without an id and a time it gets both from now:
-- a UUIDv7 of this millisecond and `chance`, its last 19 hexadecimal digits.
WITH given AS (
    SELECT now, created_at, created_at BETWEEN now - %(earliest)s::interval AND now + %(latest)s::interval AS is_live,
           coalesce(%(event_id)s::uuid, (
               lpad(to_hex((extract(epoch FROM created_at) * 1000)::bigint), 12, '0') || '7' || %(chance)s::text
           )::uuid) AS event_id,
           EXISTS (SELECT FROM viralforge.users WHERE id = %(user_id)s::text AND NOT analytics) AS refuses
    FROM (
        SELECT now, coalesce(%(created_at)s::timestamptz, date_trunc('milliseconds', now)) AS created_at
        FROM (SELECT viralforge.clock() AS now) AS clock
    ) AS times
), made AS (
    INSERT INTO viralforge.users (id, created_at)
    SELECT %(user_id)s::text, now FROM given
    WHERE is_live AND %(user_id)s::text IS NOT NULL
      AND NOT EXISTS (SELECT FROM viralforge.users AS known WHERE known.id = %(user_id)s::text)
    ON CONFLICT DO NOTHING
), added AS (
    INSERT INTO viralforge.app_events
        (event_id, user_id, session_id, event_name, event_type, platform, properties, user_agent, ip_hash, country,
         created_at, received_at)
    SELECT event_id, CASE WHEN NOT refuses THEN %(user_id)s::text END, %(session_id)s::text, %(event_name)s::text,
           %(event_type)s::text, %(platform)s::text, %(properties)s::jsonb, %(user_agent)s::text,
           CASE WHEN NOT refuses THEN decode(%(ip_hash)s::text, 'hex') END, %(country)s::text, created_at, now
    FROM given WHERE is_live
    ON CONFLICT (created_at, event_id) DO NOTHING
    RETURNING user_id, session_id, event_name, platform, properties, created_at
), on_the_way AS (
    INSERT INTO viralforge.funnel_deltas (user_id, session_id, event_name, platform, created_at)
    SELECT user_id, session_id, event_name, platform, created_at FROM added
    WHERE user_id IS NOT NULL
      AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
), traced AS (
    INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
    SELECT (properties ->> 'trend_id')::bigint, event_name, count(*) FROM added
    WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$' GROUP BY 1, 2
)
SELECT event_id, created_at, is_live FROM given;

-- name: insert_events
WITH added AS (
    INSERT INTO viralforge.app_events
        (event_id, user_id, session_id, event_name, event_type, platform, properties, user_agent, ip_hash, country,
         created_at, received_at)
    SELECT event_id, user_id, session_id, event_name, event_type, platform, properties, user_agent,
           decode(ip_hash, 'hex'), country, created_at, viralforge.clock()
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS given (
        event_id uuid, user_id text, session_id text, event_name text, event_type text, platform text,
        properties jsonb, user_agent text, ip_hash text, country text, created_at timestamptz)
    ORDER BY created_at, event_id
    ON CONFLICT (created_at, event_id) DO NOTHING
    RETURNING user_id, session_id, event_name, platform, properties, created_at
), on_the_way AS (
    INSERT INTO viralforge.funnel_deltas (user_id, session_id, event_name, platform, created_at)
    SELECT user_id, session_id, event_name, platform, created_at FROM added
    WHERE user_id IS NOT NULL
      AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
), traced AS (
    INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
    SELECT (properties ->> 'trend_id')::bigint, event_name, count(*) FROM added
    WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$' GROUP BY 1, 2
)
SELECT count(*) FROM added;

-- name: add_user
INSERT INTO viralforge.users AS known (id, display_name, analytics, created_at)
VALUES (%(id)s, %(display_name)s, %(analytics)s, viralforge.clock())
ON CONFLICT (id) DO UPDATE SET display_name = coalesce(excluded.display_name, known.display_name),
                               analytics = excluded.analytics;

-- name: was_erased
SELECT EXISTS (
    SELECT FROM viralforge.erased
    WHERE kind = 'user' AND key_hash = viralforge.erased_key('user', %(id)s::text));

-- name: know_users
SELECT viralforge.know_users(%(ids)s);

-- name: claim_user
-- Who makes the user in this moment waits for us, or we for them.
INSERT INTO viralforge.users (id, created_at) VALUES (%(id)s, viralforge.clock()) ON CONFLICT DO NOTHING;

-- name: hold_user
-- From now on nobody stores an event that names the user.
SELECT FROM viralforge.users WHERE id = %(id)s FOR UPDATE;

-- name: uncount_user
UPDATE viralforge.funnel_days AS rollup SET users = rollup.users - 1
FROM viralforge.funnel_users AS gone
WHERE gone.user_id = %(id)s AND (rollup.event_name, rollup.platform, rollup.day)
      = (gone.event_name, gone.platform, (gone.last_at AT TIME ZONE 'UTC')::date);

-- name: delete_posthog_outbox
DELETE FROM viralforge.posthog_outbox AS waiting USING viralforge.app_events AS event
WHERE event.user_id = %(id)s AND (waiting.created_at, waiting.event_id) = (event.created_at, event.event_id);

-- name: delete_app_events
DELETE FROM viralforge.app_events WHERE user_id = %(id)s;

-- name: delete_crew_calls
DELETE FROM viralforge.crew_calls USING viralforge.crew_executions AS run
WHERE run.user_id = %(id)s AND crew_execution_id = run.id;

-- name: delete_crew_executions
DELETE FROM viralforge.crew_executions WHERE user_id = %(id)s;

-- name: delete_funnel_deltas
DELETE FROM viralforge.funnel_deltas WHERE user_id = %(id)s;

-- name: delete_funnel_rollup
DELETE FROM viralforge.funnel_rollup WHERE user_id = %(id)s;

-- name: delete_funnel_sessions
DELETE FROM viralforge.funnel_sessions WHERE user_id = %(id)s;

-- name: delete_funnel_users
DELETE FROM viralforge.funnel_users WHERE user_id = %(id)s;

-- name: delete_sealed_funnel
DELETE FROM viralforge.sealed_funnel WHERE user_id = %(id)s;

-- name: make_pseudonym
-- Whose events come under this name from elsewhere are nobody's.
INSERT INTO viralforge.users (id, analytics, created_at)
SELECT %(pseudonym)s, false, date_trunc('day', created_at, 'UTC') FROM viralforge.users WHERE id = %(id)s;

-- name: move_app_events
-- Without what says who it was: the hash of the address, and the properties that name or hold the id.
UPDATE viralforge.app_events SET user_id = %(pseudonym)s, ip_hash = NULL, properties = (
    SELECT jsonb_object_agg(name, value) FROM jsonb_each(properties - %(naming)s::text[]) AS kept (name, value)
    WHERE name = 'trend_id' OR (value #>> '{}') <> %(id)s
      AND (length(%(id)s) < 8 OR position(%(id)s IN value::text) = 0))
WHERE user_id = %(id)s;

-- name: move_crew_executions
UPDATE viralforge.crew_executions SET user_id = %(pseudonym)s WHERE user_id = %(id)s;

-- name: move_funnel_deltas
UPDATE viralforge.funnel_deltas SET user_id = %(pseudonym)s WHERE user_id = %(id)s;

-- name: move_funnel_rollup
UPDATE viralforge.funnel_rollup SET user_id = %(pseudonym)s WHERE user_id = %(id)s;

-- name: move_funnel_sessions
UPDATE viralforge.funnel_sessions SET user_id = %(pseudonym)s WHERE user_id = %(id)s;

-- name: move_funnel_users
UPDATE viralforge.funnel_users SET user_id = %(pseudonym)s WHERE user_id = %(id)s;

-- name: move_sealed_funnel
UPDATE viralforge.sealed_funnel SET user_id = %(pseudonym)s WHERE user_id = %(id)s;

-- name: delete_users
DELETE FROM viralforge.users WHERE id = %(id)s;

-- name: leave_tombstone
-- The first erasure's moment stays.
INSERT INTO viralforge.erased AS known (kind, key_hash, erased_at)
VALUES ('user', viralforge.erased_key('user', %(id)s::text), viralforge.clock())
ON CONFLICT (kind, key_hash) DO UPDATE SET erased_at = known.erased_at
RETURNING key_hash;

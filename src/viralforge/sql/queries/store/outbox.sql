-- name: hold
SELECT pg_try_advisory_xact_lock(%(lock)s);

-- name: head
-- What is gone meanwhile, or names a user who refuses to be named by now, is not to be sent.
SELECT outbox.id, outbox.attempts,
       coalesce(extract(epoch FROM outbox.next_try_at - viralforge.clock()), 0)::float8 AS due_in, outbox.error,
       event.event_id IS NULL OR (event.user_id IS NOT NULL AND NOT named.analytics) AS is_gone,
       outbox.event_id, outbox.created_at, event.event_name, event.event_type, event.user_id, event.session_id,
       event.platform, event.country, agent.user_agent, event.properties
FROM (
    SELECT * FROM viralforge.posthog_outbox WHERE dead_at IS NULL ORDER BY id LIMIT %(limit)s
) AS outbox
LEFT JOIN viralforge.app_events AS event USING (created_at, event_id)
LEFT JOIN viralforge.users AS named ON named.id = event.user_id
LEFT JOIN viralforge.user_agents AS agent ON agent.id = event.user_agent_id
ORDER BY outbox.id;

-- name: remove
DELETE FROM viralforge.posthog_outbox WHERE id = ANY(%(ids)s);

-- name: postpone
UPDATE viralforge.posthog_outbox
SET attempts = attempts + 1, error = %(error)s,
    next_try_at = viralforge.clock() + make_interval(secs => %(seconds)s)
WHERE id = %(id)s;

-- name: bury
UPDATE viralforge.posthog_outbox
SET attempts = attempts + 1, error = %(error)s, next_try_at = NULL, dead_at = viralforge.clock()
WHERE id = %(id)s;

-- name: dead
SELECT outbox.id, outbox.event_id, outbox.created_at, event.event_name, event.user_id, outbox.attempts,
       outbox.dead_at, outbox.error
FROM viralforge.posthog_outbox AS outbox
LEFT JOIN viralforge.app_events AS event USING (created_at, event_id)
WHERE outbox.dead_at IS NOT NULL
ORDER BY outbox.dead_at DESC, outbox.id DESC LIMIT %(limit)s;

-- name: revive
UPDATE viralforge.posthog_outbox
SET attempts = 0, error = NULL, next_try_at = NULL, dead_at = NULL
WHERE dead_at IS NOT NULL AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s));

-- name: forget_gone
-- Of an event that is gone, what was said of it goes too.
DELETE FROM viralforge.posthog_outbox AS outbox
WHERE dead_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM viralforge.app_events AS event
    WHERE (event.created_at, event.event_id) = (outbox.created_at, outbox.event_id));

-- name: backlog
SELECT count(*) FILTER (WHERE dead_at IS NULL) AS waiting, count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead,
       min(created_at) FILTER (WHERE dead_at IS NULL) AS oldest
FROM viralforge.posthog_outbox;

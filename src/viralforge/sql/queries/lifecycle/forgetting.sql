-- name: unknown_runs
SELECT given.id FROM unnest(%(ids)s::bigint[]) AS given (id)
WHERE NOT EXISTS (SELECT FROM viralforge.crew_executions AS run WHERE run.id = given.id);

-- name: uncount
-- A month that was brought back counts its events itself.
WITH sealed AS (
    UPDATE viralforge.sealed_traced SET events = events - %(events)s
    WHERE (month, trend_id, event_name) = (%(month)s::date, %(trend_id)s::bigint, %(event_name)s::text)
    RETURNING trend_id, event_name
)
INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
SELECT trend_id, event_name, -%(events)s::bigint FROM sealed;

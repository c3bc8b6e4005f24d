-- name: unknown_runs
SELECT given.id FROM unnest(%(ids)s::bigint[]) AS given (id)
WHERE NOT EXISTS (SELECT FROM viralforge.crew_executions AS run WHERE run.id = given.id);

-- name: distrust_traced
UPDATE viralforge.sealed_traced SET is_exact = false WHERE month = %(month)s::date AND is_exact;

-- name: distrusted_months
SELECT DISTINCT month FROM viralforge.sealed_traced WHERE NOT is_exact ORDER BY month;

-- name: trust_traced
-- A month that was brought back counts its events itself, and has nothing here.
WITH counted AS (
    SELECT (entry ->> 0)::bigint AS trend_id, entry ->> 1 AS event_name, (entry ->> 2)::bigint AS events
    FROM jsonb_array_elements(%(counts)s) AS entry
), was AS MATERIALIZED (
    SELECT trend_id, event_name, events FROM viralforge.sealed_traced WHERE month = %(month)s::date FOR UPDATE
), sealed AS (
    UPDATE viralforge.sealed_traced AS sealed SET events = coalesce(counted.events, 0), is_exact = true
    FROM was LEFT JOIN counted USING (trend_id, event_name)
    WHERE sealed.month = %(month)s::date AND (sealed.trend_id, sealed.event_name) = (was.trend_id, was.event_name)
    RETURNING sealed.trend_id, sealed.event_name, sealed.events - was.events AS change
)
INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
SELECT trend_id, event_name, change FROM sealed WHERE change <> 0;

-- name: owed
SELECT id, what, post_ids FROM viralforge.archive_debts ORDER BY id LIMIT 1000;

-- name: settled
DELETE FROM viralforge.archive_debts WHERE id = ANY (%(ids)s::bigint[]);

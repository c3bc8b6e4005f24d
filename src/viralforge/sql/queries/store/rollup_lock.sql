-- name: hold_rollups
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: touch_rollups
UPDATE viralforge.rollup_edges SET edge = edge;

DELETE FROM hot_calls WHERE (crew_execution_id, id) IN (
    SELECT (crew_execution_id, id) FROM cold_calls WHERE started_at >= (SELECT min(started_at) FROM hot_calls))

-- What a month has here of what is in the archive too, such as one reading a day, is taken from there.
DELETE FROM hot_events WHERE (created_at, event_id) IN (
    SELECT (created_at, event_id) FROM cold_events WHERE created_at >= (SELECT min(created_at) FROM hot_events))

CREATE VIEW events AS SELECT * FROM cold_events UNION ALL SELECT * FROM hot_events

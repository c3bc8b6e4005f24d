CREATE VIEW calls AS SELECT * FROM cold_calls UNION ALL SELECT * FROM hot_calls

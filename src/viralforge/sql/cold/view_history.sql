CREATE VIEW history AS SELECT * FROM cold_history UNION ALL SELECT * FROM hot_history

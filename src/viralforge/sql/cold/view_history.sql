CREATE VIEW history AS
SELECT * FROM cold_history ANTI JOIN corrected USING (scraped_post_id, recorded_at) UNION ALL SELECT * FROM hot_history

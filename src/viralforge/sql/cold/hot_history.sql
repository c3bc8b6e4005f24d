-- What a month has here of what is in the archive too, such as one reading a day, is taken from there.
DELETE FROM hot_history WHERE (scraped_post_id, recorded_at) IN (
    SELECT (scraped_post_id, recorded_at) FROM cold_history WHERE recorded_at >= (SELECT min(recorded_at) FROM hot_history))

-- What a month has here of what is in the archive too, such as one reading a day, is taken from there, unless it was
-- corrected here since: of two readings of one moment the larger reach wins, and the one here if neither is larger.
SET VARIABLE oldest = (SELECT min(recorded_at) FROM hot_history);
CREATE TABLE corrected AS
SELECT scraped_post_id, recorded_at,
       hot_rank > cold_rank OR hot_rank = cold_rank AND hot_row IS DISTINCT FROM cold_row AS is_hot
FROM (
    SELECT scraped_post_id, recorded_at, hot AS hot_row,
           {'is_views': views IS NOT NULL, 'reach': coalesce(views, CASE WHEN coalesce(likes, comments, shares) IS NULL THEN -1
                                   ELSE coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) END)}
           AS hot_rank
    FROM hot_history AS hot
) JOIN (
    SELECT scraped_post_id, recorded_at, cold AS cold_row,
           {'is_views': views IS NOT NULL, 'reach': coalesce(views, CASE WHEN coalesce(likes, comments, shares) IS NULL THEN -1
                                   ELSE coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) END)}
           AS cold_rank
    FROM cold_history AS cold WHERE recorded_at >= getvariable('oldest')
) USING (scraped_post_id, recorded_at);
DELETE FROM hot_history WHERE (scraped_post_id, recorded_at) IN (
    SELECT (scraped_post_id, recorded_at) FROM corrected WHERE NOT is_hot);
DELETE FROM corrected WHERE NOT is_hot

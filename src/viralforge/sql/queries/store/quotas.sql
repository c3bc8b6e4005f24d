-- name: take
-- Some of a quota, if it is left in the window that goes on: days begin at midnight of a zone, others at multiples of
-- their length. Two who ask at once wait for each other at the row.
WITH fresh AS (
    SELECT began_at, began_at + make_interval(secs => %(seconds)s) AS ends_at
    FROM (SELECT CASE WHEN %(zone)s::text IS NULL
                      THEN to_timestamp(floor(extract(epoch FROM viralforge.clock()) / %(seconds)s) * %(seconds)s)
                      ELSE date_trunc('day', viralforge.clock(), %(zone)s) END AS began_at) AS window_of
)
INSERT INTO viralforge.quota_windows AS known (platform, bucket, seconds, began_at, ends_at, used, most)
SELECT %(platform)s, %(bucket)s, %(seconds)s, began_at, ends_at, %(units)s, %(most)s FROM fresh
ON CONFLICT (platform, bucket, seconds, began_at) DO UPDATE SET used = known.used + excluded.used, most = excluded.most
WHERE known.used + excluded.used <= excluded.most
RETURNING used;

-- name: seconds_left
SELECT extract(epoch FROM max(ends_at) - viralforge.clock())::float8
FROM viralforge.quota_windows
WHERE platform = %(platform)s AND bucket = %(bucket)s AND seconds = %(seconds)s AND ends_at > viralforge.clock();

-- name: left
SELECT platform, bucket, used, most, ends_at
FROM viralforge.quota_windows
WHERE ends_at > viralforge.clock()
ORDER BY platform, bucket, began_at DESC;

-- name: forget_quotas
DELETE FROM viralforge.quota_windows WHERE ends_at < viralforge.clock() - interval '7 days';

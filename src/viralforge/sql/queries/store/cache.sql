-- name: look
-- An answer that may be given, fresh or not; each time is counted with what it saved.
UPDATE viralforge.response_cache AS cached
SET hits = hits + 1, used_at = viralforge.clock(), saved_usd = saved_usd + coalesce(cost_usd, 0),
    saved_units = saved_units + coalesce(quota_units, 0)
WHERE key = %(key)s AND stale_until > viralforge.clock()
RETURNING expires_at > viralforge.clock() AS is_fresh, fetched_at, error,
          (SELECT answer FROM viralforge.cached_answers WHERE hash = cached.answer_hash) AS answer;

-- name: is_fresh
SELECT true FROM viralforge.response_cache WHERE key = %(key)s AND expires_at > viralforge.clock();

-- name: keep
WITH kept AS (
    INSERT INTO viralforge.cached_answers (hash, answer)
    SELECT %(hash)s, %(answer)s WHERE %(hash)s::bytea IS NOT NULL
    ON CONFLICT (hash) DO NOTHING
)
INSERT INTO viralforge.response_cache AS cached
    (key, platform, operation, answer_hash, error, fetched_at, expires_at, stale_until, used_at, cost_usd, quota_units)
VALUES (%(key)s, %(platform)s, %(operation)s, %(hash)s, %(error)s, %(fetched_at)s,
        viralforge.clock() + %(ttl)s::interval, viralforge.clock() + %(ttl)s::interval + %(stale)s::interval,
        viralforge.clock(), %(cost_usd)s, %(quota_units)s)
ON CONFLICT (key) DO UPDATE
SET answer_hash = excluded.answer_hash, error = excluded.error, fetched_at = excluded.fetched_at,
    expires_at = excluded.expires_at, stale_until = excluded.stale_until, cost_usd = excluded.cost_usd,
    quota_units = excluded.quota_units;

-- name: drop_expired
DELETE FROM viralforge.response_cache WHERE stale_until <= viralforge.clock();

-- name: drop_least_used
-- What was used last the longest ago goes first, until what is left fits.
DELETE FROM viralforge.response_cache
WHERE key IN (
    SELECT key FROM (
        SELECT key, sum(size) OVER (ORDER BY used_at DESC, key) AS up_to_here
        FROM (SELECT key, used_at, coalesce(octet_length(answer), 0) + 200 AS size
              FROM viralforge.response_cache LEFT JOIN viralforge.cached_answers ON hash = answer_hash) AS sized
    ) AS summed
    WHERE up_to_here > %(most)s);

-- name: drop_unasked
DELETE FROM viralforge.cached_answers AS answer
WHERE NOT EXISTS (SELECT FROM viralforge.response_cache WHERE answer_hash = answer.hash);

-- name: savings
SELECT platform, operation, count(*) AS answers, sum(hits)::bigint AS hits, sum(saved_usd) AS saved_usd,
       sum(saved_units)::bigint AS saved_units,
       coalesce((SELECT sum(octet_length(answer)) FROM viralforge.cached_answers
                 WHERE hash IN (SELECT answer_hash FROM viralforge.response_cache AS own
                                WHERE own.platform IS NOT DISTINCT FROM cached.platform
                                  AND own.operation IS NOT DISTINCT FROM cached.operation)), 0)::bigint AS bytes
FROM viralforge.response_cache AS cached
GROUP BY platform, operation
ORDER BY saved_usd DESC, hits DESC, platform, operation;

-- name: claim
INSERT INTO viralforge.idempotency_keys AS kept (owner, key, request_hash)
VALUES (%(owner)s, %(key)s, %(request_hash)s)
ON CONFLICT (owner, key) DO UPDATE
SET request_hash = excluded.request_hash, answer = NULL, created_at = excluded.created_at
WHERE kept.created_at < now() - %(kept_for)s::interval
RETURNING true;

-- name: find
SELECT request_hash, answer FROM viralforge.idempotency_keys WHERE owner = %(owner)s AND key = %(key)s;

-- name: keep
UPDATE viralforge.idempotency_keys SET answer = %(answer)s::jsonb WHERE owner = %(owner)s AND key = %(key)s;

-- name: forget_old
DELETE FROM viralforge.idempotency_keys
WHERE (owner, key) IN (
    SELECT owner, key FROM viralforge.idempotency_keys
    WHERE created_at < now() - %(kept_for)s::interval
    ORDER BY created_at LIMIT 100
    FOR UPDATE SKIP LOCKED
);

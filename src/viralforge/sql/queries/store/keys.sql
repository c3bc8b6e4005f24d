-- name: create
INSERT INTO viralforge.api_keys (name, key_hash, scopes, created_at)
VALUES (%(name)s, %(key_hash)s, %(scopes)s, viralforge.clock()) RETURNING id;

-- name: all
SELECT id, name, scopes, created_at, last_used_at, revoked_at FROM viralforge.api_keys ORDER BY id;

-- name: any_made
SELECT EXISTS (SELECT FROM viralforge.api_keys);

-- name: any_good
SELECT EXISTS (SELECT FROM viralforge.api_keys WHERE revoked_at IS NULL);

-- name: revoke
UPDATE viralforge.api_keys SET revoked_at = coalesce(revoked_at, viralforge.clock()) WHERE id = %(id)s;

-- name: find
SELECT id, key_hash, scopes, revoked_at FROM viralforge.api_keys WHERE id = %(id)s;

-- name: used
UPDATE viralforge.api_keys SET last_used_at = viralforge.clock() WHERE id = ANY (%(ids)s::bigint[]);

-- name: sign_in
INSERT INTO viralforge.web_sessions (token_hash, key_id, created_at, expires_at)
VALUES (%(token_hash)s, %(key_id)s, viralforge.clock(), viralforge.clock() + %(length)s::interval);

-- name: signed_in
SELECT key.id, key.scopes
FROM viralforge.web_sessions AS session JOIN viralforge.api_keys AS key ON key.id = key_id
WHERE token_hash = %(token_hash)s AND expires_at > viralforge.clock() AND revoked_at IS NULL;

-- name: sign_out
DELETE FROM viralforge.web_sessions WHERE token_hash = %(token_hash)s;

-- name: forget_sessions
DELETE FROM viralforge.web_sessions WHERE expires_at < viralforge.clock();

-- name: lock_schema
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: make_schema
CREATE SCHEMA IF NOT EXISTS viralforge;

-- name: table_exists
SELECT to_regclass(%(table)s) IS NOT NULL;

-- name: read_revision
SELECT version_num FROM viralforge.alembic_version;

-- name: read_version
SELECT objects_version FROM viralforge.schema_state;

-- name: read_objects
SELECT objects_hash FROM viralforge.schema_state;

-- name: read_made
SELECT objects_made FROM viralforge.schema_state;

-- name: make_state
CREATE TABLE IF NOT EXISTS viralforge.schema_state (
    objects_version int NOT NULL, objects_hash text NOT NULL, objects_made text[] NOT NULL);

-- name: write_state
WITH old AS (DELETE FROM viralforge.schema_state)
INSERT INTO viralforge.schema_state VALUES (%(version)s, %(hash)s, %(made)s);

-- name: grants
-- What others than the owner may do with our views, their columns and functions, as statements that grant it again.
SELECT format('GRANT %%s%%s ON %%s TO %%s%%s', privilege_type, columns, object,
              CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
              CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM (
    SELECT 'TABLE ' || c.oid::regclass AS object, '' AS columns, relowner AS owner, (aclexplode(relacl)).*
    FROM pg_class c
    WHERE relnamespace = to_regnamespace('viralforge') AND 'viralforge.' || relname = ANY(%(made)s)
    UNION ALL
    SELECT 'TABLE ' || c.oid::regclass, format(' (%%I)', attname), relowner, (aclexplode(attacl)).*
    FROM pg_class c JOIN pg_attribute ON attrelid = c.oid
    WHERE relnamespace = to_regnamespace('viralforge') AND 'viralforge.' || relname = ANY(%(made)s)
    UNION ALL
    SELECT 'FUNCTION ' || p.oid::regprocedure, '', proowner, (aclexplode(proacl)).*
    FROM pg_proc p
    WHERE pronamespace = to_regnamespace('viralforge') AND 'viralforge.' || proname = ANY(%(made)s)
) AS granted
WHERE grantee <> owner;

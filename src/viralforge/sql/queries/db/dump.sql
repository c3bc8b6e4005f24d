-- name: export_snapshot
SELECT pg_export_snapshot();

-- name: dumped_tables
-- Every table with its months in it, and how many there are to be read one by one.
SELECT n.nspname, c.relname,
       CASE c.relkind WHEN 'p' THEN (SELECT count(*) FROM pg_inherits WHERE inhparent = c.oid) ELSE 1 END AS parts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY n.nspname, c.relname;

-- name: schemas_there
SELECT count(*) FROM pg_namespace WHERE nspname = ANY(%(schemas)s);

-- name: others_connected
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'viralforge' AND pid <> pg_backend_pid();

-- name: objects_outside
-- What of others a drop of our schemas might take with it.
SELECT kind::oid, id, pg_describe_object(kind, id, 0)
FROM (
    SELECT 'pg_class'::regclass AS kind, oid AS id, relnamespace AS schema FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
    UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace FROM pg_type WHERE typtype = 'd'
    UNION ALL SELECT 'pg_constraint'::regclass, oid, connamespace FROM pg_constraint
    UNION ALL SELECT 'pg_attrdef'::regclass, d.oid, relnamespace FROM pg_attrdef d JOIN pg_class c ON c.oid = adrelid
    UNION ALL SELECT 'pg_trigger'::regclass, t.oid, relnamespace FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
              WHERE NOT tgisinternal
) AS object JOIN pg_namespace n ON n.oid = object.schema
WHERE n.nspname <> ALL(%(schemas)s) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- name: drop_schemas
DROP SCHEMA IF EXISTS viralforge, viralforge_lake CASCADE;

-- name: remake_objects
-- Rights are not in a dump: the next migration makes views and functions anew with those that they need.
UPDATE viralforge.schema_state SET objects_hash = '';

-- name: relations
-- Tables and views that are ours to grant, without months, which are read and written through their tables.
SELECT relname AS name, relkind IN ('r', 'p') AS is_table,
       (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
FROM pg_class c
WHERE relnamespace = 'viralforge'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition
  AND pg_has_role(relowner, 'USAGE')
ORDER BY relname;

-- name: not_owned
-- What belongs to somebody else than the role, as it is called in ALTER; what goes by itself (indexes, sequences of
-- identities) is not named.
SELECT 'SCHEMA ' || quote_ident(nspname) AS what FROM pg_namespace
WHERE nspname IN ('viralforge', 'viralforge_lake') AND pg_get_userbyid(nspowner) <> %(role)s
UNION ALL
SELECT CASE relkind WHEN 'v' THEN 'VIEW ' WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'TABLE ' END
       || format('%%I.%%I', nspname, relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname IN ('viralforge', 'viralforge_lake') AND relkind IN ('r', 'p', 'v', 'm')
  AND pg_get_userbyid(relowner) <> %(role)s
UNION ALL
SELECT format('FUNCTION viralforge.%%I(%%s)', proname, pg_get_function_identity_arguments(oid))
FROM pg_proc
WHERE pronamespace = 'viralforge'::regnamespace AND pg_get_userbyid(proowner) <> %(role)s;

-- name: role
-- A role: whether it may log in, and what is said of it.
SELECT rolcanlogin, shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = %(role)s;

-- name: here
SELECT current_database(), current_user, pg_has_role(datdba, 'USAGE') FROM pg_database
WHERE datname = current_database();

-- name: granted
-- The roles that were made here and are still there.
SELECT kind, role_name FROM viralforge.granted_roles JOIN pg_roles ON rolname = role_name;

-- name: members
SELECT role.rolname::text AS role, array_agg(member.rolname::text ORDER BY member.rolname) AS members
FROM pg_auth_members AS granted
JOIN pg_roles AS role ON role.oid = granted.roleid
JOIN pg_roles AS member ON member.oid = granted.member AND member.rolcanlogin
WHERE role.rolname = ANY (%(roles)s::text[])
GROUP BY role.rolname;

-- name: owner_role
-- Objects belong to the admins where there are any: who is one of them makes new ones in their name.
SELECT set_config('role', role_name, true)
FROM viralforge.granted_roles JOIN pg_namespace ON nspname = 'viralforge' AND pg_get_userbyid(nspowner) = role_name
WHERE kind = 'admin' AND current_user <> role_name AND pg_has_role(role_name, 'MEMBER');

-- name: is_there
SELECT to_regclass('viralforge.granted_roles') IS NOT NULL;

-- name: is_in_itself
-- Not by way of another role.
SELECT EXISTS (
    SELECT FROM pg_auth_members AS granted
    WHERE granted.roleid = to_regrole(quote_ident(%(role)s)) AND granted.member = to_regrole(quote_ident(%(member)s)));

-- name: is_in
SELECT EXISTS (
    SELECT FROM pg_roles AS role, pg_roles AS member
    WHERE role.rolname = %(role)s AND member.rolname = %(member)s AND pg_has_role(member.oid, role.oid, 'USAGE'));

"""Who may do what in SQL: group roles for who reads, writes and keeps the warehouse, and who is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from psycopg import Connection, errors, sql

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import AccessDenied, InvalidInput, UnknownRecord

QUERIES = Queries("db/grants")
PREFIX = "viralforge"
_LONGEST = 40
_PREFIX = re.compile(rf"(?!pg_)[a-z][a-z0-9_]{{0,{_LONGEST - 1}}}")
MAY = {
    "reader": "ask everything but who users are: no ids of users, properties of events, hashes or secrets",
    "reader_users": "ask as a reader does, and see ids of users and the properties of events",
    "writer": "save posts, events, trends and runs, and serve; no DDL, and nobody is deleted",
    "admin": "do everything: migrate, maintain, erase; owns the schema",
}
"""What each kind of role is for."""
_NOBODYS = {"secrets", "erasures", "granted_roles"}
"""Tables that only admins read."""
_NOT_FOR_READERS = _NOBODYS | {"ip_salts", "erased", "web_sessions", "idempotency_keys"}
_HIDDEN = {"ip_hash", "key_hash", "token_hash"}
"""Columns that readers never see, wherever they stand."""
_HIDDEN_HERE = {"cached_answers": {"answer"}}
_OF_USERS = {"user_id", "display_name"}
"""Columns that tell who a user is, wherever they stand, and below those that do in one table."""
_OF_USERS_HERE = {
    "users": {"id"}, "app_events": {"properties"}, "v_app_events": {"properties"},
    "crew_executions": {"output_data"}, "rejections": {"payload"}, "v_user_engagement_funnel": {"*"},
}  # fmt: skip
_AS_MAY_BE_SEEN = {"v_executions"}
"""Views that leave out themselves what their reader may not see."""
_SELDOM_WRITTEN = {
    "api_keys": "UPDATE (last_used_at)", "ip_salts": "INSERT", "app_events": "INSERT",
    "users": "INSERT, UPDATE", "crew_executions": "INSERT, UPDATE", "crew_calls": "INSERT, UPDATE",
    "secrets": "", "erased": "", "erasures": "", "archive_steps": "", "sealed_funnel": "",
    "sealed_traced": "", "schema_state": "", "alembic_version": "", "granted_roles": "", "job_runs": "INSERT",
}  # fmt: skip
"""What writers may do with tables where it is not everything."""
_CALLED = {
    "reader": "",
    "reader_users": "viralforge.funnel_changes()",
    "writer": "viralforge.funnel_changes(), viralforge.refresh_popular_content(), "
    "viralforge.make_month(text, date), viralforge.know_users(text[]), viralforge.erased_key(text, text)",
}
"""Functions that nobody may call unless it is granted."""

_ARCHIVE = (
    "GRANT USAGE ON SCHEMA viralforge_lake TO {1}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA viralforge_lake TO {1}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {0} IN SCHEMA viralforge_lake GRANT SELECT ON TABLES TO {1}",
)
"""The archive is for admins, and its catalog for who sees users: its files tell of them."""
_NOTED = (
    "INSERT INTO viralforge.granted_roles (kind, role_name) VALUES ({kind}, {name})"
    " ON CONFLICT (kind) DO UPDATE SET role_name = excluded.role_name"
)


class Role(NamedTuple):
    """A group role: its kind, its name, what who is in it may do, and the logins that are in it."""

    kind: str
    name: str
    may: str
    members: list[str]


class _Relation(NamedTuple):
    name: str
    is_table: bool
    columns: list[str]


class Grants:
    """The roles of a warehouse: made, given to logins and taken from them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def roles(self) -> Rows[Role]:
        """The roles that were made, with who is in them; none before `make`."""
        with self._database.connection() as connection:
            return _roles(connection)

    def make(self, prefix: str = PREFIX) -> Rows[Role]:
        """Makes the four roles, or gives those that are there the rights they should have.

        The schema belongs to the admins from then on, and who calls this is one of them. Raises
        AccessDenied unless the caller owns the schema and may create roles, InvalidInput for a prefix whose
        roles are somebody else's.
        """
        with self._database.connection() as connection:
            _executed(connection, _made(connection, prefix))
            return _roles(connection)

    def give(self, login: str, kind: str, *, with_users: bool = False) -> Role:
        """Puts a login into the role of a kind: reader (`with_users`: one who sees users), writer, admin.

        Raises InvalidInput for another kind and before `make`, UnknownRecord for a login that there is not,
        AccessDenied where the caller may not.
        """
        return self._changed(login, _kind(kind, with_users))

    def take(self, login: str) -> list[str]:
        """Takes a login out of all roles of this warehouse; says out of which. Raises as `give` does."""
        with self._database.connection() as connection:
            found = [role for role in _roles(connection) if login in role.members]
            _executed(connection, _left(connection, login))
            return [role.name for role in found]

    def plan(
        self, prefix: str = PREFIX, *, to: str | None = None, kind: str = "reader", with_users: bool = False,
        off: str | None = None,
    ) -> list[str]:  # fmt: skip
        """The statements that `make`, `give` (`to`) or `take` (`off`) would run; nothing is done."""
        with self._database.connection() as connection:
            found: Iterable[sql.Composed]
            if to is not None:
                found = _joined(connection, to, _kind(kind, with_users))
            else:
                found = _made(connection, prefix) if off is None else _left(connection, off)
            return [each.as_string(connection) for each in found]

    def _changed(self, login: str, kind: str) -> Role:
        with self._database.connection() as connection:
            _executed(connection, _joined(connection, login, kind))
            return next(role for role in _roles(connection) if role.kind == kind)


def become_owner(connection: Connection[Any]) -> None:
    """Makes who is an admin act in the name of all admins, so that what is made belongs to them."""
    if connection.execute(QUERIES["is_there"]).fetchone() == (True,):
        connection.execute(QUERIES["owner_role"])


def restore(connection: Connection[Any]) -> None:
    """Gives the roles that were made their rights on all that is there now."""
    names = dict(connection.execute(QUERIES["granted"]).fetchall())
    for statement in _rights(connection, names):
        connection.execute(statement)


def _executed(connection: Connection[Any], statements: Iterable[sql.Composed]) -> None:
    try:
        for statement in statements:
            connection.execute(statement)
    except errors.InsufficientPrivilege as error:
        raise AccessDenied(
            f"PostgreSQL refuses: {error.diag.message_primary}. Roles are made by who owns the schema and "
            "may CREATE ROLE; viralforge grants --plan prints the SQL for whoever may"
        ) from error


def _made(connection: Connection[Any], prefix: str) -> Iterator[sql.Composed]:
    here, caller, owns_database = connection.execute(QUERIES["here"]).fetchone()  # type: ignore[misc]
    if not _PREFIX.fullmatch(prefix):
        raise InvalidInput(
            f"prefix: {prefix!r:.80} cannot begin the names of roles: write up to {_LONGEST} small letters, "
            "digits and _, a letter first, and not pg_"
        )
    names = {kind: f"{prefix}_{kind}" for kind in MAY}
    known = dict(connection.execute(QUERIES["granted"]).fetchall())
    if others := sorted(set(known.values()) - set(names.values())):
        raise InvalidInput(
            f"prefix: this warehouse has roles with other names ({', '.join(others)}); drop those first, or "
            f"say --prefix {others[0].rpartition('_')[0]}"
        )
    for kind, name in names.items():
        yield from _created(connection, name, f"ViralForge: {kind} of the database {here}", known.get(kind))
    yield from _within(connection, names["reader_users"], names["reader"])
    if owns_database:
        yield _statement("GRANT CONNECT ON DATABASE {} TO {}", here, names["reader"])
        for kind in ("writer", "admin"):
            yield _statement("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", here, names[kind])
    yield from _within(connection, caller, names["admin"])
    if owns_database:  # where the archive's catalog will be
        yield _statement("CREATE SCHEMA IF NOT EXISTS viralforge_lake")
    for (what,) in connection.execute(QUERIES["not_owned"], {"role": names["admin"]}).fetchall():
        yield sql.SQL(f"ALTER {what} OWNER TO {{}}").format(sql.Identifier(names["admin"]))
    for kind, name in names.items():
        yield sql.SQL(_NOTED).format(kind=sql.Literal(kind), name=sql.Literal(name))
    yield from _rights(connection, names)
    if owns_database:
        for right in _ARCHIVE:
            yield _statement(right, names["admin"], names["reader_users"])


def _within(connection: Connection[Any], member: str, role: str) -> Iterator[sql.Composed]:
    """Puts a role into another unless it is in there: who is no admin of roles could not do it again."""
    if connection.execute(QUERIES["is_in"], {"role": role, "member": member}).fetchone() != (True,):
        yield _statement("GRANT {} TO {}", role, member)


def _created(
    connection: Connection[Any], name: str, comment: str, known: str | None
) -> Iterator[sql.Composed]:
    """What makes a role, unless it is ours; no other warehouse's, and no login, becomes one of our groups."""
    found = connection.execute(QUERIES["role"], {"role": name}).fetchone()
    if found is None:
        yield _statement("CREATE ROLE {} NOLOGIN", name)
        yield sql.SQL("COMMENT ON ROLE {} IS {}").format(sql.Identifier(name), sql.Literal(comment))
    elif found[0] or (name != known and found[1] != comment):
        whose = found[1] or "it was not made by viralforge grants"
        raise InvalidInput(f"the role {name} is there already ({whose}); take another --prefix")


def _rights(connection: Connection[Any], names: dict[str, str]) -> Iterator[sql.Composed]:
    """All that the roles may, after all that they might before was taken from them."""
    relations = [_Relation(*row) for row in connection.execute(QUERIES["relations"])]
    for kind, name in names.items():
        if kind == "admin":
            continue
        everything = sql.SQL(", ").join(sql.Identifier("viralforge", each.name) for each in relations)
        yield sql.SQL("REVOKE ALL ON {} FROM {}").format(everything, sql.Identifier(name))
        yield _statement("GRANT USAGE ON SCHEMA viralforge TO {}", name)
        for relation in relations:
            seen = _seen(kind, relation)
            if seen == relation.columns:
                yield _on(relation, "SELECT", name)
            elif seen:
                columns = sql.SQL(", ").join(map(sql.Identifier, seen)).as_string(connection)
                yield _on(relation, f"SELECT ({columns})", name)
            written = _SELDOM_WRITTEN.get(relation.name, "INSERT, UPDATE, DELETE")
            if kind == "writer" and relation.is_table and written:
                yield _on(relation, written, name)
        if _CALLED[kind]:
            yield sql.SQL(f"GRANT EXECUTE ON FUNCTION {_CALLED[kind]} TO {{}}").format(sql.Identifier(name))


def _seen(kind: str, relation: _Relation) -> list[str]:
    """The columns of a table or view that a kind of role may read."""
    name = relation.name
    if name in (_NOBODYS if kind == "writer" else _NOT_FOR_READERS):
        return []
    hidden = {"ip_hash"} if kind == "writer" else _HIDDEN | _HIDDEN_HERE.get(name, set())
    if kind == "reader" and name not in _AS_MAY_BE_SEEN:
        hidden = hidden | _OF_USERS | _OF_USERS_HERE.get(name, set())
    return [] if "*" in hidden else [column for column in relation.columns if column not in hidden]


def _on(relation: _Relation, right: str, role: str) -> sql.Composed:
    return sql.SQL(f"GRANT {right} ON {{}} TO {{}}").format(
        sql.Identifier("viralforge", relation.name), sql.Identifier(role)
    )


def _joined(connection: Connection[Any], login: str, kind: str) -> list[sql.Composed]:
    known = _known(connection)
    _login(connection, login)
    others = [
        name
        for other, name in known.items()
        if other != kind
        and connection.execute(QUERIES["is_in_itself"], {"role": name, "member": login}).fetchone() == (True,)
    ]
    taken = [_statement("REVOKE {} FROM {}", name, login) for name in others]
    return [*taken, _statement("GRANT {} TO {}", known[kind], login)]


def _left(connection: Connection[Any], login: str) -> list[sql.Composed]:
    known = _known(connection)
    _login(connection, login)
    return [_statement("REVOKE {} FROM {}", name, login) for name in known.values()]


def _known(connection: Connection[Any]) -> dict[str, str]:
    known = dict(connection.execute(QUERIES["granted"]).fetchall())
    if known.keys() != MAY.keys():
        raise InvalidInput("there are no roles yet: run viralforge grants first")
    return {kind: known[kind] for kind in MAY}


def _login(connection: Connection[Any], login: str) -> None:
    found = connection.execute(QUERIES["role"], {"role": login}).fetchone()
    if found is None:
        raise UnknownRecord(f"no role {login!r} in this PostgreSQL; make it: CREATE ROLE … LOGIN PASSWORD …")


def _roles(connection: Connection[Any]) -> Rows[Role]:
    known = dict(connection.execute(QUERIES["granted"]).fetchall())
    members = dict(connection.execute(QUERIES["members"], {"roles": list(known.values())}).fetchall())
    found = [
        (kind, known[kind], may, members.get(known[kind], [])) for kind, may in MAY.items() if kind in known
    ]
    return Rows(Role._fields, map(Role._make, found))


def _kind(kind: str, with_users: bool) -> str:
    if kind not in ("reader", "writer", "admin"):
        raise InvalidInput(f"role: {kind!r:.80} is none; it is reader, writer or admin")
    if with_users and kind != "reader":
        raise InvalidInput(f"with_users: a {kind} sees users anyway; it is for readers")
    return "reader_users" if with_users else kind


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))

"""The roles of a warehouse: made, given, taken, and what a migration leaves of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg import sql

from tests.db.roles import Logins
from tests.lifecycle import old
from viralforge.db.grants import MAY, Grants
from viralforge.db.migrate import migrate
from viralforge.db.pool import Database
from viralforge.errors import AccessDenied, ConfigurationError, InvalidInput, UnknownRecord
from viralforge.warehouse import DataWarehouse


def test_a_column_that_tells_a_user_is_withheld_from_readers_by_its_name(database, logins) -> None:
    """Also one that a later migration brings."""
    with database.connection() as connection:
        connection.execute("CREATE TABLE viralforge.strange (id bigint)")
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(f"{logins.name}_admin")))
        connection.execute("CREATE TABLE viralforge.later (id bigint, user_id text, ip_hash bytea)")
        connection.execute("UPDATE viralforge.schema_state SET objects_hash = 'older'")
    migrate(database)
    may = b"""SELECT has_column_privilege(%(role)s, 'viralforge.later', 'id', 'SELECT'),
                     has_column_privilege(%(role)s, 'viralforge.later', 'user_id', 'SELECT'),
                     has_column_privilege(%(role)s, 'viralforge.later', 'ip_hash', 'SELECT')"""
    assert database.read(may, {"role": logins.login("reader")}) == [(True, False, False)]
    assert database.read(may, {"role": logins.login("reader_users")}) == [(True, True, False)]
    assert database.read(may, {"role": logins.login("writer")}) == [(True, True, False)]


def test_grants_are_as_they_were_after_a_migration(logins, database) -> None:
    rights = b"""SELECT relname, attname, has_column_privilege(%(role)s, c.oid, attname, 'SELECT')
                 FROM pg_class c JOIN pg_attribute ON attrelid = c.oid AND attnum > 0
                 WHERE relnamespace = 'viralforge'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
                 UNION ALL SELECT proname, '', has_function_privilege(%(role)s, oid, 'EXECUTE')
                 FROM pg_proc WHERE pronamespace = 'viralforge'::regnamespace ORDER BY 1, 2"""
    given = [{"role": logins.login(kind)} for kind in ("reader", "reader_users", "writer")]
    before = [database.read(rights, each) for each in given]
    database.write(
        lambda connection: connection.execute("UPDATE viralforge.schema_state SET objects_hash = 'older'")
    )
    assert migrate(database).objects_change
    assert [database.read(rights, each) for each in given] == before


def test_columns_granted_by_hand_are_granted_again_and_what_is_gone_is_left_alone(logins, database) -> None:
    role = sql.Identifier(logins.login("reader"))
    with database.connection() as connection:
        for grant in (
            "SELECT (user_id) ON viralforge.v_app_events",
            "EXECUTE ON FUNCTION viralforge.funnel_changes()",
        ):
            connection.execute(sql.SQL(f"GRANT {grant} TO {{}}").format(role))
        connection.execute("CREATE VIEW viralforge.v_gone AS SELECT 1 AS one")
        connection.execute(sql.SQL("GRANT SELECT ON viralforge.v_gone TO {}").format(role))
        connection.execute(
            "UPDATE viralforge.schema_state SET objects_hash = 'older',"
            " objects_made = objects_made || 'VIEW viralforge.v_gone'::text"
        )
    migrate(database)
    may = b"""SELECT has_column_privilege(%(role)s, 'viralforge.v_app_events', 'user_id', 'SELECT'),
                     has_column_privilege(%(role)s, 'viralforge.v_app_events', 'ip_hash', 'SELECT'),
                     has_function_privilege(%(role)s, 'viralforge.funnel_changes()', 'EXECUTE')"""
    assert database.read(may, {"role": logins.login("reader")}) == [(True, False, True)]


def test_making_the_roles_again_changes_nothing_and_takes_what_was_given_beside(logins, database) -> None:
    grants = Grants(database)
    database.write(
        lambda connection: connection.execute(
            sql.SQL("GRANT SELECT ON viralforge.secrets TO {}").format(
                sql.Identifier(f"{logins.name}_reader")
            )
        )
    )
    before = grants.roles()
    assert grants.make(logins.name) == before
    assert before.to_dicts()[0]["members"] == [logins.login("reader")]
    made = ("CREATE ROLE", "ALTER TABLE", "ALTER SCHEMA", "GRANT CONNECT TO")
    for statement in grants.plan(logins.name):
        assert not statement.startswith(made), statement
    with DataWarehouse.open(logins.of("reader")) as reader, pytest.raises(AccessDenied):
        reader.sql("SELECT * FROM secrets")


def test_a_login_is_taken_out_of_every_role(logins, database) -> None:
    grants = Grants(database)
    assert grants.take(logins.login("writer")) == [f"{logins.name}_writer"]
    assert grants.take(logins.login("writer")) == []
    with pytest.raises((AccessDenied, InvalidInput)):
        DataWarehouse.open(logins.of("writer"))


def test_a_plan_is_sql_that_does_it_and_does_nothing_itself(database, role_names, admin) -> None:
    [(name,)] = database.read(b"SELECT current_database()")
    role_names += [f"{name}_{kind}" for kind in MAY]
    grants = Grants(database)
    statements = grants.plan(name)
    assert len(grants.roles()) == 0
    assert admin.execute(
        "SELECT count(*) FROM pg_roles WHERE rolname = %s", [f"{name}_reader"]
    ).fetchone() == (0,)
    with database.connection() as connection:
        for statement in statements:
            connection.execute(statement)
    assert [role.kind for role in grants.roles()] == ["reader", "reader_users", "writer", "admin"]


def test_what_cannot_be_granted_is_told(database, role_names, admin, logins) -> None:
    grants = Grants(database)
    for wrong, why in (
        (lambda: grants.give("nobody_of_that_name", "reader"), UnknownRecord),
        (lambda: grants.give(logins.login("reader"), "owner"), InvalidInput),
        (lambda: grants.give(logins.login("writer"), "writer", with_users=True), InvalidInput),
        (lambda: grants.make(" "), InvalidInput), (lambda: grants.make("x" * 60), InvalidInput),
        (lambda: grants.make('Our "own"'), InvalidInput), (lambda: grants.make("pg_own"), InvalidInput),
        (lambda: grants.take("nobody_of_that_name"), UnknownRecord),
    ):  # fmt: skip
        with pytest.raises(why):
            wrong()
    with pytest.raises(InvalidInput, match=f"say --prefix {logins.name}$"):
        grants.make(f"{logins.name}2")
    writer = Database.open(logins.of("writer"))
    with pytest.raises(AccessDenied, match="viralforge grants --plan"):
        Grants(writer).make(logins.name)
    writer.close()


def test_a_role_that_was_made_for_something_else_is_left_alone(admin, role_names, empty_database_url) -> None:
    database = Database.open(empty_database_url)
    migrate(database)
    role_names.append(f"{database.value(b'SELECT current_database()')}_reader")
    admin.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role_names[-1])))
    with pytest.raises(InvalidInput, match="take another --prefix"):
        Grants(database).make(role_names[-1].removesuffix("_reader"))
    database.close()


def test_an_owner_who_is_no_superuser_but_may_create_roles_makes_them(
    admin, role_names, empty_database_url
) -> None:
    database = Database.open(empty_database_url)
    [(name,)] = database.read(b"SELECT current_database()")
    owner = f"{name}_owner"
    role_names += [*(f"{name}_{kind}" for kind in MAY), owner]
    admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(sql.Identifier(owner)))
    admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*map(sql.Identifier, (name, owner))))
    plain = Database.open(Logins(empty_database_url, name).acting_as(owner))
    migrate(plain)
    grants = Grants(plain)
    assert len(grants.make(name)) == 4
    grants.make(name)
    plain.write(
        lambda connection: connection.execute("UPDATE viralforge.schema_state SET objects_hash = 'older'")
    )
    assert migrate(plain).objects_change
    plain.close()
    database.close()


def test_an_admin_archives_and_who_may_not_see_users_is_answered_from_the_database_alone(
    logins: Logins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRALFORGE_ARCHIVE_URL", str(tmp_path))
    with DataWarehouse.open(logins.of("admin")) as warehouse:
        old.fill(warehouse, 10)
        assert warehouse.archive.run()
        assert warehouse.erase_user("user-3").to_dict()["archive"] == {"events": 3, "calls": 0}
        post = warehouse.sql("SELECT id FROM scraped_posts WHERE archived_at IS NOT NULL")[0][0]
    with DataWarehouse.open(logins.of("reader_users")) as warehouse:
        assert warehouse.posts.get(post).raw_json["seen"] == 4
        assert len(warehouse.posts.history(post)) == 5
    with DataWarehouse.open(logins.of("reader")) as warehouse:
        assert warehouse.posts.get(post).raw_json is None
        assert not warehouse.posts.history(post)
    with (
        DataWarehouse.open(logins.of("writer")) as warehouse,
        pytest.raises(ConfigurationError, match=r"may not see .* --role admin"),
    ):
        warehouse.archive.lake.require_seen()

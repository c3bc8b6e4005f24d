"""Migrations: from whatever a database holds to what this version needs, whole or not at all."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from psycopg import sql

from viralforge.db import migrate as migrations
from viralforge.db.migrate import migrate, plan, require_current
from viralforge.db.pool import Database
from viralforge.db.queries import SQL
from viralforge.errors import SchemaAhead, SchemaBehind, WarehouseError

OBJECTS = b"SELECT oid, relname, xmin::text FROM pg_class WHERE relnamespace = to_regnamespace('viralforge')"
VIEWS = b"SELECT relname, oid FROM pg_class WHERE relname ~ '^m?v_'"
MIGRATE = """
import sys
from viralforge.db.migrate import migrate
from viralforge.db.pool import Database
database = Database.open(sys.argv[1])
sys.stdin.readline()
print(*migrate(database).missing)
database.close()
"""


@pytest.fixture
def empty(empty_database_url):
    opened = Database.open(empty_database_url)
    yield opened
    opened.close()


@pytest.fixture
def outdated(database):
    """A database whose views and functions are of an older version."""
    with database.connection() as connection:
        connection.execute("UPDATE viralforge.schema_state SET objects_hash = 'older'")
    return database


@pytest.fixture
def role(database):
    """A role that may do nothing, gone with its database."""
    with database.connection() as connection:
        name = connection.execute("SELECT current_database() || '_role'").fetchone()[0]
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
    yield name
    with database.connection() as connection:
        for end in ("DROP OWNED BY {}", "DROP ROLE {}"):
            connection.execute(sql.SQL(end).format(sql.Identifier(name)))


def test_an_empty_database_needs_everything_and_then_nothing(empty):
    before = plan(empty)
    assert before.current is None
    assert before.missing[0] == "0001"
    assert before.missing[-1] == before.target
    assert before.objects_change
    assert migrate(empty) == before
    after = plan(empty)
    assert after.nothing_to_do
    assert after.current == before.target


def test_a_plan_changes_nothing(empty):
    plan(empty)
    assert empty.read(b"SELECT to_regnamespace('viralforge')") == [(None,)]


def test_migrating_again_touches_nothing(database):
    before = database.read(OBJECTS)
    assert migrate(database).nothing_to_do
    assert database.read(OBJECTS) == before


def test_two_processes_at_once_migrate_once(empty):
    missing = " ".join(plan(empty).missing)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, empty.url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in processes]
    assert [complaint for _, complaint in said] == ["", ""]
    assert sorted(words.strip() for words, _ in said) == ["", missing]
    assert plan(empty).nothing_to_do


def test_a_database_of_a_newer_version_is_refused_in_every_way(database):
    with database.connection() as connection:
        connection.execute("UPDATE viralforge.alembic_version SET version_num = '9999'")
    for refused in (plan, migrate, require_current):
        with pytest.raises(SchemaAhead, match=r"9999.*pip install --upgrade viralforge"):
            refused(database)


def test_views_of_a_newer_version_are_refused_in_every_way_and_left_as_they_are(database):
    with database.connection() as connection:
        connection.execute("UPDATE viralforge.schema_state SET objects_version = 99, objects_hash = 'newer'")
    before = database.read(OBJECTS)
    for refused in (plan, migrate, require_current):
        with pytest.raises(SchemaAhead, match=r"version 99.*pip install --upgrade viralforge"):
            refused(database)
    assert database.read(OBJECTS) == before


def test_a_database_left_behind_is_named_with_the_command(empty, outdated):
    with pytest.raises(SchemaBehind, match=r"lacks 0001.*viralforge migrate"):
        require_current(empty)
    with pytest.raises(SchemaBehind, match=r"lacks the newest views.*viralforge migrate"):
        require_current(outdated)


def test_changed_objects_are_made_anew_with_the_rights_on_them(outdated, role):
    with outdated.connection() as connection:
        for grant in (
            "GRANT SELECT ON viralforge.v_top_posts_by_platform TO {}",
            "GRANT SELECT ON viralforge.mv_popular_content_24h TO {} WITH GRANT OPTION",
            "GRANT EXECUTE ON FUNCTION viralforge.refresh_popular_content() TO {}",
        ):
            connection.execute(sql.SQL(grant).format(sql.Identifier(role)))
    before = dict(outdated.read(VIEWS))
    assert migrate(outdated).objects_change
    after = dict(outdated.read(VIEWS))
    assert before.keys() == after.keys()
    assert before["v_top_posts_by_platform"] != after["v_top_posts_by_platform"]
    rights = outdated.read(
        b"SELECT has_table_privilege(%(role)s, 'viralforge.v_top_posts_by_platform', 'SELECT'),"
        b" has_table_privilege(%(role)s, 'viralforge.mv_popular_content_24h', 'SELECT WITH GRANT OPTION'),"
        b" has_function_privilege(%(role)s, 'viralforge.refresh_popular_content()', 'EXECUTE'),"
        b" has_table_privilege(%(role)s, 'viralforge.v_trending_hashtags', 'SELECT')",
        {"role": role},
    )
    assert rights == [(True, True, True, False)]


def test_rights_on_refreshing_are_given_to_nobody_by_themselves(database, role):
    may = b"SELECT has_function_privilege(%(role)s, 'viralforge.refresh_popular_content()', 'EXECUTE')"
    assert database.read(may, {"role": role}) == [(False,)]


def test_a_view_of_yours_on_one_of_ours_is_named_and_nothing_is_changed(outdated):
    with outdated.connection() as connection:
        connection.execute("CREATE VIEW public.mine AS SELECT * FROM viralforge.v_daily_scraping_stats")
    before = outdated.read(OBJECTS)
    with pytest.raises(WarehouseError, match=r"view mine depends on view.*Drop what is yours"):
        migrate(outdated)
    assert outdated.read(OBJECTS) == before


def test_a_migration_that_fails_leaves_nothing_behind(empty, monkeypatch):
    broken = (*migrations.objects(), "CREATE VIEW viralforge.v_broken AS SELECT nothing;")
    monkeypatch.setattr(migrations, "objects", lambda: broken)
    with pytest.raises(WarehouseError, match="nothing"):
        migrate(empty)
    assert empty.read(b"SELECT to_regnamespace('viralforge')") == [(None,)]


def test_an_owner_without_special_rights_can_migrate(database, role, empty_database_url):
    """As on managed servers, where nobody is a superuser."""
    with Database.open(empty_database_url).connection() as connection:
        name = connection.info.dbname
        grant = "GRANT CREATE ON DATABASE {} TO {}"
        connection.execute(sql.SQL(grant).format(sql.Identifier(name), sql.Identifier(role)))
    separator = "&" if "?" in empty_database_url else "?"
    plain = Database.open(f"{empty_database_url}{separator}options=-c%20role%3D{role}")
    migrate(plain)
    assert plan(plain).nothing_to_do
    plain.read(b"SELECT viralforge.refresh_popular_content()")
    with plain.connection() as connection:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
    plain.close()


def test_released_migrations_are_frozen():
    versions = Path(str(SQL / "migrations" / "versions"))
    frozen = dict(reversed(line.split()) for line in (versions / "frozen.sha256").read_text().splitlines())
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in versions.glob("*.sql")}
    assert found == frozen, (
        "a released migration never changes: write a new one. Before its release: "
        "cd src/viralforge/sql/migrations/versions && sha256sum *.sql > frozen.sha256"
    )


def test_a_change_of_views_or_functions_raises_their_version():
    file = Path(__file__).with_name("objects.sha256")
    frozen = dict(line.split() for line in file.read_text().splitlines())
    found = {str(migrations.OBJECTS_VERSION): migrations.objects_hash()}
    assert dict([list(frozen.items())[-1]]) == found, (
        "released views and functions changed: raise OBJECTS_VERSION and add a line to objects.sha256. "
        f"Before the release of this version, write its line anew: {' '.join(*found.items())}"
    )


def test_every_migration_is_a_sql_file_with_a_revision_of_the_same_number():
    versions = Path(str(SQL / "migrations" / "versions"))
    assert {file.stem for file in versions.glob("*.sql")} == {file.stem for file in versions.glob("*.py")}
    for file in versions.glob("*.py"):
        assert f'revision = "{file.stem.partition("_")[0]}"' in file.read_text()


def test_the_newest_file_is_where_alembic_ends() -> None:
    scripts = ScriptDirectory.from_config(migrations._config())
    assert scripts.get_heads() == [migrations.newest()]


def test_a_database_that_is_up_to_date_is_opened_without_alembic(database_url: str) -> None:
    code = (
        "import sys; from viralforge import DataWarehouse; DataWarehouse.open(sys.argv[1]).close()\n"
        "print(sorted({'alembic', 'sqlalchemy'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, database_url], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"

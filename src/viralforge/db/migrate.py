"""From whatever a database holds to what this ViralForge needs: migrations once, objects every time.

One run is one transaction under an advisory lock: views and functions are dropped, the migrations that are
missing are run by Alembic, the objects are made again, and the rights granted on them restored.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import Connection, errors

from viralforge.db import grants
from viralforge.db.faults import faults_translated
from viralforge.db.pool import Database, configure
from viralforge.db.queries import SQL, Queries
from viralforge.errors import SchemaAhead, SchemaBehind, WarehouseError

if TYPE_CHECKING:
    # Alembic and SQLAlchemy take half a second to import: a database that is up to date does without.
    import sqlalchemy
    from alembic.config import Config

QUERIES = Queries("db/schema")
OBJECTS_VERSION = 3
"""Goes up with every released change of a view or function, so that an older ViralForge leaves newer ones."""
_LOCK = 0x5646_0001
_GONE = (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction, errors.UndefinedObject)
_MADE = re.compile(r"^CREATE (VIEW|MATERIALIZED VIEW|FUNCTION) (viralforge\.\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a migration would do: `current` is None in an empty database; `missing` revisions in order."""

    current: str | None
    target: str
    missing: tuple[str, ...]
    objects_change: bool

    @property
    def nothing_to_do(self) -> bool:
        """Whether the database is as this ViralForge needs it."""
        return not self.missing and not self.objects_change


def plan(database: Database) -> Plan:
    """What `migrate` would do now. Raises SchemaAhead where a newer ViralForge has been at work."""
    with database.connection() as connection:
        return _plan(connection)


def require_current(database: Database) -> None:
    """Raises SchemaBehind or SchemaAhead unless the database is as this ViralForge needs it."""
    found = plan(database)
    if not found.nothing_to_do:
        lacks = ", ".join(found.missing) or "the newest views"
        raise SchemaBehind(f"the database lacks {lacks}; run: viralforge migrate")


def migrate(database: Database) -> Plan:
    """Brings the database to this version and says what was done; safe from several processes at once.

    Raises SchemaAhead, and WarehouseError naming any view of yours that stands on one of ours.
    """
    import sqlalchemy

    def connect() -> Connection[Any]:
        connection = psycopg.connect(database.url, application_name="viralforge")
        configure(connection)
        return connection

    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=connect, poolclass=sqlalchemy.NullPool)
    with faults_translated(), engine.begin() as transaction:
        connection = _psycopg(transaction)
        lock(connection)
        wanted = _plan(connection)
        grants.become_owner(connection)
        if not wanted.nothing_to_do:
            _migrate(transaction, connection, wanted)
    return wanted


def state(connection: Connection[Any]) -> tuple[str, int]:
    """The revision that a migrated database is at, and the version of its views and functions."""
    return _state(connection, "read_revision"), _state(connection, "read_version")


def lock(connection: Connection[Any]) -> None:
    """Keeps all others from migrating until the transaction ends."""
    connection.execute(QUERIES["lock_schema"], {"lock": _LOCK})


def _migrate(transaction: sqlalchemy.Connection, connection: Connection[Any], wanted: Plan) -> None:
    if wanted.current is None:
        connection.execute(QUERIES["make_schema"])
    given = [row[0] for row in connection.execute(QUERIES["grants"], {"made": _made(connection)})]
    _drop_objects(connection)
    if wanted.missing:
        from alembic import command

        config = _config()
        config.attributes["connection"] = transaction
        command.upgrade(config, "head")
    made = []
    for text in objects():
        connection.execute(text.encode())
        made += [f"{kind} {name}" for kind, name in _MADE.findall(text)]
    for grant in given:  # what is no more, or goes by another name, is granted to nobody
        with suppress(*_GONE), connection.transaction():
            connection.execute(grant.encode())
    grants.restore(connection)
    connection.execute(QUERIES["make_state"])
    state = {"version": OBJECTS_VERSION, "hash": objects_hash(), "made": made}
    connection.execute(QUERIES["write_state"], state)


def run_sql_beside(python_file: str) -> None:
    """For a migration: runs the SQL file of the same name."""
    from alembic import op  # Alembic's proxy exists only while a migration runs

    _psycopg(op.get_bind()).execute(Path(python_file).with_suffix(".sql").read_bytes())


def _psycopg(transaction: sqlalchemy.Connection) -> Connection[Any]:
    """The connection under SQLAlchemy's."""
    connection: Connection[Any] = transaction.connection.driver_connection  # type: ignore[assignment]
    return connection


@cache
def objects() -> tuple[str, ...]:
    """The text of every file of views and functions, in order."""
    files = sorted((SQL / "objects").iterdir(), key=lambda found: found.name)
    return tuple(found.read_text(encoding="utf-8") for found in files if found.name.endswith(".sql"))


def objects_hash() -> str:
    """Changes when any view or function changes."""
    return hashlib.sha256("\n".join(objects()).encode()).hexdigest()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SQL / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _plan(connection: Connection[Any]) -> Plan:
    current = _state(connection, "read_revision")
    version = _state(connection, "read_version") or 0
    if version > OBJECTS_VERSION:
        raise _ahead(f"views and functions of version {version}", OBJECTS_VERSION)
    objects_change = _state(connection, "read_objects") != objects_hash()
    if current == newest():
        return Plan(current, current, (), objects_change)
    target, missing = _missing(current)
    return Plan(current, target, missing, objects_change)


def newest() -> str:
    """The last revision: every migration's file is named after its number."""
    files = (SQL / "migrations" / "versions").iterdir()
    return max(found.name.partition("_")[0] for found in files if found.name.endswith(".sql"))


def _missing(current: str | None) -> tuple[str, tuple[str, ...]]:
    """The last revision, and those on the way to it."""
    from alembic.script import ScriptDirectory
    from alembic.script.revision import RevisionError
    from alembic.util import CommandError

    scripts = ScriptDirectory.from_config(_config())
    target = scripts.get_current_head() or ""
    try:
        missing = [found.revision for found in scripts.iterate_revisions(target, current or "base")]
    except (CommandError, RevisionError):
        raise _ahead(f"schema {current}", target) from None
    return target, tuple(reversed(missing))


def _ahead(brought_to: str, known: str | int) -> SchemaAhead:
    return SchemaAhead(
        f"a newer ViralForge brought this database to {brought_to}; this one knows up to {known}. "
        "Run: pip install --upgrade viralforge"
    )


def _state(connection: Connection[Any], query: str) -> Any:
    """One value of the state, None where its table is not made yet."""
    table = "alembic_version" if query == "read_revision" else "schema_state"
    if connection.execute(QUERIES["table_exists"], {"table": f"viralforge.{table}"}).fetchone() != (True,):
        return None
    row = connection.execute(QUERIES[query]).fetchone()
    return row[0] if row else None


def _made(connection: Connection[Any]) -> list[str]:
    return [made.rpartition(" ")[2] for made in _state(connection, "read_made") or []]


def _drop_objects(connection: Connection[Any]) -> None:
    for made in reversed(_state(connection, "read_made") or []):
        try:
            connection.execute(f"DROP {made}".encode())
        except errors.DependentObjectsStillExist as error:
            raise WarehouseError(
                f"{error.diag.message_primary}: {error.diag.message_detail}. "
                "Drop what is yours, migrate, and make it again"
            ) from None

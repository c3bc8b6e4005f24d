"""What a dump is taken of, and how one is played into a database: all in one transaction, or nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, Any, NamedTuple

import psycopg
from psycopg import Connection, IsolationLevel, errors, sql

from viralforge.db import migrate
from viralforge.db.faults import faults_translated
from viralforge.db.pool import configure
from viralforge.db.queries import Queries
from viralforge.errors import WarehouseError

QUERIES = Queries("db/dump")
SCHEMAS = ("viralforge", "viralforge_lake")
"""What belongs to a warehouse: its own schema, and where there is an archive, the catalog of that."""
_LOCK_SECONDS = 10
_GOING_SECONDS = 3
"""So long a connection that was closed may still be listed."""
_COPY = re.compile(rb"COPY .+ FROM stdin;\n")
# Orders to psql, and a setting that servers before 17 do not know.
_NOT_FOR_US = re.compile(rb"\\(?:un)?restrict \w+\n|SET transaction_timeout = 0;\n")
_BLOCK = 256 * 1024


class Table(NamedTuple):
    """A table, and how many parts of it hold its rows."""

    schema: str
    name: str
    parts: int

    @property
    def called(self) -> str:
        """Its name, with the schema where that is not ours by default."""
        return self.name if self.schema == SCHEMAS[0] else f"{self.schema}.{self.name}"


@contextmanager
def snapshot(url: str) -> Iterator[tuple[Connection[Any], str]]:
    """A connection that sees one state for as long as it lasts, and the name by which others see it too."""
    with faults_translated(), psycopg.connect(url, application_name="viralforge dump") as connection:
        configure(connection)
        for limit in ("idle_in_transaction_session_timeout", "statement_timeout"):
            connection.execute("SELECT set_config(%s, '0', false)", [limit])
        connection.commit()
        connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
        name = connection.execute(QUERIES["export_snapshot"]).fetchone()[0]  # type: ignore[index]
        yield connection, name


def tables(connection: Connection[Any]) -> list[Table]:
    """Every table of a warehouse."""
    return [Table(*row) for row in connection.execute(QUERIES["dumped_tables"], {"schemas": list(SCHEMAS)})]


def counts(
    connection: Connection[Any], tell: Callable[[int, int], None] = lambda _done, _total: None
) -> dict[str, int]:
    """How many rows every table has."""
    known, found = tables(connection), {}
    for done, table in enumerate(known):
        tell(done, len(known))
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.schema, table.name))
        found[table.called] = connection.execute(query).fetchone()[0]  # type: ignore[index]
    return found


def filled(connection: Connection[Any], passed_over: Iterable[str]) -> list[str]:
    """The tables that hold a row, but for those that are `passed_over`."""
    query = "SELECT EXISTS (SELECT FROM {})"
    return [
        table.called
        for table in tables(connection)
        if table.called not in passed_over
        and connection.execute(
            sql.SQL(query).format(sql.Identifier(table.schema, table.name))
        ).fetchone() == (True,)
    ]  # fmt: skip


@contextmanager
def emptied(url: str, may_go: Callable[[Connection[Any]], None]) -> Iterator[Connection[Any]]:
    """A connection to a database without a warehouse, in one transaction committed after the block.

    Where there is one, `may_go` raises unless it may be dropped. Migrations of others wait until the end.
    Raises WarehouseError where the warehouse is in use, or something of others stands on it.
    """
    with faults_translated(), psycopg.connect(url, application_name="viralforge restore") as connection:
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{_LOCK_SECONDS}s"])
        connection.commit()
        with suppress(psycopg.Error):  # so that the server notices soon when we are killed; not all can
            connection.execute("SELECT set_config('client_connection_check_interval', '1s', false)")
        connection.commit()
        try:
            migrate.lock(connection)
            if _there(connection):
                may_go(connection)
                _require_alone(connection)
                _drop(connection)
        except errors.LockNotAvailable:
            raise WarehouseError(
                "others are at work in this database (a migration, another restore, or a transaction that is "
                "left open): try again when they are done"
            ) from None
        yield connection


def _there(connection: Connection[Any]) -> bool:
    return connection.execute(QUERIES["schemas_there"], {"schemas": list(SCHEMAS)}).fetchone() != (0,)


def _require_alone(connection: Connection[Any]) -> None:
    """Raises WarehouseError where processes that remember what is in the database are connected to it."""
    give_up = time.monotonic() + _GOING_SECONDS
    while connected := connection.execute(QUERIES["others_connected"]).fetchone()[0]:  # type: ignore[index]
        if time.monotonic() > give_up:
            raise WarehouseError(
                f"other processes use this warehouse ({connected} connections of ViralForge): "
                "end them first (viralforge up, serve, worker, your own programs)"
            )
        # Within a transaction PostgreSQL shows the same list again.
        connection.execute("SELECT pg_stat_clear_snapshot()")
        time.sleep(0.05)


def _drop(connection: Connection[Any]) -> None:
    # Told while ours are there: what is called by a name alone changes with them.
    before = {(kind, number): said for kind, number, said in _outside(connection)}
    connection.execute(QUERIES["drop_schemas"])
    after = {(kind, number) for kind, number, _ in _outside(connection)}
    if gone := sorted(said for key, said in before.items() if key not in after):
        raise WarehouseError(
            f"what is yours stands on this warehouse: {', '.join(gone[:5])}. Drop it, restore, make it again"
        )


def _outside(connection: Connection[Any]) -> list[tuple[int, int, str]]:
    return connection.execute(QUERIES["objects_outside"], {"schemas": list(SCHEMAS)}).fetchall()


def play(connection: Connection[Any], script: IO[bytes]) -> None:
    """Runs statements that pg_restore wrote."""
    text = b"".join(line for line in script if not _NOT_FOR_US.fullmatch(line))
    connection.execute(text)


def play_rows(connection: Connection[Any], script: IO[bytes], tell: Callable[[int], None]) -> None:
    """Runs what pg_restore wrote of rows: COPY with its rows, statements between; tells how many came."""
    statements: list[bytes] = []
    rows = 0
    for line in script:
        if not _COPY.fullmatch(line):
            statements += [] if _NOT_FOR_US.fullmatch(line) else [line]
            continue
        connection.execute(b"".join(statements))
        statements.clear()
        with connection.cursor().copy(line.rstrip(b";\n")) as copy:
            for block, count in _blocks(script):
                copy.write(block)
                rows += count
                tell(rows)
    connection.execute(b"".join(statements))


def _blocks(script: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """The rows up to the line that ends them, many at once, each time with their number."""
    lines: list[bytes] = []
    size = 0
    for line in script:
        if line == b"\\.\n":
            break
        lines.append(line)
        size += len(line)
        if size > _BLOCK:
            yield b"".join(lines), len(lines)
            lines, size = [], 0
    yield b"".join(lines), len(lines)


def settled(connection: Connection[Any], wanted: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Makes ready what was played in; where there are other rows than `wanted`: (table, has, wanted)."""
    found = counts(connection)
    for table in tables(connection):
        connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table.schema, table.name)))
    connection.execute(QUERIES["remake_objects"])
    names = sorted({*wanted, *found})
    return [
        (name, found.get(name, 0), wanted.get(name, 0))
        for name in names
        if found.get(name) != wanted.get(name)
    ]

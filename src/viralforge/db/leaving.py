"""Months of the partitioned tables that leave: listed, held still, thinned or dropped."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection, errors, sql

from viralforge.db.partitions import ATTEMPTS, LOCK_TIMEOUT, PARTITIONED, next_month
from viralforge.db.pool import Database
from viralforge.db.queries import Queries

QUERIES = Queries("db/leaving")
# Built whole beside the parent, then attached: nobody waits for the build, and the CHECK spares a scan of the
# times. What the rows refer to is looked for once more then, for as few as are kept.
_BUILD = "CREATE TABLE {child} (LIKE {parent} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING INDEXES)"
_FENCE = "ALTER TABLE {child} ADD CONSTRAINT {check} CHECK ({column} >= {first} AND {column} < {last})"
_ATTACH = "ALTER TABLE {parent} ATTACH PARTITION {child} FOR VALUES FROM ({first}) TO ({last})"
_UNFENCE = "ALTER TABLE {child} DROP CONSTRAINT {check}"
_GO = ("ALTER TABLE {parent} DETACH PARTITION {child}", "DROP TABLE {child}")
_THIN = "_thin"


class StoredMonth(NamedTuple):
    """A month that is there, with its rows, about, and its bytes on disk, indexes included."""

    month: date
    rows: int
    bytes: int


def stored_months(database: Database, table: str) -> list[StoredMonth]:
    """The months of `table` that are there, the oldest first."""
    rows = database.read(QUERIES["stored_months"], {"table": f"viralforge.{table}"})
    return [StoredMonth(*row) for row in rows]


def hold_month(connection: Connection[Any], table: str, month: date) -> None:
    """Lets nobody write to the month until the transaction ends; readers go on. Raises LockNotAvailable."""
    connection.execute(QUERIES["wait_at_most"], {"timeout": "30s"})
    connection.execute(_statement("LOCK TABLE {child} IN SHARE MODE", table, month))


def drop_month(connection: Connection[Any], table: str, month: date) -> None:
    """Gives the month's disk back at the commit, which must follow at once: until then the table is closed.

    Raises LockNotAvailable where writers leave no gap.
    """
    _in_a_gap(connection, [_statement(step, table, month) for step in _GO])


def thin_month(
    connection: Connection[Any], table: str, month: date, columns: Sequence[str], kept: bytes,
    values: Mapping[str, Any],
) -> None:  # fmt: skip
    """Puts in the month's place one with the rows alone whose `columns` the query `kept` yields.

    As with `drop_month` the commit must follow at once.
    """
    for step in (_BUILD, _FENCE):
        connection.execute(_statement(step, table, month, _THIN))
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = _statement("INSERT INTO {child}", table, month, _THIN)
    connection.execute(sql.SQL("{} ({}) {}").format(into, names, sql.SQL(kept.decode())), values)
    rename = _statement("ALTER TABLE {child} RENAME TO {name}", table, month, _THIN)
    leave = [_statement(step, table, month) for step in _GO]
    # The CHECK keeps the name it was made with.
    settle = [_statement(_ATTACH, table, month, _THIN), _statement(_UNFENCE, table, month, _THIN), rename]
    _in_a_gap(connection, [*leave, *settle])


def _in_a_gap(connection: Connection[Any], steps: list[Any]) -> None:
    connection.execute(QUERIES["wait_at_most"], {"timeout": LOCK_TIMEOUT})
    for attempt in range(ATTEMPTS):
        try:
            with connection.transaction():
                for step in steps:
                    connection.execute(step)
            return
        except errors.LockNotAvailable:
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(0.05 * min(attempt + 1, 10))


def _statement(step: str, table: str, month: date, suffix: str = "") -> sql.Composed:
    """A step for one month, whose own table may have a suffix for as long as it is no part of the whole."""
    name = f"{table}_{month:%Y_%m}"
    return sql.SQL(step).format(
        parent=sql.Identifier("viralforge", table), child=sql.Identifier("viralforge", f"{name}{suffix}"),
        name=sql.Identifier(name), check=sql.Identifier(f"{name}{suffix}_month"),
        column=sql.Identifier(PARTITIONED[table]), first=sql.Literal(f"{month} 00:00:00+00"),
        last=sql.Literal(f"{next_month(month)} 00:00:00+00"),
    )  # fmt: skip

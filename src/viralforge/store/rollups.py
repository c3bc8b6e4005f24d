"""Rollups: tables kept equal to an aggregate, by deltas that writers append and that are folded in later."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows

QUERIES = Queries("store/rollups")
_LOCK = {"lock": 0x5646_0003}


class Drift(NamedTuple):
    """A day and platform whose rollup differs from its posts: SQL behind the library's back can do that."""

    day: date
    platform: str
    kept: int
    posts: int


class RollupStore:
    """Folds, checks and rebuilds the rollups; the views on them are exact whether or not that is done."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def fold(self) -> int:
        """Folds the deltas in and says how many; 0 also while another process folds."""

        def work(connection: Connection[Any]) -> int:
            if connection.execute(QUERIES["lock_rollups"], _LOCK).fetchone() != (True,):
                return 0
            return connection.execute(QUERIES["fold"]).fetchone()[0]  # type: ignore[index, no-any-return]

        return self._database.write(work)

    def refresh_popular_content(self) -> None:
        """Refreshes the materialized view; readers go on meanwhile."""
        self._database.value(QUERIES["refresh_popular_content"])

    def backlog(self) -> int:
        """How many deltas wait to be folded."""
        return int(self._database.value(QUERIES["backlog"]))

    def check(self) -> Rows[Drift]:
        """Where rollup and posts differ."""
        return self._database.rows(Drift, QUERIES["check"])

    def rebuild(self) -> int:
        """Mends what `check` finds while readers and writers go on; says how many days were mended."""

        def work(connection: Connection[Any]) -> int:
            connection.execute(QUERIES["wait_for_rollups"], _LOCK)
            return connection.execute(QUERIES["rebuild"]).rowcount

        return self._database.write(work)

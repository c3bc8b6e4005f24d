"""Rollups: tables kept equal to an aggregate, by deltas that writers append and that are folded in later."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.store.rollup_lock import ROLLUPS_LOCK, hold_rollups
from viralforge.store.users import users_kept

QUERIES = Queries("store/rollups")
CHECKS = Queries("store/rollup_checks")
_FOLD = (
    "fold_daily",
    "make_hashtag_stage", "stage_hashtags", "fold_hashtags", "drop_unused_hashtags", "fold_hashtags_across",
    "drop_unused_hashtags_across", "move_hashtag_edge",
    "drop_growth", "fold_growth", "take_post_deltas",
    "fold_funnel", "fold_funnel_sessions", "fold_funnel_users", "take_funnel_deltas",
    "fold_traced", "take_traced_deltas",
)  # fmt: skip
_REBUILD = (
    "take_post_deltas", "take_funnel_deltas", "take_traced_deltas",
    "empty_daily", "fill_daily",
    "empty_hashtags", "empty_hashtags_across", "forget_hashtag_edge",
    "empty_growth", "fill_growth",
    "empty_funnel", "empty_funnel_sessions", "empty_funnel_users", "empty_funnel_days",
    "find_funnel_deltas",
    "empty_traced", "find_traced_deltas",
)  # fmt: skip
_CHECKS = (
    "check_daily", "check_hashtags", "check_hashtags_across", "check_growth", "check_funnel",
    "check_funnel_users", "check_funnel_days", "check_traced",
)  # fmt: skip
_MANY = 10_000
"""After so many deltas their tables are cleaned, so that a reader does not go through what is gone."""


class Drift(NamedTuple):
    """What a rollup keeps, and what its posts or events come to: SQL behind the library's back can do that.

    `key` is what is counted, such as a day and a platform; None is nothing there.
    """

    rollup: str
    key: str
    kept: str | None
    counted: str | None


class RollupStore:
    """Folds, checks and rebuilds the rollups; the views on them are exact whether or not that is done."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def fold(self) -> int | None:
        """Folds the deltas in and says how many; None where it gave way to who is at the rollups already."""

        def work(connection: Connection[Any]) -> int | None:
            connection.execute(QUERIES["one_snapshot"])
            if connection.execute(QUERIES["lock_rollups"], ROLLUPS_LOCK).fetchone() != (True,):
                return None
            return _run(connection, _FOLD)

        folded = self._database.write(work)
        if folded is not None and folded > _MANY:
            self._clean()
        return folded

    def _clean(self) -> None:
        """Frees what was taken at once; PostgreSQL passes over it where the tables are not ours."""
        self._database.write(lambda connection: connection.execute(QUERIES["clean_deltas"]), autocommit=True)

    def refresh_popular_content(self) -> None:
        """Refreshes the materialized view; readers go on meanwhile."""
        self._database.value(QUERIES["refresh_popular_content"])

    def backlog(self) -> int:
        """How many deltas wait to be folded."""
        return int(self._database.value(QUERIES["backlog"]))

    def check(self) -> Rows[Drift]:
        """Where a rollup differs from its posts or events."""
        found = [row for name in _CHECKS for row in self._database.rows(Drift, CHECKS[name])]
        return Rows(Drift._fields, found)

    def rebuild(self) -> int:
        """Makes all rollups anew if `check` finds anything, and says how many rows it found.

        Readers and writers go on, and see what they would without it.
        """
        found = len(self.check())
        if found:
            self._database.write(_made_anew)
            self._clean()
        return found


def _made_anew(connection: Connection[Any]) -> None:
    connection.execute(QUERIES["one_snapshot"])
    hold_rollups(connection)
    _run(connection, (*_REBUILD, *_FOLD))


def _run(connection: Connection[Any], steps: Sequence[str]) -> int:
    """Runs the steps of a fold; says how many deltas they took."""
    connection.execute(QUERIES["room_for_fold"])
    taken = 0
    for step in steps:
        with users_kept() if "funnel" in step else nullcontext():
            done = connection.execute(QUERIES[step])
        if step.startswith("take_"):
            taken += done.rowcount
    return taken

"""Takes out of the database what is in the archive, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from hashlib import md5
from typing import Any

from psycopg import Connection, errors

from viralforge.db.grants import become_owner
from viralforge.db.leaving import drop_month, hold_month, stored_months, thin_month
from viralforge.db.partitions import next_month
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import ArchiveError, WarehouseError
from viralforge.lifecycle.archive.files import read
from viralforge.lifecycle.archive.lake import Lake
from viralforge.lifecycle.due import HOT
from viralforge.model.cold import CALLS, GIVEN_UP, POSTS, ColdFile, ColdTable
from viralforge.store.rollup_lock import hold_rollups, touch_rollups
from viralforge.store.trends import TrendStore

QUERIES = Queries("lifecycle/removal")
_ATTEMPTS = 4
POSTS_AT_ONCE = 5_000
"""So many posts are locked together while they give up their content."""
Noted = Callable[[Any], None]


class Changed(ArchiveError):
    """The rows are no longer those that were written to the archive; they must be written again."""


class Removal:
    """Removes rows by what the archive's files hold; each removal is done again without harm."""

    def __init__(self, database: Database, lake: Lake) -> None:
        self._database, self._lake = database, lake

    def posts(self, files: Sequence[ColdFile]) -> int:
        """Makes stubs of the posts in the files that were not seen again meanwhile; says of how many."""
        paths = [file.path for file in files]
        stubs = 0
        for batch in read(self._lake, POSTS, paths, ("id", "last_scraped_at", *GIVEN_UP)):
            for start in range(0, batch.num_rows, POSTS_AT_ONCE):
                rows = [(*row[:2], _digest(*row[2:])) for row in _rows(batch.slice(start, POSTS_AT_ONCE))]
                stubs += self._database.write(partial(_stubbed, rows=rows))
        return stubs

    def calls(self, files: Sequence[ColdFile], noted: Noted) -> None:
        """Deletes the calls in the files; the figures of their runs stay."""
        wanted = ("crew_execution_id", "id", "cost_usd")

        def work(connection: Connection[Any]) -> None:
            connection.execute(QUERIES["make_calls_stage"])
            for batch in read(self._lake, CALLS, [file.path for file in files], wanted):
                _filled(connection, QUERIES["fill_calls_stage"], _rows(batch))
            connection.execute(QUERIES["seal_calls"])
            connection.execute(QUERIES["delete_calls"])
            noted(connection)

        self._database.write(work)

    def month(
        self, table: ColdTable, month: date, leaves: str, still_the_same: Callable[[], bool], noted: Noted
    ) -> None:
        """Drops a month, or thins it, once its rollups hold without it; nobody writes to it meanwhile.

        A writer who waits for that month while we wait for it makes a deadlock, which ends ours: then all of
        it is done again. Raises Changed unless `still_the_same`, before anything is locked or after.
        """
        if not still_the_same():
            raise _changed(table, month)
        for attempt in range(_ATTEMPTS):
            try:
                self._month(table, month, leaves, still_the_same, noted)
                return
            except WarehouseError as error:
                if not isinstance(error.__cause__, errors.DeadlockDetected | errors.LockNotAvailable):
                    raise
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(2**attempt)

    def _month(
        self, table: ColdTable, month: date, leaves: str, still_the_same: Callable[[], bool], noted: Noted
    ) -> None:
        first, last = _start(month), _start(next_month(month))
        given = {"first": first, "last": last}
        with self._database.connection() as connection:
            become_owner(connection)
            connection.execute(QUERIES["be_patient"])
            hold_rollups(connection)
            touch_rollups(connection)
            if month not in {each.month for each in stored_months(self._database, HOT[table.name])}:
                noted(connection)  # a process whose lock was lost has dropped it
                return
            hold_month(connection, HOT[table.name], month)
            if not still_the_same():
                raise _changed(table, month)
            if table.name == "events":
                connection.execute(QUERIES["seal_funnel"], given)
                connection.execute(QUERIES["seal_traced"], given)
            else:
                with self._database.shared(connection):
                    TrendStore(self._database).keep_reach_then(first, last)
                connection.execute(QUERIES["reckon_growth"], given)
            noted(connection)
            if leaves == "daily":
                thin_month(connection, HOT[table.name], month, tuple(table.columns), QUERIES["daily"], given)
            else:
                drop_month(connection, HOT[table.name], month)


def _changed(table: ColdTable, month: date) -> Changed:
    return Changed(
        f"{HOT[table.name]} of {month:%Y-%m} was written to while it was archived; it stays, and is archived "
        "the next time"
    )


def _digest(
    raw_json: str | None, description: str | None, video_url: str | None, media: list[str] | None
) -> str:
    """Of what a post gives up, as `make_stubs` reckons it of what is in the database."""
    texts = (raw_json or "", description or "", video_url or "", "\x1f".join(media or ()))
    return md5("\x1f".join(texts).encode(), usedforsecurity=False).hexdigest()


def _stubbed(connection: Connection[Any], rows: Sequence[tuple[Any, ...]]) -> int:
    connection.execute(QUERIES["make_stubs_stage"])
    _filled(connection, QUERIES["fill_stubs_stage"], rows)
    connection.execute(QUERIES["hold_posts"])
    return connection.execute(QUERIES["make_stubs"]).rowcount


def _filled(connection: Connection[Any], filled: bytes, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(filled) as copy:
        for row in rows:
            copy.write_row(row)


def _rows(batch: Any) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _start(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)

"""Brings what is in the archive back into the database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from psycopg import Connection

from viralforge.db.partitions import Months, next_month
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.lifecycle.archive.files import read
from viralforge.lifecycle.archive.lake import Lake
from viralforge.lifecycle.due import HOT
from viralforge.model.cold import ColdTable
from viralforge.store.rollup_lock import hold_rollups, touch_rollups

QUERIES = Queries("lifecycle/restoring")


def restore_month(database: Database, lake: Lake, table: ColdTable, month: date, paths: list[str]) -> int:
    """Puts the rows of files of a month where they were, in one transaction; says how many were missing."""
    if table.name in ("history", "events"):
        Months(database).ensure(HOT[table.name], [month])
    rows = partial(_rows, lake, table, paths)
    return database.write(partial(_restored, table=table, month=month, rows=rows))


def _restored(connection: Connection[Any], table: ColdTable, month: date, rows: Any) -> int:
    first = datetime(month.year, month.month, 1, tzinfo=UTC)
    last = datetime(next_month(month).year, next_month(month).month, 1, tzinfo=UTC)
    given = {"first": first, "last": last}
    hold_rollups(connection)
    made, filled, restored, *after = _STEPS[table.name]
    connection.execute(QUERIES[made])
    with connection.cursor().copy(QUERIES[filled]) as copy:
        for row in rows():
            copy.write_row(row)
    cursor = connection.execute(QUERIES[restored], given)
    counted = cursor.fetchone() if cursor.description else None
    back: int = counted[0] if counted else cursor.rowcount
    for step in after:
        connection.execute(QUERIES[step], given)
    touch_rollups(connection)
    connection.execute(QUERIES["note_restored"], {"table": table.name, "month": month})
    return back


_STEPS = {
    "posts": ("make_posts_stage", "fill_posts_stage", "restore_posts"),
    "calls": ("make_calls_stage", "fill_calls_stage", "restore_calls"),
    "history": ("make_history_stage", "fill_history_stage", "restore_history", "reckon_growth"),
    "events": (
        "make_events_stage", "fill_events_stage", "restore_events", "unseal_funnel", "unseal_traced",
    ),
}  # fmt: skip


def _rows(lake: Lake, table: ColdTable, paths: list[str]) -> Any:
    for batch in read(lake, table, paths):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

"""Months of the partitioned tables, made before they are needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from psycopg import Connection, errors

from viralforge.db.faults import CONFLICTS
from viralforge.db.pool import Database, is_missing_month
from viralforge.errors import WarehouseError

T = TypeVar("T")
PARTITIONED = {"post_metrics_history": "recorded_at", "app_events": "created_at"}
"""What goes by months, which the SQL function `make_month` makes with the rights of their owner."""
LOCK_TIMEOUT = "2s"
ATTEMPTS = 40
_GIVE_WAY = (errors.LockNotAvailable, *CONFLICTS)


def month_of(moment: datetime | date) -> date:
    """The first day of the month, in UTC.

    >>> month_of(datetime(2025, 3, 31, 23, 30, tzinfo=UTC))
    datetime.date(2025, 3, 1)
    """
    if isinstance(moment, datetime) and moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return date(moment.year, moment.month, 1)


def next_month(month: date) -> date:
    """The first day of the month after.

    >>> next_month(date(2025, 12, 1))
    datetime.date(2026, 1, 1)
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


class Months:
    """The months that exist, remembered for each table: making one is rare, asking is not."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, set[date]] = {table: set() for table in PARTITIONED}
        self._lock = Lock()

    def ensure(self, table: str, moments: Iterable[datetime | date]) -> None:
        """Makes what months of `table` are missing, each in its own short transaction.

        Attaching a month needs a lock that writers feel, so it is never done inside a batch, and gives
        way (lock_timeout) to whoever writes now.
        """
        wanted = {month_of(moment) for moment in moments} - self._known[table]
        if not wanted:
            return
        with self._lock:
            for month in sorted(wanted):
                self._make(table, month)
                self._known[table].add(month)

    def ensure_ahead(self, months: int = 2) -> None:
        """Makes every table's months from 30 days back, which live events may be, to `months` ahead."""
        now = self._database.read(b"SELECT now()")[0][0]
        last = month_of(now)
        for _ in range(months):
            last = next_month(last)
        wanted = [month_of(now - timedelta(days=30))]
        while wanted[-1] < last:
            wanted.append(next_month(wanted[-1]))
        for table in PARTITIONED:
            self.ensure(table, wanted)

    def write(
        self, table: str, moments: Iterable[datetime | date], work: Callable[[Connection[Any]], T], *,
        autocommit: bool = False,
    ) -> T:  # fmt: skip
        """What `work` returns, done in one transaction once there are the months of `moments` to write to.

        With `autocommit` every statement is a transaction of its own.
        """
        months = {month_of(moment) for moment in moments}
        self.ensure(table, months)
        try:
            return self._database.write(work, autocommit=autocommit)
        except WarehouseError as error:
            if not (error.__cause__ and is_missing_month(error.__cause__)):
                raise
        # A month has begun since months were made ahead, or another process has dropped one.
        self.forget()
        self.ensure_ahead()
        self.ensure(table, months)
        return self._database.write(work, autocommit=autocommit)

    def forget(self) -> None:
        """Looks again: another process may have dropped a month."""
        for known in self._known.values():
            known.clear()

    def _make(self, table: str, month: date) -> None:
        for attempt in range(ATTEMPTS):
            try:
                with self._database.connection() as connection:
                    _make_month(connection, table, month)
                return
            except WarehouseError as error:
                if not isinstance(error.__cause__, _GIVE_WAY) or attempt == ATTEMPTS - 1:
                    raise
                time.sleep(0.05 * min(attempt + 1, 10))


def _make_month(connection: Connection[Any], table: str, month: date) -> None:
    connection.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
    connection.execute("SELECT viralforge.make_month(%s, %s)", [table, month])

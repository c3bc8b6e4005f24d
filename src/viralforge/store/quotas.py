"""What platforms allow, counted for all processes together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.model.quota import Limit

QUERIES = Queries("store/quotas")


class QuotaLeft(NamedTuple):
    """What was taken of a quota in the window that goes on, of at most so much, until when."""

    platform: str
    bucket: str
    used: int
    most: int
    ends_at: datetime


class _Spent(Exception):
    def __init__(self, limit: Limit) -> None:
        self.limit = limit


class QuotaStore:
    """Takes from quotas."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, platform: str, wanted: Sequence[tuple[Limit, int]]) -> float | None:
        """Takes all that is wanted, or nothing; None, or the seconds until there is more."""

        def work(connection: Connection[Any]) -> None:
            for limit, units in wanted:
                given = limit._asdict() | {"platform": platform, "units": units}
                if units > limit.most or connection.execute(QUERIES["take"], given).fetchone() is None:
                    raise _Spent(limit)

        try:
            self._database.write(work)
        except _Spent as spent:
            given = spent.limit._asdict() | {"platform": platform}
            return float(self._database.value(QUERIES["seconds_left"], given) or 0)
        return None

    def left(self) -> Rows[QuotaLeft]:
        """The quotas whose window goes on."""
        return self._database.rows(QuotaLeft, QUERIES["left"])

    def forget(self) -> int:
        """Forgets windows that ended a week ago; how many."""
        return self._database.change(QUERIES["forget_quotas"])

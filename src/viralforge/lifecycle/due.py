"""What is due to leave the database, by the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from viralforge.db.leaving import stored_months
from viralforge.db.partitions import month_of, next_month
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.model.cold import ColdTable
from viralforge.settings import Settings

QUERIES = Queries("lifecycle/due")
HOT = {
    "history": "post_metrics_history",
    "events": "app_events",
    "calls": "crew_calls",
    "posts": "scraped_posts",
}
"""Which table of the database goes to which of the archive."""
RESTORED_FOR = timedelta(days=30)
"""So long what was brought back stays."""


class Due(NamedTuple):
    """A range that is due: a month of a table, or (None) posts not seen since `until`; `leaves` what stays."""

    table: str
    month: date | None
    until: datetime
    leaves: str

    def values(self) -> dict[str, Any]:
        """As the query that plans a step is asked."""
        return self._asdict()


class Policy:
    """The settings' days, held against the database's clock."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def due(self) -> Iterator[Due]:
        """What is due now, one range after the other: each must be moved before the next is asked for."""
        now = self._now()
        settings = self._settings
        whole, thin = now - _days(settings.keep_history_days), now - _days(settings.thin_history_days)
        yield from self._months("history", whole, thin)
        yield from self._months("events", now - _days(settings.keep_events_days))
        yield from self._calls(now - _days(settings.keep_calls_days))
        until = now - _days(settings.keep_posts_days)
        while self._database.value(QUERIES["has_posts"], {"until": until}):
            yield Due("posts", None, until, "stub")

    def bytes_of(self, table: ColdTable, month: date | None) -> int | None:
        """What a month takes on disk; None where it has no table of its own."""
        found = stored_months(self._database, HOT[table.name])
        return next((each.bytes for each in found if each.month == month), None)

    def _months(self, name: str, whole: datetime, thin: datetime | None = None) -> Iterator[Due]:
        done = {
            month: leaves
            for month, leaves in self._database.read(
                QUERIES["moved_months"], {"table": name, "restored_for": RESTORED_FOR}
            )
        }
        for stored in stored_months(self._database, HOT[name]):
            end = next_month(stored.month)
            if done.get(stored.month) == "restored":
                continue
            if end <= whole.date():
                yield Due(name, stored.month, whole, "nothing")
            elif thin and end <= thin.date() and done.get(stored.month) != "daily":
                yield Due(name, stored.month, thin, "daily")

    def _calls(self, until: datetime) -> Iterator[Due]:
        """Whole months of calls, as long as there are any."""
        last = month_of(until)
        while oldest := self._database.value(QUERIES["oldest_call"], {"until": last}):
            yield Due("calls", month_of(oldest), until, "nothing")

    def _now(self) -> datetime:
        now: datetime = self._database.value(QUERIES["clock"])
        return now


def _days(days: int) -> timedelta:
    return timedelta(days=days)

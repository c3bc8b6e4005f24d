"""What is due to leave the database, by the settings."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from viralforge.db.leaving import stored_months
from viralforge.db.partitions import month_of, next_month
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
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
    """A range that is due: a month of a table, or (None) posts not seen since `until`; what it `leaves`."""

    table: str
    month: date | None
    until: datetime
    leaves: str

    def values(self) -> dict[str, Any]:
        """As the query that plans a step is asked."""
        return self._asdict()


_PLANNED = {"calls": "planned_calls", "posts": "planned_posts", "rejections": "planned_rejections"}
_DONE = {"nothing": "archived", "daily": "thinned", "stub": "archived"}


class Planned(NamedTuple):
    """What is due: so many rows and bytes, about, of a month or (None) of all that is older than `until`.

    `what` becomes of it: archived, thinned or deleted; `bytes` is None where it is not known beforehand.
    """

    table: str
    what: str
    month: date | None
    rows: int
    bytes: int | None
    until: datetime


class Policy:
    """The settings' days, held against the database's clock."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def due(self, stuck: Collection[str] = ()) -> Iterator[Due]:
        """What is due now, one range after the other: each must be moved before the next is asked for.

        A table in `stuck` is one where that failed: of posts and calls there is nothing more to ask for then.
        """
        yield from self._months("history", self.since("history"), self.since("thin_history"))
        yield from self._months("events", self.since("events"))
        calls: dict[str, Any] = {"until": self.since("calls"), "restored_for": RESTORED_FOR}
        posts = {"until": self.since("posts")}
        while "calls" not in stuck and (oldest := self._database.value(QUERIES["oldest_call"], calls)):
            yield Due("calls", month_of(oldest), calls["until"], "nothing")
        while "posts" not in stuck and self._database.value(QUERIES["has_posts"], posts):
            yield Due("posts", None, posts["until"], "stub")

    def plan(self) -> Rows[Planned]:
        """All that is due now, with how much it is; nothing is done."""
        found = [
            Planned(due.table, _DONE[due.leaves], due.month, stored.rows, stored.bytes, due.until)
            for name in ("history", "events")
            for due in self._months(name, self.since(name), name == "history" and self.since("thin_history"))
            for stored in stored_months(self._database, HOT[name])
            if stored.month == due.month
        ]
        for name, query in _PLANNED.items():
            given = {"until": self.since(name)}
            what = "deleted" if name == "rejections" else "archived"
            rows = self._database.read(QUERIES[query], given)
            found += [Planned._make((name, what, *row, given["until"])) for row in rows]
        return Rows(Planned._fields, found)

    def since(self, name: str) -> datetime:
        """What of a table (`thin_history`: of readings every one) is older than this is due.

        Of calls and events whole months go.
        """
        keep = (
            self._settings.thin_history_days
            if name == "thin_history"
            else getattr(self._settings, f"keep_{name}_days")
        )
        edge: datetime = self._database.value(QUERIES["clock"]) - timedelta(days=keep)
        return datetime(edge.year, edge.month, 1, tzinfo=UTC) if name == "calls" else edge

    def bytes_of(self, table: ColdTable, month: date | None) -> int | None:
        """What a month takes on disk; None where it has no table of its own."""
        found = stored_months(self._database, HOT[table.name])
        return next((each.bytes for each in found if each.month == month), None)

    def _months(self, name: str, whole: datetime, thin: datetime | bool = False) -> Iterator[Due]:
        done = dict(
            self._database.read(QUERIES["moved_months"], {"table": name, "restored_for": RESTORED_FOR})
        )
        for stored in stored_months(self._database, HOT[name]):
            end = next_month(stored.month)
            if done.get(stored.month) == "restored":
                continue
            if end <= whole.date():
                yield Due(name, stored.month, whole, "nothing")
            elif isinstance(thin, datetime) and end <= thin.date() and done.get(stored.month) != "daily":
                yield Due(name, stored.month, thin, "daily")

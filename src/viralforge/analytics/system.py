"""Questions about the warehouse itself: its tables, its jobs, and what keeps its server busy."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from viralforge.analytics import filters
from viralforge.db import migrate, status
from viralforge.db.pool import Database
from viralforge.db.queries import Queries, subjects
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput

QUERIES = Queries("db/status")


class Fact(NamedTuple):
    """Something about the warehouse, in words."""

    name: str
    value: str


class JobRun(NamedTuple):
    """The last run of a job of maintenance; `ok` is None while it goes on, `error` what went wrong.

    `is_overdue` ones should have been done three times since: nothing keeps the warehouse well.
    """

    name: str
    started_at: datetime
    duration_ms: int | None
    ok: bool | None
    error: str | None
    is_overdue: bool


class SlowQuery(NamedTuple):
    """A query by how long it takes in all, in milliseconds; its text may be cut."""

    query: str
    calls: int
    mean_ms: float
    total_ms: float


class System:
    """What can be asked about the warehouse itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tables(self) -> Rows[status.TableSize]:
        """Every table, the largest first."""
        return status.tables(self._database)

    def facts(self) -> Rows[Fact]:
        """The server, the schema, and the connections."""
        server = status.server(self._database)
        [(active, connections, most)] = self._database.read(QUERIES["connections"])
        plan = migrate.plan(self._database)
        behind = ", ".join(plan.missing)
        found = [
            ("server", f"PostgreSQL {server.version}"), ("database", server.name),
            ("size", f"{server.bytes / 2**20:,.1f} MB"),
            ("schema", f"{plan.current}, {f'without {behind}' if behind else 'up to date'}"),
            ("connections", f"{connections} of {most}, {active} at work"),
            *((name.replace("_", " "), f"{value:,}") for name, value in self._database.figures()),
        ]  # fmt: skip
        return Rows(Fact._fields, [Fact(*each) for each in found])

    def jobs(self) -> Rows[JobRun]:
        """Every job of maintenance with its last run."""
        return self._database.rows(JobRun, QUERIES["jobs"])

    def slow(self, *, limit: int = 10) -> Rows[SlowQuery]:
        """The queries that took most of the server's time, else those that run for over a second now."""
        return self._database.rows(SlowQuery, QUERIES["slow"], {"limit": filters.limit(limit)})


def sql_of(name: str) -> str:
    """The text of a named query, such as `scraping.daily`, with its comments. Raises InvalidInput.

    >>> sql_of("scraping.daily").startswith("SELECT date, platform")
    True
    """
    subject, _, query = name.rpartition(".")
    found = subject if "/" in subject else f"analytics/{subject}"
    known = Queries(found) if found in subjects() else {}
    if query not in known:
        raise InvalidInput(f"no query is called {name!r:.80}")
    return known[query].decode() + ";"

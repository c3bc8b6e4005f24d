"""Questions about runs of crews: day by day, one by one, and call by call."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows

QUERIES = Queries("analytics/runs")


class RunDay(NamedTuple):
    """The executions of a crew type that began on a UTC day; costs in USD, None where none is known.

    `timed` are those whose duration is known, `priced_trends` are those of executions whose cost is known.
    """

    date: date
    crew_type: str
    runs: int
    completed: int
    failed: int
    stale: int
    avg_duration_ms: Decimal | None
    timed: int
    tokens: int | None
    cost_usd: Decimal | None
    trends: int
    priced_trends: int
    posts: int | None


class TokenDay(NamedTuple):
    """The calls of a language model on a UTC day, their tokens in and out, and their cost in USD if known."""

    date: date
    model: str
    calls: int
    tokens: int
    cost_usd: Decimal | None


class NotedRun(NamedTuple):
    """An execution in a list; `trends` are those that name it, else the number it logged; None is unknown."""

    id: int
    crew_type: str
    status: str
    start_time: datetime
    duration_ms: int | None
    llm_calls: int | None
    tool_calls: int | None
    tokens_used: int | None
    cost_usd: Decimal | None
    trends: int | None
    posts_scraped: int | None
    error_message: str | None


class Run(NamedTuple):
    """An execution with all its figures; None is unknown."""

    id: int
    parent_execution_id: int | None
    crew_type: str
    status: str
    user_id: str | None
    platforms: list[str] | None
    niches: list[str] | None
    start_time: datetime
    end_time: datetime | None
    duration_ms: int | None
    llm_calls: int | None
    tool_calls: int | None
    tokens_used: int | None
    tokens_in: int | None
    tokens_out: int | None
    tokens_cached: int | None
    tokens_reasoning: int | None
    cost_usd: Decimal | None
    trends: int | None
    posts_scraped: int | None
    posts_new: int | None
    output_data: Any
    error_message: str | None


class RunCall(NamedTuple):
    """A call of an execution, in the order of time; None is unknown."""

    id: int
    kind: str
    name: str
    model: str | None
    crew: str | None
    agent: str | None
    task: str | None
    started_at: datetime
    duration_ms: int | None
    tokens_in: int | None
    tokens_out: int | None
    tokens_cached: int | None
    cost_usd: Decimal | None
    from_cache: bool
    ok: bool
    error: str | None


class StaleRun(NamedTuple):
    """An execution of which nothing was heard any more."""

    id: int
    crew_type: str
    start_time: datetime
    error_message: str | None


class Runs:
    """What can be asked about runs; `days` are the last so many UTC days, today among them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_day(self, *, days: int = 30, platform: str | None = None) -> Rows[RunDay]:
        """Executions by day and crew type; `platform` leaves those that were told to collect from it."""
        return self._database.rows(RunDay, QUERIES["by_day"], _given(days, platform))

    def tokens(self, *, days: int = 30) -> Rows[TokenDay]:
        """Tokens by day and language model."""
        return self._database.rows(TokenDay, QUERIES["tokens"], {"days": filters.whole_days(days)})

    def most(
        self, by: Literal["start", "duration", "cost"] = "start", *, days: int = 30,
        platform: str | None = None, limit: int = 20,
    ) -> Rows[NotedRun]:  # fmt: skip
        """The latest executions, those that took longest, or those that cost most."""
        given = _given(days, platform) | {"by": by, "limit": filters.limit(limit)}
        return self._database.rows(NotedRun, QUERIES["most"], given)

    def get(self, execution_id: int) -> Run | None:
        """The execution with this id, None where there is none."""
        return next(iter(self._database.rows(Run, QUERIES["get"], {"id": execution_id})), None)

    def calls(self, execution_id: int, *, limit: int = 1_000) -> Rows[RunCall]:
        """The first calls of an execution, in the order of time."""
        given = {"id": execution_id, "limit": filters.limit(limit)}
        return self._database.rows(RunCall, QUERIES["calls"], given)

    def stale(self, *, days: int = 7, limit: int = 20) -> Rows[StaleRun]:
        """The latest executions that were given up."""
        given = {"days": filters.whole_days(days), "limit": filters.limit(limit)}
        return self._database.rows(StaleRun, QUERIES["stale"], given)


def _given(days: int, platform: str | None) -> dict[str, Any]:
    return {"days": filters.whole_days(days), "platform": filters.platform(platform)}

"""Questions about crews: how often they succeed, what they find, and what that costs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows

QUERIES = Queries("analytics/crews")


class CrewSuccess(NamedTuple):
    """What the executions of a crew type came to.

    `success_rate` is completed ÷ finished (completed, failed or stale), None while none has finished.
    `cost_usd` sums the known costs, `unpriced_runs` counts the unknown ones; `trends_per_dollar` and
    `cost_per_trend` (USD) leave these runs out, and are None where they would divide by 0.
    """

    crew_type: str
    runs: int
    completed: int
    failed: int
    stale: int
    running: int
    success_rate: Decimal | None
    avg_duration_ms: Decimal | None
    cost_usd: Decimal | None
    unpriced_runs: int
    trends: int
    trends_per_run: Decimal
    trends_per_dollar: Decimal | None
    cost_per_trend: Decimal | None


class AgentEffect(NamedTuple):
    """What came of the executions an agent took part in, that is, made a call in.

    `own_cost_usd` is the known cost of its own calls, `cost_usd` that of the whole executions, by which
    `trends_per_dollar` goes; `unpriced_runs` have no known cost and stay out of it.
    `median_source_growth` is the median of reach now ÷ reach when a trend was called, over the sources of
    these trends; None where no source was seen by then.
    """

    agent: str
    runs: int
    calls: int
    own_cost_usd: Decimal | None
    cost_usd: Decimal | None
    unpriced_runs: int
    trends: int
    trends_per_run: Decimal
    trends_per_dollar: Decimal | None
    median_source_growth: float | None


class PeakTime(NamedTuple):
    """The executions that started in one hour of one weekday (1 Monday … 7 Sunday)."""

    weekday: int
    hour: int
    runs: int
    avg_duration_ms: Decimal | None


class Execution(NamedTuple):
    """One run of a crew; `trends` are those that name it, else the number it logged; None is unknown."""

    id: int
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
    cost_usd: Decimal | None
    trends: int | None
    posts_scraped: int | None
    error_message: str | None


class ToolUse(NamedTuple):
    """The calls of a tool; `success_rate` is those that went well ÷ all; costs in USD, None if unknown."""

    tool: str
    calls: int
    from_cache: int
    failed: int
    success_rate: Decimal
    avg_duration_ms: Decimal | None
    cost_usd: Decimal | None
    unpriced_calls: int


class ModelUse(NamedTuple):
    """The calls of a language model and their tokens; None where no call tells; costs in USD."""

    model: str
    calls: int
    tokens_in: int | None
    tokens_out: int | None
    tokens_cached: int | None
    tokens_reasoning: int | None
    cost_usd: Decimal | None
    unpriced_calls: int


class Crews:
    """What can be asked about crews."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def success(self, *, days: float | None = None) -> Rows[CrewSuccess]:
        """Success by crew type, for executions started in the last `days` days or for all (None).

        An execution's trends are those that name it; the number it logged counts only where none does. The
        crew type with most trends per dollar comes first.
        """
        values = {"window": None if days is None else filters.days(days)}
        return self._database.rows(CrewSuccess, QUERIES["success"], values)

    def agents(self) -> Rows[AgentEffect]:
        """How effective agents are, the one with most trends per dollar first."""
        return self._database.rows(AgentEffect, QUERIES["agents"])

    def peak_times(self, *, zone: str = "UTC") -> Rows[PeakTime]:
        """When crews run, by hour and weekday of that time zone. Raises InvalidInput for an unknown one."""
        with filters.zone_named(zone):
            return self._database.rows(PeakTime, QUERIES["peak_times"], {"zone": zone})

    def executions(self, *, limit: int = 20) -> Rows[Execution]:
        """The latest executions first."""
        return self._database.rows(Execution, QUERIES["executions"], {"limit": filters.limit(limit)})

    def tools(self) -> Rows[ToolUse]:
        """Which tools are used how often, and how well they work."""
        return self._database.rows(ToolUse, QUERIES["tools"])

    def models(self) -> Rows[ModelUse]:
        """Which language models are used, and their tokens and cost."""
        return self._database.rows(ModelUse, QUERIES["models"])

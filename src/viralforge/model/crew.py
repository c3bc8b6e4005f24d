"""One run of a crew, the calls in it, and its acts of collecting."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from viralforge.model.record import Json, Moment, Platform, Record, RecordId, Text

ExecutionStatus = Literal["running", "completed", "failed", "stale"]
Quantity = Annotated[int, Field(ge=0, le=10**15)]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=9)]


class _Outcome(Record):
    user_id: Annotated[Text, Field(min_length=1, max_length=200)] | None = None
    platforms: tuple[Platform, ...] | None = None
    niches: tuple[Text, ...] | None = None
    end_time: Moment | None = None
    duration_ms: Quantity | None = None
    llm_calls: Quantity | None = None
    tool_calls: Quantity | None = None
    tokens_used: Quantity | None = None
    cost_usd: Money | None = None
    trends_discovered: Quantity | None = None
    posts_scraped: Quantity | None = None
    output_data: Json = None
    error_message: Text | None = None


class CrewExecution(_Outcome):
    """One run of a crew; what is None is unknown, an unknown cost among it.

    >>> CrewExecution.read({"crewType": "discovery", "startTime": "2025-10-03T08:00:00Z"}).status
    'running'
    """

    crew_type: Annotated[Text, Field(min_length=1, max_length=200)]
    status: ExecutionStatus = "running"
    start_time: Moment


class ExecutionChanges(_Outcome):
    """What is to change of a stored execution: what is not given stays as it is."""

    crew_type: Annotated[Text, Field(min_length=1, max_length=200)] | None = None
    status: ExecutionStatus | None = None
    start_time: Moment | None = None


class CrewCall(Record):
    """One LLM or tool call of an execution; `cost_usd=None` is an unknown price, never free."""

    crew_execution_id: RecordId
    kind: Literal["llm", "tool"]
    name: Annotated[Text, Field(min_length=1, max_length=200)]
    agent: Text | None = None
    task: Text | None = None
    model: Text | None = None
    started_at: Moment
    duration_ms: Quantity | None = None
    tokens_in: Quantity | None = None
    tokens_out: Quantity | None = None
    tokens_cached: Quantity | None = None
    tokens_reasoning: Quantity | None = None
    cost_usd: Money | None = None
    from_cache: bool = False
    ok: bool = True
    error: Text | None = None


class ScrapeJob(Record):
    """One act of collecting: what was asked of which platform, what it cost and what it brought."""

    platform: Platform
    operation: Annotated[Text, Field(min_length=1, max_length=200)]
    query: Text | None = None
    tool: Text | None = None
    crew_execution_id: RecordId | None = None
    requests: Quantity = 0
    cache_hits: Quantity = 0
    found: Quantity = 0
    new: Quantity = 0
    rejected: Quantity = 0
    errors: Quantity = 0
    quota_units: Quantity | None = None
    cost_usd: Money | None = None
    started_at: Moment
    ended_at: Moment | None = None

"""One run of a crew, the calls in it, and its acts of collecting."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, WithJsonSchema

from viralforge.model.record import Count, Json, Moment, Name, Platform, Record, RecordId, Text

ExecutionStatus = Literal["running", "completed", "failed", "stale"]
_MOST_USD = 999_999_999


def _amount(given: object) -> object:
    if isinstance(given, bool):
        raise ValueError("it is not an amount of money")
    return round(Decimal(str(given)), 9) if isinstance(given, float) and 0 <= given <= _MOST_USD else given


MONEY_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": _MOST_USD},
        {"type": "string", "pattern": "^[0-9]{1,9}([.][0-9]{1,9})?$"},
    ]
}
"""An amount as callers write it, in JSON Schema."""
Money = Annotated[
    Decimal, BeforeValidator(_amount), Field(ge=0, le=_MOST_USD, max_digits=18, decimal_places=9),
    WithJsonSchema(MONEY_SCHEMA),
]  # fmt: skip
"""USD to the billionth; a float is rounded to that, since a sum of floats has more digits than money."""


class _Outcome(Record):
    user_id: Name | None = None
    platforms: tuple[Platform, ...] | None = None
    niches: tuple[Text, ...] | None = None
    end_time: Moment | None = None
    duration_ms: Count | None = None
    llm_calls: Count | None = None
    tool_calls: Count | None = None
    tokens_used: Count | None = None
    cost_usd: Money | None = None
    trends_discovered: Count | None = None
    posts_scraped: Count | None = None
    output_data: Json = None
    error_message: Text | None = None


class CrewExecution(_Outcome):
    """One run of a crew; what is None is unknown, an unknown cost among it.

    >>> CrewExecution.read({"crewType": "discovery", "startTime": "2025-10-03T08:00:00Z"}).status
    'running'
    """

    crew_type: Name
    status: ExecutionStatus = "running"
    start_time: Moment


class ExecutionChanges(_Outcome):
    """What is to change of a stored execution: what is not given stays as it is."""

    crew_type: Name | None = None
    status: ExecutionStatus | None = None
    start_time: Moment | None = None


class Call(Record):
    """What is known of a model's or a tool's call wherever it was made."""

    kind: Literal["llm", "tool"]
    name: Name
    agent: Text | None = None
    task: Text | None = None
    model: Text | None = None
    started_at: Moment
    duration_ms: Count | None = None
    tokens_in: Count | None = None
    tokens_out: Count | None = None
    tokens_cached: Count | None = None
    tokens_reasoning: Count | None = None
    cost_usd: Money | None = None
    from_cache: StrictBool = False
    ok: StrictBool = True
    error: Text | None = None


class CrewCall(Call):
    """One LLM or tool call of an execution; `cost_usd=None` is an unknown price, never free."""

    crew_execution_id: RecordId


class ScrapeJob(Record):
    """One act of collecting: what was asked of which platform, what it cost and what it brought."""

    platform: Platform
    operation: Name
    query: Text | None = None
    tool: Text | None = None
    crew_execution_id: RecordId | None = None
    requests: Count = 0
    cache_hits: Count = 0
    found: Count = 0
    new: Count = 0
    rejected: Count = 0
    errors: Count = 0
    quota_units: Count | None = None
    cost_usd: Money | None = None
    saved_usd: Money | None = None
    saved_units: Count | None = None
    started_at: Moment
    ended_at: Moment | None = None

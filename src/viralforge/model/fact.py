"""What a recorder writes down of a run at the moment it happens: facts, each under a key of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from viralforge.errors import InvalidInput
from viralforge.model.crew import Call, Money
from viralforge.model.record import Count, Json, Moment, Name, Platform, Record, Text


class RunStarted(Record):
    """A run began, inside of another one where `parent` names it."""

    key: UUID
    recorder: UUID
    parent: UUID | None = None
    crew_type: Name
    user_id: Name | None = None
    platforms: tuple[Platform, ...] | None = None
    niches: tuple[Text, ...] | None = None
    start_time: Moment


class CallMade(Call):
    """A model or a tool was called in a run, and answered or failed."""

    run: UUID
    call_key: UUID
    crew: Text | None = None
    provider: Text | None = None
    tokens_cache_write: Count | None = None
    price_source: Text | None = None


class Collected(Record):
    """Something was collected from a platform, in a run or in none; `payload` is what it answered.

    `seen_at` is when the platform answered, which an answer from the cache has behind it; `saved_usd` and
    `saved_units` are what that answer would have cost.
    """

    run: UUID | None = None
    job_key: UUID
    platform: Platform
    operation: Name
    query: Text | None = None
    tool: Name | None = None
    niche: Text | None = None
    requests: Count = 1
    cache_hits: Count = 0
    errors: Count = 0
    quota_units: Count | None = None
    cost_usd: Money | None = None
    saved_usd: Money | None = None
    saved_units: Count | None = None
    started_at: Moment
    ended_at: Moment
    seen_at: Moment
    payload: Json = None


class RunEnded(Record):
    """A run came to its end."""

    run: UUID
    status: Literal["completed", "failed"]
    end_time: Moment
    output_data: Json = None
    error_message: Text | None = None


Fact = RunStarted | CallMade | Collected | RunEnded
_KINDS: dict[str, type[Fact]] = {
    "started": RunStarted, "call": CallMade, "collected": Collected, "ended": RunEnded,
}  # fmt: skip


def read_fact(written: Mapping[str, Any]) -> Fact:
    """The fact that was written down. Raises InvalidInput.

    >>> read_fact({"fact": "ended", "run": "0" * 32, "status": "failed", "end_time": "2026-03-01"}).status
    'failed'
    """
    kind = _KINDS.get(str(written.get("fact")))
    if kind is None:
        raise InvalidInput(f"fact: {written.get('fact')!r:.80} is none of {', '.join(_KINDS)}")
    return kind.read({name: value for name, value in written.items() if name != "fact"})

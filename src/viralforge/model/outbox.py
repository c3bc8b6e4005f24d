"""Events that wait to be forwarded, and those that were refused for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID


class WaitingEvent(NamedTuple):
    """An event in the outbox: `is_gone` if it was deleted meanwhile, or its user refuses to be named.

    `due_in` are the seconds until it may be tried again, at most 0 where that is now; `error` says what the
    last of `attempts` met.
    """

    id: int
    attempts: int
    due_in: float
    error: str | None
    is_gone: bool
    event_id: UUID
    created_at: datetime
    event_name: str
    event_type: str
    user_id: str | None
    session_id: str | None
    platform: str | None
    country: str | None
    user_agent: str | None
    properties: dict[str, Any] | None


class DeadLetter(NamedTuple):
    """An event that was refused for good, and why; `event_name` is None where it was deleted since."""

    id: int
    event_id: UUID
    created_at: datetime
    event_name: str | None
    user_id: str | None
    attempts: int
    dead_at: datetime
    error: str


class Backlog(NamedTuple):
    """How many events wait, how many were refused, and of when the oldest that waits is."""

    waiting: int
    dead: int
    oldest: datetime | None

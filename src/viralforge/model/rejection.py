"""Why a payload was turned away, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

REASONS = {
    "empty": "there is nothing in it",
    "binary": "it is not text",
    "wrong_encoding": "it is not UTF-8",
    "not_json": "it is not valid JSON",
    "truncated": "it ends in the middle",
    "merge_markers": "it holds the markers of an unresolved merge",
    "too_large": "it is larger than a payload may be",
    "bad_csv": "the row does not fit the header",
    "unknown_shape": "no adapter knows this shape",
    "not_a_post": "it is a known shape, but not of a post",
    "missing_id": "it does not say which post it is",
    "damaged_id": "the id was damaged before it came here",
    "bad_number": "a number is not one, or is negative",
    "number_out_of_range": "a number is beyond 10^15",
    "bad_time": "a time cannot be read",
    "time_out_of_range": "a time is before 2005 or more than 5 minutes ahead",
    "bad_value": "a value is not of its type",
    "author_erased": "its author was erased; nothing of it is kept",
    "bad_event": "it came as an event and cannot be stored as one",
}
"""Every reason, with what it means; reasons are stored, so they are never renamed."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A payload turned away, with its reason.

    `payload` is the payload itself, or its text where it could not be parsed; `origin` says where it
    stood (`file.ndjson:12`); `platform` and `shape` are None where they were not recognised, `observed_at`
    where what it came in does not say when it was captured.
    """

    reason: str
    detail: str
    payload: Any = None
    origin: str | None = None
    platform: str | None = None
    shape: str | None = None
    observed_at: datetime | None = None

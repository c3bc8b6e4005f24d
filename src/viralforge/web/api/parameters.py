"""The parameters of readers as HTTP has them: what each may be, and what it means."""

from __future__ import annotations

import inspect
from datetime import timedelta
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import Path, Query

from viralforge.model import values
from viralforge.model.ids import PLATFORMS
from viralforge.model.record import PLATFORM_SCHEMA
from viralforge.model.rejection import REASONS
from viralforge.web.api.requests import RECORD_ID

MOST_ROWS = 10_000
_CENTURY_DAYS = 36_500
_LONGEST_AGE_SECONDS = 3650 * 86_400
_ABOUT: dict[str, dict[str, Any]] = {
    "platform": {"description": "Only this platform.", "json_schema_extra": PLATFORM_SCHEMA},
    "limit": {"description": "How many rows at most.", "ge": 0, "le": MOST_ROWS},
    "days": {"description": "The last so many days.", "gt": 0, "le": _CENTURY_DAYS},
    "by": {"description": "What is told apart by, or sorted by."},
    "hashtag": {"description": "The hashtag, with or without #.", "min_length": 1, "max_length": 500},
    "execution_id": {"description": "The execution's id.", "ge": 1, "le": RECORD_ID},
    "hours": {"description": "The last so many hours.", "gt": 0, "le": _CENTURY_DAYS * 24},
    "times": {"description": "How many times what it was.", "gt": 0, "le": 10**9},
    "min_rate": {"description": "The least engagement rate.", "ge": 0, "le": 10**9},
    "zone": {"description": "The time zone, such as UTC or Europe/Berlin.", "max_length": 100},
    "query": {"description": "A hashtag, or part of a title, description or category.", "max_length": 500},
    "external_id": {"description": "The platform's own id.", "max_length": 255},
    "user_id": {"description": "Only this user.", "max_length": 200},
    "reason": {"description": "Only with this reason.", "json_schema_extra": {"enum": list(REASONS)}},
    "max_age": {
        "description": "How many seconds old the rows may be; without it they are worked out now.",
        "ge": 0, "le": _LONGEST_AGE_SECONDS,
    },
    "post_id": {"description": "The post's id."},
    "trend_id": {"description": "The trend's id.", "ge": 1, "le": RECORD_ID},
    "trend": {"alias": "trend_id", "description": "The trend's id.", "ge": 1, "le": RECORD_ID},
}  # fmt: skip
_WHERE_APPS_RUN: dict[str, Any] = {
    "description": "Where the app ran: web, ios or android.", "max_length": 200,
    "json_schema_extra": {"not": {"enum": list(PLATFORMS)}},
}  # fmt: skip


def parameter(given: inspect.Parameter, hint: Any, path: str) -> inspect.Parameter:
    """A reader's parameter as FastAPI has it: in the path where the path names it, else in the query."""
    about = (
        _WHERE_APPS_RUN
        if path.startswith(("/v1/funnel/", "/v1/usage/")) and given.name == "platform"
        else None
    )
    about = about or _ABOUT[given.name]
    kind = _kind(hint)
    if f"{{{about.get('alias', given.name)}:" in path:
        annotation: Any = Annotated[kind, Path(**about)]
    else:
        annotation = Annotated[kind if given.default is not None else kind | None, Query(**about)]
    return given.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=annotation)


def as_given(name: str, value: Any) -> Any:
    """The value as the reader takes it."""
    if name == "max_age" and value is not None:
        return timedelta(seconds=value)
    return values.clean(value) if isinstance(value, str) else value


def _kind(hint: Any) -> Any:
    """What HTTP takes for the types a reader takes."""
    kinds = [each for each in get_args(hint) if each is not type(None)] if _is_union(hint) else [hint]
    if UUID in kinds:
        return UUID
    if Decimal in kinds or float in kinds:
        return float
    if int in kinds:
        return str if kinds[0] is str else int
    return float if timedelta in kinds else kinds[0]


def _is_union(hint: Any) -> bool:
    return isinstance(hint, UnionType)

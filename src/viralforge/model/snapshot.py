"""A post's numbers at one moment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from viralforge.errors import InvalidPost
from viralforge.model import values
from viralforge.model.post import METRICS
from viralforge.model.record import MOMENT_SCHEMA, Count, Record

_MOMENT = MOMENT_SCHEMA["anyOf"]


def _observation(value: Any) -> datetime | None:
    try:
        return values.observation(value)
    except InvalidPost as error:
        raise ValueError(error.detail) from None


class MetricsSnapshot(Record):
    """The numbers of a post at `recorded_at` (None: now); a number that is None is unknown.

    >>> MetricsSnapshot.read({"views": 1401000000, "likes": 16010000}).views
    1401000000
    """

    views: Count | None = None
    likes: Count | None = None
    comments: Count | None = None
    shares: Count | None = None
    retweets: Count | None = None
    saves: Count | None = None
    recorded_at: Annotated[
        datetime | None,
        BeforeValidator(_observation),
        WithJsonSchema({"anyOf": [*_MOMENT, {"type": "null"}]}),
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(getattr(self, name) is None for name in METRICS):
            raise ValueError(f"no number is known; give one at least of {', '.join(METRICS)}")
        return self

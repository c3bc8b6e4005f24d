"""A post's numbers at one moment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, model_validator

from viralforge.errors import InvalidPost
from viralforge.model import values
from viralforge.model.post import METRICS
from viralforge.model.record import Record


def _count(value: object) -> object:
    try:
        return values.count(value)
    except InvalidPost as error:
        raise ValueError(error.detail) from None


def _observation(value: Any) -> datetime | None:
    try:
        return values.observation(value)
    except InvalidPost as error:
        raise ValueError(error.detail) from None


Count = Annotated[int | None, BeforeValidator(_count)]


class MetricsSnapshot(Record):
    """The numbers of a post at `recorded_at` (None: now); a number that is None is unknown.

    >>> MetricsSnapshot.read({"views": 1401000000, "likes": 16010000}).views
    1401000000
    """

    views: Count = None
    likes: Count = None
    comments: Count = None
    shares: Count = None
    retweets: Count = None
    saves: Count = None
    recorded_at: Annotated[datetime | None, BeforeValidator(_observation)] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(getattr(self, name) is None for name in METRICS):
            raise ValueError(f"no number is known; give one at least of {', '.join(METRICS)}")
        return self

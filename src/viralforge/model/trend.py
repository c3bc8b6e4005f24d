"""A discovered trend, before it is stored."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from viralforge.model import values
from viralforge.model.record import Moment, Number, Platform, Record, RecordId, Text

TrendStatus = Literal["rising", "peaking", "fading", "over"]


class Trend(Record):
    """A trend that a crew or a person called.

    `hotness` runs from 0 to 100; `platform=None` means across platforms; `crew_execution_id=None` means
    that the run is unknown; `created_at=None` means now.

    >>> Trend.read({"title": "AI tools", "hashtags": ["#AI"], "hotness": 83}).hashtags
    ('ai',)
    """

    title: Annotated[Text, Field(min_length=1, max_length=500)]
    description: Text | None = None
    category: Text | None = None
    platform: Platform | None = None
    hashtags: Annotated[tuple[str, ...], AfterValidator(lambda found: tuple(values.tags(found)))] = ()
    hotness: Annotated[Number, Field(ge=0, le=100)] | None = None
    status: TrendStatus = "rising"
    crew_execution_id: RecordId | None = None
    created_at: Moment | None = None

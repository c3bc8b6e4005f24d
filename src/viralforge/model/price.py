"""What the user pays for models, tools and platforms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from viralforge.model.crew import Money
from viralforge.model.record import Name, Record, Text

PriceKind = Literal["model", "tool", "unit"]


class OwnPrice(Record):
    """A price in USD: of a model by the million tokens, of a tool by the call, of a platform by the unit.

    A unit is what the platform counts its quota in, such as a request. `name` may end in `*`; `provider=None`
    holds whoever serves the model. It holds from `valid_from` until the day before `valid_until`, None for
    good. `cached_usd=None` is that a cached token costs as much as another one, `cache_write_usd` likewise.

    >>> OwnPrice.read({"kind": "tool", "name": "youtube_search", "eachUsd": "0.002"}).each_usd
    Decimal('0.002')
    """

    kind: PriceKind
    name: Name
    provider: Annotated[Text, Field(min_length=1, max_length=100)] | None = None
    valid_from: date = date(1970, 1, 1)
    valid_until: date | None = None
    input_usd: Money | None = None
    output_usd: Money | None = None
    cached_usd: Money | None = None
    cache_write_usd: Money | None = None
    each_usd: Money | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        of_model = (self.input_usd, self.output_usd, self.cached_usd, self.cache_write_usd)
        if self.kind == "model" and (
            self.input_usd is None or self.output_usd is None or self.each_usd is not None
        ):
            raise ValueError("a model has input_usd and output_usd, by the million tokens, and no each_usd")
        if self.kind != "model" and (self.each_usd is None or any(each is not None for each in of_model)):
            raise ValueError(f"a {self.kind} has each_usd alone")
        if self.kind != "model" and self.provider is not None:
            raise ValueError("only a model has a provider")
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("valid_until must be after valid_from")
        return self

    def fits(self, kind: PriceKind, name: str, provider: str | None, day: date) -> bool:
        """Whether this is a price of that on that day."""
        known = name.startswith(self.name[:-1]) if self.name.endswith("*") else name == self.name
        return (
            kind == self.kind and known and self.provider in (None, provider) and self.valid_from <= day
            and (self.valid_until is None or day < self.valid_until)
        )  # fmt: skip

    @property
    def closeness(self) -> tuple[bool, int, bool, date]:
        """How closely it fits: a whole name before a beginning, a provider before none, the latest first."""
        return not self.name.endswith("*"), len(self.name), self.provider is not None, self.valid_from


class Price(Record):
    """What something costs, and by which price; both None where no price is known."""

    usd: Decimal | None = None
    source: str | None = None

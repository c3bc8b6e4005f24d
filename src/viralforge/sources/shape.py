"""What an adapter is: a recognisable shape of payload and the pure function that reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from viralforge.model.post import ScrapedPost

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """One known shape of a record: `adapt` reads it, or is None where the record is known to be no post.

    `name` is `platform.what` and is stored with rejections. `marks` are keys, blank between them, of which
    every record of the shape has at least one (blank: none is sure): only then `matches` is asked, which
    never raises. `adapt` raises InvalidPost with the reason.
    """

    name: str
    marks: str
    matches: Callable[[Payload], object]
    adapt: Callable[[Payload], ScrapedPost] | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """One known way in which an answer holds many records: a page, a listing, a recorded exchange.

    `marks` and `matches` are as those of a Shape. `records` yields them in order, each with what the
    envelope alone knows about it put in; what it yields is unfolded again, so envelopes nest.
    """

    name: str
    marks: str
    matches: Callable[[Payload], object]
    records: Callable[[Payload], Iterable[Any]]

"""How figures are made of the rows of some days: sums and shares, unknown where nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any


def total(name: str, *, empty: int | None = 0) -> Callable[[Sequence[Any]], Any]:
    """The sum of a field, None where no row tells it, and `empty` without rows.

    >>> from types import SimpleNamespace as Day
    >>> total("posts")([Day(posts=2), Day(posts=None), Day(posts=3)]), total("posts")([])
    (5, 0)
    """

    def summed(rows: Sequence[Any]) -> Any:
        known = [value for row in rows if (value := getattr(row, name)) is not None]
        return sum(known) if known else None if rows else empty

    return summed


def share(part: str, whole: str, *, known: str = "") -> Callable[[Sequence[Any]], Any]:
    """A sum as a share of another, None without the other; only of rows that tell the field `known`.

    >>> from types import SimpleNamespace as Day
    >>> share("errors", "requests")([Day(errors=1, requests=4), Day(errors=0, requests=4)])
    Decimal('0.125')
    """

    def shared(rows: Sequence[Any]) -> Any:
        counted = [row for row in rows if not known or getattr(row, known) is not None]
        over = sum(getattr(row, whole) or 0 for row in counted)
        if not over:
            return None
        return Decimal(sum(getattr(row, part) or 0 for row in counted)) / Decimal(over)

    return shared


def mean(name: str, weight: str) -> Callable[[Sequence[Any]], Any]:
    """The mean of a field that is a mean itself, over so many things each; None where no row tells it."""

    def averaged(rows: Sequence[Any]) -> Any:
        counted = [row for row in rows if getattr(row, name) is not None]
        over = sum(getattr(row, weight) for row in counted)
        if not over:
            return None
        return Decimal(sum(getattr(row, name) * getattr(row, weight) for row in counted)) / Decimal(over)

    return averaged

"""What a question may be narrowed by, checked before it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from psycopg.errors import InvalidParameterValue

from viralforge.errors import InvalidInput, WarehouseError
from viralforge.model.ids import platform_name

LONGEST_DAYS = 36_500


def platform(name: str | None) -> str | None:
    """The platform's own name; None stands for every platform. Raises InvalidInput naming those there are.

    >>> platform("x"), platform(None)
    ('twitter', None)
    """
    return None if name is None else platform_name(name)


def limit(rows: int) -> int:
    """How many rows at most. Raises InvalidInput below 0."""
    if isinstance(rows, bool) or not isinstance(rows, int) or not 0 <= rows < 2**63:
        raise InvalidInput(f"limit: {rows!r} is not a number of rows; write 0 or more")
    return rows


def days(length: float) -> timedelta:
    """A period of so many days. Raises InvalidInput unless it is above 0 and at most a century.

    >>> days(0.5)
    datetime.timedelta(seconds=43200)
    """
    if not 0 < length <= LONGEST_DAYS:
        raise InvalidInput(f"days: {length!r} is no period; write more than 0 and at most {LONGEST_DAYS}")
    return timedelta(days=length)


def whole_days(count: int) -> int:
    """So many days of the calendar, today among them. Raises InvalidInput unless 1 to a century."""
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= LONGEST_DAYS:
        raise InvalidInput(f"days: {count!r} is no number of days; write 1 to {LONGEST_DAYS}")
    return count


def hours(length: float) -> timedelta:
    """A period of so many hours. Raises InvalidInput unless it is above 0 and at most a century."""
    longest = LONGEST_DAYS * 24
    if not 0 < length <= longest:
        raise InvalidInput(f"hours: {length!r} is no period; write more than 0 and at most {longest}")
    return timedelta(hours=length)


def multiple(name: str, number: float | Decimal) -> Decimal:
    """A number above 0 as it is written, so that exactly 10.1× is 10.1×. Raises InvalidInput.

    >>> multiple("times", 10.1)
    Decimal('10.1')
    """
    exact = Decimal(str(number))
    if not (exact.is_finite() and exact > 0):
        raise InvalidInput(f"{name}: {number!r} is no multiple; write a number above 0")
    return exact


def post_key(post_id: UUID | str) -> UUID:
    """The id of a post, written out or not. Raises InvalidInput where it is none."""
    if isinstance(post_id, UUID):
        return post_id
    try:
        return UUID(post_id)
    except (ValueError, AttributeError, TypeError):
        raise InvalidInput(
            f"{post_id!r:.80} is not the id of a post; it looks like 5cd6213d-2e90-b8cb-be8b-5dab10494180"
        ) from None


@contextmanager
def zone_named(zone: str) -> Iterator[None]:
    """Turns PostgreSQL's refusal of a time zone into InvalidInput: its own list of zones counts."""
    try:
        yield
    except WarehouseError as error:
        if isinstance(error.__cause__, InvalidParameterValue):
            raise InvalidInput(f"zone: {zone!r:.80} is no time zone; write UTC or Europe/Berlin") from None
        raise

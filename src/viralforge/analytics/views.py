"""The published views, filtered, sorted and page by page."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints
from uuid import UUID
from zlib import crc32

import orjson

from viralforge.analytics.funnel import UserFunnel
from viralforge.analytics.hashtags import TrendingHashtag
from viralforge.analytics.post_rows import ListedPost, PopularPost, TopPost
from viralforge.analytics.scraping import ScrapingDay
from viralforge.db.pages import Condition, Order, count, page
from viralforge.db.pool import Database
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput, InvalidPost
from viralforge.model import values
from viralforge.model.ids import platform_name

MOST_ROWS = 1_000
MOST_COUNTED = 1_000_000
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_ORDERED: tuple[Any, ...] = (int, Decimal, float, datetime, date)


_PLAIN = {"scraped_at"}
"""Columns of a view's own order whose index is an ordinary one."""


class View(NamedTuple):
    """A view: what its rows are, and the order that its index has, whose columns are never NULL.

    The last columns of the order tell any two rows apart. With `has_words` its rows can be searched.
    """

    row: type[Any]
    order: tuple[str, ...]
    has_words: bool = False

    def kinds(self) -> dict[str, Any]:
        """The type of each column, without None."""
        return {name: _known(hint) for name, hint in get_type_hints(self.row).items()}

    def sortable(self) -> list[str]:
        """The columns that rows can be sorted by: all but lists."""
        return [name for name, kind in self.kinds().items() if get_origin(kind) is not list]

    def filters(self) -> dict[str, Any]:
        """What rows can be narrowed by, each with the type of its value."""
        found: dict[str, Any] = {"words": str} if self.has_words else {}
        for name, kind in self.kinds().items():
            found[name] = str if get_origin(kind) is list else kind
            if kind in _ORDERED:
                found |= {f"{name}.{operator}": kind for operator in ("gt", "gte", "lt", "lte")}
        return found


VIEWS = {
    "v_posts": View(ListedPost, ("-scraped_at", "id"), has_words=True),
    "v_top_posts_by_platform": View(TopPost, ("-engagement_rate", "id")),
    "v_trending_hashtags": View(TrendingHashtag, ("-post_count", "hashtag", "platform")),
    "v_daily_scraping_stats": View(ScrapingDay, ("-date", "platform")),
    "v_user_engagement_funnel": View(
        UserFunnel, ("-generations", "-analyses", "-interactions", "-discoveries", "user_id")
    ),
    "mv_popular_content_24h": View(PopularPost, ("-engagement_rate", "id")),
}
"""Every view that can be asked for; its columns are those of its rows."""


class Page(NamedTuple):
    """Rows of a view, and the cursor of the page after them, None after the last."""

    rows: Rows[Any]
    next: str | None


class Views:
    """The views, a page at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    def all() -> Mapping[str, View]:
        """Every view by its name."""
        return VIEWS

    def page(
        self, view: str, where: Mapping[str, Any] | None = None, *, sort: str | None = None,
        limit: int = 100, cursor: str | None = None,
    ) -> Page:  # fmt: skip
        """A page of a view: at most `limit` (1 to 1,000) rows that are as `where` says.

        `where` has a column for "is" (`platform`; of a list: contains it), or `views.gte`, also gt, lt and
        lte; `words` of `v_posts` is what stands in a post, as in a search engine. `sort` names columns, `-`
        before those that go down, NULLs last; None is the view's own order.
        `cursor` is the `next` of the page before: on unchanged data no row comes twice, and none is missed.
        Raises InvalidInput naming the parameter.
        """
        found = _view(view)
        if not 1 <= limit <= MOST_ROWS:
            raise _refused("limit", f"{limit} is not from 1 to {MOST_ROWS:,}")
        order = _order(found, sort)
        conditions = [_condition(found, name, value) for name, value in (where or {}).items()]
        asked = f"{_sorting(order)} {sorted(f'{name}={value}' for name, value in (where or {}).items())}"
        after = None if cursor is None else _after(found, order, asked, cursor)
        columns = found.row._fields
        rows = page(self._database, view, columns, conditions, order, after, limit + 1)
        following = None
        if len(rows) > limit:
            last = dict(zip(columns, rows[limit - 1], strict=True))
            following = _cursor(order, asked, last)
        return Page(Rows(columns, map(found.row._make, rows[:limit])), following)

    def count(self, view: str, where: Mapping[str, Any] | None = None, *, most: int = 10_000) -> int:
        """How many rows of a view are as `where` says (see `page`); `most` + 1 where there are more.

        To count more would take as long as there are rows. Raises InvalidInput naming the parameter.
        """
        found = _view(view)
        if not 1 <= most <= MOST_COUNTED:
            raise _refused("most", f"{most} is not from 1 to {MOST_COUNTED:,}")
        conditions = [_condition(found, name, value) for name, value in (where or {}).items()]
        return count(self._database, view, conditions, _order(found, None)[0], most + 1)


def _view(name: str) -> View:
    if name not in VIEWS:
        raise InvalidInput(f"view: {name!r:.80} is none; it is one of {', '.join(VIEWS)}")
    return VIEWS[name]


def _refused(name: str, said: str) -> InvalidInput:
    refusal = InvalidInput(f"{name}: {said}")
    refusal.places = [((name,), said)]
    return refusal


def _known(hint: Any) -> Any:
    if isinstance(hint, UnionType):
        return next(kind for kind in get_args(hint) if kind is not type(None))
    return hint


def _order(view: View, sort: str | None) -> list[Order]:
    """The columns to sort by: those asked for, then those that tell rows apart."""
    wanted = [] if sort is None else [part.strip() for part in sort.split(",")]
    sortable, found = view.sortable(), dict[str, Order]()
    never_null = {part.lstrip("-") for part in view.order}
    for part in wanted:
        name = part.removeprefix("-")
        if name not in sortable:
            raise _refused("sort", f"{name!r:.80} is no column to sort by; there are {', '.join(sortable)}")
        found.setdefault(name, Order(name, part.startswith("-"), name not in never_null))
    for part in view.order:
        name = part.lstrip("-")
        plain = name in _PLAIN
        found.setdefault(name, Order(name, part.startswith("-"), nullable=False, plain=plain))
    return list(found.values())


def _condition(view: View, name: str, value: Any) -> Condition:
    filters = view.filters()
    if name not in filters:
        raise _refused(name, f"no such filter; there are {', '.join(filters)}")
    column, _, operator = name.partition(".")
    parsed = _value(filters[name], value, name)
    if column == "words":
        return Condition("search", "words", parsed)
    if column == "platform" and not operator:
        try:
            parsed = platform_name(parsed)
        except InvalidPost as error:
            raise _refused(name, error.detail) from None
    if column == "hashtag" and not operator:
        parsed = values.tag(parsed)
    if get_origin(view.kinds()[column]) is list:
        return Condition(column, "has", [values.tag(parsed)])
    return Condition(column, operator or "eq", parsed)


def _value(kind: Any, given: Any, name: str) -> Any:
    """What is written of a value, as its column has it."""
    written = str(given).strip()
    try:
        if kind is int and _WHOLE.fullmatch(written):
            return int(written)
        if kind is Decimal and (number := Decimal(written)).is_finite() and abs(number.adjusted()) < 400:
            return number
        if kind is float and math.isfinite(float(written)):
            return float(written)
        if kind is UUID:
            return UUID(written)
        if kind is date:
            return date.fromisoformat(written)
        if kind is datetime and (moment := values.moment(written, name)):
            return moment
        if kind is str:
            return values.clean(str(given))
    except (ValueError, InvalidOperation, InvalidPost):
        pass
    raise _refused(name, f"{written!r:.80} is no {_NAMES[kind]}")


_NAMES = {
    int: "whole number", Decimal: "number", float: "number", UUID: "UUID", date: "date (2025-10-03)",
    datetime: "time (2025-10-03T08:00:00Z)", str: "text",
}  # fmt: skip


def _cursor(order: Sequence[Order], asked: str, row: Mapping[str, Any]) -> str:
    place = [crc32(asked.encode()), [None if (at := row[each.column]) is None else str(at) for each in order]]
    return base64.urlsafe_b64encode(orjson.dumps(place)).rstrip(b"=").decode()


def _after(view: View, order: Sequence[Order], asked: str, cursor: str) -> list[Any]:
    """Where a cursor of the same question stands in this order."""
    kinds = view.kinds()
    try:
        question, place = orjson.loads(
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        )
        if question != crc32(asked.encode()) or len(place) != len(order):
            raise _refused("cursor", "it belongs to another view, filter or sort; begin without one")
        return [
            None if at is None and each.nullable else _value(kinds[each.column], at, "cursor")
            for each, at in zip(order, place, strict=True)
        ]
    except InvalidInput:
        raise
    except (ValueError, TypeError):
        raise _refused("cursor", "it is none; take `next` of the page before as it came") from None


def _sorting(order: Sequence[Order]) -> str:
    return ",".join(f"{'-' * each.descending}{each.column}" for each in order)

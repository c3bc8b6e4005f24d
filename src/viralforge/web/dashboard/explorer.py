"""The explorer over posts: filters from the address, a page of posts, and the address of the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from viralforge.errors import CutShort, InvalidInput, InvalidPost
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.asked import ALL_DAYS, Asked
from viralforge.web.dashboard.cells import Cell, cell, outside, path_of
from viralforge.web.dashboard.limits import plainly

AT_ONCE = 25
MOST_COUNTED = 10_000
_SORTS = {
    "": ("first seen", None), "rate": ("engagement rate", "-engagement_rate"), "views": ("views", "-views"),
    "reach": ("reach", "-reach"), "velocity": ("velocity", "-velocity_score"),
    "growth": ("growth", "-growth"), "published": ("published", "-published_at"),
}  # fmt: skip
_COLUMNS = {
    "q": "words", "type": "content_type", "category": "category", "niche": "niche", "tag": "hashtags",
    "author": "author", "language": "language", "from": "published_at.gte", "until": "published_at.lt",
}  # fmt: skip
_LABELS = {
    "q": ("Words", "soup or pie"), "type": ("Type", "video"), "category": ("Category", "Music"),
    "niche": ("Niche", "food"), "tag": ("Hashtag", "#soup"), "author": ("Author", "whole name"),
    "language": ("Language", "en"), "from": ("Published from", "2026-01-31"), "until": ("before",
    "2026-02-28"),
}  # fmt: skip


_DATES = ("from", "until")


class Field(NamedTuple):
    """A filter of the form."""

    name: str
    label: str
    value: str
    hint: str = ""
    kind: str = "search"
    options: tuple[tuple[str, str], ...] = ()


class Tag(NamedTuple):
    """A hashtag and its page."""

    name: str
    href: str


class ShownPost(NamedTuple):
    """A post in the list."""

    href: str
    title: str
    platform: str
    author: str
    published: Cell
    tags: list[Tag]
    numbers: list[tuple[str, Cell]]
    picture: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the explorer found; `fault` says what of the filters cannot be, or that it `is_late`.

    `first` leads back to the first page from a later one.
    """

    fields: list[Field]
    query: str
    posts: list[ShownPost] = field(default_factory=list)
    count: str = ""
    first: str = ""
    next: str = ""
    fault: str = ""
    is_late: bool = False
    kept: Mapping[str, str] = field(default_factory=dict)


def explored(warehouse: DataWarehouse, asked: Asked, given: Mapping[str, str]) -> Found:
    """The posts that the address asks for."""
    fields, more = _fields(given), {name: given.get(name, "").strip() for name in [*_COLUMNS, "sort"]}
    kept = {name: value for name, value in more.items() if value}
    query = asked.with_more(more)
    found = Found(fields, query, kept=kept, first=f"/content{query}" if given.get("cursor") else "")
    try:
        page = posts(warehouse, asked, given, limit=AT_ONCE)
    except (InvalidInput, InvalidPost) as error:
        return replace(found, fault=_plainly(str(error)))
    except CutShort as error:
        return replace(found, fault=plainly(error), is_late=True)
    following = f"/content{asked.with_more(more | {'cursor': page.next})}" if page.next else ""
    shown = [_shown(row, asked) for row in page.rows]
    return replace(found, posts=shown, count=_counted(warehouse, asked, given), next=following)


def _counted(warehouse: DataWarehouse, asked: Asked, given: Mapping[str, str]) -> str:
    """How many posts there are, in words; nothing where to count them takes too long."""
    try:
        many = warehouse.views.count("v_posts", _where(asked, given), most=MOST_COUNTED)
    except CutShort:
        return ""
    if many > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} posts"
    return "1 post" if many == 1 else f"{many:,} posts"


def posts(warehouse: DataWarehouse, asked: Asked, given: Mapping[str, str], *, limit: int) -> Any:
    """A page of the view of posts as the address narrows and sorts it. Raises InvalidInput."""
    _name, sort = _sorting(given.get("sort", "").strip())
    where, cursor = _where(asked, given), given.get("cursor") or None
    return warehouse.views.page("v_posts", where, sort=sort, limit=limit, cursor=cursor)


def _where(asked: Asked, given: Mapping[str, str]) -> dict[str, Any]:
    """What posts must be."""
    where: dict[str, Any] = {
        column: value for name, column in _COLUMNS.items() if (value := given.get(name, "").strip())
    }
    for name in _DATES:
        if day := where.get(_COLUMNS[name]):
            where[_COLUMNS[name]] = _midnight(name, day)
    if asked.platform:
        where["platform"] = asked.platform
    if asked.days < ALL_DAYS:
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        where["scraped_at.gte"] = (midnight - timedelta(days=asked.days - 1)).isoformat()
    return where


def _sorting(given: str) -> tuple[str, str | None]:
    try:
        return _SORTS[given]
    except KeyError:
        known = ", ".join(filter(None, _SORTS))
        raise InvalidInput(f"Sorted by: {given!r:.40} is none; it is one of {known}, or nothing") from None


def _midnight(name: str, day: str) -> str:
    try:
        return f"{date.fromisoformat(day).isoformat()}T00:00:00Z"
    except ValueError:
        raise InvalidInput(f"{_LABELS[name][0]}: {day!r:.40} is no day; write 2026-01-31") from None


def _fields(given: Mapping[str, str]) -> list[Field]:
    found = [
        Field(name, label, given.get(name, "").strip(), hint, "date" if name in _DATES else "search")
        for name, (label, hint) in _LABELS.items()
    ]
    options = tuple((key, name) for key, (name, _column) in _SORTS.items())
    return [*found, Field("sort", "Sorted by", given.get("sort", ""), options=options)]


def _plainly(said: str) -> str:
    """What is wrong, under the names that the form has."""
    for name, column in _COLUMNS.items():
        said = said.replace(f"{column}:", f"{_LABELS[name][0]}:")
    return said


def _shown(row: Any, asked: Asked) -> ShownPost:
    query = asked.query()
    numbers = [
        ("views", cell(row.views, "short")), ("likes", cell(row.likes, "short")),
        ("rate", cell(row.engagement_rate, "percent")), ("growth", cell(row.growth, "short")),
        ("an hour", cell(row.velocity_score, "per_hour")),
    ]  # fmt: skip
    tags = [Tag(tag, path_of("hashtag", tag, query)) for tag in (row.hashtags or [])[:4]]
    return ShownPost(
        path_of("post", row.id, query), (row.title or row.external_id)[:300], row.platform, row.author or "",
        cell(row.published_at, "when"), tags, numbers, _secure(row.thumbnail_url),
    )  # fmt: skip


def _secure(url: str | None) -> str:
    found = outside(url)
    return found if found.startswith("https:") else ""

"""What the warehouse knows, in few words for a model's context: short lines, each with its source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

_MOST_LETTERS = 4_000
"""A model reads about a thousand tokens of an answer at most."""
_LINE = 160


class Asked(Protocol):
    """A warehouse, here or far away."""

    @property
    def posts(self) -> Any:
        """Questions about posts."""

    @property
    def hashtags(self) -> Any:
        """Questions about hashtags."""

    @property
    def search(self) -> Any:
        """Search in posts."""


def trending_hashtags(warehouse: Asked, platform: str | None = None, limit: int = 15) -> str:
    """The hashtags of the last 7 days, with how many posts carry them."""
    rows = warehouse.hashtags.trending(platform, limit=limit)
    return _told(
        "Hashtags of the last 7 days, by posts:",
        (
            f"#{row.hashtag} ({row.platform}): {row.post_count} posts, {_short(row.total_views)} views"
            for row in rows
        ),
    )


def top_posts(warehouse: Asked, platform: str | None = None, limit: int = 10) -> str:
    """The posts with the widest reach of the last week."""
    rows = warehouse.posts.top_by_reach(platform, days=7, limit=limit)
    return _told("Widest reach of the last 7 days:", (_post(row) for row in rows))


def took_off(
    warehouse: Asked, times: float = 3, hours: float = 24, platform: str | None = None, limit: int = 10
) -> str:
    """The posts whose reach grew so many times within so many hours."""
    rows = warehouse.posts.gained(times, hours=hours, platform=platform, limit=limit)
    return _told(
        f"Grew {times:g}× or more in {hours:g} hours:",
        (f"{row.times:.1f}× to {_short(row.reach)}: {_post(row)}" for row in rows),
    )


def post_history(warehouse: Asked, post: UUID | str | tuple[str, str], readings: int = 12) -> str:
    """How a post's numbers went, from its id or from its platform and external id."""
    stored = warehouse.posts.find(*post) if isinstance(post, tuple) else warehouse.posts.get(post)
    if stored is None:
        return "This post is not in the warehouse."
    rows = warehouse.posts.history(stored.id)
    step = max(1, -(-len(rows) // readings))
    shown = [row for number, row in enumerate(rows) if number % step == 0 or number == len(rows) - 1]
    return _told(
        f"{len(rows)} readings of {_post(stored)}:",
        (
            f"{row.recorded_at:%Y-%m-%d %H:%M}: {_short(row.reach)} reach, {_short(row.likes)} likes"
            for row in shown
        ),
    )


def search_posts(warehouse: Asked, query: str, limit: int = 10, **filters: Any) -> str:
    """Stored posts with these words; the filters are those of `warehouse.search.posts`."""
    rows = warehouse.search.posts(query, limit=limit, **filters)
    return _told(f"Stored posts for “{query}”:", (_post(row) for row in rows))


def what_is_known(warehouse: Asked, topic: str) -> str:
    """What is stored about a topic, and how fresh that is: whether it is worth asking a platform again."""
    rows = warehouse.search.known(topic)
    return _told(
        f"Stored about “{topic}”:",
        (
            f"{row.platform}: {row.posts} posts, {_short(row.reach)} reach in all, "
            f"newest {_ago(row.newest)}, read last {_ago(row.latest_reading)}"
            for row in rows
        ),
        nothing="nothing: ask the platforms.",
    )


def _told(title: str, lines: Iterable[str], nothing: str = "nothing.") -> str:
    found, letters = [], len(title)
    for line in lines:
        short = line if len(line) <= _LINE else line[: _LINE - 1] + "…"
        letters += len(short) + 3
        if letters > _MOST_LETTERS:
            found.append("- …")
            break
        found.append(f"- {short}")
    return "\n".join([title, *found]) if found else f"{title} {nothing}"


def _post(row: Any) -> str:
    """A post in one line, its source last."""
    title = " ".join((row.title or "without a title").split())[:80]
    author = f" by {row.author[:30]}" if row.author else ""
    known = getattr(row, "reach", None)
    reach = "" if known is None else f", {_short(known)} reach"
    return f"{title}{author}{reach} [{row.platform} {row.external_id}]"


def _short(number: int | None) -> str:
    if number is None:
        return "unknown"
    for least, sign in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if number >= least:
            return f"{number / least:.1f}{sign}"
    return str(number)


def _ago(moment: datetime | None) -> str:
    if moment is None:
        return "at an unknown time"
    passed = max(datetime.now(UTC) - moment, timedelta(0))
    if passed >= timedelta(days=2):
        return f"{passed.days} days ago"
    hours = passed.total_seconds() / 3600
    return f"{hours:.0f} hours ago" if hours >= 1 else f"{hours * 60:.0f} minutes ago"

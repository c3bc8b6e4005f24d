"""What the warehouse must hold, said again in plain Python: a model of sightings that knows no SQL."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

from viralforge.model.post import METRICS, ScrapedPost
from viralforge.model.snapshot import MetricsSnapshot

CONTENT = (
    "platform", "external_id", "url", "title", "description", "author", "author_id", "published_at",
    "content_type", "language", *METRICS, "thumbnail_url", "video_url", "media_urls", "hashtags", "mentions",
    "keywords", "duration_seconds", "category", "niche", "detected_topics", "raw_json", "scrape_source",
    "scrape_job_id", "fetched_via",
)  # fmt: skip
Numbers = tuple[int | None, ...]
Rank = tuple[bool, int]


def reach(numbers: Numbers) -> int | None:
    """Views where they are known, else what is known of likes, comments and shares."""
    if numbers[0] is not None:
        return numbers[0]
    known = [part for part in numbers[1:4] if part is not None]
    return sum(known) if known else None


def rank(numbers: Numbers) -> Rank:
    found = reach(numbers)
    return numbers[0] is not None, -1 if found is None else found


def engagement_rate(numbers: Numbers) -> Fraction | None:
    """Interactions a view, rounded half up to 6 places; None where either is unknown, or nobody looked."""
    parts = [part for part in numbers[1:4] if part is not None]
    if not numbers[0] or not parts:
        return None
    return Fraction(int(Fraction(sum(parts), numbers[0]) * 10**6 + Fraction(1, 2)), 10**6)


def velocity(before: tuple[datetime, Numbers], after: tuple[datetime, Numbers]) -> float | None:
    """Relative growth of reach an hour; None where a reach is unknown or means something else than before."""
    (start, old), (end, new) = before, after
    was, now = reach(old), reach(new)
    if was is None or now is None or (old[0] is None) != (new[0] is None):
        return None
    return float(now - was) / max(was, 1) / ((end - start).total_seconds() / 3600)


@dataclass
class Seen:
    """A post as it must stand."""

    content: dict[str, Any]
    scraped_at: datetime
    last: tuple[datetime, Rank]
    history: dict[datetime, Numbers]
    hashes: set[bytes] = field(default_factory=set)

    @property
    def numbers(self) -> Numbers:
        return tuple(self.content[name] for name in METRICS)

    def readings(self) -> list[tuple[datetime, Numbers, Fraction | None, float | None]]:
        """The history in order: moment, numbers, rate and velocity."""
        steps = sorted(self.history.items())
        paces = [None, *(velocity(*pair) for pair in pairwise(steps))]
        return [(at, own, engagement_rate(own), pace) for (at, own), pace in zip(steps, paces, strict=True)]

    def growth(self) -> int | None:
        """What the last reading has more than the one before; None where they cannot be compared."""
        if len(self.history) < 2:
            return None
        (_before, old), (_at, new) = sorted(self.history.items())[-2:]
        was, now = reach(old), reach(new)
        return None if was is None or now is None or (old[0] is None) != (new[0] is None) else now - was


@dataclass
class Counts:
    """What a save must say of itself."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def all(self) -> tuple[int, int, int]:
        return self.new, self.updated, self.unchanged


class Oracle:
    """The posts and trends that must be there."""

    def __init__(self) -> None:
        self.posts: dict[UUID, Seen] = {}
        self.trends: dict[int, dict[UUID, float | None]] = {}

    def copy(self) -> Oracle:
        return copy.deepcopy(self)

    def save(self, posts: Iterable[ScrapedPost], now: datetime, batch_size: int = 1) -> Counts:
        """Takes posts one by one; counts as a writer with batches of this size must."""
        counts, given = Counts(), list(posts)
        for start in range(0, len(given), batch_size):
            batch = given[start : start + batch_size]
            known, moments = len(self.posts), set[tuple[UUID, datetime]]()
            for post in batch:
                at = post.observed_at or now
                if self._take(post, at):
                    moments.add((post.id, at))
            new = len(self.posts) - known
            counts.new += new
            counts.updated += len(moments) - new
            counts.unchanged += len(batch) - len(moments)
        return counts

    def _take(self, post: ScrapedPost, at: datetime) -> bool:
        """Takes one sighting; whether it was none that is known just so."""
        content = {name: getattr(post, name) for name in CONTENT}
        numbers: Numbers = tuple(content[name] for name in METRICS)
        seen = self.posts.get(post.id)
        if seen is not None and post.payload_hash in seen.hashes:
            return False
        if seen is None:
            seen = self.posts[post.id] = Seen(content, at, (at, rank(numbers)), {at: numbers})
            changed = True
        else:
            changed = self._again(seen, at, numbers, content)
        if post.payload_hash is not None:
            seen.hashes.add(post.payload_hash)
        return changed

    def _again(self, seen: Seen, at: datetime, numbers: Numbers, content: dict[str, Any]) -> bool:
        if (at, rank(numbers)) > seen.last:
            seen.content |= {name: value for name, value in content.items() if value is not None}
            seen.last = (at, rank(numbers))
        if at in seen.history and rank(numbers) <= rank(seen.history[at]):
            return False
        seen.history[at] = numbers
        return True

    def snapshot(self, post_id: UUID, snapshot: MetricsSnapshot, now: datetime) -> None:
        content = {name: getattr(snapshot, name) for name in METRICS}
        numbers = tuple(content.values())
        self._again(self.posts[post_id], snapshot.recorded_at or now, numbers, content)

    def delete_post(self, post_id: UUID) -> bool:
        for sources in self.trends.values():
            sources.pop(post_id, None)
        return self.posts.pop(post_id, None) is not None

    def link(self, trend_id: int, scores: dict[UUID, float | None]) -> None:
        for post_id, score in scores.items():
            known = self.trends[trend_id].get(post_id)
            self.trends[trend_id][post_id] = known if score is None else score

    def daily(self) -> dict[tuple[Any, str], tuple[int, int | None, Fraction | None, Fraction | None]]:
        """Posts, total and mean views and mean rate by day and platform, from nothing but the posts."""
        groups: dict[tuple[Any, str], list[Seen]] = {}
        for seen in self.posts.values():
            groups.setdefault((seen.scraped_at.date(), seen.content["platform"]), []).append(seen)
        return {key: _day(group) for key, group in groups.items()}


def _day(group: list[Seen]) -> tuple[int, int | None, Fraction | None, Fraction | None]:
    views = [seen.numbers[0] for seen in group if seen.numbers[0] is not None]
    rates = [rate for seen in group if (rate := engagement_rate(seen.numbers)) is not None]
    return (
        len(group), sum(views) if views else None, Fraction(sum(views), len(views)) if views else None,
        sum(rates, Fraction(0)) / len(rates) if rates else None,
    )  # fmt: skip

"""The simulated world: everything a seed and an hour decide, answered page by page in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from viralforge.simulate import payloads
from viralforge.simulate.plan import LANES, Plan
from viralforge.simulate.planted import PlantedPost, planted_posts
from viralforge.simulate.post import Counts, Post, cell, counts

PAGE = 50
"""Posts on one page at most, as YouTube has it."""
LANE_SECONDS = 30
"""One lane is asked after the other, the last one half a minute before the round ends."""
_KEPT_POSTS = 8_000
_SMALLEST_WORLD = 1_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of one platform for one niche, and what the warehouse must have learnt from it.

    `seen` holds each post on the page with the numbers that were put there.
    """

    platform: str
    niche: str
    observed_at: datetime
    payload: dict[str, Any]
    seen: list[tuple[Post, Counts]]


class World:
    """A world of `posts` posts over `days` days up to `now`.

    Deterministic: the same seed and hour give the same answers. Streamed: only a few thousand posts are held
    at a time, however many there are. Worlds of fewer than 1,000 posts, and worlds with `stories=False`, have
    no planted posts.

    >>> world = World(2_000, seed=7, now=datetime(2026, 3, 1, 12, 30, tzinfo=UTC))
    >>> first = next(world.answers())
    >>> first.payload["simulated"], first.seen[0][0].title.startswith("[simulated]")
    (True, True)
    """

    def __init__(self, posts: int, *, seed: int, now: datetime, days: int = 60, stories: bool = True) -> None:
        told = stories and posts >= _SMALLEST_WORLD
        self.planted: list[PlantedPost] = []
        if told:
            self.planted = planted_posts(Plan.of(posts, seed=seed, now=now, days=days))
        self.plan = Plan.of(posts - len(self.planted), seed=seed, now=now, days=days)
        self._cells: dict[tuple[int, int], list[Post]] = {}
        self._kept = 0

    def answers(self) -> Iterator[Answer]:
        """Every answer of every platform, the oldest first."""
        for number in range(self.plan.rounds):
            end = self.plan.round_end(number)
            watched = self.watched(number)
            due = self.plan.looked_at(number)
            for lane, (platform, niche) in enumerate(LANES):
                second = observed_second(end, lane)
                found = [post for at in due for post in self._cell(at, lane)]
                found += watched.get(lane, ())
                moment = datetime.fromtimestamp(second, UTC)
                for first in range(0, len(found), PAGE):
                    seen = [(post, counts(post, second)) for post in found[first : first + PAGE]]
                    yield Answer(platform, niche, moment, payloads.page(platform, seen), seen)

    def watched(self, number: int) -> dict[int, list[Post]]:
        """The planted posts that are looked at in a round, by lane."""
        end = self.plan.round_end(number)
        found: dict[int, list[Post]] = {}
        for planted in self.planted:
            if planted.watched(end):
                found.setdefault(LANES.index((planted.post.platform, planted.post.niche)), []).append(
                    planted.post
                )
        return found

    def _cell(self, number: int, lane: int) -> list[Post]:
        """The posts of a cell, from the few thousand kept or made again; the oldest kept go first."""
        key = (number, lane)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = cell(self.plan, number, lane)
            self._kept += len(found)
            while self._kept > _KEPT_POSTS and len(self._cells) > 1:
                self._kept -= len(self._cells.pop(next(iter(self._cells))))
        return found


def observed_second(round_end: int, lane: int) -> int:
    """The epoch second in which a lane is asked in a round."""
    return round_end - LANE_SECONDS * (len(LANES) - lane)

"""The posts whose story is known beforehand: those that went viral, and those that took off within a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Literal

from viralforge.simulate import catalogue, curves, people
from viralforge.simulate.plan import Plan
from viralforge.simulate.post import POOLS, Post, dress

_KEYS = 0xFFF000
"""Planted posts take the last keys of their hour, which no cell of the plan reaches."""
_WATCHED = 14 * 86400
_RECENT = {"youtube": 4, "twitter": 2, "instagram": 2, "tiktok": 2, "reddit": 2}
"""Half of it in worlds of fewer than 8,000 posts, whose top 1% would not hold them all."""
_FULL_WORLD = 8_000
_EARLIER = 2
_SURGES = {"youtube": 2, "twitter": 1, "instagram": 1, "tiktok": 1, "reddit": 1}

Kind = Literal["viral", "surge"]


@dataclass(frozen=True, slots=True)
class PlantedPost:
    """A post with a surge: `viral` grows beyond everything ordinary, `surge` past 10× within the last day.

    `takes_off_at` is when the surge begins. Collectors look at such a post every round for 14 days.
    """

    kind: Kind
    post: Post
    takes_off_at: datetime

    def watched(self, round_end: int) -> bool:
        """Whether the post is looked at in the round."""
        return self.post.published < round_end - 3600 and round_end < self.post.published + _WATCHED


def planted_posts(plan: Plan) -> list[PlantedPost]:
    """The planted posts of a plan: per platform 2 (YouTube 4) viral last week, 2 earlier, 1–2 surges."""
    rng = Random(f"{plan.seed}/planted/{plan.end.date()}")
    end, taken = plan.end.timestamp(), set[str]()
    found: list[PlantedPost] = []
    for platform in catalogue.MARKETS:
        last_week = _RECENT[platform] if plan.total >= _FULL_WORLD else _RECENT[platform] // 2
        for number in range(last_week + _EARLIER):
            recent = number < last_week
            days = rng.uniform(1.7, 6) if recent else rng.uniform(12, plan.rounds / 8 - 5)
            post = _post(
                plan,
                rng,
                platform,
                end - days * 86400 - rng.uniform(6, 30) * 3600,
                taken,
                "viral",
                len(found),
            )
            size = catalogue.MARKETS[platform].cap * rng.uniform(12, 30)
            found.append(_surge(post, "viral", end - days * 86400, rng.uniform(6, 12), size))
        for _ in range(_SURGES[platform]):
            post = _post(plan, rng, platform, end - rng.uniform(2.2, 5) * 86400, taken, "surge", len(found))
            size = post.final * rng.uniform(14, 20)
            found.append(_surge(post, "surge", end - rng.uniform(10, 18) * 3600, 4, size))
    return found


def _post(
    plan: Plan, rng: Random, platform: str, published: float, taken: set[str], kind: Kind, number: int
) -> Post:
    second = int(published)
    niche, author = _author(plan, rng, platform, taken, kind)
    key = (plan.seed & 31) << 43 | (second // 3600 & 0x7FFFF) << 24 | _KEYS + number
    post = Post(platform, niche, author, second, key)
    dress(post, rng, ())
    post.final = author.usual_reach
    return post


def _author(plan: Plan, rng: Random, platform: str, taken: set[str], kind: Kind) -> tuple[str, people.Author]:
    """One of the busy authors with an audience small enough that the surge stands out, each at most once."""
    market = catalogue.MARKETS[platform]
    limit = market.cap / 20 if kind == "viral" else market.low * 1.6
    busy = max(2, people.authors_per_pool(plan.total, POOLS) // 6)
    candidates = [
        (niche, people.author(plan.seed, platform, niche, 0, number))
        for niche in catalogue.NICHES for number in range(busy)
    ]  # fmt: skip
    rng.shuffle(candidates)
    free = [found for found in candidates if found[1].author_id not in taken]
    niche, author = next((found for found in free if found[1].usual_reach <= limit), free[0])
    taken.add(author.author_id)
    return niche, author


def _surge(post: Post, kind: Kind, takes_off: float, width: float, size: float) -> PlantedPost:
    post.surge = ((takes_off - post.published) / 3600, width, size)
    post.table = curves.growth_table(0)
    return PlantedPost(kind, post, datetime.fromtimestamp(takes_off, UTC))

"""Simulated posts: what one says, and what its numbers are at any moment."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from typing import Any

from viralforge.simulate import catalogue, curves, people
from viralforge.simulate.plan import GRAIN, INDEX_LAG, LANES, ROUND_SECONDS, Plan, grain_weights

Counts = tuple[int | None, int | None, int | None, int | None, int | None, int | None]
"""Views, likes, comments, shares, retweets, saves as the warehouse must have them; None is unknown."""
POOLS = len(LANES) * len(catalogue.ZONES)
_IDLE = 0.02
"""What is left of a planted tag's share once its time is over."""


class Post:
    """One simulated post. `parts` is what its payload always repeats, put there by `payloads`."""

    __slots__ = (
        "author", "external_id", "final", "key", "niche", "parts", "platform", "published", "rates", "surge",
        "table", "tags", "title",
    )  # fmt: skip

    def __init__(self, platform: str, niche: str, author: people.Author, published: int, key: int) -> None:
        self.platform = platform
        self.niche = niche
        self.author = author
        self.published = published
        self.key = key
        self.external_id = external_id(platform, key, published)
        self.title = ""
        self.tags: tuple[str, ...] = ()
        self.final = 0.0
        self.rates: tuple[float, float, float, float, float] = (0, 0, 0, 0, 0)
        self.table: tuple[float, ...] = ()
        self.surge: tuple[float, float, float] | None = None
        self.parts: Any = None

    def reach(self, second: float) -> int:
        """What the post has reached by an epoch second: views, or the score on Reddit; never below 1."""
        age = second - self.published
        reach = self.final * self.table[min(int(age / GRAIN), len(self.table) - 1)]
        if self.surge is not None:
            start, width, size = self.surge
            reach += size * curves.surge(age / 3600, start, width)
        return math.ceil(reach) or 1

    @property
    def published_at(self) -> datetime:
        """The moment of publication."""
        return datetime.fromtimestamp(self.published, UTC)


_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"


def _letters(key: int) -> str:
    return "".join([_LETTERS[key >> shift & 63] for shift in (42, 36, 30, 24, 18, 12, 6, 0)])


def external_id(platform: str, key: int, published: int) -> str:
    """The platform's own kind of id for a post of the simulator; `key` is below 2^48 and unique.

    >>> external_id("youtube", 7, 0), external_id("tiktok", 7, 1_772_000_000)
    ('sim00000007', '7610682048512000007')
    """
    if platform in ("youtube", "instagram"):
        return "sim" + _letters(key)
    low = key & 0xFFFFFF
    if platform == "twitter":
        return str((published * 1000 + (low >> 22) - 1_288_834_974_657) << 22 | low & 0x3FFFFF)
    if platform == "tiktok":
        return str(published << 32 | low)
    return f"s{key:x}"


def cell(plan: Plan, number: int, lane: int) -> list[Post]:
    """The posts of one cell of the plan, always the same."""
    count = plan.count(number, lane)
    if not count:
        return []
    platform, niche = LANES[lane]
    end = plan.round_end(number)
    rng = Random(f"{plan.seed}/{end}/{lane}")
    grains = _cumulative_grains(platform, end)
    start = end - INDEX_LAG - ROUND_SECONDS
    first = cell_key(plan, number, lane)
    days = (int(plan.end.timestamp()) - end) / 86400
    planted = tuple(
        (found.tag, share)
        for found in (*catalogue.TRENDING_TAGS, *catalogue.PAST_TAGS)
        if platform in found.platforms and (share := planted_share(found, days)) > 0
    )
    pool = people.authors_per_pool(plan.total, POOLS)
    made = []
    for index in range(count):
        published = start + GRAIN * curves.pick(rng.random(), grains) + int(rng.random() * GRAIN)
        zone = curves.pick(rng.random(), curves.zone_weights(platform, published // 3600 % 24))
        author = people.author(plan.seed, platform, niche, zone, int(pool * rng.random() ** 1.7))
        post = Post(platform, niche, author, published, first + index)
        dress(post, rng, planted)
        made.append(post)
    return made


def cell_key(plan: Plan, number: int, lane: int) -> int:
    """The key of a cell's first post: seed, hour and place in the round, so no two posts share one."""
    return (
        (plan.seed & 31) << 43 | (plan.round_end(number) // 3600 & 0x7FFFF) << 24 | plan.offset(number, lane)
    )


@lru_cache(maxsize=256)
def _cumulative_grains(platform: str, end: int) -> tuple[float, ...]:
    weights = grain_weights(platform, end)
    so_far, whole, cumulative = 0.0, sum(weights), []
    for weight in weights:
        so_far += weight
        cumulative.append(so_far / whole)
    return tuple(cumulative)


def planted_share(planted: catalogue.PlantedTag, days: float) -> float:
    """The part of posts that carry a planted tag, so many days before now.

    >>> tag = catalogue.TRENDING_TAGS[0]
    >>> planted_share(tag, 7.5), round(planted_share(tag, 0), 3)
    (0.0, 0.175)
    """
    if days >= planted.first_day:
        return 0.0
    done = (planted.first_day - days) / planted.days
    return planted.share * (1 / 3 + 4 / 3 * done) if done <= 1 else planted.share * _IDLE


def dress(post: Post, rng: Random, planted: tuple[tuple[str, float], ...]) -> None:
    """Gives a post its words, tags, growth and rates."""
    vocabulary = catalogue.TAGS[post.niche]
    weights = curves.zipf(len(vocabulary))
    tags = [vocabulary[curves.pick(rng.random(), weights)] for _ in range(rng.choice((1, 1, 2, 2, 3)))]
    if rng.random() < 0.12:
        tags.append(catalogue.EVERGREEN[int(len(catalogue.EVERGREEN) * rng.random() ** 2)])
    for tag, share in planted:
        if rng.random() < share:
            tags.append(tag)
    post.tags = tuple(dict.fromkeys(tags))
    opening, ending = rng.choice(catalogue.OPENINGS), rng.choice(catalogue.ENDINGS)
    post.title = f"[simulated] {opening} {post.niche} {ending}"
    post.table = curves.growth_table(int(len(curves.TIME_SCALES) * rng.random()))
    post.final = post.author.usual_reach * curves.luck(rng)
    mood = rng.lognormvariate(0, 0.4)
    likes, comments, shares, retweets, saves = catalogue.MARKETS[post.platform].rates
    post.rates = (
        likes if post.platform == "reddit" else min(0.5, likes * mood),
        comments * min(1.4, mood * rng.uniform(0.5, 1.5)), shares * mood, retweets * mood, saves * mood,
    )  # fmt: skip


def counts(post: Post, second: float) -> Counts:
    """The post's numbers at an epoch second, as the warehouse must have them afterwards."""
    reach = post.reach(second)
    likes, comments, shares, retweets, saves = post.rates
    liked, said = math.ceil(reach * likes), int(reach * comments)
    if post.platform == "youtube":
        hidden = post.key % 50  # a few hide their likes, a few have no comments: unknown, not zero
        return reach, None if hidden == 0 else liked, None if hidden == 1 else said, None, None, None
    if post.platform == "twitter":
        retweeted = int(reach * retweets)
        return reach, liked, said, retweeted + int(reach * shares), retweeted, int(reach * saves)
    if post.platform == "instagram":
        return None, liked, said, None, None, None
    if post.platform == "tiktok":
        return reach, liked, said, int(reach * shares), None, int(reach * saves)
    return None, reach, said, None, None, None

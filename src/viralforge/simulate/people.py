"""Who posts and who uses the app: invented authors with heavy-tailed audiences, invented users."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from viralforge.simulate.catalogue import ADJECTIVES, MARKETS, NOUNS, ZONES, Zone
from viralforge.simulate.curves import usual_reach

_POSTS_PER_AUTHOR = 9
_STAGE_SHARES = (0.92, 0.62, 0.38, 0.18)
_PRIVATE_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Author:
    """Someone who posts in one niche of one platform; `usual_reach` is the middle of what the posts get."""

    name: str
    author_id: str
    zone: Zone
    country: str
    language: str
    usual_reach: float


@lru_cache(maxsize=4096)
def author(seed: int, platform: str, niche: str, zone: int, number: int) -> Author:
    """An author, always the same for the same arguments: none need be kept.

    >>> author(7, "reddit", "repair", 1, 3).name.startswith("sim_")
    True
    """
    rng = Random(f"{seed}/author/{platform}/{niche}/{zone}/{number}")
    place = ZONES[zone]
    pick = rng.randrange(len(place.countries))
    key = rng.getrandbits(48)
    market = MARKETS[platform]
    name = f"sim_{rng.choice(ADJECTIVES)}_{rng.choice(NOUNS)}_{key % 46656:x}"
    author_id = {
        "youtube": f"UCsim{key:019x}", "twitter": str(10**15 + key), "instagram": f"1784{key % 10**13:013d}",
        "tiktok": name, "reddit": f"t2_sim{key:x}",
    }[platform]  # fmt: skip
    reach = usual_reach(rng.random(), market.low, market.cap)
    return Author(name, author_id, place, place.countries[pick], place.languages[pick], reach)


def authors_per_pool(posts: int, pools: int) -> int:
    """How many authors share the posts of one platform, niche and zone: about nine posts each."""
    return max(3, posts // (pools * _POSTS_PER_AUTHOR))


@dataclass(frozen=True, slots=True)
class User:
    """Someone who uses the app.

    `depth` is how many stages of the funnel they ever get to; without `analytics` their events must be
    stored without them (such users never enter the funnel, so that it stays exact).
    """

    user_id: str
    name: str
    country: str
    zone: Zone
    platform: str
    depth: int
    activity: float
    analytics: bool


def users(seed: int, count: int) -> list[User]:
    """The users; exactly the planted share of them reaches each stage of the funnel.

    >>> [sum(user.depth >= stage for user in users(7, 400)) for stage in (1, 2, 3, 4)]
    [368, 248, 152, 72]
    """
    rng = Random(f"{seed}/users")
    reached = [round(count * share) for share in _STAGE_SHARES]
    order = list(range(count))
    rng.shuffle(order)
    found = []
    for number in range(count):
        zone = rng.choices(ZONES, [0.5, 0.35, 0.15])[0]
        found.append(
            User(
                user_id=f"sim_user_{number + 1:04d}",
                name=f"[simulated] {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)}",
                country=rng.choice(zone.countries),
                zone=zone,
                platform=rng.choices(("web", "ios", "android"), (5, 3, 3))[0],
                depth=sum(order[number] < stage for stage in reached),
                activity=rng.paretovariate(1.6),
                analytics=order[number] < count - round(count * _PRIVATE_SHARE),
            )
        )
    return found

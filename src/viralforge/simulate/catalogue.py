"""What the simulated world is made of: niches, hashtags, planted tags, platforms, countries and words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

NICHES = (
    "AI tools", "home cooking", "fitness", "saving money",
    "indie games", "gardening", "slow travel", "repair",
)  # fmt: skip
_STEMS = {
    "AI tools": ("aitools", "promptcraft", "smallmodels", "agentlab", "automation", "datadesk"),
    "home cooking": ("homecooking", "onepot", "sourdough", "weeknightmeal", "spicerack", "leftovers"),
    "fitness": ("fitness", "kettlebell", "morningrun", "mobility", "stretching", "homeworkout"),
    "saving money": ("savingmoney", "budgeting", "frugal", "moneyhabits", "sidework", "thriftfind"),
    "indie games": ("indiegames", "pixelart", "gamejam", "devlog", "speedrun", "cozygames"),
    "gardening": ("gardening", "balconygarden", "compost", "seedlings", "raisedbeds", "houseplants"),
    "slow travel": ("slowtravel", "nighttrain", "bikepacking", "hutlife", "smalltowns", "coastwalk"),
    "repair": ("repair", "mending", "solderclub", "oldradio", "woodshop", "bikefix"),
}
_ENDINGS = ("", "tips", "daily", "ideas", "diary", "basics", "club", "week")
TAGS = {
    niche: tuple(stem + ending for ending in _ENDINGS for stem in stems) for niche, stems in _STEMS.items()
}
"""The hashtags of a niche, the most used first: Zipf's law gives them their weights."""
EVERGREEN = (
    "howto", "learnwithme", "beforeafter", "dayinthelife",
    "weekend", "challengetime", "quicktip", "storytime",
)  # fmt: skip
"""Hashtags that every niche uses a little, at all times: they must not be taken for trends."""


@dataclass(frozen=True, slots=True)
class PlantedTag:
    """A hashtag made to trend: on which platforms, from which day before now, for how long, how strongly.

    `share` is the mean part of the platform's posts that carry it while it lasts; it climbs from a third
    of that to five thirds. Before `first_day` it does not exist at all, afterwards it falls to a trickle.
    """

    tag: str
    niche: str
    platforms: tuple[str, ...]
    share: float
    first_day: float
    days: float


TRENDING_TAGS = (
    PlantedTag("mosslamp", "gardening", ("youtube", "twitter", "instagram", "tiktok"), 0.105, 7, 7),
    PlantedTag("paperorchestra", "indie games", ("youtube", "twitter", "tiktok", "reddit"), 0.1, 7, 7),
    PlantedTag("glasskayak", "slow travel", ("youtube", "instagram", "tiktok"), 0.12, 6.5, 6.5),
    PlantedTag("quietkitchen", "home cooking", ("twitter", "instagram", "tiktok", "reddit"), 0.095, 7, 7),
    PlantedTag("pocketagents", "AI tools", ("youtube", "twitter", "reddit"), 0.14, 6, 6),
)
"""What trends now, across platforms."""
PAST_TAGS = (
    PlantedTag("foldedsoup", "home cooking", ("youtube", "instagram", "tiktok"), 0.08, 52, 8),
    PlantedTag("radiogarden", "repair", ("youtube", "twitter", "reddit"), 0.08, 41, 9),
    PlantedTag("coinjarweek", "saving money", ("twitter", "instagram", "tiktok"), 0.07, 30, 7),
    PlantedTag("stairsprint", "fitness", ("youtube", "instagram", "tiktok", "reddit"), 0.08, 20, 8),
)
"""What trended once and is over."""


@dataclass(frozen=True, slots=True)
class Market:
    """One platform in the simulated world.

    `share` of all posts; `low` and `cap` are the usual reach (views; on Reddit the score) of the smallest
    and largest author; `rates` are likes, comments, shares, retweets and saves per unit of reach;
    `local_peak` is the local hour at which most is posted; `price_usd` is per request, None if unknown.
    """

    share: float
    low: int
    cap: int
    rates: tuple[float, float, float, float, float]
    local_peak: int
    operation: str
    quota_units: int | None
    price_usd: Decimal | None


MARKETS = {
    "youtube": Market(0.26, 400, 400_000, (0.042, 0.0045, 0, 0, 0), 17, "videos.list", 1, Decimal(0)),
    "twitter": Market(
        0.22,
        300,
        200_000,
        (0.02, 0.003, 0.002, 0.004, 0.003),
        9,
        "tweets/search/recent",
        None,
        Decimal("0.025"),
    ),
    "instagram": Market(
        0.17, 500, 300_000, (0.055, 0.003, 0, 0, 0), 19, "ig_hashtag/recent_media", None, None
    ),
    "tiktok": Market(
        0.22, 600, 800_000, (0.08, 0.004, 0.009, 0, 0.006), 21, "research/video/query", 1, Decimal("0.002")
    ),
    "reddit": Market(0.13, 80, 6_000, (1, 0.08, 0, 0, 0), 8, "r/new", None, Decimal(0)),
}


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the world with one clock: hours ahead of UTC, countries, languages, share of authors."""

    name: str
    utc_offset: int
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    share: float


ZONES = (
    Zone("americas", -5, ("US", "CA", "MX", "BR"), ("en", "en", "es", "pt"), 0.6),
    Zone("europe", 1, ("DE", "FR", "GB", "ES"), ("de", "fr", "en", "es"), 0.27),
    Zone("asia", 8, ("JP", "IN", "ID", "KR"), ("ja", "en", "id", "ko"), 0.13),
)

ADJECTIVES = (
    "amber", "brisk", "copper", "dusty", "eager", "frosty", "gentle", "hollow", "ivory", "jolly",
    "keen", "lunar",
    "mellow", "nimble", "olive", "plain", "quiet", "rusty", "silver", "tidy", "upbeat", "velvet",
    "windy", "young",
)  # fmt: skip
NOUNS = (
    "acorn", "badger", "cedar", "dune", "ember", "falcon", "grove", "heron", "islet", "juniper",
    "kestrel", "lantern",
    "maple", "nettle", "otter", "pebble", "quartz", "raven", "sparrow", "thistle", "urchin",
    "vole", "willow", "yarrow",
)  # fmt: skip
OPENINGS = (
    "Seven days of", "What nobody says about", "A slow look at", "I tried", "The quiet side of", "Notes on",
    "Small steps in", "Three mistakes in", "A beginner's view of", "One hour of", "Back to",
    "The cheap way to",
)  # fmt: skip
ENDINGS = (
    "from scratch", "in a tiny flat", "after a year", "without a plan", "on a rainy day", "for the curious",
    "with old tools", "before breakfast", "in ten minutes", "with friends", "step by step",
    "and what went wrong",
)  # fmt: skip

USER_AGENTS = {
    "web": "Mozilla/5.0 (simulated; desktop) ViralForgeSim/1.0",
    "ios": "ViralForgeSim/1.0 (simulated; phone; iOS)",
    "android": "ViralForgeSim/1.0 (simulated; phone; Android)",
}

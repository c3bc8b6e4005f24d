"""What platforms allow, as they publish it."""

from __future__ import annotations

from typing import NamedTuple

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


class Limit(NamedTuple):
    """At most so many `units` of a bucket within so many seconds; of a `zone`: within its day.

    The bucket `requests` counts requests, `units` what a request takes of the quota, any other the requests
    of that operation.
    """

    bucket: str
    most: int
    seconds: float
    zone: str | None = None


LIMITS: dict[str, tuple[Limit, ...]] = {
    "youtube": (
        Limit("units", 10_000, _DAY, "America/Los_Angeles"),
        Limit("search", 100, _DAY, "America/Los_Angeles"),
    ),
    "twitter": (Limit("requests", 20, _MINUTE),),
    "reddit": (Limit("requests", 100, _MINUTE),),
    "instagram": (Limit("requests", 200, _HOUR),),
    "tiktok": (Limit("requests", 1_000, _DAY, "UTC"),),
}
"""What applies unless the user's plan says more; where each is published stands in docs/agents.md."""
UNITS: dict[str, dict[str, int]] = {
    "youtube": {"search": 100},
}
"""What a request of an operation takes of the quota, where that is not 1."""

"""When and where posts appear: the collection rounds, and how many posts each cell of the plan holds."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from viralforge.model.ids import PLATFORMS
from viralforge.simulate.catalogue import MARKETS, NICHES
from viralforge.simulate.curves import hour_weights

ROUND_HOURS = 3
ROUND_SECONDS = ROUND_HOURS * 3600
INDEX_LAG = 75 * 60
"""Seconds after which a post can be found at the earliest: no search knows it at once."""
SCHEDULE = (0, 1, 2, 4, 8, 12, 16, 24, 40, 56, 112)
"""The rounds, counted from the first that finds it, in which a post is looked at: densely while young."""
LANES = tuple((platform, niche) for platform in PLATFORMS for niche in NICHES)
"""What one round asks for, one after the other: every niche of every platform."""
GRAIN = 15 * 60
_WEEKDAYS = (1.0, 1.02, 1.05, 1.05, 1.0, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Plan:
    """`total` posts over `days` days up to `now`, dealt out to cells of one round and one lane.

    A cell's posts are published in the three hours that end `INDEX_LAG` before its round. The last round
    ends with the last full hour. No post is kept: those of any cell can be made again at any time, so memory
    does not grow with `total`.

    >>> plan = Plan.of(1000, seed=7, now=datetime(2026, 3, 1, 12, 30, tzinfo=UTC), days=60)
    >>> plan.rounds, plan.counts_up_to[-1], plan.end.hour
    (480, 1000, 12)
    """

    total: int
    seed: int
    end: datetime
    rounds: int
    counts_up_to: array[int] = field(repr=False)

    @classmethod
    def of(cls, total: int, *, seed: int, now: datetime, days: int) -> Plan:
        """The plan for the last full hour before `now`: the same for the same seed and hour."""
        end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        rounds = days * 24 // ROUND_HOURS
        weights: list[float] = []
        for number in range(rounds):
            moment = end - timedelta(hours=ROUND_HOURS * (rounds - 1 - number))
            weights.extend(_round_weights(seed, moment))
        whole, so_far = sum(weights), 0.0
        counts_up_to = array("q", [0])
        for weight in weights:
            so_far += weight
            counts_up_to.append(int(total * so_far / whole + 1e-6))
        return cls(total, seed, end, rounds, counts_up_to)

    def round_end(self, number: int) -> int:
        """The epoch second in which a round ends."""
        return int(self.end.timestamp()) - ROUND_SECONDS * (self.rounds - 1 - number)

    def count(self, number: int, lane: int) -> int:
        """How many posts a cell holds."""
        at = number * len(LANES) + lane
        return self.counts_up_to[at + 1] - self.counts_up_to[at]

    def offset(self, number: int, lane: int) -> int:
        """How many posts of the round come before the cell's."""
        first = number * len(LANES)
        return self.counts_up_to[first + lane] - self.counts_up_to[first]

    def looked_at(self, number: int) -> list[int]:
        """The rounds whose posts are looked at in this round, its own first."""
        return [number - step for step in SCHEDULE if number >= step]


def grain_weights(platform: str, round_end: int) -> list[float]:
    """How much is posted in each quarter of an hour that a round covers, the first quarter first."""
    start = round_end - INDEX_LAG - ROUND_SECONDS
    weights = hour_weights(platform)
    return [weights[(start + GRAIN * grain) // 3600 % 24] for grain in range(ROUND_SECONDS // GRAIN)]


def _round_weights(seed: int, moment: datetime) -> list[float]:
    second = int(moment.timestamp())
    day = Random(f"{seed}/{second // 86400}").lognormvariate(0, 0.08) * _WEEKDAYS[moment.weekday()]
    rng = Random(f"{seed}/{second}")
    clock = {platform: sum(grain_weights(platform, second)) for platform in PLATFORMS}
    return [
        MARKETS[platform].share * clock[platform] * day * rng.uniform(0.8, 1.2) for platform, _niche in LANES
    ]

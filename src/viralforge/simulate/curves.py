"""The shapes of growth, sizes, clocks and choice: tables computed once, looked up many times."""

from __future__ import annotations

import math
from bisect import bisect
from functools import cache
from itertools import accumulate
from random import Random

from viralforge.simulate.catalogue import MARKETS, ZONES

GRAINS = 4
"""Steps an hour in the tables of growth."""
TIME_SCALES = (5.0, 8.0, 12.0, 17.0, 24.0)
"""Hours in which a post gains about 63% of its final reach, one for each kind of growth."""
_POWER = 0.65
_SPREAD = 0.75
_SMALLEST, _LARGEST = 0.3, 4.0
_TAIL = 1.15


@cache
def growth_table(kind: int, hours: int = 24 * 62) -> tuple[float, ...]:
    """The part of its final reach that a post has at each quarter of an hour of its age.

    A stretched exponential, steep at first: over any 24 hours from the age of 45 minutes on it grows less
    than tenfold, so that a tenfold gain is always a planted one.

    >>> table = growth_table(0)
    >>> table[0], round(table[5 * GRAINS], 2), round(table[-1], 2)
    (0.0, 0.63, 1.0)
    """
    scale = TIME_SCALES[kind]
    return tuple(1 - math.exp(-((step / GRAINS / scale) ** _POWER)) for step in range(hours * GRAINS + 1))


def surge(age: float, start: float, width: float) -> float:
    """The part of a planted surge reached at an age, all in hours: nothing before `start`, then an S.

    >>> surge(10, 12, 6), round(surge(18, 12, 6), 2), round(surge(48, 12, 6), 2)
    (0.0, 0.63, 1.0)
    """
    return 1 - math.exp(-(((age - start) / width) ** 1.5)) if age > start else 0.0


def usual_reach(u: float, low: int, cap: int) -> float:
    """An author's usual reach for a uniform number: a power law from `low`, cut at `cap`.

    >>> usual_reach(0.0, 400, 400_000), usual_reach(0.999999, 400, 400_000)
    (400.0, 400000.0)
    """
    return float(min(cap, low * (1 - u) ** (-1 / _TAIL)))


def luck(rng: Random) -> float:
    """How a post does against its author's usual reach: lognormal around 1, between 0.3 and 4."""
    return min(_LARGEST, max(_SMALLEST, rng.lognormvariate(0, _SPREAD)))


@cache
def zipf(size: int, exponent: float = 0.8) -> tuple[float, ...]:
    """Cumulative Zipf weights of ranks 1 to `size`, ending at 1: for `pick`."""
    weights = list(accumulate(rank**-exponent for rank in range(1, size + 1)))
    return tuple(weight / weights[-1] for weight in weights)


def pick(u: float, cumulative: tuple[float, ...]) -> int:
    """The index that a uniform number falls on.

    >>> pick(0.5, (0.2, 0.6, 1.0))
    1
    """
    return min(bisect(cumulative, u), len(cumulative) - 1)


def _local_weight(hour: int, peak: int) -> float:
    away = min((hour - peak) % 24, (peak - hour) % 24)
    return (0.3 if hour < 6 else 0.6) + 1.6 * math.exp(-((away / 2.5) ** 2)) + (0.7 if away == 0 else 0)


@cache
def hour_weights(platform: str) -> tuple[float, ...]:
    """How much is posted in each UTC hour, relative to the mean: every zone posts by its own clock."""
    peak = MARKETS[platform].local_peak
    weights = [
        sum(zone.share * _local_weight((hour + zone.utc_offset) % 24, peak) for zone in ZONES)
        for hour in range(24)
    ]
    return tuple(weight * 24 / sum(weights) for weight in weights)


@cache
def zone_weights(platform: str, hour: int) -> tuple[float, ...]:
    """Which zone a post of this UTC hour comes from, cumulative."""
    peak = MARKETS[platform].local_peak
    weights = list(
        accumulate(zone.share * _local_weight((hour + zone.utc_offset) % 24, peak) for zone in ZONES)
    )
    return tuple(weight / weights[-1] for weight in weights)


def posting_peak(platform: str) -> int:
    """The UTC hour in which most is posted on a platform.

    >>> posting_peak("youtube")
    22
    """
    weights = hour_weights(platform)
    return weights.index(max(weights))

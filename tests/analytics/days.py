"""The last five days, moments in and around them, and sums that leave out what is unknown."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.analytics.rows import DAY, NOW

DAYS = 5
START = NOW.replace(hour=0, minute=0) - (DAYS - 1) * DAY
"""When the first of the last five UTC days began."""
SEEDS = range(4)


def moments(rng: Random, many: int) -> list[datetime]:
    """Moments in and before the days, those at their edges among them."""
    edges = [START, START - timedelta(microseconds=1), START + timedelta(microseconds=1), NOW]
    return edges + [NOW - rng.random() * 9 * DAY for _ in range(many)]


def known(values: list) -> list:
    return [value for value in values if value is not None]


def summed(values: list) -> Any:
    return sum(known(values)) if known(values) else None

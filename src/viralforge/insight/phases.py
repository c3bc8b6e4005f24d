"""The phase of a post's life, from how fast it grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from viralforge.settings import Settings

_YOUNG = timedelta(hours=24)


def phase_of(readings: Sequence[Any], born: datetime, settings: Settings) -> str | None:
    """The phase by the velocity of the latest reading that has one; None where none has.

    With v, relative growth of reach per hour: at `phase_rising` (0.05) or more a post is "emerging" in its
    first 24 hours after `born` and "rising" later; at `phase_peak` (0.005) or more it is at its "peak"; at
    `phase_decay` (0.0005) or more, growing or shrinking, in "decay"; else "dormant".

    >>> from collections import namedtuple
    >>> from datetime import UTC
    >>> At, noon = namedtuple("At", "recorded_at velocity_score"), datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> phase_of([At(noon, None), At(noon + timedelta(hours=2), 0.4)], noon, Settings())
    'emerging'
    """
    told = [each for each in readings if each.velocity_score is not None]
    if not told:
        return None
    latest = told[-1]
    velocity = latest.velocity_score
    if velocity >= settings.phase_rising:
        return "emerging" if latest.recorded_at - born <= _YOUNG else "rising"
    if velocity >= settings.phase_peak:
        return "peak"
    return "decay" if abs(velocity) >= settings.phase_decay else "dormant"

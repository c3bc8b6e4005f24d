"""The phase of a post, from how fast it grows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from viralforge.insight.phases import phase_of
from viralforge.settings import Settings

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def readings(*velocities: float | None, hours: float = 2) -> list:
    return [
        SimpleNamespace(recorded_at=NOON + timedelta(hours=hours * number), velocity_score=velocity)
        for number, velocity in enumerate(velocities)
    ]


@pytest.mark.parametrize(
    ("velocity", "phase"),
    [
        (0.05, "emerging"), (9.0, "emerging"), (0.0499, "peak"), (0.005, "peak"), (0.00499, "decay"),
        (0.0005, "decay"), (0.00049, "dormant"), (0.0, "dormant"), (-0.0004, "dormant"), (-0.3, "decay"),
    ],
)  # fmt: skip
def test_a_phase_goes_by_the_latest_velocity(velocity: float, phase: str) -> None:
    assert phase_of(readings(None, 0.7, velocity, None), NOON, Settings()) == phase


def test_what_grows_after_its_first_day_rises() -> None:
    assert phase_of(readings(None, 0.5, hours=24), NOON, Settings()) == "emerging"
    assert phase_of(readings(None, 0.5, hours=24.1), NOON, Settings()) == "rising"


def test_a_post_seen_once_has_no_phase() -> None:
    assert phase_of(readings(None), NOON, Settings()) is None


def test_the_thresholds_are_settings() -> None:
    slow = Settings(phase_rising=1, phase_peak=0.9, phase_decay=0.8)
    assert phase_of(readings(None, 0.7), NOON, slow) == "dormant"

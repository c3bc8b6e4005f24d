"""One simulated world, told once for all the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from viralforge.simulate.crews import executions
from viralforge.simulate.jobs import jobs
from viralforge.simulate.people import User, users
from viralforge.simulate.trends import Scout, trends
from viralforge.simulate.truth import Truth
from viralforge.simulate.visits import visits
from viralforge.simulate.world import World

NOW = datetime(2025, 6, 15, 12, 30, tzinfo=UTC)
POSTS = 10_000


@dataclass
class Told:
    """A world, what is true of it, its users, and the events they made."""

    world: World
    truth: Truth
    people: list[User]
    events: list[dict]


@pytest.fixture(scope="session")
def told() -> Told:
    """A world of 10,000 posts, streamed to its end without a database."""
    world = World(POSTS, seed=7, now=NOW)
    truth = Truth.of(world)
    people = users(7, 200)
    truth.executions = executions(world.plan, users=tuple(user.user_id for user in people if user.analytics))
    truth.jobs = jobs(world)
    truth.trends = trends(world.plan, truth.executions)
    scout = Scout(world.plan, truth.trends)
    for answer in truth.watch(world.answers()):
        scout.watch(answer)
    scout.finish()
    for number, trend in enumerate(truth.trends, 1):
        trend.trend_id = number
    events = list(truth.note(visits(world.plan, people, truth.trends, events=POSTS * 3 // 2)))
    return Told(world, truth, people, events)

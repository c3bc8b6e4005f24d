"""Questions about the funnel, against plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from uuid import UUID

import pytest

from tests.analytics.rows import DAY, NOW, Rows
from viralforge.db.pool import Database

STAGES = ("trend_discovery", "trend_action", "content_analysis", "clip_generation")


def random_events(seed: int) -> list[dict]:
    rng = Random(seed)
    return [
        {
            "event_id": UUID(int=rng.getrandbits(128), version=4), "event_type": "click",
            "event_name": rng.choice((*STAGES, "page_viewed")),
            "user_id": rng.choice((None, "a", "b", "c", "d")),
            "session_id": rng.choice((None, "1", "2", "3")), "platform": rng.choice(("web", "ios")),
            "created_at": NOW - rng.choice((30, rng.random() * 50)) * DAY,
        }
        for _ in range(200)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_users_funnel_counts_distinct_sessions_at_each_stage(
    rows: Rows, ask: SimpleNamespace, still: Database, seed: int
):
    events = random_events(seed)
    rows.events(events)
    sessions = defaultdict(lambda: {stage: set() for stage in STAGES})
    for event in events:
        if event["user_id"] and event["event_name"] in STAGES:
            sessions[event["user_id"]][event["event_name"]].add(event["session_id"])
    expected = {
        user: tuple(len(found - {None}) for found in stages.values()) for user, stages in sessions.items()
    }
    found = ask.funnel.users()
    assert {row.user_id: tuple(row[1:]) for row in found} == expected
    assert sorted(found) == sorted(still.read(b"SELECT * FROM v_user_engagement_funnel"))
    assert [row[:0:-1] for row in found] == sorted((row[:0:-1] for row in found), reverse=True)
    assert ask.funnel.users(user_id="a") == [row for row in found if row.user_id == "a"]
    assert len(ask.funnel.users(limit=2)) == 2


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("platform", [None, "web"])
def test_conversion_is_users_of_a_stage_by_those_of_the_stage_before(
    rows: Rows, ask: SimpleNamespace, seed: int, platform: str | None
):
    events = random_events(seed)
    rows.events(events)
    users = {
        stage: {
            event["user_id"]
            for event in events
            if event["event_name"] == stage
            and event["created_at"] > NOW - 30 * DAY
            and platform in (None, event["platform"])
        }
        - {None}
        for stage in STAGES
    }
    found = ask.funnel.conversion(days=30, platform=platform)
    assert [row.event_name for row in found] == list(STAGES)
    assert [row.stage for row in found] == ["discoveries", "interactions", "analyses", "generations"]
    assert [row.users for row in found] == [len(users[stage]) for stage in STAGES]
    before = [0, *(len(users[stage]) for stage in STAGES)]
    for row, earlier in zip(found, before, strict=False):
        assert row.conversion == (round(Decimal(row.users) / earlier, 6) if earlier else None)


def test_an_event_exactly_at_the_start_of_the_period_is_before_it(rows: Rows, ask: SimpleNamespace):
    rows.event("trend_discovery", "a", created_at=NOW - 30 * DAY)
    rows.event("trend_discovery", "b", created_at=NOW - 30 * DAY + timedelta(microseconds=1))
    assert ask.funnel.conversion()[0].users == 1


def test_no_conversion_after_a_stage_that_nobody_reached(rows: Rows, ask: SimpleNamespace):
    rows.event("trend_action", "a")
    found = ask.funnel.conversion()
    assert [(row.users, row.conversion) for row in found] == [(0, None), (1, None), (0, 0), (0, None)]

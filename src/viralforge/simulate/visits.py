"""What the simulated users do in the app: sessions that walk down the funnel, and the events in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from viralforge.simulate.catalogue import NICHES, USER_AGENTS
from viralforge.simulate.people import User
from viralforge.simulate.plan import Plan
from viralforge.simulate.trends import PlannedTrend

STAGES = ("trend_discovery", "trend_action", "content_analysis", "clip_generation")
"""The funnel, in order."""
_EVENT_TYPES = {
    "trend_discovery": "api_call", "trend_action": "click", "content_analysis": "api_call",
    "clip_generation": "api_call", "page_viewed": "page_view", "request_failed": "error",
}  # fmt: skip
_MOST = {"trend_discovery": 3, "trend_action": 2, "content_analysis": 1, "clip_generation": 1}
EVENTS_A_SESSION = 5.6
"""What a session comes to on average; only used to decide how many sessions there are."""
_TRACED = 0.75
_ANONYMOUS = 0.05
_ERRORS = 0.06
_EVENING = 19
_QUIET_DAYS = (1, 7, 14, 28, 30)
"""No session starts in the two hours after now minus so many days: a clock that is a little late, as the
database's is, then sees the same events in its periods."""


def visits(
    plan: Plan, people: list[User], called: list[PlannedTrend], *, events: int
) -> Iterator[dict[str, Any]]:
    """About `events` events for `track_events`, session by session; trends must have their ids.

    Everyone reaches the depth planned for them within the last 30 days at least once, and never more.
    """
    rng = Random(f"{plan.seed}/visits/{plan.end.date()}")
    sessions = max(len(people), round(events / EVENTS_A_SESSION))
    weights = [user.activity for user in people]
    times = [trend.created_at for trend in called]
    days = plan.rounds / 8
    for number in range(sessions):
        if number < len(people):
            user, depth, start = (
                people[number],
                people[number].depth,
                _start(rng, plan, min(30, days), people[number]),
            )
        else:
            user = rng.choices(people, weights)[0]
            depth = min(user.depth, int(5 * rng.random()))
            start = _start(rng, plan, days, user)
        known = called[: bisect_left(times, start)]
        yield from _session(rng, plan, number, user, depth, start, known, number >= len(people))


def _start(rng: Random, plan: Plan, days: float, user: User) -> datetime:
    """A moment in the user's waking hours, most often in the evening, and not in the quiet hours."""
    while True:
        start = plan.end - timedelta(seconds=rng.uniform(3600, days * 86400 - 3600))
        local = (start.hour + user.zone.utc_offset) % 24
        away = min((local - _EVENING) % 24, (_EVENING - local) % 24)
        quiet = any(
            timedelta(0) <= start - (plan.end - timedelta(days=day)) < timedelta(hours=2)
            for day in _QUIET_DAYS
        )
        late = any(
            timedelta(0) < plan.end - timedelta(days=day) - start < timedelta(hours=1) for day in _QUIET_DAYS
        )
        if not quiet and not late and rng.random() < max(0.08, 1 - away / 9):
            return start


def _session(
    rng: Random, plan: Plan, number: int, user: User, depth: int, start: datetime,
    known: list[PlannedTrend], may_hide: bool,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    named = not (may_hide and rng.random() < _ANONYMOUS)
    base = {
        "user_id": user.user_id if named else None, "session_id": f"sim_session_{number + 1:06d}",
        "platform": user.platform, "user_agent": USER_AGENTS[user.platform], "country": user.country,
    }  # fmt: skip
    names = ["page_viewed"] * rng.randint(1, 4)
    for stage in STAGES[:depth]:
        names += [stage] * rng.randint(1, _MOST[stage])
        names += ["page_viewed"] * rng.randint(0, 1)
        if rng.random() < _ERRORS:
            names.append("request_failed")
    # What really trends is opened three times as often as what a crew only thought to trend.
    trend = (
        rng.choices(known[-80:], [3 if found.planted else 1 for found in known[-80:]])[0] if known else None
    )
    niche = trend.niche if trend else rng.choice(NICHES)
    clock = start
    for name in names:
        properties: dict[str, Any] = {"simulated": True}
        if name in STAGES:
            properties |= {"platform": _platform(rng, trend), "niche": niche}
            if trend is not None and rng.random() < _TRACED:
                properties["trend_id"] = trend.trend_id
        yield base | {
            "event_id": UUID(int=rng.getrandbits(128), version=4), "event_name": name,
            "event_type": _EVENT_TYPES[name], "properties": properties, "created_at": clock,
        }  # fmt: skip
        clock += timedelta(seconds=rng.uniform(3, 150))


def _platform(rng: Random, trend: PlannedTrend | None) -> str:
    if trend is not None and trend.platforms:
        return rng.choice(trend.platforms)
    return rng.choice(("youtube", "tiktok", "instagram"))

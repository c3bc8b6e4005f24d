"""What the pages ask of users' events, against sums that Python makes of the same rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from tests.analytics.days import DAYS, SEEDS, START, moments
from tests.analytics.rows import HOUR, Rows


def told(some: list, *more: str) -> tuple:
    counts = [
        len(some),
        *(len({event[name] for event in some} - {None}) for name in ("user_id", "session_id")),
    ]
    return (*counts, *(sum(event["event_type"] == each for event in some) for each in more))


def groups(some: list, key: Any) -> dict:
    made: dict = defaultdict(list)
    for event in some:
        made[key(event)].append(event)
    return made


def some_events(rows: Rows, rng: Random) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for number, at in enumerate(moments(rng, 80)):
        events.append({
            "event_id": f"00000000-0000-0000-0000-{number:012d}", "created_at": at,
            "event_name": rng.choice("xyz"), "event_type": rng.choice(["click", "error"]),
            "user_id": rng.choice([None, "u1", "u2"]), "session_id": rng.choice([None, "s1", "s2", "s3"]),
            "platform": rng.choice([None, "web", "ios"]), "country": rng.choice([None, "DE", "FR"]),
            "properties": rng.choice([{}, {"platform": "youtube"}, {"platform": "myspace"}]),
        })  # fmt: skip
    rows.events(events)
    return events


@pytest.mark.parametrize("app", [None, "web"])
@pytest.mark.parametrize("seed", SEEDS)
def test_usage_by_day_feature_place_and_hour(rows: Rows, ask: SimpleNamespace, seed, app) -> None:
    events = some_events(rows, Random(seed))
    inside = [event for event in events if event["created_at"] >= START]
    meant = [event for event in inside if app in (None, event["platform"])]

    days = groups(meant, lambda event: event["created_at"].date())
    assert [tuple(row) for row in ask.usage.by_day(days=DAYS, platform=app)] == [
        (day, *told(days[day], "error")) for day in sorted(days)
    ]
    features = groups(meant, lambda event: (event["event_name"], event["event_type"]))
    assert sorted(tuple(row) for row in ask.usage.features(days=DAYS, platform=app)) == sorted(
        (*key, *told(some)) for key, some in features.items()
    )
    apps = groups(inside, lambda event: event["platform"])
    assert {row.platform: tuple(row)[1:] for row in ask.usage.apps(days=DAYS)} == {
        key: told(some, "error") for key, some in apps.items()
    }
    asked_for = [event for event in inside if event["properties"].get("platform") == "youtube"]
    assert [tuple(row) for row in ask.usage.asked_for(days=DAYS)] == (
        [("youtube", *told(asked_for)[:2])] if asked_for else []
    )
    countries = groups(meant, lambda event: event["country"])
    assert {row.country: tuple(row)[1:] for row in ask.usage.countries(days=DAYS, platform=app)} == {
        key: told(some) for key, some in countries.items()
    }
    later = [event["created_at"] + 5 * HOUR for event in meant]
    hours = Counter((at.isoweekday(), at.hour) for at in later)
    found = ask.usage.hours(days=DAYS, platform=app, zone="Asia/Tashkent")
    assert {(row.weekday, row.hour): row.events for row in found} == hours

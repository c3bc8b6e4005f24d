"""The funnel and what trends brought, exact after any story of events, deletions and time that passes."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.store.plain import assert_event_views_plain
from tests.store.sightings import START
from viralforge.analytics.scraping import Scraping
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.settings import Settings
from viralforge.store.rollups import RollupStore
from viralforge.warehouse import DataWarehouse

EXAMPLES = int(os.environ.get("VIRALFORGE_STRESS", "30"))
CLOCK = b"SELECT set_config('viralforge.now', %(now)s, false)"
TRACED = b"""
SELECT count(*) FILTER (WHERE event_name = 'trend_action'),
       count(*) FILTER (WHERE event_name = 'clip_generation')
FROM viralforge.app_events JOIN viralforge.trends AS trend ON trend.id::text = properties ->> 'trend_id'
"""
names = st.sampled_from(
    ["trend_discovery", "trend_action", "content_analysis", "clip_generation", "page_viewed"]
)
users = st.sampled_from([None, "a", "b", "c"])
traces = st.sampled_from([None, 1, 2, 2, "2", 7, 0, -1, "x", 10**30, True, 1.5, [1]])
events = st.fixed_dictionaries(
    {
        "event_name": names, "event_type": st.just("click"), "user_id": users, "trend_id": traces,
        "session_id": st.sampled_from([None, "1", "2"]), "platform": st.sampled_from([None, "web", "ios"]),
        "hours": st.integers(0, 40 * 24),
    }
)  # fmt: skip


def event(given: dict[str, Any], now: datetime) -> dict[str, Any]:
    made = {name: value for name, value in given.items() if name not in ("trend_id", "hours")}
    made["created_at"] = now - timedelta(hours=given["hours"])
    return made | {"properties": None if given["trend_id"] is None else {"trend_id": given["trend_id"]}}


class Story(RuleBasedStateMachine):
    """Writes events to a warehouse with one connection."""

    warehouse: DataWarehouse
    database: Database

    @initialize()
    def begin(self) -> None:
        for table in ("users", "funnel_days", "app_events", "trends", "traced_rollup", "traced_deltas"):
            self.warehouse.sql(f"DELETE FROM viralforge.{table}")
        for number in (1, 2):
            self.warehouse.sql("INSERT INTO viralforge.trends (id, title) VALUES (%s, 'AI')", [number])
        self.warehouse.sql("DELETE FROM viralforge.erased")
        self.erased = False
        self.now = START
        self.time_passes(0)

    @rule(hours=st.integers(0, 20 * 24))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with self.database.connection() as connection:
            connection.execute(CLOCK, {"now": self.now.isoformat()})
        self.warehouse.events.salts.refresh()

    @rule(given=events, hours=st.integers(0, 29 * 24))
    def track(self, given, hours: int) -> None:
        self.warehouse.track_event(event(given | {"hours": hours}, self.now))

    @rule(given=st.lists(events, max_size=6))
    def track_many(self, given) -> None:
        self.warehouse.track_events([event(each, self.now) for each in given])

    @rule(given=events)
    def track_again(self, given) -> None:
        first = event(given | {"hours": 1}, self.now)
        known = self.warehouse.track_event(first)
        self.warehouse.track_event(first | {"event_id": known})
        assert self.warehouse.track_events([first | {"event_id": known}]) == 0

    @rule(user=st.sampled_from(["a", "b"]))
    def forget_user(self, user: str) -> None:
        self.warehouse.delete_user(user)

    @rule()
    def erase_user(self) -> None:
        rows = self.warehouse.erase_user("c").rows
        assert not (self.erased and any(rows.values()))
        self.erased = True

    @rule(user=st.sampled_from(["a", "b"]), analytics=st.booleans())
    def change_mind(self, user: str, analytics: bool) -> None:
        self.warehouse.add_user(user, analytics=analytics)

    @rule(again=st.booleans())
    def delete_trend(self, again: bool) -> None:
        self.warehouse.delete_trend(2)
        if again:
            self.warehouse.sql("INSERT INTO viralforge.trends (id, title) VALUES (2, 'AI')")

    @rule()
    def fold(self) -> None:
        self.warehouse.rollups.fold()
        assert self.warehouse.rollups.backlog() == 0

    @rule()
    def rebuild(self) -> None:
        assert self.warehouse.rollups.rebuild() == 0

    @invariant()
    def all_is_what_the_events_say(self) -> None:
        if self.erased:
            assert self.database.read(b"SELECT FROM viralforge.app_events WHERE user_id = 'c'") == []
        assert_event_views_plain(self.database)
        found = Scraping(self.database, Settings()).returns()
        assert [(found.interactions, found.generations)] == self.database.read(TRACED)
        assert RollupStore(self.database).check() == []


@pytest.mark.timeout(60 + EXAMPLES * 5)
def test_any_story_of_events_deletions_and_time_leaves_funnel_and_traces_exact(database_url) -> None:
    Story.database = Database.open(database_url, pool_size=1)
    months = [START + timedelta(days=28 * n) for n in range(-2, 18)]
    Months(Story.database).ensure("app_events", months)
    told = settings(
        max_examples=EXAMPLES, stateful_step_count=20, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate], print_blob=True,
    )  # fmt: skip
    with DataWarehouse(Story.database, Settings(pool_size=1)) as Story.warehouse:
        run_state_machine_as_test(Story, settings=told)


def test_rollups_of_events_changed_behind_our_back_are_found_and_mended(warehouse, database) -> None:
    warehouse.create_trend({"title": "AI"})
    for name in ("trend_discovery", "trend_action", "clip_generation"):
        for user in ("a", "b"):
            warehouse.track_event(
                {"event_name": name, "event_type": "click", "user_id": user, "session_id": "s",
                 "platform": "web", "properties": {"trend_id": 1}}
            )  # fmt: skip
    warehouse.rollups.fold()
    assert warehouse.rollups.check() == []
    warehouse.sql("UPDATE viralforge.funnel_rollup SET discoveries = 5 WHERE user_id = 'a'")
    warehouse.sql("DELETE FROM viralforge.funnel_users WHERE user_id = 'b' AND platform = 'web'")
    warehouse.sql("DELETE FROM viralforge.app_events WHERE event_name = 'clip_generation'")
    warehouse.sql("UPDATE viralforge.traced_rollup SET events = 7 WHERE event_name = 'trend_action'")
    found = {(drift.rollup, drift.key, drift.kept, drift.counted) for drift in warehouse.rollups.check()}
    assert {drift[:2] for drift in found if drift[0] == "funnel users"} >= {
        ("funnel users", "a clip_generation web"), ("funnel users", "b trend_discovery web"),
    }  # fmt: skip
    assert ("funnel", "a", "5 1 0 1", "1 1 0 0") in found
    assert ("traced", "1 trend_action", "7", "2") in found
    assert {key for rollup, key, *_ in found if rollup == "traced"} == {"1 trend_action"}
    assert warehouse.rollups.rebuild() == len(found)
    assert warehouse.rollups.check() == []
    assert_event_views_plain(database)

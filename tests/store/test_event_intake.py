"""Events in numbers: batches, agents that many meet at once, and the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from viralforge.db.pool import Database
from viralforge.errors import InvalidInput
from viralforge.model.event import AppEvent
from viralforge.settings import Settings
from viralforge.store import events as store
from viralforge.warehouse import DataWarehouse

EVENT = {"event_name": "page_viewed", "event_type": "view"}
COUNT = b"SELECT count(*) FROM viralforge.app_events"
OUTBOX = b"SELECT event_id FROM viralforge.posthog_outbox ORDER BY id"


@pytest.fixture
def forwarding(database_url: str) -> Iterator[DataWarehouse]:
    """A warehouse whose events are to be forwarded."""
    settings = Settings(posthog_host="https://posthog.example")
    with DataWarehouse(Database.open(database_url), settings) as opened:
        yield opened


def test_a_batch_stores_what_it_was_given_now_and_then_and_at_its_end(
    warehouse, database, monkeypatch
) -> None:
    monkeypatch.setattr(store, "AT_ONCE", 3)
    with warehouse.events.batch() as batch:
        ids = [batch.track(EVENT | {"userId": "u1"}) for _ in range(4)]
        assert database.read(COUNT) == [(3,)]
        assert batch.added == 3
    assert batch.added == 4
    with warehouse.events.batch() as again:
        for event_id in ids:
            again.track(EVENT | {"event_id": event_id})
    assert again.added == 0


def test_what_was_tracked_before_an_error_in_a_batch_is_stored(warehouse, database) -> None:
    with pytest.raises(InvalidInput, match="event_type"), warehouse.events.batch() as batch:
        batch.track(EVENT | {"created_at": "2020-01-01T00:00:00Z"})
        batch.track({"event_name": "no type"})
    assert database.read(COUNT) == [(1,)]


def test_a_user_agent_is_kept_once_however_many_bring_it_at_once(database_url, database) -> None:
    agents = [f"agent {number} " + "ö\\" * 900 for number in range(40)]

    def bring(number: int) -> None:
        ours = agents[number:] + agents[:number]
        warehouse.track_events(EVENT | {"userAgent": agent} for agent in ours)

    with DataWarehouse.open(database_url) as warehouse, ThreadPoolExecutor(8) as threads:
        list(threads.map(bring, range(8)))
    assert database.read(b"SELECT count(*) FROM viralforge.user_agents") == [(40,)]
    counted = b"SELECT user_agent, count(*) FROM viralforge.v_app_events GROUP BY 1"
    assert dict(database.read(counted)) == dict.fromkeys(agents, 8)


def test_new_events_that_may_be_forwarded_wait_in_the_outbox(forwarding, database) -> None:
    forwarding.add_user("refuses", analytics=False)
    forwarding.erase_user("erased")
    known = forwarding.track_event(EVENT)
    forwarding.track_event(EVENT | {"event_id": known})
    named = forwarding.track_event(EVENT | {"user_id": "new"})
    for private in ({"doNotTrack": True}, {"user_id": "refuses"}, {"user_id": "erased"}):
        forwarding.track_event(EVENT | private)
    came_from_there = forwarding.events.prepare(AppEvent.read(EVENT), forward=False)
    assert forwarding.events.insert([came_from_there]) == 1
    assert [row[0] for row in database.read(OUTBOX)] == [known, named]
    assert database.read(COUNT) == [(6,)]


def test_without_a_posthog_nothing_waits(warehouse, database) -> None:
    warehouse.track_event(EVENT)
    assert database.read(OUTBOX) == []


def test_the_outbox_goes_with_the_events_of_a_simulation(forwarding, database) -> None:
    simulated = {"session_id": "sim_session_1", "properties": {"simulated": True}}
    forwarding.track_events([EVENT | simulated])
    own = forwarding.track_event(EVENT)
    forwarding.delete_simulated()
    assert database.read(OUTBOX) == [(own,)]

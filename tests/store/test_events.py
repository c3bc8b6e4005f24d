"""Events of the app's users: each once, at its own time, and nobody named who does not want to be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from tests.store.reading import wait_for_a_lock
from viralforge.errors import InvalidInput
from viralforge.model.event import new_event_id, time_in

NOW = datetime.now(UTC)
EVENT = {"eventName": "trend_discovery", "eventType": "api_call", "userId": "u1", "sessionId": "s1"}
ALL = b"""
SELECT event_id, user_id, created_at, ip_hash, properties FROM viralforge.app_events ORDER BY created_at
"""


def events(database) -> list[tuple]:
    return database.read(ALL)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=29), timedelta(minutes=-50)])
def test_an_event_sent_again_is_one_row_at_its_own_time(age, warehouse, database) -> None:
    event = EVENT | {"event_id": new_event_id(NOW - age)}
    assert [warehouse.track_event(event) for _ in range(3)] == [event["event_id"]] * 3
    assert warehouse.track_events([event, event]) == 0
    assert [row[2] for row in events(database)] == [time_in(event["event_id"])]


def test_an_event_without_an_id_gets_one_that_holds_its_time(warehouse, database) -> None:
    drawn = warehouse.track_event(EVENT)
    assert warehouse.track_event(EVENT | {"event_id": drawn}) == drawn
    dated = warehouse.track_event(EVENT | {"created_at": NOW - timedelta(hours=2)})
    assert time_in(dated) == (NOW - timedelta(hours=2)).replace(microsecond=NOW.microsecond // 1000 * 1000)
    assert [row[0] for row in events(database)] == [dated, drawn]


def test_a_client_id_that_holds_no_time_needs_one_beside_it(warehouse, database) -> None:
    event = EVENT | {"event_id": uuid4()}
    with pytest.raises(InvalidInput, match="created_at: is needed"):
        warehouse.track_event(event)
    dated = event | {"created_at": NOW.isoformat()}
    assert warehouse.track_event(dated) == warehouse.track_event(dated) == event["event_id"]
    assert [row[2] for row in events(database)] == [NOW]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW - timedelta(days=31), "more than 30 days ago; import"),
        (NOW + timedelta(hours=2), "is the clock right"),
    ],
)
def test_a_live_event_out_of_its_time_is_told_and_can_be_imported(at, said, warehouse, database) -> None:
    for event in (EVENT | {"created_at": at}, EVENT | {"event_id": new_event_id(at)}):
        with pytest.raises(InvalidInput, match=said):
            warehouse.track_event(event)
        assert warehouse.track_events([event]) == 1
    assert len(events(database)) == 2


def test_an_import_reaches_into_months_long_ago(warehouse, database) -> None:
    times = [NOW - timedelta(days=400 * number) for number in range(5)] + [datetime(1999, 12, 31, tzinfo=UTC)]
    given = [EVENT | {"event_id": uuid4(), "created_at": at} for at in times]
    assert warehouse.track_events(iter(given)) == 6
    assert warehouse.track_events(given) == 0
    assert [row[2] for row in events(database)] == sorted(times)


def test_times_that_are_none_are_told(warehouse, database) -> None:
    for wrong in (
        {"created_at": "9999-12-31T23:59:59Z"},
        {"event_id": UUID("f" * 12 + "7fffbfffffffffffffff")},
    ):
        with pytest.raises(InvalidInput, match="created_at"):
            warehouse.track_events([EVENT | wrong])
    assert events(database) == []


def test_users_are_made_as_needed_and_take_what_names_them_along(warehouse, database) -> None:
    warehouse.track_event(EVENT)
    warehouse.log_crew_execution({"crew_type": "discovery", "start_time": NOW, "user_id": "u1"})
    warehouse.log_crew_execution({"crew_type": "discovery", "start_time": NOW, "user_id": "u2"})
    users = database.read(b"SELECT id, analytics FROM viralforge.users ORDER BY id")
    assert users == [("u1", True), ("u2", True)]
    assert warehouse.delete_user("u1")
    assert not warehouse.delete_user("u1")
    assert events(database) == []
    assert database.read(b"SELECT user_id FROM viralforge.crew_executions") == [("u2",)]


def test_who_wants_no_analytics_is_not_named_from_then_on(warehouse, database) -> None:
    warehouse.track_event(EVENT)
    warehouse.add_user("u1", "Somebody", analytics=False)
    warehouse.track_event(EVENT | {"ip_address": "192.0.2.7"})
    warehouse.track_events([EVENT, EVENT | {"userId": "u2"}])
    run = warehouse.log_crew_execution({"crew_type": "discovery", "start_time": NOW, "user_id": "u1"})
    warehouse.update_crew_execution(run, {"user_id": "u1", "status": "completed"})
    assert [row[1] for row in events(database)].count("u1") == 1
    assert [row[1] for row in events(database)].count("u2") == 1
    assert [row[3] for row in events(database)] == [None] * 4
    assert database.read(b"SELECT user_id, status FROM viralforge.crew_executions") == [(None, "completed")]
    warehouse.add_user("u1", analytics=True)
    warehouse.track_event(EVENT)
    assert [row[1] for row in events(database)].count("u1") == 2
    assert database.read(b"SELECT display_name FROM viralforge.users WHERE id = 'u1'") == [("Somebody",)]


def test_an_address_is_hashed_under_the_days_salt_and_stands_nowhere(warehouse, database) -> None:
    for address in ("192.0.2.7", "192.0.2.7", "192.0.2.8"):
        warehouse.track_event(EVENT | {"ip_address": address})
    hashes = [row[3] for row in events(database)]
    assert len(hashes[0]) == 16
    assert hashes[0] == hashes[1] != hashes[2]
    text = database.read(b"SELECT string_agg(e::text, '') FROM viralforge.app_events e")[0][0]
    assert "192.0.2" not in text
    # Another day has another salt.
    with database.connection() as connection:
        connection.execute("UPDATE viralforge.ip_salts SET day = day - 1")
    warehouse.events.salts.refresh()
    warehouse.track_event(EVENT | {"ip_address": "192.0.2.7"})
    assert hashes[0] not in [row[3] for row in events(database)][3:]
    assert database.read(b"SELECT count(DISTINCT salt) FROM viralforge.ip_salts") == [(3,)]


def test_properties_hold_whatever_json_can_say(warehouse, database) -> None:
    given = {"big": 10**30, "cost": Decimal("1.50"), "at": NOW, "b\x00": "\ud800x", "n": float("nan")}
    warehouse.track_event(EVENT | {"properties": given})
    found = events(database)[0][4]
    assert found == {"big": 10**30, "cost": "1.50", "at": found["at"], "b": "x", "n": None}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"eventName": " "}, "eventName"), ({"event_type": None}, "event_type"), ({"userId": 5}, "userId"),
     ({"properties": [1]}, "properties"), ({"properties": {"a": 10**5000}}, "properties"), ({"x": 1}, "x")],
)  # fmt: skip
def test_a_wrong_event_is_told_with_its_field_and_nothing_of_its_batch_is_kept(
    wrong, field, warehouse, database
) -> None:
    with pytest.raises(InvalidInput, match=f"AppEvent: {field}"):
        warehouse.track_events([EVENT, EVENT | wrong])
    assert events(database) == []


@pytest.mark.parametrize("wrong", [None, "", " \x00 "])
def test_a_user_needs_an_id(wrong, warehouse) -> None:
    with pytest.raises(InvalidInput, match="user_id"):
        warehouse.add_user(wrong)


@pytest.mark.parametrize("names", ["track_event", "log_crew_execution"])
def test_a_user_deleted_in_the_moment_of_being_named_is_made_anew(names, warehouse, database) -> None:
    warehouse.add_user("u1")
    run = {"crew_type": "discovery", "start_time": NOW, "user_id": "u1"}
    with ThreadPoolExecutor(1) as thread:
        with database.connection() as connection:
            connection.execute("DELETE FROM viralforge.users")
            named = thread.submit(getattr(warehouse, names), EVENT if names == "track_event" else run)
            wait_for_a_lock(database)
        assert named.result(30)
    assert database.read(b"SELECT id FROM viralforge.users") == [("u1",)]

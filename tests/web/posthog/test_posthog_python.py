"""posthog-python, pointed at a warehouse, in both of the protocols that it speaks."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from posthog import Posthog

from tests.web.posthog.stored import away, events, named
from tests.web.running import running, wait_for


@pytest.fixture
def told() -> list[Exception]:
    """What the client complained of."""
    return []


@pytest.fixture(params=["v0", "v1"])
def client(request, served, told):
    made = Posthog(
        "any-token", host=served.url, gzip=True, capture_mode=request.param, flush_interval=0.1,
        on_error=lambda error, _batch: told.append(error),
    )  # fmt: skip
    yield made
    made.shutdown()


def test_an_event_is_stored_under_its_id_with_its_user_and_its_properties(client, warehouse, told) -> None:
    sent = client.capture("trend_discovery", distinct_id="u1", properties={"niche": "AI", "$session_id": "s"})
    client.flush()
    (found,) = events(warehouse)
    assert found["event_id"] == UUID(sent)
    assert (found["event_name"], found["event_type"]) == ("trend_discovery", "api_call")
    assert (found["user_id"], found["session_id"], found["platform"]) == ("u1", "s", None)
    assert (found["properties"]["niche"], found["properties"]["$lib"]) == ("AI", "posthog-python")
    assert "any-token" not in str(found)
    assert told == []


def test_an_event_of_nobody_is_stored_without_a_user(client, warehouse) -> None:
    client.capture("landed")
    client.flush()
    (found,) = events(warehouse)
    assert found["user_id"] is None
    assert UUID(found["properties"]["distinct_id"])


def test_a_batch_is_stored_whole_at_the_times_at_which_it_happened(client, warehouse) -> None:
    sent = [client.capture(f"event {number:03}", distinct_id=f"u{number % 7}") for number in range(250)]
    client.flush()
    found = events(warehouse)
    assert {str(event["event_id"]) for event in found} == set(sent)
    assert [event["event_name"] for event in found] == [f"event {number:03}" for number in range(250)]


def test_flags_are_off_and_break_nothing(client, warehouse, told) -> None:
    assert client.evaluate_flags("u1").get_flag("anything") is None
    client.capture("after", distinct_id="u1")
    client.flush()
    assert named(warehouse, "after")
    assert told == []


def test_exceptions_users_aliases_and_groups_are_taken(client, warehouse, told) -> None:
    client.capture_exception(ValueError("boom"), distinct_id="u1")
    client.set(distinct_id="u1", properties={"plan": "pro"})
    client.alias("device-7", "u1")
    client.group_identify("company", "1", {"size": 3})
    client.flush()
    assert told == []
    (error,) = named(warehouse, "exception")
    assert (error["event_type"], error["user_id"]) == ("error", "u1")
    assert error["properties"]["$exception_list"][0]["value"] == "boom"
    assert named(warehouse, "$set")[0]["properties"]["$set"] == {"plan": "pro"}
    assert "alias" not in named(warehouse, "$create_alias")[0]["properties"]
    assert named(warehouse, "$groupidentify")[0]["user_id"] is None


def test_what_could_not_be_stored_at_first_is_stored_once(client, warehouse, admin, served, told) -> None:
    with away(admin, warehouse):
        sent = client.capture("patient", distinct_id="u1")
        flushing = threading.Thread(target=client.flush)
        flushing.start()
        wait_for(lambda: "503" in served.log)
    flushing.join(60)
    assert [str(event["event_id"]) for event in named(warehouse, "patient")] == [sent]
    assert told == []


def test_an_event_of_a_time_that_cannot_be_is_kept_apart_and_its_batch_is_stored(client, warehouse) -> None:
    from datetime import UTC, datetime

    client.capture("good", distinct_id="u1")
    client.capture(
        "old", distinct_id="u1", timestamp=datetime(2019, 1, 1, tzinfo=UTC), properties={"$ip": "192.0.2.7"}
    )
    client.flush()
    assert [event["event_name"] for event in events(warehouse)] == ["good"]
    (kept,) = warehouse.scrapes.rejections()
    assert (kept.reason, kept.origin, kept.payload["event"]) == ("bad_event", "posthog", "old")
    assert "30 days" in kept.detail
    assert not {"u1", "192.0.2.7", "any-token"} & set(str(kept.payload).replace("'", " ").split())
    assert warehouse.replay_rejections().rejected == 1
    assert len(warehouse.scrapes.rejections()) == 1


@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_a_key_that_is_none_is_refused_and_one_of_ours_opens(database_url, warehouse, tmp_path, mode) -> None:
    key = warehouse.keys.create("site", ["write:events"])
    told: list[Exception] = []
    with running(database_url, tmp_path) as server:
        for token in ("vf_wrong", key):
            client = Posthog(
                token, host=server.url, capture_mode=mode, on_error=lambda error, _batch: told.append(error)
            )
            client.capture("seen", distinct_id="u1")
            client.shutdown()
        log = server.log
    assert [error.status for error in told] == [401]
    assert len(events(warehouse)) == 1
    assert key not in str(events(warehouse)) + log

"""Sending events to PostHog: nothing is lost, nothing comes twice, the order of a user's events is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event

import httpx
import pytest

from tests.integrations.posthog import stand_in
from tests.integrations.posthog.stand_in import at_most, hang, refuse, reset, say, take_and_cut
from tests.integrations.posthog.tracking import be_patient, track
from viralforge.errors import ConfigurationError
from viralforge.integrations import posthog
from viralforge.integrations.posthog import Forwarder
from viralforge.settings import read_settings
from viralforge.warehouse import DataWarehouse

AGENT = "Mozilla/5.0 (X11; Linux x86_64)"


def drained(warehouse: DataWarehouse, forwarder: Forwarder) -> list[str]:
    """Tries until nothing waits; says what went wrong on the way."""
    errors = []
    for _ in range(100):
        done = forwarder.drain()
        if done.error is None:
            return errors
        errors.append(done.error)
        be_patient(warehouse)
    raise AssertionError("it never came to an end")


def test_events_arrive_in_order_under_their_ids_and_leave_the_outbox(server, warehouse, forwarder) -> None:
    ids = track(warehouse, 20)
    assert forwarder.drain().sent == 20
    assert list(server.taken) == ids
    assert [(path, key) for path, key, _batch in server.requests] == [("/batch/", "phc_key")]
    assert warehouse.outbox.backlog().waiting == 0
    assert forwarder.drain().sent == 0


def test_an_event_is_told_as_posthog_knows_it_and_nothing_of_the_address_goes_along(
    server, warehouse, forwarder
) -> None:
    now = datetime.now(UTC)
    event = {
        "event_name": "page_view", "event_type": "page_view", "session_id": "s1", "platform": "web",
        "user_agent": AGENT, "country": "DE", "ip_address": "192.0.2.7", "created_at": now,
        "properties": {"path": "/clips", "ip": "192.0.2.7", "plan": "pro"},
    }  # fmt: skip
    warehouse.track_event(event)
    warehouse.track_event(
        event | {"user_id": "u1", "event_name": "clip_generation", "event_type": "api_call"}
    )
    forwarder.drain()
    anonymous, known = server.taken.values()
    assert (anonymous["event"], anonymous["distinct_id"]) == ("$pageview", "s1")
    assert datetime.fromisoformat(anonymous["timestamp"]) - now < timedelta(milliseconds=1)
    said = anonymous["properties"]
    assert (said["$pathname"], said["plan"], said["platform"]) == ("/clips", "pro", "web")
    assert (said["$raw_user_agent"], said["$geoip_country_code"], said["$session_id"]) == (AGENT, "DE", "s1")
    assert (said["$process_person_profile"], said["$geoip_disable"]) == (False, True)
    assert (known["event"], known["distinct_id"]) == ("clip_generation", "u1")
    assert "$process_person_profile" not in known["properties"]
    (hashed,) = warehouse.sql("SELECT DISTINCT encode(ip_hash, 'hex') FROM app_events")[0]
    assert hashed and hashed not in str(server.requests)
    assert "192.0.2.7" not in str(server.requests)


def test_through_every_failure_nothing_is_lost_and_nothing_comes_twice(
    server, warehouse, forwarder, monkeypatch
) -> None:
    forwarder._client.timeout = httpx.Timeout(1)
    server.behaviours = [
        reset, hang, say(429), say(429, Retry_After="7"), say(500), say(502, b"<html>"), say(503),
        say(408), stand_in.reset_in_the_reply, say(200, b"<html>Sign in</html>"), say(200, b""),
        say(200, {"status": 0}), say(200, {"status": 1, "quota_limited": ["events"]}), take_and_cut,
    ]  # fmt: skip
    failures = len(server.behaviours)
    ids = track(warehouse, 30)
    errors = drained(warehouse, forwarder)
    assert len(errors) == failures
    assert list(server.taken) == ids
    assert warehouse.outbox.backlog() == (0, 0, None)


def test_while_nobody_answers_everything_waits(server, warehouse, forwarder) -> None:
    ids = track(warehouse, 3)
    server.shutdown()
    server.server_close()
    done = forwarder.drain()
    assert (done.sent, done.error) == (0, "no answer from PostHog: ConnectError")
    assert done.wait > 0
    assert warehouse.outbox.backlog().waiting == len(ids)


def test_pauses_grow_and_a_wish_for_one_is_heeded(server, warehouse, forwarder) -> None:
    track(warehouse, 1)
    server.usually = say(500)
    pauses = []
    for _ in range(5):
        pauses.append(forwarder.drain().wait)
        be_patient(warehouse)
    assert all(2**number / 2 <= pause <= 2**number for number, pause in enumerate(pauses))
    for asked, waited in (("40", 40), ("999999", 3_600), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)):
        server.behaviours = [say(503, Retry_After=asked)]
        assert forwarder.drain().wait == waited
        be_patient(warehouse)


def test_before_its_time_nothing_is_tried_again_by_a_new_sender_either(server, warehouse, forwarder) -> None:
    track(warehouse, 2)
    server.behaviours = [say(503, Retry_After="600")]
    forwarder.drain()
    other = Forwarder(warehouse, read_settings())
    done = other.drain()
    other.close()
    assert len(server.requests) == 1
    assert 590 < done.wait <= 600
    assert done.error == "PostHog said 503"


def test_what_is_refused_for_good_is_set_apart_with_the_reason_and_all_else_arrives(
    server, warehouse, forwarder
) -> None:
    ids = track(warehouse, 40)
    server.usually = refuse("e7", "e8", "e39")
    done = forwarder.drain()
    assert (done.sent, done.refused, done.error) == (37, 3, None)
    assert list(server.taken) == [each for number, each in enumerate(ids) if number not in (7, 8, 39)]
    dead = warehouse.outbox.dead_letters()
    assert {letter.event_name for letter in dead} == {"e7", "e8", "e39"}
    assert {letter.error for letter in dead} == {"PostHog said 400 (invalid_payload)"}
    server.usually = stand_in.take
    assert warehouse.outbox.revive([dead[0].id]) == 1
    assert warehouse.outbox.revive() == 2
    assert forwarder.drain().sent == 3
    assert set(server.taken) == set(ids)


def test_too_much_at_once_is_sent_in_parts(server, warehouse, forwarder) -> None:
    ids = track(warehouse, 50)
    server.usually = at_most(7)
    assert forwarder.drain().sent == 50
    assert list(server.taken) == ids


def test_a_request_has_so_many_events_and_bytes_at_most(server, warehouse, forwarder, monkeypatch) -> None:
    monkeypatch.setattr(posthog, "MOST_BYTES", 20_000)
    ids = track(warehouse, 30, properties={"long": "x" * 5_000})
    assert forwarder.drain().sent == 30
    assert {len(batch) for _path, _key, batch in server.requests} == {3}
    assert list(server.taken) == ids


@pytest.mark.parametrize(
    ("behaviour", "named"),
    [
        (say(401), "POSTHOG_KEY"), (say(403), "POSTHOG_KEY"), (say(404), "POSTHOG_HOST"),
        (say(301, Location="http://127.0.0.1:1/batch/"), "POSTHOG_HOST"), (say(402), "POSTHOG_HOST"),
    ],
)  # fmt: skip
def test_a_wrong_key_or_address_is_said_and_everything_waits(
    server, warehouse, forwarder, behaviour, named
) -> None:
    track(warehouse, 5)
    server.usually = behaviour
    with pytest.raises(ConfigurationError, match=named) as caught:
        forwarder.drain()
    assert "phc_key" not in str(caught.value)
    assert warehouse.outbox.backlog()[:2] == (5, 0)
    assert len(server.requests) == 1


def test_a_server_that_refuses_everything_is_not_believed_for_long(server, warehouse, forwarder) -> None:
    track(warehouse, 30)
    server.usually = say(400)
    with pytest.raises(ConfigurationError, match="POSTHOG_HOST"):
        forwarder.drain()
    assert warehouse.outbox.backlog()[:2] == (20, posthog.IN_VAIN)


def test_what_was_erased_or_may_not_be_named_any_more_is_not_sent(server, warehouse, forwarder) -> None:
    ids = track(warehouse, 9)
    server.usually = refuse("e0")
    server.behaviours = [say(503)]
    forwarder.drain()
    be_patient(warehouse)
    warehouse.erase_user("u1")
    warehouse.add_user("u2", analytics=False)
    warehouse.sql("DELETE FROM app_events WHERE event_name = 'e3'")
    done = forwarder.drain()
    assert (done.dropped, done.sent, done.refused) == (4, 1, 1)
    assert list(server.taken) == [ids[6]]
    warehouse.sql("DELETE FROM app_events")
    forwarder.drain()
    assert warehouse.outbox.backlog() == (0, 0, None)


def test_what_may_not_name_its_user_is_not_sent(server, warehouse, forwarder) -> None:
    warehouse.track_event({"event_name": "e", "event_type": "click", "do_not_track": True})
    warehouse.add_user("u1", analytics=False)
    warehouse.track_event({"event_name": "e", "event_type": "click", "user_id": "u1"})
    assert forwarder.drain().sent == 0
    assert server.requests == []


def test_one_process_sends_at_a_time(server, warehouse, forwarder) -> None:
    track(warehouse, 2)
    with warehouse.outbox.turn(1) as turn:
        assert turn is not None
        assert forwarder.drain().busy
    assert server.requests == []
    assert forwarder.drain().sent == 2


def test_without_settings_there_is_no_sending(warehouse, monkeypatch) -> None:
    monkeypatch.delenv("VIRALFORGE_POSTHOG_KEY")
    with pytest.raises(ConfigurationError, match="VIRALFORGE_POSTHOG_KEY"):
        Forwarder(warehouse, read_settings())
    monkeypatch.setenv("VIRALFORGE_POSTHOG_KEY", "phc_key")
    monkeypatch.setenv("VIRALFORGE_POSTHOG_HOST", "eu.i.posthog.com")
    with pytest.raises(ConfigurationError, match="VIRALFORGE_POSTHOG_HOST"):
        Forwarder(warehouse, read_settings())


def test_told_to_end_it_ends_before_all_is_sent(server, warehouse, forwarder) -> None:
    for number in range(5):
        warehouse.track_event({"event_name": f"e{number}", "event_type": "x"})
    told = Event()
    told.set()
    assert forwarder.drain(told).sent == 0
    assert forwarder.drain().sent == 5

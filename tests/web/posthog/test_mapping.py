"""From an event as PostHog's clients send it to an event of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from viralforge.errors import InvalidInput
from viralforge.model.event import AppEvent, new_event_id
from viralforge.web.posthog.mapping import app_event, remains_of

TIME = "2026-03-01T12:00:00Z"
V7 = str(new_event_id(datetime(2026, 3, 1, 12, tzinfo=UTC)))
V4 = "0190f6a0-0000-4000-8000-000000000001"


def mapped(about: dict[str, Any] | None = None, **given: Any) -> AppEvent:
    return app_event({"event": "e", **given}, about or {}, "phc_x")


@pytest.mark.parametrize(
    ("event", "properties", "name", "kind"),
    [
        ("$pageview", {}, "page_view", "page_view"), ("$pageleave", {}, "page_leave", "page_view"),
        ("$screen", {}, "screen_view", "page_view"),
        ("$autocapture", {"$event_type": "submit"}, "submit", "click"),
        ("$autocapture", {}, "click", "click"), ("$rageclick", {}, "rage_click", "click"),
        ("$exception", {}, "exception", "error"), ("$identify", {"$lib": "web"}, "$identify", "custom"),
        ("trend_discovery", {"$lib": "web"}, "trend_discovery", "custom"),
        ("trend_discovery", {"$lib": "posthog-node"}, "trend_discovery", "api_call"),
    ],
)  # fmt: skip
def test_posthogs_own_events_have_our_names_and_others_their_own(event, properties, name, kind) -> None:
    found = mapped(event=event, properties=properties)
    assert (found.event_name, found.event_type) == (name, kind)


@pytest.mark.parametrize(
    ("properties", "platform"),
    [
        ({"$lib": "web"}, "web"), ({"$lib": "posthog-ios"}, "ios"), ({"$lib": "posthog-android"}, "android"),
        ({"$lib": "posthog-react-native", "$os": "iOS"}, "ios"),
        ({"$lib": "posthog-python", "$os": "iOS"}, None),
        ({"$lib": "posthog-flutter", "$os": "Android"}, "android"), ({"$lib": ["odd"]}, None), ({}, None),
    ],
)  # fmt: skip
def test_the_platform_is_that_of_the_client(properties, platform) -> None:
    assert mapped(properties=properties).platform == platform


@pytest.mark.parametrize(
    ("given", "user"),
    [
        ({"distinct_id": "u1"}, "u1"),
        ({"distinct_id": 17}, "17"),
        ({"$distinct_id": "u1"}, "u1"),
        ({"properties": {"distinct_id": "u1"}}, "u1"),
        ({}, None),
        ({"distinct_id": {"odd": 1}}, None),
        ({"distinct_id": "u1", "properties": {"$is_identified": True, "$device_id": "d"}}, "u1"),
        ({"distinct_id": "d", "properties": {"$is_identified": False}}, None),
        ({"distinct_id": "d", "properties": {"$device_id": "d"}}, None),
        ({"distinct_id": "d", "properties": {"$process_person_profile": False}}, None),
        ({"distinct_id": "d", "options": {"process_person_profile": False}}, None),
        ({"distinct_id": "u1", "options": "odd"}, "u1"),
    ],
)
def test_a_user_is_who_has_signed_in(given, user) -> None:
    assert mapped(**given).user_id == user


def test_an_id_that_names_a_device_stays_in_the_properties_and_a_users_does_not() -> None:
    anonymous = mapped(distinct_id="d", properties={"$is_identified": False, "distinct_id": "d"})
    known = mapped(distinct_id="u1", properties={"distinct_id": "u1", "$user_id": "u1", "plan": "pro"})
    assert anonymous.properties == {"distinct_id": "d", "$is_identified": False}
    assert known.properties == {"plan": "pro"}


def test_what_has_a_column_and_the_key_are_not_kept_twice() -> None:
    properties = {
        "$session_id": "s1", "$raw_user_agent": "Agent", "$ip": "192.0.2.7", "token": "phc_x",
        "other": "phc_x", "plan": "pro",
    }  # fmt: skip
    found = mapped(properties=properties)
    assert (found.session_id, found.user_agent, found.ip_address) == ("s1", "Agent", "192.0.2.7")
    assert found.properties == {"plan": "pro"}


def test_what_the_request_says_of_the_visitor_counts_where_the_event_says_nothing() -> None:
    about = {"user_agent": "Header", "ip_address": "192.0.2.1", "country": "DE"}
    assert mapped(about).user_agent == "Header"
    found = mapped(about, properties={"$raw_user_agent": "Own"})
    assert (found.user_agent, found.ip_address, found.country) == ("Own", "192.0.2.1", "DE")


def test_an_event_sent_again_is_the_same_one_with_an_id_and_without() -> None:
    with_id = [mapped(uuid=V4, timestamp=TIME, sent_at=sent) for sent in ("1", "2")]
    assert {event.event_id for event in with_id} == {UUID(V4)}
    for time in ({"timestamp": TIME}, {"properties": {"$time": 1772366400.25}}):
        again = [
            mapped(distinct_id="u1", sent_at=sent, offset=offset, **time)
            for sent, offset in (("1", 5), ("2", 99))
        ]
        assert again[0].event_id == again[1].event_id is not None
        assert again[0].created_at == again[1].created_at is not None
    others = [mapped(timestamp=TIME, distinct_id=user) for user in ("u1", "u2")]
    assert others[0].event_id != others[1].event_id


def test_without_id_and_time_an_event_is_of_now() -> None:
    assert (mapped().event_id, mapped().created_at) == (None, None)


def test_a_time_that_is_not_the_ids_stays_in_the_properties() -> None:
    assert mapped(uuid=V7, timestamp="2026-03-01T12:00:00.4Z").properties is None
    assert mapped(uuid=V7, timestamp="2025-01-01T00:00:00Z").properties == {
        "$timestamp": "2025-01-01T00:00:00+00:00"
    }
    assert mapped(uuid=V4, timestamp=TIME).created_at == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "given",
    [
        None, 7, "event", [], {}, {"event": ""}, {"event": None}, {"event": 7}, {"event": "e" * 201},
        {"event": "e", "uuid": "no id"}, {"event": "e", "uuid": 7}, {"event": "e", "timestamp": "yesterday"},
        {"event": "e", "distinct_id": "u" * 201}, {"event": "e", "timestamp": [1]},
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused(given) -> None:
    with pytest.raises(InvalidInput):
        app_event(given, {})


def test_what_remains_of_a_refused_event_names_nobody() -> None:
    given = {
        "event": "e", "uuid": V4, "distinct_id": "u1", "api_key": "phc_x", "$set": {"email": "a@example.com"},
        "properties": {"$ip": "192.0.2.7", "distinct_id": "u1", "token": "phc_x", "plan": "pro"},
    }  # fmt: skip
    assert remains_of(given, "phc_x") == {"event": "e", "uuid": V4, "properties": {"plan": "pro"}}
    assert remains_of("text", None) is None

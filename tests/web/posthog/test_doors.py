"""What the server answers to PostHog's clients, beside what the real ones ask of it."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.web.posthog.stored import events, named
from tests.web.running import running

PAGE = {"Origin": "http://localhost:3000"}
ID = "0190f6a0-0000-4000-8000-{:012}"


@pytest.fixture
def caller(served):
    with httpx.Client(base_url=served.url, timeout=60) as client:
        yield client


def event(number: int, **more: object) -> dict:
    now = datetime.now(UTC).isoformat()
    return {"event": f"e{number}", "uuid": ID.format(number), "distinct_id": "u1", "timestamp": now, **more}


def test_events_are_taken_at_every_place(caller, warehouse) -> None:
    places = ["/e/", "/i/v0/e/", "/i/v0/ai/batch/", "/batch/", "/capture/", "/track/", "/engage/"]
    for number, path in enumerate(places):
        sent = event(number)
        answer = caller.post(path, json=sent, headers=PAGE)
        assert (answer.status_code, answer.json()) == (200, {"status": 1}), path
        assert answer.headers["access-control-allow-origin"] in ("*", PAGE["Origin"])
        assert caller.post(path.rstrip("/"), json=sent).status_code == 200
    assert len(events(warehouse)) == len(places)


def test_an_image_brings_an_event_and_engage_tells_of_a_user_without_a_name(caller, warehouse) -> None:
    packed = base64.b64encode(json.dumps(event(1)).encode()).decode()
    assert caller.get("/e/", params={"data": packed}).status_code == 200
    sent = {"$token": "any", "$distinct_id": "u2", "$set": {"plan": "pro"}}
    assert caller.post("/engage/", json=[sent]).status_code == 200
    assert named(warehouse, "e1")[0]["user_id"] == "u1"
    told = named(warehouse, "$identify")[0]
    assert (told["user_id"], told["properties"]) == ("u2", {"$set": {"plan": "pro"}})


def test_what_a_browser_asks_before_it_sends_is_allowed(caller) -> None:
    asked = PAGE | {
        "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-other",
    }  # fmt: skip
    for path in ("/e/", "/flags/", "/i/v1/analytics/events", "/s/"):
        answer = caller.options(path, headers=asked)
        assert answer.status_code == 200
        assert "content-type" in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-origin" not in caller.get("/v1/status", headers=PAGE).headers


def test_the_newer_protocol_says_of_each_event_what_became_of_it(caller, warehouse) -> None:
    old = event(2, timestamp=(datetime.now(UTC) - timedelta(days=40)).isoformat())
    batch = [event(1, session_id="s1", window_id="w1"), old, event(3, properties=None)]
    answer = caller.post(
        "/i/v1/analytics/events", json={"batch": batch}, headers={"PostHog-Sdk-Info": "posthog-python/7.0"}
    )
    said = answer.json()["results"]
    assert [said[ID.format(number)]["result"] for number in (1, 2, 3)] == ["ok", "drop", "ok"]
    assert "30 days" in said[ID.format(2)]["details"]
    (first,) = named(warehouse, "e1")
    assert first["session_id"] == "s1"
    assert first["properties"] == {"$window_id": "w1", "$lib": "posthog-python", "$lib_version": "7.0"}


def test_recordings_are_let_go(caller, warehouse) -> None:
    assert caller.post("/s/", content=gzip.compress(b'[{"event": "$snapshot"}]')).status_code == 200
    assert caller.post("/e/", json=[event(1) | {"event": "$snapshot"}, event(2)]).status_code == 200
    assert [each["event_name"] for each in events(warehouse)] == ["e2"]
    assert len(warehouse.scrapes.rejections()) == 0


def test_the_configuration_comes_as_json_and_as_a_script_of_nothing_else(caller) -> None:
    found = caller.get("/array/vf_token/config").json()
    assert (found["hasFeatureFlags"], found["sessionRecording"], found["autocapture_opt_out"]) == (False,) * 3
    script = caller.get("/array/vf_token/config.js")
    assert script.headers["content-type"].startswith("application/javascript")
    assert json.loads(script.text.partition('["vf_token"]=')[2].rstrip(";"))["config"] == found
    assert caller.get('/array/a"]=alert(1);//config.js').status_code == 404
    assert caller.get("/array/%22%5D%3Dalert/config.js").status_code == 404


def test_what_cannot_be_read_is_refused(caller) -> None:
    for body in (b"nonsense!", b"\x1f\x8b broken", b"7"):
        answer = caller.post("/e/", content=body)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_a_client_that_is_too_fast_is_told_to_send_again_for_429_would_lose_its_events(
    database_url, warehouse, tmp_path
) -> None:
    key = warehouse.keys.create("site", ["write:events"])
    read = warehouse.keys.create("reader", ["read"])
    with running(database_url, tmp_path, VIRALFORGE_RATE_PER_KEY="2/minute") as server:
        given = [event(number, api_key=key) for number in range(4)]
        answers = [httpx.post(f"{server.url}/e/", json=each) for each in given]
        refused = httpx.post(f"{server.url}/e/", json=event(9, api_key=read))
        with_header = {"Authorization": f"Bearer {read}"}
        other = httpx.post(f"{server.url}/e/", json=event(9, api_key=key), headers=with_header)
    assert [answer.status_code for answer in answers] == [200, 200, 503, 503]
    assert int(answers[3].headers["retry-after"]) > 0
    assert (refused.status_code, other.status_code) == (403, 403)
    assert len(events(warehouse)) == 2


def test_unpacked_a_body_has_a_limit(database_url, tmp_path) -> None:
    with running(database_url, tmp_path, VIRALFORGE_MAX_BODY_BYTES="10000") as server:
        bomb = gzip.compress(b"[" + b" " * 20_000 + b"]")
        assert httpx.post(f"{server.url}/e/", content=bomb).status_code == 413


def test_what_is_kept_of_a_refused_event_names_nobody(caller, warehouse) -> None:
    person = "ada@example.com"
    sent = [event(1, distinct_id=person * 20), event(2, properties={"$ip": ", ".join(["203.0.113.7"] * 20)})]
    assert caller.post("/batch/", json={"api_key": "t", "batch": sent}).status_code == 200
    kept = str(list(warehouse.sql("SELECT detail, payload FROM viralforge.rejections")))
    assert "distinct_id" in kept or "user_id" in kept
    assert person not in kept and "203.0.113.7" not in kept

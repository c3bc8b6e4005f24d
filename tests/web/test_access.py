"""Who may do what: keys and scopes, the open server on this machine, rates, and what is never logged."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import httpx
import pytest

from tests.web.conftest import served
from tests.web.running import EVENT, running, wait_for
from viralforge.errors import InvalidInput, UnknownRecord
from viralforge.integrations.http.questions import QUESTIONS
from viralforge.web import access

ASKING = {"write:events": "/v1/events", "read": "/metrics"}
"""What asks for a scope; what asks for the others has tests beside the routes."""


@pytest.fixture
def at_once(monkeypatch):
    """A server that looks keys up for every request."""
    monkeypatch.setattr(access, "FRESH_SECONDS", -1)


def test_a_key_is_shown_once_and_kept_as_a_hash(warehouse) -> None:
    key = warehouse.keys.create("site", ["write:events", "read", "read"])
    assert re.fullmatch(r"vf_\d+_[\w-]{43}", key)
    [kept] = warehouse.keys.all()
    assert (kept.name, kept.scopes, kept.revoked_at) == ("site", ["read", "write:events"], None)
    dump = warehouse.sql("SELECT to_jsonb(k)::text FROM viralforge.api_keys k")
    assert key.split("_", 2)[2] not in dump[0][0]
    assert warehouse.keys.find(key) == (kept.id, {"read", "write:events"})


@pytest.mark.parametrize(
    "spoilt", ["", "vf_", "vf_1", "vf_x_y", "vf_²_y", "vf_1_wrong", "vf_99999999999999999999_a"]
)
def test_what_is_no_key_is_not_found(warehouse, spoilt) -> None:
    key = warehouse.keys.create("site", ["read"])
    assert warehouse.keys.find(spoilt) is None
    assert warehouse.keys.find(key[:-1]) is None
    assert warehouse.keys.find(f"x{key}") is None


def test_a_key_without_a_name_or_with_an_unknown_scope_is_not_made(warehouse) -> None:
    for name, scopes in ((" ", ["read"]), ("site", []), ("site", ["root"])):
        with pytest.raises(InvalidInput):
            warehouse.keys.create(name, scopes)
    with pytest.raises(UnknownRecord, match="no key with id 9"):
        warehouse.keys.revoke(9)
    assert not warehouse.keys.any_good()


@pytest.mark.parametrize("scope", ["write:events", "write", "read", "read:users", "admin"])
@pytest.mark.parametrize("needed", ASKING)
def test_a_key_opens_what_its_scope_includes(server, scope, needed) -> None:
    with server.client(scope) as client:
        path = ASKING[needed]
        answer = client.get(path) if needed == "read" else client.post(path, json=EVENT)
    allowed = scope in access.INCLUDED[needed]
    assert answer.status_code == (200 if allowed else 403)
    assert allowed or needed in answer.json()["detail"]


def test_without_a_key_or_with_a_wrong_one_the_answer_says_how_to_get_one(server) -> None:
    for headers in ({}, {"Authorization": "Bearer vf_1_nonsense"}, {"Authorization": "Basic YTpi"}):
        answer = httpx.post(f"{server.url}/v1/events", json=EVENT, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "viralforge keys create" in answer.json()["detail"]


def named_by(client: httpx.Client, path: str) -> str:
    """All that a path says, of executions and users who are named."""
    answer = client.get(path)
    return answer.text if answer.status_code == 200 else str(answer.status_code)


def test_a_key_that_reads_learns_of_no_user_and_one_that_sees_users_does(server, warehouse) -> None:
    names = ("trend_discovery", "trend_action")
    warehouse.track_events({"event_name": each, "event_type": "app", "user_id": "planted"} for each in names)
    run = {"crew_type": "discovery", "user_id": "planted", "output_data": {"for": "planted"}}
    run_id = warehouse.log_crew_execution(run | {"status": "completed", "start_time": datetime.now(UTC)})
    warehouse.ingest_payloads([{"user_id": "planted"}])
    paths = [each.path for each in QUESTIONS if "{" not in each.path] + [f"/v1/runs/{run_id}"]
    paths += [f"/v1/views/{view}" for view in warehouse.views.all()]
    telling = {"/v1/executions", f"/v1/runs/{run_id}", "/v1/rejections"}
    of_users = {"/v1/funnel/users", "/v1/views/v_user_engagement_funnel"}
    with server.client("read") as reads, server.client("read:users") as sees, server.client("admin") as admin:
        for path in paths:
            told = named_by(reads, path)
            assert "planted" not in told, path
            assert (told == "403") == (path in of_users), path
            assert ("planted" in named_by(sees, path)) == (path in telling | of_users), path
            assert ("planted" in named_by(admin, path)) == (path in telling | of_users), path
        assert "read:users" in reads.get("/v1/funnel/users").json()["detail"]
        for client, shown in ((reads, False), (sees, True)):
            assert ("planted" in client.get(f"/runs/{run_id}").text) == shown
            assert ("planted" in client.get("/users").text) == shown
            assert 'id="keys"' not in client.get("/system").text


def test_a_key_may_come_in_three_ways_but_in_the_query_only_for_events(server) -> None:
    events, reads = f"{server.url}/v1/events", f"{server.url}/metrics"
    key = server.keys["admin"]
    assert httpx.post(events, json=EVENT, headers={"X-API-Key": key}).status_code == 200
    assert httpx.post(events, json=EVENT, headers={"Authorization": f"bearer {key}"}).status_code == 200
    assert httpx.post(events, json=EVENT, params={"key": key}).status_code == 200
    assert httpx.get(reads, params={"key": key}).status_code == 401


def test_a_revoked_key_opens_nothing_and_the_last_use_of_a_key_is_noted(at_once, server, warehouse) -> None:
    with server.client("read") as client:
        assert client.get("/metrics").status_code == 200
        [kept] = [key for key in warehouse.keys.all() if key.name == "read"]
        assert kept.last_used_at is not None
        warehouse.keys.revoke(kept.id)
        assert client.get("/metrics").status_code == 401
    assert warehouse.keys.all()[kept.id - 1].revoked_at is not None


def test_without_any_key_the_server_is_open_to_this_machine_and_no_page_of_elsewhere(
    at_once, database_url, warehouse, monkeypatch
) -> None:
    with served(database_url) as found:
        for key in warehouse.keys.all():
            warehouse.sql("DELETE FROM viralforge.api_keys WHERE id = %s", [key.id])
        wait_for(lambda: httpx.post(f"{found.url}/v1/events", json=EVENT).status_code == 200)
        for headers, status in (
            ({}, 200), ({"Origin": "http://localhost:3000"}, 200), ({"Origin": "http://127.0.0.1"}, 200),
            ({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403),
            ({"Host": "evil.example"}, 403), ({"Origin": "http://[bad"}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 200),
            ({"X-Forwarded-For": "203.0.113.9"}, 403), ({"Forwarded": "for=203.0.113.9"}, 403),
        ):  # fmt: skip
            assert httpx.post(f"{found.url}/v1/events", json=EVENT, headers=headers).status_code == status, (
                headers
            )


def test_revoking_the_last_key_opens_nothing(at_once, server, warehouse) -> None:
    for key in warehouse.keys.all():
        warehouse.keys.revoke(key.id)
    assert not warehouse.keys.any_good()
    for _ in range(3):
        assert httpx.post(f"{server.url}/v1/events", json=EVENT).status_code == 401


def test_beyond_this_machine_the_server_does_not_start_without_a_key(database_url, run_cli) -> None:
    refused = run_cli("serve", "--host", "0.0.0.0")
    assert refused.returncode == 1
    assert "viralforge keys create --scope admin" in refused.stderr


@pytest.mark.parametrize("of", ["key", "address"])
def test_too_many_requests_are_told_how_long_to_wait(database_url, monkeypatch, of) -> None:
    monkeypatch.setenv(f"VIRALFORGE_RATE_PER_{of.upper()}", "3/minute")
    with served(database_url) as found, found.client("write:events") as client:
        answers = [client.post("/v1/events", json=EVENT) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert of in answers[-1].json()["detail"]


def test_a_rate_that_cannot_be_read_is_told_by_its_variable(database_url, run_cli) -> None:
    refused = run_cli("serve", VIRALFORGE_RATE_PER_KEY="often")
    assert refused.returncode == 1
    assert "VIRALFORGE_RATE_PER_KEY: 'often' is no rate; write 600/minute" in refused.stderr


def test_pages_of_any_origin_may_send_events_and_nothing_else(server) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    allowed = httpx.options(f"{server.url}/v1/events", headers=asked)
    assert allowed.headers["Access-Control-Allow-Origin"] in ("*", "https://app.example")
    assert "Access-Control-Allow-Origin" not in httpx.options(f"{server.url}/v1/posts", headers=asked).headers


def test_neither_keys_nor_persons_are_in_the_log(database_url, warehouse, tmp_path) -> None:
    key = warehouse.keys.create("site", ["write:events"])
    secrets = {"key": key, "user": "user-4711", "agent": "Mozilla/Secret", "value": "s3cr3t"}
    with running(database_url, tmp_path) as server:
        page = {"Origin": "https://app.example", "User-Agent": secrets["agent"]}
        event = EVENT | {"userId": secrets["user"], "properties": {"a": secrets["value"]}}
        assert server.post(event, headers=page, params={"key": key}).status_code == 200
        bad = event | {"eventName": ""}
        refused = server.post(bad, headers=page | {"X-Request-Id": "mine-1"}, params={"key": key})
        assert refused.status_code == 422
        assert refused.headers["X-Request-Id"] == "mine-1"
        wait_for(lambda: '"request_id":"mine-1"' in server.log)  # it is written once the answer is sent
        log = server.log
    assert '"route":"/v1/events"' in log
    for secret in (*secrets.values(), '127.0.0.1"', "app.example"):
        assert secret not in log.replace("Uvicorn running on http://127.0.0.1", "")


def test_an_open_server_that_rested_is_closed_by_the_first_key(database_url, warehouse, monkeypatch) -> None:
    monkeypatch.setattr(access, "FRESH_SECONDS", 0.3)
    with served(database_url) as found:
        for key in warehouse.keys.all():
            warehouse.sql("DELETE FROM viralforge.api_keys WHERE id = %s", [key.id])
        wait_for(lambda: httpx.get(f"{found.url}/v1/status").status_code == 200)
        warehouse.keys.create("mine", ["read"])
        time.sleep(0.4)
        assert httpx.get(f"{found.url}/v1/status").status_code == 401


def test_only_pages_that_may_send_are_let_in(database_url, database, monkeypatch) -> None:
    monkeypatch.setenv("VIRALFORGE_CORS_ORIGINS", '["https://app.example"]')
    with served(database_url) as found, found.client("write:events") as client:
        plain = {"Content-Type": "text/plain"}
        for origin, status in (("https://app.example", 200), ("https://evil.example", 403), (found.url, 200)):
            answer = client.post("/v1/events", json=EVENT, headers=plain | {"Origin": origin})
            assert answer.status_code == status, origin
        refused = client.options(
            "/v1/events/import",
            headers={"Origin": "https://app.example", "Access-Control-Request-Method": "POST"},
        )
        assert "access-control-allow-origin" not in refused.headers
    assert database.read(b"SELECT count(*) FROM viralforge.app_events") == [(2,)]


def test_a_key_of_ones_own_is_counted_by_itself(database_url, monkeypatch) -> None:
    monkeypatch.setenv("VIRALFORGE_RATE_PER_ADDRESS", "3/minute")
    with served(database_url) as found, found.client("admin") as client:
        assert {client.get("/v1/status").status_code for _ in range(8)} == {200}
        wrong = [httpx.get(f"{found.url}/v1/status").status_code for _ in range(4)]
    assert wrong == [401, 401, 429, 429]  # the first look at a key is counted too

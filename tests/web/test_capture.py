"""Events over HTTP: acknowledged once they are stored, each once, and never lost in silence."""

from __future__ import annotations

import gzip
import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.conftest import UNSAFE
from tests.web.running import EVENT, running, wait_for
from viralforge.db import embedded
from viralforge.db.pool import Database
from viralforge.warehouse import DataWarehouse
from viralforge.web.access import FRESH_SECONDS

DURABLE = UNSAFE | {"synchronous_commit": "on"}
COUNT = b"SELECT count(*) FROM viralforge.app_events"


@pytest.fixture
def post(server):
    """Posts events with a key that may do everything."""
    with server.client() as client:
        yield lambda body, **more: client.post("/v1/events", json=body, **more)


def stored(database: Database) -> list[tuple]:
    return database.read(b"SELECT event_id::text, event_name FROM viralforge.app_events ORDER BY 1")


def test_an_acknowledged_event_is_stored(post, database) -> None:
    answer = post(EVENT | {"userId": "u1", "sessionId": "s1", "properties": {"platform": "youtube"}})
    assert answer.status_code == 200
    assert stored(database) == [(answer.json()["event_id"], "trend_discovery")]


def test_a_list_of_events_is_stored_and_its_ids_come_back_in_order(post, database) -> None:
    answer = post([EVENT | {"eventName": f"e{number}"} for number in range(150)])
    assert answer.status_code == 200, answer.text
    ids = answer.json()["event_ids"]
    assert sorted(zip(ids, (f"e{number}" for number in range(150)), strict=True)) == stored(database)


def test_an_event_sent_again_is_the_same_row(post, database) -> None:
    event_id = post(EVENT).json()["event_id"]
    again = post([EVENT | {"event_id": event_id}, EVENT | {"eventId": event_id}])
    assert again.json() == {"event_ids": [event_id, event_id]}
    assert stored(database) == [(event_id, "trend_discovery")]


def test_of_a_list_with_one_bad_event_nothing_is_kept_and_the_place_is_named(post, database) -> None:
    answer = post([EVENT, EVENT | {"eventName": ""}, 7, EVENT | {"created_at": "2001-01-01T00:00:00Z",
        "event_id": "0b0e9a1c-6d53-4f53-8a53-0d1a2b3c4d5e"}])  # fmt: skip
    problem = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["pointer"] for error in problem["errors"]] == ["/1/eventName", "/2", "/3"]
    assert stored(database) == []


def test_an_empty_list_is_stored_at_once(post) -> None:
    assert post([]).json() == {"event_ids": []}


@pytest.mark.parametrize("content_type", ["application/json", "text/plain;charset=UTF-8", None])
def test_the_body_is_json_whatever_its_type_says(server, content_type) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    with server.client() as client:
        answer = client.post("/v1/events", content=json.dumps(EVENT), headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "headers", "status", "said"),
    [
        (b"{", {}, 400, "no JSON"),
        (b"", {}, 400, "no JSON"),
        (b'"text"', {}, 422, "cannot be taken"),
        (b"x" * 3_000, {}, 413, "at most 2,048 bytes"),
        (gzip.compress(json.dumps(EVENT).encode(), mtime=0), {"Content-Encoding": "gzip"}, 200, "event_id"),
        (gzip.compress(b" " * 1_000_000, mtime=0), {"Content-Encoding": "gzip"}, 413, "at most 2,048 bytes"),
        (gzip.compress(b" " * 1_000, mtime=0)[:-9], {"Content-Encoding": "gzip"}, 400, "breaks off"),
        (b"plain", {"Content-Encoding": "gzip"}, 400, "no gzip"),
        (b"{}", {"Content-Encoding": "br"}, 415, "br is not read"),
        (json.dumps([EVENT] * 11).encode(), {}, 413, "at most 10 events"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(small_server, body, headers, status, said) -> None:
    answer = httpx.post(f"{small_server.url}/v1/events", content=body, headers=headers)
    assert answer.status_code == status
    assert said in answer.text


def test_a_body_of_unknown_length_is_read_up_to_the_limit_only(small_server) -> None:
    answer = httpx.post(f"{small_server.url}/v1/events", content=iter([b"x" * 1_000] * 50))
    assert answer.status_code == 413


@pytest.fixture(scope="module")
def small_server(server_url, admin, template, tmp_path_factory):
    from tests.conftest import new_database, with_database

    limits = {"VIRALFORGE_MAX_BODY_BYTES": "2048", "VIRALFORGE_MAX_EVENTS": "10"}
    with (
        new_database(admin, template) as name,
        running(with_database(server_url, name), tmp_path_factory.mktemp("server"), **limits) as found,
    ):
        yield found


def test_many_at_once_are_committed_in_groups(post, server, database) -> None:
    with ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(lambda number: post(EVENT | {"userId": f"u{number}"}), range(600)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["event_id"] for answer in answers} == {row[0] for row in stored(database)}
    with server.client() as client:
        metrics = client.get("/metrics").text
    assert 'viralforge_events_total{outcome="stored"}' in metrics


def test_events_keep_the_country_and_hash_of_a_page_and_nothing_else_of_its_address(post, database) -> None:
    page = {"Origin": "http://localhost:3000", "User-Agent": "Mozilla/5.0"}
    post(EVENT | {"properties": {"$ip": "203.0.113.9"}}, headers=page)
    post(EVENT)
    read = b"SELECT ip_hash IS NOT NULL, user_agent, properties FROM viralforge.v_app_events ORDER BY 1 DESC"
    assert database.read(read) == [(True, "Mozilla/5.0", {}), (False, None, None)]


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_who_does_not_want_to_be_tracked_is_not_named(post, database, header) -> None:
    page = {"Origin": "http://localhost:3000", header: "1"}
    assert post(EVENT | {"userId": "u1"}, headers=page).status_code == 200
    assert database.read(b"SELECT user_id, ip_hash FROM viralforge.app_events") == [(None, None)]


@pytest.mark.parametrize(("spooled", "with_key"), [(False, False), (True, True)])
def test_while_the_database_is_away_events_wait_outside_or_on_disk(
    short_dir, tmp_path, spooled, with_key
) -> None:
    place = short_dir / f"away-{spooled}"
    options = ("--spool", str(tmp_path / "spool")) if spooled else ()
    database_server = embedded.start(place, settings=DURABLE)
    headers = {}
    if with_key:
        with DataWarehouse.open(database_server.url, migrate=True) as warehouse:
            headers = {"Authorization": f"Bearer {warehouse.keys.create('site', ['write:events'])}"}
    try:
        with running(database_server.url, tmp_path, *options, headers=headers) as server:
            first = server.post(EVENT).json()["event_id"]
            os.kill(int((place / "pg18" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
            wait_for(lambda: not (place / "pg18" / "postmaster.pid").exists())
            during = [server.post(EVENT) for _ in range(20)]
            if with_key:  # what is known of a key is no longer fresh, and nobody can be asked
                time.sleep(FRESH_SECONDS)
                begun = time.monotonic()
                with ThreadPoolExecutor(8) as threads:
                    during += threads.map(lambda _: server.post(EVENT), range(40))
                assert time.monotonic() - begun < 15
            assert {answer.status_code for answer in during} == {202 if spooled else 503}
            assert spooled or all(int(answer.headers["Retry-After"]) >= 1 for answer in during)
            assert httpx.get(f"{server.url}/readyz", timeout=60).status_code == 503
            assert httpx.get(f"{server.url}/healthz").status_code == 200

            database_server = embedded.start(place, settings=DURABLE)
            wait_for(lambda: server.post(EVENT | {"eventName": "after"}).status_code == 200)
            database = Database.open(database_server.url)
            expected = {first, *(answer.json()["event_id"] for answer in during if spooled)}
            ids = b"SELECT event_id::text FROM viralforge.app_events WHERE event_name <> 'after'"
            wait_for(lambda: {row[0] for row in database.read(ids)} == expected)
            database.close()
            wait_for(lambda: not spooled or not list((tmp_path / "spool").iterdir()))
    finally:
        database_server.stop()


def test_a_body_of_events_is_short_also_when_it_is_unpacked(server, database) -> None:
    with server.client("write:events") as client:
        long = json.dumps([EVENT | {"properties": {"text": "x" * 5_000}}] * 1_000)
        assert client.post("/v1/events", content=long).status_code == 413
        packed = {"Content-Encoding": "gzip"}
        assert (
            client.post("/v1/events", content=gzip.compress(long.encode()), headers=packed).status_code == 413
        )
        bomb = gzip.compress(b"[" + b"[]," * 1_300_000 + b"[]]")
        refused = client.post("/v1/events", content=bomb, headers=packed)
        assert (refused.status_code, "200 times its size" in refused.json()["detail"]) == (413, True)
    assert database.read(COUNT) == [(0,)]

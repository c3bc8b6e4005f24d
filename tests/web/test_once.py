"""A request with an idempotency key is done once: whoever sends it, however often, whatever breaks."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from tests.web.conftest import Served
from viralforge.errors import InvalidInput
from viralforge.warehouse import DataWarehouse

TREND = {"title": "AI tools", "hashtags": ["ai"]}
RUN = {"crew_type": "discovery", "start_time": "2025-10-03T08:00:00Z"}
JOB = {"platform": "x", "operation": "search", "started_at": 1759478400}
COUNT = "SELECT count(*) FROM trends"


def with_key(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def test_the_same_key_gives_the_first_answer_again_and_does_nothing(admin_client, warehouse):
    first = admin_client.post("/v1/trends", json=TREND, headers=with_key("one"))
    again = admin_client.post(
        "/v1/trends", content=b'{"hashtags":["ai"], "title":"AI tools"}', headers=with_key("one")
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    other = admin_client.post("/v1/trends", json=TREND, headers=with_key("two"))
    assert other.json() != first.json()
    assert warehouse.sql(COUNT)[0] == (2,)


def test_a_key_that_stands_for_another_request_is_refused(admin_client, warehouse):
    admin_client.post("/v1/trends", json=TREND, headers=with_key("one"))
    for path, body in (("/v1/trends", TREND | {"title": "Soup"}), ("/v1/executions", RUN)):
        answer = admin_client.post(path, json=body, headers=with_key("one"))
        assert answer.status_code == 422 and "Idempotency-Key" in answer.json()["detail"]
    assert warehouse.sql(COUNT)[0] == (1,)


def test_keys_belong_to_the_api_key_that_sends_them(server: Served, warehouse):
    with server.client("write") as one, server.client("admin") as other:
        for client in (one, other):
            answer = client.post("/v1/trends", json=TREND, headers=with_key("one"))
            assert "idempotency-replayed" not in answer.headers
    assert warehouse.sql(COUNT)[0] == (2,)


@pytest.mark.parametrize(
    ("path", "body", "count"),
    [
        ("/v1/trends", TREND, "SELECT count(*) FROM trends"),
        ("/v1/executions", RUN | {"user_id": "u1"}, "SELECT count(*) FROM crew_executions"),
        ("/v1/scrape-jobs", JOB, "SELECT count(*) FROM scrape_jobs"),
        ("/v1/posts", {"platform": "x", "external_id": "20"}, "SELECT count(*) FROM post_metrics_history"),
    ],
)  # fmt: skip
def test_eight_at_once_with_one_key_do_it_once(server: Served, warehouse, path, body, count):
    with server.client() as client, ThreadPoolExecutor(8) as threads:
        sent = [threads.submit(client.post, path, json=body, headers=with_key("one")) for _ in range(8)]
        answers = [each.result() for each in sent]
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert warehouse.sql(count)[0] == (1,)


def test_what_was_refused_leaves_no_note_of_its_key(admin_client, warehouse):
    run = admin_client.post("/v1/executions", json=RUN).json()["id"]
    call = {"crew_execution_id": run + 1, "kind": "llm", "name": "chat", "started_at": RUN["start_time"]}
    broken = admin_client.post("/v1/calls", json=[call], headers=with_key("one"))
    assert broken.status_code == 404
    mended = admin_client.post("/v1/calls", json=[call | {"crew_execution_id": run}], headers=with_key("one"))
    assert mended.json() == {"stored": 1}
    assert warehouse.sql("SELECT count(*) FROM crew_calls")[0] == (1,)


def test_a_key_is_forgotten_after_a_day_by_whoever_comes_later(warehouse: DataWarehouse):
    verb = lambda: warehouse.create_trend(TREND)  # noqa: E731
    for key in ("old", "older"):
        warehouse.once(key, b"same", verb)
    warehouse.sql("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'")
    assert not warehouse.once("old", b"other", verb).replayed
    assert warehouse.sql("SELECT key FROM idempotency_keys")[0] == ("old",)
    assert len(warehouse.sql("SELECT key FROM idempotency_keys")) == 1
    assert warehouse.once("old", b"other", verb).replayed


def test_an_effect_without_its_note_is_never_kept(warehouse: DataWarehouse):
    def verb() -> int:
        warehouse.create_trend(TREND)
        raise InvalidInput("after the effect")

    with pytest.raises(InvalidInput, match="after"):
        warehouse.once("one", b"same", verb)
    assert warehouse.sql(COUNT)[0] == (0,)
    assert len(warehouse.sql("SELECT key FROM idempotency_keys")) == 0


@pytest.mark.parametrize("key", ["", "a b", "a" * 256, "käse"])
def test_a_key_that_is_none_is_refused(admin_client, key):
    answer = admin_client.post("/v1/trends", json=TREND, headers={b"Idempotency-Key": key.encode()})
    assert answer.status_code == 422


@contextmanager
def server_process(database_url: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server in a process of its own, which can be killed; there is no API key, so it is open."""
    program = (
        "import socket, uvicorn; from viralforge.web.app import create_app\n"
        "here = socket.create_server(('127.0.0.1', 0)); print(here.getsockname()[1], flush=True)\n"
        "uvicorn.Server(uvicorn.Config(create_app(), log_config=None)).run(sockets=[here])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], env=os.environ | {"DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdout
        yield running, f"http://127.0.0.1:{int(running.stdout.readline())}"
        running.kill()


def test_a_server_killed_on_the_way_leaves_each_key_done_once_or_not_at_all(database_url, warehouse):
    def send(url: str, number: int) -> int | None:
        try:
            answer = httpx.post(f"{url}/v1/trends", json=TREND, headers=with_key(f"k{number}"), timeout=30)
            return int(answer.json()["id"])
        except httpx.HTTPError:
            return None

    with server_process(database_url) as (running, url), ThreadPoolExecutor(8) as threads:
        sent = [threads.submit(send, url, number) for number in range(200)]
        while sum(each.done() for each in sent) < 40:
            time.sleep(0.001)
        running.kill()
        told = [each.result() for each in sent]
    assert None in told, "the server was killed too late"
    assert warehouse.sql(COUNT) == warehouse.sql("SELECT count(*) FROM idempotency_keys")
    with server_process(database_url) as (_running, url), ThreadPoolExecutor(8) as threads:
        again = list(threads.map(lambda number: send(url, number), range(200)))
    assert [now for before, now in zip(told, again, strict=True) if before is not None] == list(
        filter(None, told)
    )
    assert len(set(again)) == 200
    assert warehouse.sql(COUNT)[0] == (200,)

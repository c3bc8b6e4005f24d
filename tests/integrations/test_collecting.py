"""A client to platforms: within their limits for all processes, patient, cached, accounted for."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from viralforge.errors import QuotaSpent, UpstreamFailed
from viralforge.integrations.http import client, collecting
from viralforge.model.quota import LIMITS, Limit

POSTS = {"success": True, "tweets": [{"source": "x", "id": "20", "text": "soup", "metrics": {"likes": 1}}]}


class Platform(ThreadingHTTPServer):
    """Answers as it is told to, one answer a request, the last one for ever; and counts."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, str]] = []
        self.answers: list[tuple[int, dict[str, str]]] = [(200, {})]
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append((time.monotonic(), self.path))
                status, headers = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
                self.send_response(status)
                for name, value in ({"Content-Type": "application/json"} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(json.dumps(POSTS).encode())

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.setattr(collecting, "_FIRST_PAUSE", 0.02)
    with Platform() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def jobs(warehouse) -> list[tuple]:
    warehouse.accounts.flush()
    columns = "operation, requests, cache_hits, found, errors, quota_units, cost_usd"
    return [tuple(row) for row in warehouse.sql(f"SELECT {columns} FROM scrape_jobs ORDER BY id")]


def test_an_answer_is_that_of_the_platform_and_its_posts_are_saved(platform, warehouse) -> None:
    with client("x", warehouse, cost_usd="0.005", base_url=platform.url) as x:
        answer = x.get("/2/tweets/search", params={"query": "soup"})
    assert (answer.status_code, answer.json(), answer.headers["content-type"]) == (
        200,
        POSTS,
        "application/json",
    )
    assert jobs(warehouse) == [("search", 1, 0, 1, 0, 1, Decimal("0.005"))]
    assert warehouse.posts.find("x", "20").likes == 1


def test_the_same_question_is_asked_once_by_whoever_has_the_same_key(platform, warehouse) -> None:
    with client("x", warehouse, ttl=60, cost_usd=1, base_url=platform.url) as x:
        for key in ("a", "a", "b"):
            assert x.get("/search", params={"q": "soup", "api_key": key}).json() == POSTS
            assert x.get("/search", headers={"Authorization": key}).json() == POSTS
        x.post("/search")
        x.post("/search")
    assert len(platform.asked) == 4 + 2
    assert [job[1:3] for job in jobs(warehouse)].count((0, 1)) == 2
    kept = str(list(warehouse.sql("SELECT * FROM response_cache")))
    assert "api_key" not in kept


def test_what_passes_is_tried_again_as_late_as_it_is_asked_for(platform, warehouse) -> None:
    platform.answers = [(503, {}), (429, {"Retry-After": "1"}), (200, {})]
    with client("x", warehouse, base_url=platform.url) as x:
        assert x.get("/search").status_code == 200
    times = [at for at, _path in platform.asked]
    assert len(times) == 3
    assert times[2] - times[1] >= 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_what_will_not_pass_is_told_at_once_and_not_kept(platform, warehouse, status) -> None:
    platform.answers = [(status, {})]
    with client("x", warehouse, ttl=60, base_url=platform.url) as x:
        for _ in range(2):
            assert x.get("/search").status_code == status
    assert len(platform.asked) == 2
    assert [(job[3], job[4]) for job in jobs(warehouse)] == [(0, 1), (0, 1)]


def test_a_platform_that_asks_for_too_long_a_pause_is_not_waited_for(platform, warehouse) -> None:
    platform.answers = [(429, {"Retry-After": "3600"})]
    with client("x", warehouse, max_wait=1, base_url=platform.url) as x:
        answer = x.get("/search")
        assert (answer.status_code, answer.headers["retry-after"], len(platform.asked)) == (429, "3600", 1)
        with pytest.raises(UpstreamFailed, match="asked to be left alone; it is asked again in 3600 s"):
            x.get("/search")
    assert len(platform.asked) == 1


def test_what_was_sent_is_booked_and_nothing_else(platform, warehouse) -> None:
    def booked() -> tuple:
        warehouse.accounts.flush()
        sums = "sum(requests), sum(errors), sum(quota_units), sum(cost_usd)"
        return tuple(map(float, warehouse.sql(f"SELECT {sums} FROM scrape_jobs")[0]))

    platform.answers = [(429, {}), (200, {})]
    few = [Limit("requests", 8, 86_400)]
    with client("x", warehouse, cost_usd="0.01", limits=few, max_wait=0.5, base_url=platform.url) as x:
        x.get("/search")
        assert booked() == (2, 1, 2, 0.02)
        platform.answers = [(500, {})]
        x.get("/search")
        assert booked() == (6, 5, 6, 0.06)
        platform.answers = [(200, {})]
        x.get("/search")
        x.get("/search")
        for _ in range(3):
            with pytest.raises(QuotaSpent):
                x.get("/search")
    assert booked() == (8, 5, 8, 0.08)
    assert len(platform.asked) == 8
    assert [left.used for left in warehouse.quotas.left()] == [8]


def test_a_platform_that_fails_all_the_time_is_left_alone(platform, warehouse, monkeypatch) -> None:
    monkeypatch.setattr(collecting, "_OPEN_SECONDS", 0.5)
    platform.answers = [(500, {})]
    with client("x", warehouse, base_url=platform.url) as x:
        assert x.get("/search").status_code == 500
        with pytest.raises(UpstreamFailed, match="twitter failed 5 times"):
            x.get("/search")
        assert len(platform.asked) == 5
        with pytest.raises(UpstreamFailed):
            x.get("/search")
        assert len(platform.asked) == 5
        time.sleep(0.6)
        platform.answers = [(200, {})]
        assert x.get("/search").status_code == 200


def test_a_limit_holds_and_who_cannot_wait_is_told(platform, warehouse) -> None:
    limit = [Limit("requests", 3, 3_600)]
    with client("x", warehouse, limits=limit, max_wait=0.2, base_url=platform.url) as x:
        for _ in range(3):
            assert x.get("/search").status_code == 200
        with pytest.raises(QuotaSpent, match="the quota of twitter is spent") as told:
            x.get("/search")
    assert 0 < told.value.wait <= 3_600
    assert len(platform.asked) == 3
    assert [(row.bucket, row.used, row.most) for row in warehouse.quotas.left()] == [("requests", 3, 3)]


def test_a_limit_is_waited_for(platform, warehouse) -> None:
    with client("x", warehouse, limits=[Limit("requests", 2, 1)], max_wait=10, base_url=platform.url) as x:
        begun = time.monotonic()
        for _ in range(5):
            x.get("/search")
        assert time.monotonic() - begun > 1
    assert len(platform.asked) == 5


def test_units_are_counted_as_the_platform_counts_them(platform, warehouse) -> None:
    with client("youtube", warehouse, max_wait=0, base_url=platform.url) as youtube:
        youtube.get("/youtube/v3/search")
        youtube.get("/youtube/v3/videos")
        left = {row.bucket: (row.used, row.most) for row in warehouse.quotas.left()}
        assert left == {"units": (101, 10_000), "search": (1, 100)}
        warehouse.sql("UPDATE quota_windows SET used = 9950 WHERE bucket = 'units'")
        with pytest.raises(QuotaSpent):
            youtube.get("/youtube/v3/search")
        youtube.get("/youtube/v3/videos")
    left = {row.bucket: row.used for row in warehouse.quotas.left()}
    assert left == {"units": 9_951, "search": 1}  # what was refused took nothing of either


PROCESS = """
import sys
from viralforge import DataWarehouse
from viralforge.errors import QuotaSpent
from viralforge.integrations.http import client
from viralforge.model.quota import Limit

with DataWarehouse.open(sys.argv[1]) as warehouse:
    limits = [Limit("requests", 50, 86_400)]
    with client("x", warehouse, limits=limits, max_wait=0, base_url=sys.argv[2]) as x:
        for _ in range(30):
            try:
                x.get("/search")
            except QuotaSpent:
                pass
"""


def test_a_limit_holds_for_all_processes_together(platform, database_url) -> None:
    arguments = [sys.executable, "-c", PROCESS, database_url, platform.url]
    started = [subprocess.Popen(arguments) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0] * 4
    assert len(platform.asked) == 50


def test_every_platform_has_its_limits() -> None:
    assert set(LIMITS) == {"youtube", "twitter", "reddit", "instagram", "tiktok"}


def test_a_connection_that_is_refused_is_the_callers_after_all_tries(warehouse, monkeypatch) -> None:
    monkeypatch.setattr(collecting, "_FIRST_PAUSE", 0.01)
    with client("x", warehouse, base_url="http://127.0.0.1:1") as x, pytest.raises(httpx.ConnectError):
        x.get("/search")
    assert [(job[1], job[4]) for job in jobs(warehouse)] == [(4, 4)]

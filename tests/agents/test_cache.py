"""A question is paid for once: in a thread, in many, in many processes; and what it saved is counted."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.web.posthog.stored import away
from tests.web.running import wait_for
from viralforge.errors import InvalidPost, UpstreamFailed
from viralforge.warehouse import DataWarehouse

TWEET = {"source": "x", "id": "20", "text": "soup", "metrics": {"likes": 1}}
ANSWER = {"success": True, "tweets": [TWEET]}


class Upstream:
    """A platform that counts how often it is asked."""

    def __init__(self, answer: Any = None, seconds: float = 0) -> None:
        self.asked, self.answer, self.seconds = 0, answer, seconds
        self._lock = threading.Lock()

    def __call__(self) -> Any:
        with self._lock:
            self.asked += 1
        time.sleep(self.seconds)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def ask(warehouse: DataWarehouse, fetch: Any, params: Any = "soup", **more: Any) -> Any:
    return warehouse.cached("x", "search", params, fetch=fetch, **{"ttl": 60, **more})


@pytest.mark.parametrize("answer", [ANSWER, "text", "", 7, 1.5, None, True, [], [{"a": [None]}], "☂"])
def test_an_answer_comes_back_as_it_was(warehouse, answer) -> None:
    fetch = Upstream(answer)
    for _ in range(3):
        found = ask(warehouse, fetch)
        assert found == answer and type(found) is type(answer)
    assert fetch.asked == 1


@pytest.mark.parametrize("answer", [(1, 2), {1: 2}, b"bytes", {"a": {1, 2}}, float("nan"), object()])
def test_what_would_come_back_as_something_else_is_not_kept(warehouse, answer) -> None:
    fetch = Upstream(answer)
    for _ in range(2):
        assert ask(warehouse, fetch) is answer
    assert fetch.asked == 2


def test_another_question_is_asked_by_itself(warehouse) -> None:
    fetch = Upstream("text")
    for params in ({"q": "a", "n": 1}, {"n": 1, "q": "a"}, {"q": "a", "n": 2}, None):
        ask(warehouse, fetch, params)
    warehouse.cached("reddit", "search", None, ttl=60, fetch=fetch)
    warehouse.cached("x", "user", None, ttl=60, fetch=fetch)
    assert fetch.asked == 5
    with pytest.raises(InvalidPost, match="myspace"):
        warehouse.cached("myspace", "search", None, ttl=60, fetch=fetch)


def test_an_answer_holds_for_its_time(warehouse, database) -> None:
    fetch = Upstream("text")
    ask(warehouse, fetch, ttl=60)
    later(database, 59)
    ask(warehouse, fetch, ttl=60)
    later(database, 2)
    ask(warehouse, fetch, ttl=60)
    assert fetch.asked == 2


def test_a_stale_answer_is_given_while_a_fresh_one_is_fetched(warehouse, database) -> None:
    fetch = Upstream("old")
    ask(warehouse, fetch, stale=60)
    later(database, 61)
    fetch.answer, fetch.seconds = "new", 0.2
    begun = time.monotonic()
    assert [ask(warehouse, fetch, stale=60) for _ in range(5)] == ["old"] * 5
    assert time.monotonic() - begun < 0.2
    wait_for(lambda: ask(warehouse, fetch, stale=60) == "new")
    assert fetch.asked == 2


def test_an_error_is_the_callers_and_kept_only_if_asked_for(warehouse, database) -> None:
    fetch = Upstream(ZeroDivisionError("no soup"))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            ask(warehouse, fetch)
    with pytest.raises(ZeroDivisionError):
        ask(warehouse, fetch, negative_ttl=60)
    for _ in range(3):
        with pytest.raises(UpstreamFailed, match="ZeroDivisionError: no soup"):
            ask(warehouse, fetch)
    assert fetch.asked == 3
    later(database, 61)
    fetch.answer = "soup"
    assert ask(warehouse, fetch) == "soup"


def test_threads_that_ask_the_same_at_once_share_one_answer(warehouse) -> None:
    fetch = Upstream(ANSWER, seconds=0.2)
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: ask(warehouse, fetch), range(64)))
    assert fetch.asked == 1
    assert answers == [ANSWER] * 64


def test_threads_that_share_a_failure_each_see_it(warehouse) -> None:
    fetch = Upstream(ValueError("no"), seconds=0.2)

    def failing(_: int) -> bool:
        with pytest.raises(ValueError, match="no"):
            ask(warehouse, fetch)
        return True

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(failing, range(4)))
    assert fetch.asked <= 4


def test_asynchronous_questions_are_awaited_and_shared(warehouse) -> None:
    asked = 0

    async def fetch() -> Any:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.1)
        return ANSWER

    async def all_at_once() -> list[Any]:
        return await asyncio.gather(*(ask(warehouse, fetch) for _ in range(5)))

    assert asyncio.run(all_at_once()) == [ANSWER] * 5
    assert asked == 1


PROCESS = """
import json, random, sys, urllib.request
from concurrent.futures import ThreadPoolExecutor
from viralforge import DataWarehouse

url, port, seed = sys.argv[1:]
with DataWarehouse.open(url) as warehouse:
    def ask(number):
        def fetch():
            return json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/{number}"))
        terms = {"ttl": 600, "cost": "0.001", "units": 2}
        return warehouse.cached("reddit", "listing", {"number": number}, fetch=fetch, **terms)

    numbers = [number % 100 for number in range(125)]
    random.Random(seed).shuffle(numbers)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, numbers))
    assert [answer["number"] for answer in answers] == numbers
"""


def test_a_thousand_questions_of_eight_processes_are_a_hundred_requests(warehouse, database_url) -> None:
    asked: list[str] = []

    class Platform(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            time.sleep(0.05)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"number": %d}' % int(self.path[1:]))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Platform) as platform:
        threading.Thread(target=platform.serve_forever, daemon=True).start()
        arguments = [database_url, str(platform.server_port)]
        started = [subprocess.Popen([sys.executable, "-c", PROCESS, *arguments, str(n)]) for n in range(8)]
        assert [process.wait(120) for process in started] == [0] * 8
        platform.shutdown()
    assert len(asked) == len(set(asked)) == 100
    [saving] = warehouse.answers_kept.savings()
    assert (saving.hits, saving.saved_usd, saving.saved_units) == (900, Decimal("0.9"), 1_800)
    warehouse.accounts.flush()
    counted = warehouse.sql(
        "SELECT sum(requests), sum(cache_hits), sum(cost_usd), sum(quota_units) FROM scrape_jobs"
    )
    assert tuple(counted[0]) == (100, 900, Decimal("0.1"), 200)


def test_the_one_who_fetches_may_die(warehouse, database_url) -> None:
    code = """
import os, sys
from viralforge import DataWarehouse
DataWarehouse.open(sys.argv[1]).cached("x", "search", "soup", ttl=60, fetch=lambda: os._exit(1))
"""
    assert subprocess.run([sys.executable, "-c", code, database_url], timeout=60, check=False).returncode == 1
    assert ask(warehouse, Upstream("text")) == "text"


def test_without_the_database_the_question_is_asked_as_ever(admin, warehouse, caplog) -> None:
    fetch = Upstream("text")
    with away(admin, warehouse):
        warehouse._database._pool.timeout = 0.5
        assert ask(warehouse, fetch) == "text"
    assert "answers are not kept" in caplog.text


def test_what_an_answer_holds_is_saved_once_and_belongs_to_each_run_that_used_it(warehouse) -> None:
    fetch = Upstream(ANSWER)
    for _ in range(2):
        with warehouse.crew_run("discovery") as run:
            ask(warehouse, fetch, cost="0.5")
            run.discovered_trend("Soup")
    rows = warehouse.sql("SELECT posts_scraped, posts_new, cost_usd FROM crew_executions ORDER BY id")
    assert [tuple(row) for row in rows] == [(1, 1, Decimal("0.5")), (1, 0, 0)]
    assert warehouse.posts.find("x", "20").sightings == 1


def test_the_same_answer_is_kept_once(warehouse) -> None:
    for number in range(5):
        ask(warehouse, Upstream(ANSWER), number)
    assert [tuple(row) for row in warehouse.sql("SELECT count(*) FROM cached_answers")] == [(1,)]


def test_what_is_used_least_makes_room(warehouse, database) -> None:
    for number in range(10):
        ask(warehouse, Upstream(f"{number}" * 5_000), number)
        later(database, 1)
    kept = warehouse.sql("SELECT sum(octet_length(answer)) + 2000 FROM cached_answers")[0][0]
    assert warehouse.answers_kept.evict(kept) == 0
    assert ask(warehouse, Upstream("never"), 0) == "0" * 5_000
    assert warehouse.answers_kept.evict(kept // 2) == 5
    fetch = Upstream("anew")
    assert ask(warehouse, fetch, 0) == "0" * 5_000  # it was used a moment ago
    assert ask(warehouse, fetch, 1) == "anew"
    later(database, 120)
    assert warehouse.answers_kept.evict(kept) == 6
    assert warehouse.sql("SELECT count(*) FROM cached_answers")[0][0] == 0


def test_an_answer_that_is_too_long_is_not_kept(warehouse) -> None:
    fetch = Upstream("x" * (16 * 2**20 + 1))
    for _ in range(2):
        ask(warehouse, fetch)
    assert fetch.asked == 2


def later(database, seconds: float) -> None:
    """Lets time pass for what is kept."""
    moved = ", ".join(
        f"{column} = {column} - make_interval(secs => %(seconds)s)"
        for column in ("fetched_at", "expires_at", "stale_until", "used_at")
    )
    database.change(f"UPDATE viralforge.response_cache SET {moved}".encode(), {"seconds": seconds})

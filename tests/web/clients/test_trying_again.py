"""What fails on the way is sent again where nothing happens twice by it, and only there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.web.clients.flaky import Way, flaky_way
from tests.web.conftest import Served
from viralforge import DataWarehouse, RemoteWarehouse, connect
from viralforge.errors import ConfigurationError, DatabaseUnavailable, StorageFull, WarehouseError
from viralforge.integrations.http.refusals import error_of

SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUN = {"crewType": "discovery", "startTime": SEEN}
POST = {"platform": "x", "externalId": "20", "likes": 1}


@pytest.fixture
def way(server: Served) -> Iterator[Way]:
    """A way to the server on which things get lost."""
    with flaky_way(server.url) as found:
        yield found


@pytest.fixture
def walker(way: Way, server: Served) -> Iterator[RemoteWarehouse]:
    """A client that goes this way."""
    with connect(way.url, key=server.keys["admin"]) as remote:
        yield remote


VERBS: dict[str, tuple[Callable[[RemoteWarehouse], Any], str]] = {
    "a post": (lambda w: w.save_scraped_post(POST), "post_metrics_history"),
    "posts": (lambda w: w.bulk_save_scraped_posts([POST | {"observed_at": SEEN}]), "post_metrics_history"),
    "a trend": (lambda w: w.create_trend({"title": "AI tools"}), "trends"),
    "an execution": (lambda w: w.log_crew_execution(RUN), "crew_executions"),
    "an event": (lambda w: w.track_event({"eventName": "a", "eventType": "b"}), "app_events"),
    "events": (lambda w: w.track_events([{"eventName": "a", "eventType": "b"}]), "app_events"),
    "a job": (
        lambda w: w.log_scrape_job({"platform": "x", "operation": "a", "startedAt": SEEN}), "scrape_jobs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_an_answer_lost_on_the_way_does_nothing_twice(verb, way, walker, warehouse: DataWarehouse):
    way.faults = ["lose", 503, 429, "lose"]
    said, table = VERBS[verb]
    said(walker)
    assert warehouse.sql(f"SELECT count(*) FROM {table}")[0] == (1,)
    assert len(way.asked) == 5 and len({key for _, key in way.asked}) == 1


def test_posts_that_would_be_other_sightings_are_not_sent_again(way, walker, warehouse: DataWarehouse):
    way.faults = [503, "lose"]
    with pytest.raises(DatabaseUnavailable, match="does not answer") as caught:
        walker.bulk_save_scraped_posts([POST])
    assert len(way.asked) == 2 and caught.value.saved == 0
    assert warehouse.sql("SELECT count(*) FROM post_metrics_history")[0] == (1,)


def test_calls_with_other_things_to_say_have_other_keys(way, walker):
    walker.create_trend({"title": "AI tools"})
    walker.create_trend({"title": "AI tools"})
    keys = {key for _, key in way.asked}
    assert len(keys) == 2 and None not in keys


def test_after_five_tries_the_caller_is_told(way, walker):
    way.faults = [503] * 5
    with pytest.raises(DatabaseUnavailable, match="nothing was kept"):
        walker.posts.top()
    assert len(way.asked) == 5


def test_what_is_wrong_is_not_sent_again(way, walker):
    with pytest.raises(ValueError, match="title"):
        walker.create_trend({"title": ""})
    assert len(way.asked) == 1


def test_where_nothing_listens_it_says_so():
    with (
        connect("http://127.0.0.1:9") as nowhere,
        pytest.raises(DatabaseUnavailable, match="viralforge serve"),
    ):
        nowhere.ping()


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8400", "ftp://a", "http://", "http://user:word@host", "http://a?b"]
)
def test_a_url_that_is_none_is_refused(url: str):
    with pytest.raises(ConfigurationError, match="url: "):
        connect(url)
    with pytest.raises(ConfigurationError, match="key: "):
        connect("http://a", key="vf_…")


def test_the_key_stands_in_no_word_of_the_client(server: Served):
    remote = connect(server.url, key="vf_secret")
    assert "secret" not in repr(remote) + repr(vars(remote))


def test_an_answer_that_is_no_problem_of_ours_says_where_to_look():
    request = httpx.Request("GET", "http://proxy.example/v1/status")
    error = error_of(httpx.Response(502, text="<h1>Bad Gateway</h1>", request=request))
    assert type(error) is WarehouseError and "proxy.example answered 502" in str(error)
    full = {"type": "urn:viralforge:problem:storage-full", "detail": "full", "saved": 3}
    error = error_of(httpx.Response(507, json=full, request=request))
    assert type(error) is StorageFull and error.saved == 3


def test_any_number_of_posts_takes_the_memory_of_a_few():
    """In a process of its own, since the most that a process ever held is what can be measured."""
    script = """
import resource
from viralforge.integrations.http.written import chunks, packed

def held():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

before = held()
posts = ({"description": f"{number:09} " * 20_000} for number in range(1_500))
parts = [len(packed(lines)) for lines in chunks(posts)]
print(len(parts), held() - before)
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    parts, held = ran.stdout.split()
    assert int(parts) > 30
    assert float(held) < 100, "300 MB went through it"

"""The documented verbs do the same and raise the same, on the spot and over HTTP."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.web.conftest import Served
from viralforge import (
    AppEvent,
    Capture,
    CrewCall,
    CrewExecution,
    DataWarehouse,
    MetricsSnapshot,
    RemoteWarehouse,
    ScrapedPost,
    ScrapeJob,
    Trend,
    connect,
)  # fmt: skip
from viralforge.errors import AccessDenied, InvalidInput, InvalidPost
from viralforge.integrations.http.questions import QUESTIONS

ROOT = Path(__file__).parents[3]
Warehouse = DataWarehouse | RemoteWarehouse
SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
VIDEO = {
    "platform": "youtube", "externalId": "dQw4w9WgXcQ", "title": "Half an emoji \ud83d", "views": 1400000000,
    "likes": 16000000, "hashtags": ["#Music"], "publishedAt": datetime(2009, 10, 25), "observedAt": SEEN,
    "rawJson": {"likelihood": 0.25, "items": [{"camelCase": 1}], "big": 2**70},
}  # fmt: skip
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(params=["on the spot", "far away"])
def speaker(request: pytest.FixtureRequest) -> Warehouse:
    """A warehouse that can be spoken to, of the same database as `warehouse`."""
    name = "warehouse" if request.param == "on the spot" else "remote"
    found: Warehouse = request.getfixturevalue(name)
    return found


def test_a_post_is_saved_with_its_history(speaker: Warehouse, warehouse: DataWarehouse):
    post = speaker.save_scraped_post(VIDEO)
    assert post == UUID("5cd6213d-2e90-b8cb-be8b-5dab10494180")
    assert speaker.save_scraped_post(VIDEO) == post
    speaker.record_metrics_snapshot(post, {"views": 1500000000, "recordedAt": SEEN + timedelta(hours=1)})
    speaker.record_metrics_snapshot(
        str(post), MetricsSnapshot(likes=17000000, recorded_at=SEEN + timedelta(hours=2))
    )
    found = warehouse.posts.get(post)
    assert (found.title, found.views, found.likes) == ("Half an emoji", 1500000000, 17000000)
    assert found.published_at == datetime(2009, 10, 25, tzinfo=UTC)
    assert found.raw_json["items"] == [{"camelCase": 1}]
    assert [each.recorded_at.hour for each in speaker.posts.history(post)] == [12, 13, 14]
    assert (speaker.delete_post(post), speaker.delete_post(post)) == (True, False)


def test_many_posts_are_saved_from_an_iterator(speaker: Warehouse, warehouse: DataWarehouse):
    def posts() -> Iterator[Any]:
        yield ScrapedPost(platform="x", external_id="20", likes=5, observed_at=SEEN)
        yield from ({"platform": "x", "external_id": str(100 + each % 6000)} for each in range(6001))

    saved = speaker.bulk_save_scraped_posts(posts())
    assert (len(saved), saved.new, saved.updated + saved.unchanged) == (6002, 6001, 1)
    assert saved[0] == warehouse.posts.find("x", "20").id and saved[1] == saved[-1]
    assert len(speaker.bulk_save_scraped_posts([])) == 0


def test_a_wrong_post_among_many_is_named_by_its_position(speaker: Warehouse, warehouse: DataWarehouse):
    many = [{"platform": "x", "external_id": str(each + 1)} for each in range(10_010)]
    many[10_003] |= {"views": -1}
    with pytest.raises(InvalidPost) as caught:
        speaker.bulk_save_scraped_posts(iter(many))
    error = caught.value
    assert (error.reason, error.field, error.saved) == ("bad_number", "views", 10_000)
    assert [where for where, _said in error.places] == [(10_003, "views")]
    assert "post 10003 of those given; only the first 10000 are saved" in str(error)
    assert warehouse.sql("SELECT count(*) FROM scraped_posts")[0] == (10_000,)


def test_what_a_source_gave_before_it_failed_is_saved(speaker: Warehouse, warehouse: DataWarehouse):
    def posts() -> Iterator[Any]:
        yield {"platform": "x", "external_id": "20"}
        raise OSError("the source broke off")

    with pytest.raises(OSError, match="broke off"):
        speaker.bulk_save_scraped_posts(posts())
    assert warehouse.posts.find("x", "20")


def test_a_trend_stands_on_its_sources(speaker: Warehouse, warehouse: DataWarehouse):
    post = speaker.save_scraped_post(VIDEO)
    first = speaker.create_trend({"title": "Eighties", "hashtags": ["#80s"], "hotness": 71})
    second = speaker.create_trend(Trend(title="Nineties"))
    assert first != second
    speaker.link_trend_to_sources(first, [post], [0.5])
    speaker.link_trend_to_sources(second, (str(post),))
    assert speaker.trends.sources(first) == warehouse.trends.sources(first)
    assert [row.relevance_score for row in speaker.trends.sources(first)] == [0.5]
    assert (speaker.delete_trend(first), speaker.delete_trend(first)) == (True, False)


def test_executions_calls_and_jobs_are_logged(speaker: Warehouse, warehouse: DataWarehouse):
    run = speaker.log_crew_execution({"crewType": "discovery", "startTime": SEEN, "userId": "u1"})
    other = speaker.log_crew_execution(CrewExecution(crew_type="creation", start_time=SEEN))
    assert run != other
    changes = {"status": "completed", "costUsd": Decimal("0.045000001"), "outputData": {"camelCase": 1}}
    speaker.update_crew_execution(run, changes)
    call = CrewCall(crew_execution_id=run, kind="tool", name="search", started_at=SEEN)
    assert speaker.log_crew_calls(each for each in (call, call.model_dump())) == 2
    assert speaker.log_scrape_job(ScrapeJob(platform="x", operation="search", started_at=SEEN)) > 0
    found = {each.id: each for each in speaker.crews.executions()}
    assert found[run].cost_usd == Decimal("0.045000001") and found[run].status == "completed"
    assert warehouse.sql("SELECT output_data FROM crew_executions WHERE output_data IS NOT NULL")[0] == (
        {"camelCase": 1},
    )
    assert speaker.crews.tools()[0].calls == 2


def test_events_are_tracked_and_imported(speaker: Warehouse, warehouse: DataWarehouse):
    given = {"eventName": "trend_discovery", "eventType": "click", "properties": {"trendId": 7}}
    drawn = speaker.track_event(given | {"userId": "u1"})
    assert drawn.version == 7
    own = AppEvent(event_name="a", event_type="b", event_id=uuid4(), created_at=datetime.now(UTC))
    assert speaker.track_event(own) == speaker.track_event(own) == own.event_id
    old = [given | {"createdAt": SEEN.replace(microsecond=each)} for each in range(3)]
    assert speaker.track_events(old) == 3
    assert speaker.track_events([own]) == 0
    found = warehouse.sql("SELECT created_at FROM app_events ORDER BY created_at LIMIT 3")
    assert [moment.microsecond for (moment,) in found] == [0, 1, 2]


def test_users_are_made_and_deleted(speaker: Warehouse, warehouse: DataWarehouse):
    speaker.add_user("a/b c", "Ada", analytics=False)
    assert warehouse.sql("SELECT id, display_name FROM users")[0] == ("a/b c", "Ada")
    assert (speaker.delete_user("a/b c"), speaker.delete_user("a/b c")) == (True, False)


def test_payloads_are_taken_in_and_counted(speaker: Warehouse):
    post = {"kind": "t3", "data": {"id": "18wabcd", "name": "t3_18wabcd", "title": "Soup", "score": 7}}
    post["data"]["subreddit"] = "soup"
    report = speaker.ingest_payloads([Capture(post, observed_at=SEEN, niche="food"), {"nothing": 1}])
    assert (report.read, report.new, report.rejected) == (2, 1, 1)
    assert report.rejected_by_reason == {"unknown_shape": 1} and report.posts_by_platform == {"reddit": 1}
    assert speaker.posts.find("reddit", "18wabcd").niche == "food"
    again = speaker.replay_rejections()
    assert again.read == again.rejected == 1
    assert speaker.scrapes.rejections()[0].payload == {"nothing": 1}


def test_upkeep_can_be_asked_for(speaker: Warehouse):
    speaker.save_scraped_post(VIDEO | {"observedAt": datetime.now(UTC)})
    speaker.refresh_popular_content()
    assert len(speaker.posts.popular()) == 1 == speaker.status().posts
    speaker.ping()


WRONG: dict[str, Callable[[Warehouse], object]] = {
    "no platform": lambda w: w.save_scraped_post({"platform": "myspace", "external_id": "1"}),
    "a wrong number": lambda w: w.save_scraped_post(VIDEO | {"likes": "many"}),
    "a wrong field": lambda w: w.save_scraped_post(VIDEO | {"veiws": 1}),
    "no post": lambda w: w.record_metrics_snapshot(NOBODY, {"views": 1}),
    "no id": lambda w: w.record_metrics_snapshot("7", {"views": 1}),
    "no numbers": lambda w: w.record_metrics_snapshot(w.save_scraped_post(VIDEO), {"views": -1}),
    "no trend": lambda w: w.link_trend_to_sources(2**40, [w.save_scraped_post(VIDEO)]),
    "no sources": lambda w: w.link_trend_to_sources(w.create_trend({"title": "A"}), [NOBODY, str(uuid4())]),
    "one id": lambda w: w.link_trend_to_sources(1, NOBODY),
    "a wrong trend": lambda w: w.create_trend({"title": "", "hotness": 101}),
    "a wrong event": lambda w: w.track_event({"eventName": "a"}),
    "an old event": lambda w: w.track_event({"eventName": "a", "eventType": "b", "createdAt": SEEN}),
    "no execution": lambda w: w.update_crew_execution(2**40, {"status": "failed"}),
    "a wrong call": lambda w: w.log_crew_calls([{"kind": "dream"}]),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_raises_the_same(wrong: str, warehouse: DataWarehouse, remote: RemoteWarehouse):
    raised = []
    for speaker in (warehouse, remote):
        with pytest.raises(InvalidInput) as caught:
            WRONG[wrong](speaker)
        raised.append(caught.value)
    here, there = raised
    assert type(there) is type(here)
    for name in ("reason", "field"):
        assert getattr(there, name, None) == getattr(here, name, None)
    ways = [[where[-1] for where, _said in error.places if where] for error in (here, there)]
    assert ways[0] == ways[1]


def test_every_verb_far_away_is_called_as_on_the_spot():
    for name, verb in inspect.getmembers(RemoteWarehouse, inspect.isfunction):
        if not name.startswith("_"):
            near = inspect.signature(getattr(DataWarehouse, name))
            far = inspect.signature(verb)
            assert list(far.parameters.values()) == list(near.parameters.values()), name


def test_no_route_is_without_its_verb():
    paths = json.loads((ROOT / "clients" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    named = {"import_events": "track_events"}
    routes = {
        named.get(operation["operationId"], operation["operationId"])
        for path, operations in paths.items()
        for operation in operations.values()
        if path.startswith("/v1/") and not path.startswith("/v1/views/")
    }
    asked = {f"{each.subject}_{each.method}".strip("_") for each in QUESTIONS}
    assert asked < routes
    # Traces come from OpenTelemetry's exporters; erasures have one route for all kinds; exports are admins'.
    verbs = routes - asked - {"take_traces", "erase", "export_user", "export_author"}
    assert [name for name in verbs if not hasattr(RemoteWarehouse, name)] == []


def test_a_key_that_is_none_is_refused(server: Served):
    for key in (None, "vf_none"):
        with connect(server.url, key=key) as stranger, pytest.raises(AccessDenied, match="key"):
            stranger.create_trend({"title": "AI tools"})

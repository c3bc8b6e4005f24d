"""Records are read from either spelling of their keys, and every field at fault is named."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from viralforge.errors import InvalidInput
from viralforge.model.crew import CrewCall, CrewExecution, ExecutionChanges, ScrapeJob
from viralforge.model.event import AppEvent
from viralforge.model.post import ScrapedPost
from viralforge.model.price import OwnPrice
from viralforge.model.report import IngestReport, SavedPosts
from viralforge.model.snapshot import MetricsSnapshot
from viralforge.model.trend import Trend

START = "2025-10-03T08:00:00Z"
EVENT = {"event_name": "trend_discovery", "event_type": "api_call"}
CALL = {"crew_execution_id": 1, "kind": "llm", "name": "x", "started_at": START}


@pytest.mark.parametrize(("kind", "snake", "camel"), [
    (Trend, {"title": "AI", "crew_execution_id": 3}, {"title": "AI", "crewExecutionId": 3}),
    (AppEvent, EVENT | {"user_id": "u"},
     {"eventName": "trend_discovery", "eventType": "api_call", "userId": "u"}),
    (CrewExecution, {"crew_type": "x", "start_time": START}, {"crewType": "x", "startTime": START}),
    (ExecutionChanges, {"trends_discovered": 2}, {"trendsDiscovered": 2}),
    (MetricsSnapshot, {"views": 1, "recorded_at": START}, {"views": 1, "recordedAt": START}),
    (CrewCall, CALL, {"crewExecutionId": 1, "kind": "llm", "name": "x", "startedAt": START}),
    (ScrapeJob, {"platform": "x", "operation": "search", "started_at": START},
     {"platform": "x", "operation": "search", "startedAt": START}),
])  # fmt: skip
def test_a_record_is_read_from_camel_case_as_from_snake_case(kind, snake, camel):
    assert kind.read(snake) == kind.read(camel)
    assert kind.read(kind.read(snake)) == kind.read(snake)


@pytest.mark.parametrize(("kind", "given", "named"), [
    (Trend, {}, "title: is needed"),
    (Trend, {"title": "AI", "hotness": 101}, "hotness"),
    (Trend, {"title": "AI", "hotness": math.nan}, "hotness"),
    (Trend, {"title": "AI", "hashtags": "#a"}, "hashtags"),
    (Trend, {"title": "AI", "status": "hot"}, "status"),
    (Trend, {"title": "AI", "titel": "x"}, "titel: no such field"),
    (AppEvent, EVENT | {"created_at": "2024-02-30"}, "created"),
    (AppEvent, EVENT | {"event_id": "x"}, "event"),
    (CrewExecution, {"crew_type": "x"}, "start"),
    (CrewExecution, {"crew_type": "x", "start_time": START, "cost_usd": -1}, "cost"),
    (CrewExecution, {"crew_type": "x", "start_time": START, "tokens_used": 10**16}, "tokens"),
    (MetricsSnapshot, {"views": -1}, "views"),
    (MetricsSnapshot, {"views": None}, "no number is known"),
    (MetricsSnapshot, {"views": "many"}, "views"),
    (MetricsSnapshot, {"recorded_at": "1999-01-01"}, "recorded"),
    (MetricsSnapshot, 5, "MetricsSnapshot"),
    (MetricsSnapshot, None, "MetricsSnapshot"),
])  # fmt: skip
def test_a_field_at_fault_is_named(kind, given, named):
    with pytest.raises(InvalidInput, match=named):
        kind.read(given)


def test_fields_that_do_not_fit_one_another_are_told_without_all_that_was_given():
    price = {"kind": "tool", "name": "a", "each_usd": "1"}
    with pytest.raises(InvalidInput) as caught:
        OwnPrice.read(price | {"valid_from": "2026-02-01", "valid_until": "2026-01-01"})
    assert str(caught.value) == "OwnPrice: valid_until must be after valid_from"


def test_the_numbers_of_a_snapshot_are_counts_and_unknown_is_none():
    snapshot = MetricsSnapshot.read({"views": "1401000000", "likes": 0, "recordedAt": "2025-10-03"})
    assert (snapshot.views, snapshot.likes, snapshot.comments) == (1401000000, 0, None)
    assert snapshot.recorded_at == datetime(2025, 10, 3, tzinfo=UTC)


def test_money_is_decimal_and_an_unknown_price_is_none():
    priced = CrewCall.read(CALL | {"cost_usd": "0.000000001"})
    assert (priced.cost_usd, CrewCall.read(CALL).cost_usd) == (Decimal("0.000000001"), None)


def test_texts_of_records_are_freed_of_what_postgresql_does_not_take():
    event = AppEvent.read(EVENT | {"user_id": "a\x00b", "properties": {"k": ["\ud800", math.nan]}})
    assert (event.user_id, event.properties) == ("ab", {"k": ["", None]})


def test_the_tags_of_a_trend_are_stored_like_those_of_posts():
    assert Trend.read({"title": "AI", "hashtags": ["#AI", "ai", "Tools"]}).hashtags == ("ai", "tools")


def test_a_post_is_no_trend():
    with pytest.raises(InvalidInput):
        Trend.read(ScrapedPost(platform="x", external_id="20"))


def test_saved_posts_are_their_ids_in_order():
    ids = [UUID(int=3), UUID(int=1), UUID(int=3)]
    saved = SavedPosts()
    saved.extend(found.hex for found in ids)
    saved.new, saved.unchanged = 2, 1
    assert saved == ids
    assert list(saved) == [saved[0], saved[1], saved[-1]]
    assert saved[1:] == ids[1:]
    assert repr(saved) == "SavedPosts(3: 2 new, 0 updated, 1 unchanged)"
    with pytest.raises(IndexError):
        saved[3]


def test_a_report_is_json():
    report = IngestReport(read=3, new=1, rejected=2)
    report.rejected_by_reason["empty"] += 2
    assert report.to_dict()["rejected_by_reason"] == {"empty": 2}


@pytest.mark.parametrize(("given", "kept"), [(0.1 + 0.2, "0.300000000"), ("0.123456789", "0.123456789")])
def test_a_float_of_money_is_rounded_to_the_billionth_and_a_text_is_exact(given, kept) -> None:
    run = {"crewType": "discovery", "startTime": "2025-10-03T08:00:00Z", "costUsd": given}
    assert str(CrewExecution.read(run).cost_usd) == kept


@pytest.mark.parametrize("wrong", [{"llmCalls": True}, {"costUsd": True}, {"llmCalls": -1}])
def test_true_and_false_are_no_numbers(wrong) -> None:
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        CrewExecution.read({"crewType": "discovery", "startTime": "2025-10-03T08:00:00Z"} | wrong)


@pytest.mark.parametrize("wrong", [0, 1, "true"])
def test_whether_not_to_track_is_true_or_false(wrong) -> None:
    with pytest.raises(InvalidInput, match="do_not_track"):
        AppEvent.read({"event_name": "seen", "event_type": "click", "do_not_track": wrong})

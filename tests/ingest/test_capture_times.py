"""When a payload was seen, and what becomes of it when its source fails: nothing is lost or misdated."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from viralforge.ingest.capture import Capture
from viralforge.model.ids import post_id
from viralforge.model.rejection import Rejection
from viralforge.sources.recognise import read_payload
from viralforge.warehouse import DataWarehouse

CAPTURED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def unified(number: int, **more: Any) -> dict[str, Any]:
    return {
        "source": "twitter",
        "id": str(1000 + number),
        "text": "soup",
        "metrics": {"views": number},
    } | more


def collected(record: dict[str, Any]) -> dict[str, Any]:
    return {"timestamp_collected": CAPTURED.timestamp() * 1000, "data": record}


def test_each_payload_of_a_live_stream_was_seen_when_it_came(warehouse: DataWarehouse) -> None:
    def stream() -> Iterator[Capture]:
        yield Capture(unified(1))
        time.sleep(0.3)
        yield Capture(unified(1, metrics={"views": 9}))

    report = warehouse.ingest_payloads(stream())
    assert (report.new, report.updated, report.unchanged) == (1, 1, 0)
    first, second = warehouse.posts.history(post_id("twitter", "1001"))
    assert second.recorded_at - first.recorded_at > timedelta(seconds=0.25)


def test_what_a_source_gave_before_it_failed_is_kept(warehouse: DataWarehouse) -> None:
    def stream() -> Iterator[Capture]:
        yield Capture({"what": 1})
        yield Capture(unified(1))
        raise RuntimeError("429")

    with pytest.raises(RuntimeError, match="429"):
        warehouse.ingest_payloads(stream())
    assert warehouse.posts.find("x", "1001") is not None
    assert [row.reason for row in warehouse.scrapes.rejections()] == ["unknown_shape"]

    def posts() -> Iterator[dict[str, Any]]:
        yield {"platform": "x", "external_id": "2001"}
        raise RuntimeError("429")

    with pytest.raises(RuntimeError, match="429"):
        warehouse.bulk_save_scraped_posts(posts())
    assert warehouse.posts.find("x", "2001") is not None


def test_a_rejection_knows_when_its_payload_was_captured() -> None:
    (found,) = read_payload(collected(unified(1, id="5.7E+17")))
    assert isinstance(found, Rejection)
    assert found.observed_at == CAPTURED


@pytest.mark.parametrize("dated", [True, False])
def test_a_replayed_payload_keeps_its_time_its_niche_and_its_source(
    warehouse: DataWarehouse, monkeypatch: pytest.MonkeyPatch, dated: bool
) -> None:
    known = read_payload

    def broken(document: Any, **more: Any) -> Iterator[Any]:
        for found in known(document, **more):
            at = CAPTURED if dated else None
            yield Rejection("bad_value", "a bug of ours", found.raw_json, observed_at=at)

    monkeypatch.setattr("viralforge.ingest.prepare.read_payload", broken)
    captures = [Capture(unified(1), niche="soup")]
    warehouse._ingest.run(captures, scrape_source="scheduled", live=False)
    monkeypatch.undo()
    (kept,) = warehouse.scrapes.rejections()
    assert (kept.niche, kept.scrape_source) == ("soup", "scheduled")
    assert kept.observed_at == (CAPTURED if dated else None)
    time.sleep(0.05)

    report = warehouse.replay_rejections()
    assert (report.read, report.new) == (1, 1)
    assert list(warehouse.scrapes.rejections()) == []
    post = warehouse.posts.find("x", "1001")
    assert post is not None
    assert (post.niche, post.scrape_source) == ("soup", "scheduled")
    assert post.scraped_at == (CAPTURED if dated else kept.rejected_at)
    again = warehouse._ingest.run(captures, scrape_source="scheduled", live=False)
    assert (again.new, again.updated, again.unchanged) == ((0, 1, 0) if dated else (0, 0, 1))


def test_a_large_payload_can_be_replayed(warehouse: DataWarehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    large = unified(1, text="soup " * 500_000)
    monkeypatch.setattr(
        "viralforge.ingest.prepare.read_payload",
        lambda document, **_more: iter([Rejection("bad_value", "a bug of ours", document)]),
    )
    warehouse.ingest_payloads([Capture(large)])
    monkeypatch.undo()
    assert warehouse.replay_rejections().new == 1

"""What is turned away is kept once a payload and reason, readable, and comes in after a fix."""

from __future__ import annotations

import pytest

from viralforge.ingest.capture import Capture
from viralforge.model.rejection import Rejection
from viralforge.store.scrapes import ScrapeStore, rejection_row

BAD = {"source": "twitter", "id": "5.70306E+17", "metrics": {"likes": 3}}


@pytest.fixture
def scrapes(database) -> ScrapeStore:
    return ScrapeStore(database)


def kept(scrapes: ScrapeStore, *rejections: Rejection) -> int:
    return scrapes.reject(rejection_row(each) for each in rejections)


def test_a_payload_is_kept_once_for_each_reason(scrapes) -> None:
    first = Rejection("bad_number", "likes", {"a": 1}, "a.json")
    assert (
        kept(scrapes, first, first, Rejection("bad_time", "at", {"a": 1}), Rejection("bad_number", "x", {}))
        == 3
    )
    assert kept(scrapes, first) == 0
    counts = [(row.reason, row.rejections) for row in scrapes.rejections_by_reason()]
    assert counts == [("bad_number", 2), ("bad_time", 1)]


def test_rejections_of_nothing_are_told_apart_by_where_they_stood(scrapes) -> None:
    nothing = [Rejection("empty", "nothing", None, f"{name}.json") for name in "aab"]
    assert kept(scrapes, *nothing) == 2


@pytest.mark.parametrize(
    ("payload", "found"),
    [("\ud800\x00text", "text"), ({"a\x00": float("nan")}, "{'a\\x00': nan}"), (10**30, 10**30), ([], []),
     (0, 0),
     ({"a": 10**5000}, "a dict that cannot be shown"), ({(1, 2): 3}, "{(1, 2): 3}"),
     (b"\x00\xff", "b'\\x00\\xff'")],
)  # fmt: skip
def test_any_payload_can_be_kept(payload, found, scrapes) -> None:
    assert kept(scrapes, Rejection("bad_value", "\ud800\x00", payload, "\ud800")) == 1
    row = scrapes.rejections()[0]
    assert (row.payload, row.origin, row.detail) == (found, "?", "?")


def test_rejections_are_told_latest_first_by_reason_and_platform(scrapes) -> None:
    for number in range(3):
        kept(scrapes, Rejection("bad_time", "", number, platform="youtube"))
        kept(scrapes, Rejection("bad_number", "", number, platform="tiktok", shape="tiktok.web"))
    assert [row.payload for row in scrapes.rejections(reason="bad_time", limit=2)] == [2, 1]
    assert {row.platform for row in scrapes.rejections(platform="tiktok")} == {"tiktok"}
    assert [row.payload for row in scrapes.every_rejection("bad_number")] == [0, 1, 2]


def test_every_rejection_is_read_page_by_page(scrapes) -> None:
    kept(scrapes, *(Rejection("bad_time", "", number) for number in range(1_203)))
    assert sorted(row.payload for row in scrapes.every_rejection()) == list(range(1_203))


def test_a_rejection_comes_in_after_a_fix_with_what_was_known_of_it(warehouse, database, scrapes) -> None:
    report = warehouse.ingest_payloads([Capture(BAD, scrape_job_id=7, observed_at="2025-01-01")])
    assert (report.read, report.rejected, report.new) == (1, 1, 0)
    again = warehouse.replay_rejections()
    assert (again.read, again.rejected, again.new) == (1, 1, 0)
    assert [row.reason for row in scrapes.rejections()] == ["damaged_id"]
    with database.connection() as connection:  # the fix
        connection.execute('UPDATE viralforge.rejections SET payload = payload || \'{"id": "20"}\'')
    again = warehouse.replay_rejections("bad_time")
    assert again.read == 0
    again = warehouse.replay_rejections("damaged_id")
    assert (again.read, again.rejected, again.new) == (1, 0, 1)
    assert list(scrapes.rejections()) == []
    found = database.read(
        b"SELECT external_id, likes, scrape_job_id, scraped_at::date::text FROM scraped_posts"
    )
    assert found == [("20", 3, 7, "2025-01-01")]
    assert warehouse.replay_rejections().read == 0


def test_a_number_that_is_none_is_turned_away_again_when_it_is_replayed(warehouse) -> None:
    bad = {"platform": "tiktok", "externalId": "7300000000000000005", "views": float("nan")}
    assert warehouse.ingest_payloads([Capture(bad)]).rejected == 1
    report = warehouse.replay_rejections()
    assert (report.new, report.rejected) == (0, 1)

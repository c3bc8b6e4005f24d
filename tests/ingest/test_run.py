"""An ingest run: every record counted once, a second run adds nothing, whatever happens on the way."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from viralforge.db.pool import Database
from viralforge.errors import DatabaseUnavailable, InvalidInput, UnreadableInput
from viralforge.ingest.capture import Capture
from viralforge.ingest.prepare import payload_hash
from viralforge.model.post import ScrapedPost

AT = datetime(2025, 5, 5, 12, 0, tzinfo=UTC)
TABLES = b"""
SELECT relname FROM pg_class
WHERE relnamespace = 'viralforge'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1
"""


def unified(number: int, **more: Any) -> dict[str, Any]:
    post = {
        "source": "twitter",
        "id": str(1000 + number),
        "text": f"#ai {number}",
        "metrics": {"views": number},
    }
    return post | more


def tables(database: Database) -> list[tuple[Any, ...]]:
    names = [name for (name,) in database.read(TABLES)]
    return [(name, *database.read(f"SELECT count(*) FROM viralforge.{name}".encode())[0]) for name in names]


def adds_up(report) -> tuple[int, int, int, int, int]:
    assert report.read == report.new + report.updated + report.unchanged + report.rejected
    assert sum(report.rejected_by_reason.values()) == report.rejected
    return report.read, report.new, report.updated, report.unchanged, report.rejected


@pytest.fixture
def write(tmp_path):
    """Writes records as NDJSON; says where."""

    def write(*records: Any, name: str = "posts.ndjson"):
        file = tmp_path / name
        file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return file

    return write


def test_a_second_run_of_files_that_do_not_say_when_adds_no_row_to_any_table(
    warehouse, database, write
) -> None:
    records = [unified(number) for number in range(300)]
    file = write(
        *records, *records[:50], unified(1, metrics={"views": 77}), {"what": 1}, unified(0, id="5.7E+17")
    )
    first = warehouse.ingest(file)
    # Within one run the other numbers are of the same moment: the larger reach wins.
    assert adds_up(first) == (353, 300, 0, 51, 2)
    before = tables(database)
    again = warehouse.ingest(file)
    assert adds_up(again) == (353, 0, 0, 351, 2)
    assert tables(database) == before
    views = database.read(b"SELECT views FROM viralforge.scraped_posts WHERE external_id = '1001'")
    assert views == [(77,)]


def test_in_a_later_run_only_what_changed_is_a_sighting(warehouse, database, write) -> None:
    warehouse.ingest(write(*(unified(number) for number in range(5))))
    changed = [unified(number, metrics={"views": 100 + number}) for number in range(2)]
    later = write(*changed, *(unified(number) for number in range(2, 6)), name="later.ndjson")
    assert adds_up(warehouse.ingest(later)) == (6, 1, 2, 3, 0)
    assert adds_up(warehouse.ingest([later.parent])) == (11, 0, 0, 11, 0)
    sightings = database.read(b"SELECT external_id, sightings FROM viralforge.scraped_posts ORDER BY 1")
    assert [count for _name, count in sightings] == [2, 2, 1, 1, 1, 1]


def test_given_a_time_a_run_is_a_sighting_at_that_time_and_only_once(warehouse, database, write) -> None:
    file = write(*(unified(number) for number in range(3)))
    assert adds_up(warehouse.ingest(file, observed_at=AT)) == (3, 3, 0, 0, 0)
    assert adds_up(warehouse.ingest(file, observed_at=AT)) == (3, 0, 0, 3, 0)
    assert adds_up(warehouse.ingest(file, observed_at=AT - timedelta(days=1))) == (3, 0, 3, 0, 0)
    history = database.read(b"SELECT DISTINCT recorded_at FROM viralforge.post_metrics_history ORDER BY 1")
    assert history == [(AT - timedelta(days=1),), (AT,)]
    assert database.read(b"SELECT DISTINCT scraped_at FROM viralforge.scraped_posts") == [(AT,)]


def test_a_payload_s_own_time_goes_before_the_run_s(warehouse, database) -> None:
    own = {"platform": "tiktok", "externalId": "7", "views": 1, "observedAt": "2024-01-01T00:00:00Z"}
    warehouse.ingest_payloads([Capture(own, observed_at=AT)])
    assert database.read(b"SELECT scraped_at FROM viralforge.scraped_posts") == [
        (datetime(2024, 1, 1, tzinfo=UTC),)
    ]


def test_live_payloads_are_a_sighting_each_time(warehouse, database) -> None:
    counts = [adds_up(warehouse.ingest_payloads([Capture(unified(1))])) for _ in range(3)]
    assert counts == [(1, 1, 0, 0, 0), (1, 0, 1, 0, 0), (1, 0, 1, 0, 0)]
    assert database.read(b"SELECT count(*) FROM viralforge.undated_payloads") == [(0,)]


def test_what_the_collector_knows_is_kept_where_the_payload_does_not_say(warehouse, database) -> None:
    known = {"niche": " a\x00i\ud800 ", "scrape_job_id": 7}
    own = {
        "platform": "tiktok",
        "externalId": "7",
        "niche": "own",
        "scrapeSource": "manual",
        "scrapeJobId": 1,
    }
    warehouse.ingest_payloads([Capture(unified(1), **known), Capture(own, **known)], scrape_source="crew_ai")
    found = database.read(
        b"SELECT niche, scrape_source, scrape_job_id FROM viralforge.scraped_posts ORDER BY 1"
    )
    assert found == [("ai", "crew_ai", 7), ("own", "manual", 1)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"observed_at": datetime(2999, 1, 1, tzinfo=UTC)}, "observed_at"), ({"niche": 1.5}, "niche"),
     ({"scrape_job_id": "7"}, "scrape_job_id"), ({"observed_at": "soon"}, "observed_at")],
)  # fmt: skip
def test_a_mistake_of_the_collector_is_told(wrong, told) -> None:
    with pytest.raises(InvalidInput, match=told):
        Capture(unified(1), **wrong)


def test_an_unknown_source_or_shape_is_told_before_anything_is_kept(warehouse, database) -> None:
    with pytest.raises(InvalidInput, match="scrape_source: 'rumour' is not one of manual, scheduled"):
        warehouse.ingest_payloads([Capture(unified(1))], scrape_source="rumour")
    with pytest.raises(InvalidInput, match="there is no shape"):
        warehouse.ingest_payloads([Capture(unified(1), shape="rumour")])
    assert database.read(b"SELECT count(*) FROM viralforge.scraped_posts") == [(0,)]


@pytest.mark.parametrize("hostile", ["deep", "huge"])
def test_a_payload_that_cannot_be_stored_is_rejected_and_the_rest_comes_in(
    hostile, warehouse, database
) -> None:
    value: Any = 10**5000
    if hostile == "deep":
        value = {}
        for _ in range(990):
            value = {"a": value}
    captures = [Capture(unified(1)), Capture(unified(2, text=None, extra=value)), Capture(unified(3))]
    report = warehouse.ingest_payloads(captures)
    assert adds_up(report) == (3, 2, 0, 0, 1)
    assert report.posts_by_platform == {"twitter": 2}
    assert report.rejected_by_reason == {"bad_value": 1}
    assert "raw_json: it cannot be written as JSON" in warehouse.scrapes.rejections()[0].detail
    undated = warehouse._ingest.run(captures, scrape_source="file")
    assert adds_up(undated) == (3, 0, 2, 0, 1)


def test_cleaned_payloads_are_counted(warehouse) -> None:
    texts = ["a\x00b", "\ud800", "plain"]
    captures = [Capture(unified(number, text=text)) for number, text in enumerate(texts)]
    report = warehouse.ingest_payloads(captures)
    assert report.scrubbed == 2


CUT = b"""
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'viralforge' AND pid <> pg_backend_pid()
"""


def test_connections_lost_between_batches_are_replaced(warehouse, database_url) -> None:
    def captures(admin: Database) -> Iterator[Capture]:
        for number in range(100):
            if number == 55:
                admin.read(CUT)
            yield Capture(unified(number))

    admin = Database.open(database_url)
    assert adds_up(warehouse.ingest_payloads(captures(admin))) == (100, 100, 0, 0, 0)
    admin.close()


def test_a_run_that_breaks_off_says_what_is_in_and_can_be_begun_again(warehouse, database, tmp_path) -> None:
    with pytest.raises(UnreadableInput):
        warehouse.ingest([tmp_path / "missing.json"])

    def captures() -> Iterator[Capture]:
        yield from (Capture(unified(number)) for number in range(30))
        raise DatabaseUnavailable("the database does not answer")

    with pytest.raises(DatabaseUnavailable) as told:
        warehouse.ingest_payloads(captures())
    assert told.value.__notes__ == [
        "at least 30 records were taken in before; run it again to go on from there"
    ]


def test_the_mark_of_an_undated_payload_does_not_depend_on_the_order_of_its_keys() -> None:
    def mark(raw: Any) -> bytes:
        return payload_hash(ScrapedPost(platform="tiktok", external_id="7", raw_json=raw))

    assert mark({"a": 1, "b": {"c": 2, "d": 3}}) == mark({"b": {"d": 3, "c": 2}, "a": 1})
    assert (
        len({mark(raw) for raw in ({"a": 1}, {"a": 2}, {"a": "1"}, None, [], {"a": 2**70}, {"a": "\ud800"})})
        == 7
    )
    assert len(mark(None)) == 16


def test_a_file_whose_end_alone_is_another_is_another_file(warehouse, database, tmp_path) -> None:
    """As an export of the same size under the same time, its tail rewritten."""
    file = tmp_path / "posts.ndjson"
    for views in (900, 200):
        lines = [json.dumps(unified(number)) for number in range(2_000)]
        lines.append(json.dumps(unified(9_000, metrics={"views": views})))
        file.write_text("\n".join(lines), encoding="utf-8")
        os.utime(file, (1_700_000_000, 1_700_000_000))
        warehouse.ingest(file)
    history = database.read(
        b"SELECT views FROM viralforge.post_metrics_history"
        b" WHERE scraped_post_id = viralforge.post_id('twitter', '10000') ORDER BY recorded_at"
    )
    assert history == [(900,), (200,)]

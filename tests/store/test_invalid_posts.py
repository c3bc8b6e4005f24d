"""Posts that are wrong are named by position and field; nothing of their batch is kept."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from viralforge.errors import InvalidInput, InvalidPost, UnknownPosts
from viralforge.model.ids import post_id
from viralforge.warehouse import DataWarehouse

GOOD = {"platform": "youtube", "externalId": "dQw4w9WgXcQ", "views": 5}
CLEANED = b"""
SELECT DISTINCT title, raw_json->>'a', raw_json->'n', raw_json->'i', raw_json->>'s',
                (raw_json->>'big')::numeric = 10::numeric ^ 400
FROM viralforge.scraped_posts
"""
NOW = datetime.now(UTC)


def posts(count: int) -> list[dict[str, object]]:
    return [GOOD | {"externalId": f"{number:011}"} for number in range(count)]


def stored(database) -> int:
    return database.read(b"SELECT count(*) FROM viralforge.scraped_posts")[0][0]


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        ({"views": -1}, "views", "bad_number"),
        ({"likes": 10**15 + 1}, "likes", "number_out_of_range"),
        ({"comments": 2**80}, "comments", "number_out_of_range"),
        ({"views": math.nan}, "views", "bad_number"),
        ({"shares": "many"}, "shares", "bad_number"),
        ({"externalId": 5.7e17}, "external_id", "damaged_id"),
        ({"externalId": " "}, "external_id", "missing_id"),
        ({"platform": "myspace"}, "platform", "bad_value"),
        ({"publishedAt": "soon"}, "published_at", "bad_time"),
        ({"publishedAt": "9999-12-31T23:59:59-05:00"}, "published_at", "bad_time"),
        ({"views": 10**5000}, "views", "number_out_of_range"),
        ({"observedAt": "2004-12-31"}, "observed_at", "time_out_of_range"),
        ({"observedAt": NOW + timedelta(days=1)}, "observed_at", "time_out_of_range"),
        ({"scrapeSource": "rumour"}, "scrape_source", "bad_value"),
        ({"scrapeJobId": 2**63}, "scrape_job_id", "bad_value"),
        ({"scrapeJobId": "7"}, "scrape_job_id", "bad_value"),
        ({"hashtags": "ai"}, "hashtags", "bad_value"),
        ({"rawJson": {(1, 2): 3}}, "raw_json", "bad_value"),
        ({"rawJson": [10**5000]}, "raw_json", "bad_value"),
        ({"viewz": 1}, "viewz", "bad_value"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_position_field_and_reason_and_nothing_is_kept(
    wrong, field, reason, warehouse, database
) -> None:
    with pytest.raises(InvalidPost) as told:
        warehouse.bulk_save_scraped_posts([*posts(3), GOOD | wrong, *posts(2)])
    assert (told.value.field, told.value.reason) == (field, reason)
    assert "post 3 of those given; only the first 0 are saved" in str(told.value)
    assert stored(database) == 0
    with pytest.raises(InvalidPost, match=field):
        warehouse.save_scraped_post(GOOD | wrong)
    assert stored(database) == 0


def test_the_batches_before_an_invalid_post_are_saved_and_said_to_be(
    database_url, database, monkeypatch
) -> None:
    monkeypatch.setenv("VIRALFORGE_BATCH_SIZE", "10")
    told = pytest.raises(InvalidPost, match="post 27 of those given; only the first 20 are saved")
    with DataWarehouse.open(database_url) as warehouse, told:
        warehouse.bulk_save_scraped_posts([*posts(27), {"platform": "youtube"}])
    assert stored(database) == 20


def test_an_unknown_key_names_the_nearest(warehouse) -> None:
    with pytest.raises(InvalidPost, match="did you mean views"):
        warehouse.save_scraped_post(GOOD | {"viewz": 1})
    with pytest.raises(InvalidPost, match="given twice"):
        warehouse.save_scraped_post(GOOD | {"external_id": "dQw4w9WgXcQ"})


@pytest.mark.parametrize("given", [None, 5, "text", [1]])
def test_what_is_no_post_at_all_is_told(given, warehouse) -> None:
    with pytest.raises(InvalidPost, match="is not a post"):
        warehouse.bulk_save_scraped_posts([given])


def test_both_spellings_of_keys_are_one_post(warehouse, database) -> None:
    snake = {"platform": "youtube", "external_id": "dQw4w9WgXcQ", "author_id": "a", "observed_at": NOW}
    camel = {"platform": "youtube", "externalId": "dQw4w9WgXcQ", "authorId": "a", "observedAt": NOW}
    saved = warehouse.bulk_save_scraped_posts([snake, camel])
    assert saved == [post_id("youtube", "dQw4w9WgXcQ")] * 2
    assert (saved.new, saved.updated, saved.unchanged) == (1, 0, 1)
    assert database.read(b"SELECT author_id FROM viralforge.scraped_posts") == [("a",)]


@pytest.mark.parametrize(
    "wrong", [{"views": -1}, {"views": 1.5}, {"recordedAt": "2999-01-01"}, {"reach": 1}, {"likes": 10**16}]
)
def test_a_wrong_snapshot_is_told_and_leaves_no_trace(wrong, warehouse, database) -> None:
    known = warehouse.save_scraped_post(GOOD)
    with pytest.raises(InvalidInput, match=next(iter(wrong)).replace("recordedAt", "recorded")):
        warehouse.record_metrics_snapshot(known, wrong)
    assert database.read(b"SELECT count(*) FROM viralforge.post_metrics_history") == [(1,)]


def test_a_snapshot_of_an_unknown_post_names_it(warehouse) -> None:
    unknown = post_id("youtube", "9bZkp7q19f0")
    with pytest.raises(UnknownPosts, match=str(unknown)) as told:
        warehouse.record_metrics_snapshot(unknown, {"views": 1})
    assert told.value.ids == [unknown]
    with pytest.raises(InvalidInput, match="is not the id of a post"):
        warehouse.record_metrics_snapshot("dQw4w9WgXcQ", {"views": 1})


def test_hostile_text_is_cleaned_on_the_way_in(warehouse, database) -> None:
    raw = {"a\x00": "b\x00\ud800", "n": math.nan, "i": [math.inf], "big": 10**400, "s": "\\u0000 stays"}
    many = posts(150)
    for each in (*many, GOOD):
        warehouse.bulk_save_scraped_posts([each | {"title": "x\x00\udfff y", "rawJson": raw}])
    warehouse.bulk_save_scraped_posts([each | {"rawJson": raw, "views": 9} for each in many])
    rows = database.read(CLEANED)
    assert rows == [("x y", "b", None, [None], "\\u0000 stays", True)]

"""Trends and the posts behind them: scores as they were given, mistakes named, nothing half linked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from tests.store.reading import wait_for_a_lock
from viralforge.errors import InvalidInput, UnknownPosts, UnknownRecord
from viralforge.model.ids import post_id

SCORES = b"SELECT relevance_score FROM viralforge.trend_sources ORDER BY scraped_post_id"


@pytest.fixture
def ids(warehouse):
    posts = [{"platform": "youtube", "external_id": f"{number:011}"} for number in range(4)]
    return sorted(warehouse.bulk_save_scraped_posts(posts))


@pytest.fixture
def trend(warehouse) -> int:
    return warehouse.create_trend({"title": "AI tools", "hashtags": ["#AI", "ai"], "hotness": 83})


def scores(database) -> list[float | None]:
    return [row[0] for row in database.read(SCORES)]


def test_a_score_of_zero_stays_zero_and_an_unknown_one_unknown(warehouse, database, ids, trend) -> None:
    warehouse.link_trend_to_sources(trend, ids, [0.0, None, 1, Decimal("0.5")])
    assert scores(database) == [0.0, None, 1.0, 0.5]


def test_without_scores_all_are_unknown(warehouse, database, ids, trend) -> None:
    warehouse.link_trend_to_sources(trend, [str(known) for known in ids])
    assert scores(database) == [None] * 4


def test_linked_again_a_given_score_replaces_and_a_missing_one_does_not(
    warehouse, database, ids, trend
) -> None:
    warehouse.link_trend_to_sources(trend, ids, [0.25, 0.25, None, None])
    warehouse.link_trend_to_sources(trend, ids, [0.5, None, 0.0, None])
    assert scores(database) == [0.5, 0.25, 0.0, None]


def test_a_post_given_twice_has_the_last_known_score(warehouse, database, ids, trend) -> None:
    warehouse.link_trend_to_sources(trend, [ids[0]] * 3, [0.25, 0.5, None])
    assert scores(database) == [0.5]


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan"), float("inf"), 10**400, "high", [1]])
def test_a_score_that_is_none_is_told_with_its_place(score, warehouse, database, ids, trend) -> None:
    with pytest.raises(InvalidInput, match=r"relevance score 1 is .*from 0 to 1, or None"):
        warehouse.link_trend_to_sources(trend, ids[:2], [0.5, score])
    assert scores(database) == []


def test_more_or_fewer_scores_than_posts_are_told(warehouse, ids, trend) -> None:
    with pytest.raises(InvalidInput, match="4 posts but 3 scores"):
        warehouse.link_trend_to_sources(trend, ids, iter([0.1, 0.2, 0.3]))


def test_unknown_posts_are_all_named_in_their_order_and_nothing_is_linked(
    warehouse, database, ids, trend
) -> None:
    unknown = [post_id("youtube", f"unknown{number:04}") for number in range(7)]
    with pytest.raises(UnknownPosts, match="and 2 more") as told:
        warehouse.link_trend_to_sources(trend, [ids[0], *unknown, ids[1]])
    assert told.value.ids == unknown
    assert scores(database) == []


@pytest.mark.parametrize("unknown", [99, 2**62])
def test_an_unknown_trend_is_told(unknown, warehouse, ids) -> None:
    with pytest.raises(UnknownRecord, match=f"no trend with id {unknown}; create it first"):
        warehouse.link_trend_to_sources(unknown, ids)
    assert not warehouse.delete_trend(unknown)


@pytest.mark.parametrize("wrong", [None, "1", 0, 2**63, 1.0])
def test_what_is_no_id_of_a_trend_is_told(wrong, warehouse, ids) -> None:
    with pytest.raises(InvalidInput, match="trend_id"):
        warehouse.link_trend_to_sources(wrong, ids)


def test_deleting_a_trend_or_a_post_takes_their_links_along(warehouse, database, ids, trend) -> None:
    other = warehouse.create_trend({"title": "other"})
    warehouse.link_trend_to_sources(trend, ids)
    warehouse.link_trend_to_sources(other, ids)
    assert warehouse.delete_trend(trend)
    assert warehouse.delete_post(ids[0])
    assert not warehouse.delete_post(ids[0])
    assert database.read(b"SELECT count(*) FROM viralforge.trend_sources") == [(3,)]
    assert database.read(b"SELECT count(*) FROM viralforge.post_metrics_history") == [(3,)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"title": " "}, "title"), ({"hotness": 101}, "hotness"), ({"status": "dead"}, "status"),
     ({"platform": "myspace"}, "platform"), ({"crewExecutionId": 2**63}, "crewExecutionId"), ({"x": 1}, "x")],
)  # fmt: skip
def test_a_wrong_trend_is_told_with_its_field(wrong, field, warehouse) -> None:
    with pytest.raises(InvalidInput, match=f"Trend: {field}"):
        warehouse.create_trend({"title": "AI"} | wrong)


def test_a_post_deleted_in_the_moment_of_being_linked_is_the_one_named(
    warehouse, database, ids, trend
) -> None:
    with ThreadPoolExecutor(1) as thread:
        with database.connection() as connection:
            gone = {"id": ids[2]}
            connection.execute("DELETE FROM viralforge.scraped_posts WHERE id = %(id)s", gone)
            linked = thread.submit(warehouse.link_trend_to_sources, trend, ids)
            wait_for_a_lock(database)
        with pytest.raises(UnknownPosts) as told:
            linked.result(30)
    assert told.value.ids == [ids[2]]
    assert scores(database) == []

"""Posts are read again when they have changed enough to be worth it: often while they grow, seldom later."""

from __future__ import annotations

import csv
import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from viralforge.agents.recollect import TOLERANCE
from viralforge.errors import InvalidInput
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC)


def hours_until_due(age: float, apart: float | None, reach: float | None, before: float | None) -> float:
    """The rule, said once more: what the query must do."""
    if apart is None or reach is None or before is None:
        return min(max(age / 4, 1), 24)
    if reach <= before:
        return min(max(2 * apart, 1), 168)
    return min(max(TOLERANCE * apart / math.log((reach + 1) / (before + 1)), 1), max(2 * apart, 1), 168)


STORIES = [
    (age, apart, reach, before)
    for age in (2, 30, 300)
    for apart, reach, before in (
        (None, 100, None), (1, 200, 100), (1, 101, 100), (5, 100, 100), (5, 90, 100), (1, 1_000, 0),
        (30, 2, 1), (1, 1, 0),
    )
    if apart is None or apart < age
]  # fmt: skip


@pytest.mark.parametrize(("age", "apart", "reach", "before"), STORIES)
def test_a_post_is_due_when_the_rule_says_so(warehouse, age, apart, reach, before) -> None:
    wanted = hours_until_due(age, apart, reach, before)
    for passed, is_due in ((wanted + 0.1, True), (wanted - 0.1, False)):
        last = NOW - timedelta(hours=passed)
        post = {"platform": "x", "external_id": "20", "published_at": NOW - timedelta(hours=age)}
        if apart is not None:
            earlier = {"views": before, "observed_at": last - timedelta(hours=apart)}
            warehouse.save_scraped_post(post | earlier)
        warehouse.save_scraped_post(post | {"views": reach, "observed_at": last})
        # A post seen once is paced by its age, which goes on meanwhile.
        found = [each.external_id for each in warehouse.snapshots.due()]
        assert found == (["20"] if is_due else []), (wanted, passed)
        warehouse.delete_post(warehouse.posts.find("x", "20").id)


def test_a_source_of_a_rising_trend_is_due_hourly(warehouse) -> None:
    for hours, views in ((30, 100), (2, 100)):
        seen = NOW - timedelta(hours=hours)
        post = warehouse.save_scraped_post(
            {"platform": "x", "external_id": "20", "views": views, "observed_at": seen}
        )
    assert warehouse.snapshots.due() == []
    trend = warehouse.create_trend({"title": "Soup"})
    warehouse.link_trend_to_sources(trend, [post])
    assert [each.id for each in warehouse.snapshots.due("x")] == [post]
    assert warehouse.snapshots.due("reddit") == []


def test_a_real_curve_is_told_within_five_percent_by_a_quarter_of_the_readings(shared: Path) -> None:
    with (shared / "data" / "retweet_cascades" / "seismic_tweet.csv").open() as file:
        times = sorted(float(row["relative_time_second"]) for row in csv.DictReader(file))
    curve = [sum(time <= hour * 3600 for time in times) for hour in range(1, int(times[-1] // 3600) + 2)]
    read, apart = [0], None
    while read[-1] < len(curve) - 1:
        at = read[-1]
        before = curve[read[-2]] if len(read) > 1 else None
        wait = hours_until_due(at + 1, apart, curve[at], before)
        read.append(min(len(curve) - 1, at + max(1, int(wait))))
        apart = read[-1] - at
    worst = 0.0
    for left, right in pairwise(read):
        for hour in range(left, right + 1):
            between = curve[left] + (curve[right] - curve[left]) * (hour - left) / (right - left)
            worst = max(worst, abs(between - curve[hour]) / curve[hour])
    assert len(read) <= 0.25 * len(curve)
    assert worst <= 0.05


@pytest.fixture
def due(warehouse: DataWarehouse) -> DataWarehouse:
    old = NOW - timedelta(days=2)
    for platform, ids in {"x": range(1, 251), "reddit": range(10, 12)}.items():
        posts = ({"platform": platform, "external_id": f"{n}", "likes": 1, "observed_at": old} for n in ids)
        warehouse.bulk_save_scraped_posts(posts)
    return warehouse


def tweets(ids: list[str]) -> dict:
    return {"success": True, "tweets": [{"source": "x", "id": each, "metrics": {"likes": 9}} for each in ids]}


def test_what_is_due_is_read_in_the_platforms_batches(due) -> None:
    asked: list[int] = []

    @due.fetcher("x", units=1, cost_usd="0.01")
    def search(ids: list[str]) -> dict:
        asked.append(len(ids))
        return tweets(ids)

    [done] = due.snapshots.recollect()
    assert done == ("twitter", 250, 250, 3, 0, None, 0)
    assert asked == [100, 100, 50]
    assert due.snapshots.due("x") == []
    assert due.posts.find("x", "7").likes == 9
    assert due.posts.find("x", "7").sightings == 2
    job = due.sql("SELECT sum(requests), sum(found), sum(new), sum(cost_usd) FROM scrape_jobs")
    assert tuple(map(float, job[0])) == (3, 250, 0, 0.03)


def test_budget_and_quota_end_it(due) -> None:
    due.fetcher("x", cost_usd="0.01")(tweets)
    assert due.snapshots.recollect(budget_usd="0.02")[0][2:] == (200, 2, 0, "the budget is spent", 0)
    due.fetcher("x", batch=1)(tweets)
    [done] = due.snapshots.recollect()
    assert (done.requests, (done.stopped or "")[:18]) == (18, "the quota is spent")


def test_a_reader_that_fails_stops_its_platform_alone(due) -> None:
    def fails(_ids: list[str]) -> dict:
        raise ZeroDivisionError("no")

    due.fetcher("x")(fails)
    due.fetcher("reddit")(lambda ids: [])
    found = {each.platform: (each.requests, each.failed, each.stopped) for each in due.snapshots.recollect()}
    assert found == {"twitter": (1, 1, "ZeroDivisionError: no"), "reddit": (1, 0, None)}


def test_whom_nobody_reads_is_told(due) -> None:
    with pytest.raises(InvalidInput, match=r"warehouse\.fetcher"):
        due.snapshots.recollect("tiktok")
    assert due.snapshots.recollect() == []


UNDER_TERMS = {"platform": "youtube", "fetched_via": "official_api", "views": 100, "title": "Soup"}


def old_video(warehouse, external_id: str, days: float) -> str:
    seen = NOW - timedelta(days=days)
    warehouse.save_scraped_post(UNDER_TERMS | {"external_id": external_id, "observed_at": seen})
    return external_id


def test_a_post_is_due_before_the_platforms_terms_ask_for_its_removal(warehouse) -> None:
    ids = [old_video(warehouse, f"video{days}____"[:11], days) for days in (28, 26)]
    old = NOW - timedelta(days=100)
    warehouse.save_scraped_post({"platform": "youtube", "external_id": "scraped____", "observed_at": old})
    due = [post.external_id for post in warehouse.snapshots.due("youtube")]
    assert due.count(ids[0]) == 1
    warehouse.sql("UPDATE scraped_posts SET scraped_at = scraped_at - interval '60 days'")
    [post] = warehouse.snapshots.due("youtube")
    assert (post.external_id, post.due_at) == (ids[0], post.last_scraped_at + timedelta(days=27))


def test_what_grows_and_what_is_near_its_limit_share_the_rows(warehouse) -> None:
    for number in range(4):
        old_video(warehouse, f"expiring{number}__", 28)
    warehouse.sql("UPDATE scraped_posts SET scraped_at = scraped_at - interval '60 days'")
    for number in range(4):
        seen = NOW - timedelta(hours=20)
        post = {"platform": "youtube", "external_id": f"growing{number}___", "views": 5, "observed_at": seen}
        warehouse.save_scraped_post(post | {"published_at": seen})
    due = [post.external_id[:8] for post in warehouse.snapshots.due(limit=4)]
    assert (due.count("expiring"), len(due)) == (2, 4)
    assert len(warehouse.snapshots.due(limit=6)) == 6
    assert len(warehouse.snapshots.due()) == 8


@pytest.mark.parametrize("omits_gone", [True, False])
def test_a_post_that_an_answer_leaves_out_is_deleted_where_that_means_it_is_gone(
    warehouse, omits_gone
) -> None:
    ids = [old_video(warehouse, f"video{number}_____", 28) for number in range(3)]

    def read(asked: list[str]) -> dict[str, object]:
        return {"items": [{"source": "youtube", "id": each} for each in asked if each != ids[1]]}

    warehouse.snapshots.fetcher("youtube", read, omits_gone=omits_gone)
    [told] = warehouse.snapshots.recollect("youtube")
    assert (told.asked, told.gone) == (3, int(omits_gone))
    assert (warehouse.posts.find("youtube", ids[1]) is None) == omits_gone
    assert warehouse.posts.find("youtube", ids[0]) is not None


def test_an_answer_that_holds_none_of_the_posts_is_no_word_on_any(warehouse) -> None:
    ids = [old_video(warehouse, f"video{number}_____", 28) for number in range(3)]
    warehouse.snapshots.fetcher("youtube", lambda _asked: {"items": []}, omits_gone=True)
    assert warehouse.snapshots.recollect("youtube")[0].gone == 0
    assert all(warehouse.posts.find("youtube", each) for each in ids)

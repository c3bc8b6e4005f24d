"""A platform that changes is noticed by what its operations bring, against their own history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from viralforge.model.ids import post_id
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC)


def jobs(warehouse: DataWarehouse, hours: float, many: int, **more: int) -> None:
    for number in range(many):
        start = NOW - timedelta(hours=hours, minutes=number)
        job = {"platform": "x", "operation": "search", "requests": 1, "found": 10, "started_at": start}
        warehouse.log_scrape_job(job | more)


def alarms(warehouse: DataWarehouse) -> list[tuple]:
    return [tuple(alarm)[1:] for alarm in warehouse.scraping.alarms()]


@pytest.mark.parametrize(
    ("lately", "alarm"),
    [
        ({"found": 4}, ("search", "posts a request", 10, 4, 6)), ({"found": 5}, None), ({"found": 100}, None),
        ({"found": 10, "errors": 1}, ("search", "failed requests", 0, 1, 6)),
        ({"found": 10, "rejected": 10}, ("search", "rejected records", 0, 0.5, 6)),
        ({"found": 10, "rejected": 1}, None), ({"operation": "user", "found": 0}, None),
    ],
)  # fmt: skip
def test_what_an_operation_brings_is_held_against_its_own_history(warehouse, lately, alarm) -> None:
    jobs(warehouse, hours=50, many=30)
    jobs(warehouse, hours=2, many=6, **lately)
    assert alarms(warehouse) == ([] if alarm is None else [alarm])


def test_few_requests_say_nothing(warehouse) -> None:
    jobs(warehouse, hours=50, many=19)
    jobs(warehouse, hours=2, many=6, found=0)
    assert alarms(warehouse) == []
    jobs(warehouse, hours=90, many=1)
    assert len(alarms(warehouse)) == 1


def test_what_is_long_ago_is_no_history(warehouse) -> None:
    jobs(warehouse, hours=24 * 16, many=30)
    jobs(warehouse, hours=2, many=6, found=0)
    assert alarms(warehouse) == []


def tweets(first: int, many: int = 10, **metrics: int) -> dict:
    """An answer of the app's own tool."""
    each = {"source": "x", "text": "soup"}
    found = [each | {"id": str(first + number), "metrics": dict(metrics)} for number in range(many)]
    return {"success": True, "tweets": found}


def collect(warehouse: DataWarehouse, answers: list, hours: float) -> list[int]:
    """Takes the answers in, and lets that have been some hours ago; their jobs."""
    known = {row[0] for row in warehouse.sql("SELECT id FROM scrape_jobs")}

    @warehouse.scraped(platform="x", operation="search")
    def ask(number: int):
        return answers[number]

    for number in range(len(answers)):
        ask(number)
    warehouse.accounts.flush()
    made = [row[0] for row in warehouse.sql("SELECT id FROM scrape_jobs ORDER BY id") if row[0] not in known]
    warehouse.sql(
        "UPDATE scrape_jobs SET started_at = %s WHERE id = ANY(%s)", [NOW - timedelta(hours=hours), made]
    )
    return made


def marks(warehouse: DataWarehouse, jobs: list[int]) -> list:
    warehouse.scrapes.mark_jobs()
    return [
        row[0]
        for row in warehouse.sql("SELECT alarms FROM scrape_jobs WHERE id = ANY(%s) ORDER BY id", [jobs])
    ]


def test_a_field_that_is_no_longer_told_is_an_alarm_and_marks_its_jobs(warehouse) -> None:
    before = collect(warehouse, [tweets(1_000 + 10 * each, likes=1) for each in range(20)], hours=50)
    without = [tweets(2_000, likes=1), *(tweets(3_000 + 10 * each) for each in range(5))]
    lately = collect(warehouse, without, hours=2)
    assert alarms(warehouse) == [("search", "unknown likes", 0, Decimal("0.8333"), 6)]
    assert marks(warehouse, before) == [None] * 20
    assert marks(warehouse, lately) == [None, *[["unknown likes"]] * 5]


def test_a_shape_that_can_no_longer_be_read_is_an_alarm_and_marks_its_jobs(warehouse) -> None:
    collect(warehouse, [tweets(1_000 + 10 * each, likes=1) for each in range(20)], hours=50)
    broken = tweets(2_000, likes=1)
    for tweet in broken["tweets"][:5]:
        tweet["metrics"]["likes"] = "many"
    strange = {"success": True, "tweets": [{"weather": "rain", "day": number} for number in range(12)]}
    lately = collect(warehouse, [broken, strange, *(tweets(3_000, likes=1) for _ in range(3))], hours=2)
    found = {measure: (float(usual), float(now)) for _, measure, usual, now, _ in alarms(warehouse)}
    assert found == {"rejected records": (0, 0.3269), "rejected none": (0, 0.2308)}
    seen = marks(warehouse, lately)
    assert seen == [["rejected records"], ["rejected none", "rejected records"], None, None, None]
    # What is mended is marked no more.
    lately += collect(warehouse, [tweets(4_000 + 10 * each, likes=1) for each in range(20)], hours=1)
    assert (alarms(warehouse), marks(warehouse, lately)) == ([], [None] * 25)


def test_it_is_counted_which_fields_the_posts_of_a_job_do_not_tell(warehouse) -> None:
    answer = tweets(1_000, many=3, likes=1)
    answer["tweets"][0]["metrics"] = {"likes": 1, "views": 5}
    [job] = collect(warehouse, [answer], hours=1)
    [(unknown, shapes)] = warehouse.sql(
        "SELECT unknown_fields, rejected_shapes FROM scrape_jobs WHERE id = %s", [job]
    )
    assert (unknown["views"], unknown["likes"], unknown["thumbnail_url"], shapes) == (2, 0, 3, {})
    assert warehouse.posts.get(post_id("twitter", "1000")).views == 5

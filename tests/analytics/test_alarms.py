"""A platform that changes is noticed by what its operations bring, against their own history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

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

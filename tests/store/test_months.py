"""Months are there when they are needed, back in time as well, and also when somebody has dropped one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from viralforge.db.partitions import Months, next_month

NOW = datetime.now(UTC)
POST = {"platform": "youtube", "external_id": "dQw4w9WgXcQ", "views": 5}
MONTHS = b"""
SELECT count(*) FROM pg_inherits WHERE inhparent = 'viralforge.post_metrics_history'::regclass
"""


@pytest.fixture
def drop(database):
    """Drops the month of a moment behind the library's back."""

    def drop(table: str, moment: datetime) -> None:
        with database.connection() as connection:
            connection.execute(f"DROP TABLE viralforge.{table}_{moment:%Y_%m}")

    return drop


def test_months_are_made_back_for_old_sightings(warehouse, database) -> None:
    before = database.read(MONTHS)[0][0]
    old = [POST | {"observed_at": datetime(2005 + year, 1, 1, tzinfo=UTC)} for year in range(12)]
    saved = warehouse.bulk_save_scraped_posts(old)
    assert (saved.new, saved.updated) == (1, 11)
    assert database.read(MONTHS)[0][0] == before + 12
    warehouse.record_metrics_snapshot(saved[0], {"views": 9, "recorded_at": datetime(2018, 5, 5, tzinfo=UTC)})
    assert database.read(MONTHS)[0][0] == before + 13


def test_the_first_and_the_last_moment_of_a_month_find_their_place(warehouse, database) -> None:
    first = datetime(2016, 2, 1, tzinfo=UTC)
    moments = [
        first - timedelta(microseconds=1),
        first,
        datetime(2016, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
    ]
    warehouse.bulk_save_scraped_posts([POST | {"observed_at": at} for at in moments])
    found = database.read(
        b"SELECT tableoid::regclass::text, recorded_at FROM viralforge.post_metrics_history ORDER BY 2"
    )
    names = [f"post_metrics_history_2016_{month:02}" for month in (1, 2, 2)]
    assert found == list(zip(names, moments, strict=True))


def test_a_month_dropped_under_way_is_made_again(warehouse, database, drop) -> None:
    old = NOW - timedelta(days=200)
    for moment in (old, NOW):
        warehouse.save_scraped_post(POST | {"observed_at": moment})
        drop("post_metrics_history", moment)
    warehouse.save_scraped_post(POST | {"external_id": "9bZkp7q19f0", "observed_at": old})
    saved = warehouse.bulk_save_scraped_posts([POST | {"external_id": f"{n:011}"} for n in range(200)])
    assert saved.new == 200
    drop("post_metrics_history", NOW)
    warehouse.record_metrics_snapshot(saved[0], {"views": 7})
    assert database.read(b"SELECT count(*) FROM viralforge.post_metrics_history") == [(2,)]


def test_events_find_their_month_again_but_never_make_one_of_their_own(warehouse, database, drop) -> None:
    event = {"event_name": "trend_action", "event_type": "click"}
    drop("app_events", NOW)
    warehouse.track_event(event)
    old = NOW - timedelta(days=200)
    warehouse.track_events([event | {"created_at": old}])
    drop("app_events", old)
    assert warehouse.track_events([event | {"created_at": old}]) == 1


def test_months_ahead_are_made_whatever_the_day(database) -> None:
    Months(database).ensure_ahead(3)
    names = {row[0] for row in database.read(b"SELECT relname FROM pg_class WHERE relkind = 'r'")}
    month = NOW.date().replace(day=1)
    for _ in range(3):
        month = next_month(month)
        assert f"post_metrics_history_{month:%Y_%m}" in names
        assert f"app_events_{month:%Y_%m}" in names

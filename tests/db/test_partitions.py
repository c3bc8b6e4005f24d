"""Months of the partitioned tables: made ahead and back, once each, and never at a writer's cost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from viralforge.db import partitions
from viralforge.db.partitions import PARTITIONED, Months, month_of, next_month
from viralforge.db.pool import Database, is_missing_month
from viralforge.errors import DatabaseUnavailable, WarehouseError

MONTHS = b"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %(table)s::regclass ORDER BY 1"
EVENT = b"""
INSERT INTO viralforge.app_events (event_id, event_name, event_type, created_at)
VALUES (gen_random_uuid(), 'trend_discovery', 'app', %(at)s)
"""


def months_of(database: Database, table: str) -> set[str]:
    return {name.removeprefix(f"{table}_") for (name,) in database.read(MONTHS, {"table": table})}


@pytest.mark.parametrize("table", PARTITIONED)
def test_this_month_the_next_two_and_what_may_still_come_in_are_there_from_the_start(database, table):
    now = database.read(b"SELECT now()")[0][0]
    wanted = {month_of(now - timedelta(days=days)) for days in range(31)}
    wanted |= {next_month(month_of(now)), next_month(next_month(month_of(now)))}
    assert months_of(database, table) == {f"{month:%Y_%m}" for month in wanted}


def test_a_month_begins_and_ends_in_utc():
    late = datetime(2025, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=3)))
    assert month_of(late) == date(2025, 2, 1)
    assert next_month(date(2025, 12, 1)) == date(2026, 1, 1)


def test_months_are_made_back_when_old_data_come(database):
    moments = [datetime(2019, 2, 28, 23, 59, 59, tzinfo=UTC), datetime(2019, 3, 1, tzinfo=UTC)]
    Months(database).ensure("app_events", [*moments, *moments])
    assert {"2019_02", "2019_03"} <= months_of(database, "app_events")
    assert "2019_02" not in months_of(database, "post_metrics_history")
    for moment in moments:
        database.write(lambda connection, moment=moment: connection.execute(EVENT, {"at": moment}))
    counts = b"SELECT count(*) FROM app_events_2019_02 UNION ALL SELECT count(*) FROM app_events_2019_03"
    assert database.read(counts) == [(1,), (1,)]


def test_a_row_without_a_month_is_told_from_a_bad_row(database):
    with pytest.raises(WarehouseError) as missing:
        database.write(lambda connection: connection.execute(EVENT, {"at": datetime(1999, 1, 1, tzinfo=UTC)}))
    assert is_missing_month(missing.value.__cause__)
    bad = "INSERT INTO viralforge.trends (title, hotness) VALUES ('too hot', 101)"
    with pytest.raises(WarehouseError) as refused:
        database.write(lambda connection: connection.execute(bad))
    assert not is_missing_month(refused.value.__cause__)


def test_a_month_has_all_that_its_table_has(database):
    Months(database).ensure("app_events", [date(2019, 2, 1)])
    indexes = b"SELECT count(*) FROM pg_index WHERE indrelid = %(table)s::regclass"
    constraints = b"SELECT contype FROM pg_constraint WHERE conrelid = %(table)s::regclass ORDER BY contype"
    for question in (indexes, constraints):
        ours = database.read(question, {"table": "app_events"})
        assert database.read(question, {"table": "app_events_2019_02"}) == ours


def test_many_makers_at_once_make_each_month_once(database):
    wanted = [date(2018, month, 1) for month in range(1, 13)]
    makers = [Months(database) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda maker: maker.ensure("app_events", wanted), makers))
    assert {f"{month:%Y_%m}" for month in wanted} <= months_of(database, "app_events")


def test_a_known_month_is_not_asked_for_again(database):
    months = Months(database)
    months.ensure("app_events", [date(2019, 2, 1)])
    database.write(lambda connection: connection.execute("DROP TABLE viralforge.app_events_2019_02"))
    months.ensure("app_events", [date(2019, 2, 1)])
    assert "2019_02" not in months_of(database, "app_events")
    months.forget()
    months.ensure("app_events", [date(2019, 2, 1)])
    assert "2019_02" in months_of(database, "app_events")


def test_the_maker_gives_way_to_a_long_batch_and_tries_again(database, monkeypatch):
    monkeypatch.setattr(partitions, "LOCK_TIMEOUT", "50ms")
    with ThreadPoolExecutor(1) as threads:
        with database.connection() as batch:
            batch.execute("LOCK TABLE viralforge.users IN ROW EXCLUSIVE MODE")
            made = threads.submit(Months(database).ensure, "app_events", [date(2019, 2, 1)])
            with pytest.raises(TimeoutError):
                made.result(timeout=0.5)
        made.result(timeout=10)
    assert "2019_02" in months_of(database, "app_events")


def test_a_maker_that_never_gets_its_turn_says_so(database, monkeypatch):
    monkeypatch.setattr(partitions, "LOCK_TIMEOUT", "10ms")
    monkeypatch.setattr(partitions, "ATTEMPTS", 3)
    with database.connection() as batch:
        batch.execute("LOCK TABLE viralforge.users IN ROW EXCLUSIVE MODE")
        with pytest.raises(DatabaseUnavailable, match="lock timeout"):
            Months(database).ensure("app_events", [date(2019, 2, 1)])


def test_writers_of_other_months_go_on_while_months_are_made(database):
    now = database.read(b"SELECT now()")[0][0]
    stop = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            database.write(lambda connection: connection.execute(EVENT, {"at": now}))
            written += 1

    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(write)
        Months(database).ensure("app_events", [date(2017, month, 1) for month in range(1, 13)])
        stop.set()
        writing.result(timeout=10)
    assert database.read(b"SELECT count(*) FROM viralforge.app_events") == [(written,)]
    assert written > 0

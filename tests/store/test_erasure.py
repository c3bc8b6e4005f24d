"""Erasing a user: all that named the user goes, whoever writes meanwhile, and nothing of it comes back."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from threading import Event

import pytest

from tests.store.reading import WAITING, everything, wait_for_a_lock
from viralforge.db.pool import Database
from viralforge.errors import InvalidInput, UserErased
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC)
EVENT = {"event_name": "trend_action", "event_type": "click", "session_id": "s1", "platform": "web"}
NAMED = b"""
SELECT (SELECT count(*) FROM viralforge.app_events WHERE user_id IS NOT NULL)
       + (SELECT count(*) FROM viralforge.crew_executions WHERE user_id IS NOT NULL)
       + (SELECT count(*) FROM viralforge.users)
"""


def test_a_receipt_says_how_many_rows_of_what_and_names_nobody(database_url) -> None:
    database = Database.open(database_url)
    with DataWarehouse(database, Settings(posthog_host="https://posthog.example")) as warehouse:
        for user in ("somebody-7", "somebody-7", "other"):
            warehouse.track_event(EVENT | {"user_id": user, "properties": {"trend_id": 1}})
            number = warehouse.log_crew_execution(
                {"crew_type": "discovery", "start_time": NOW, "user_id": user}
            )
            call = {"crew_execution_id": number, "kind": "llm", "name": "call", "started_at": NOW}
            warehouse.log_crew_calls([call, call, call])
        warehouse.rollups.fold()
        warehouse.track_event(EVENT | {"user_id": "somebody-7"})
        receipt = warehouse.erase_user("somebody-7")
        assert receipt.rows == {
            "posthog_outbox": 3, "app_events": 3, "crew_calls": 6, "crew_executions": 2, "funnel_deltas": 1,
            "funnel_rollup": 1, "funnel_sessions": 1, "funnel_users": 2, "users": 1, "sealed_funnel": 0,
            "rejections": 0, "kept_answers": 0, "spool": 0, "facts": 0,
        }  # fmt: skip
        assert receipt.total == 20
        told = json.dumps(receipt.to_dict())
        assert "somebody-7" not in told + everything(database)
        assert abs((receipt.erased_at - NOW).total_seconds()) < 600
        assert warehouse.rollups.check() == []
        assert database.read(b"SELECT count(*) FROM viralforge.app_events") == [(1,)]
        again = warehouse.erase_user("somebody-7")
        assert (again.total, again.reference) == (0, receipt.reference)
        assert warehouse.erase_user("other").reference != receipt.reference


def test_a_user_never_seen_is_erased_all_the_same_and_cannot_be_made(warehouse, database) -> None:
    assert warehouse.erase_user("u1").total == 0
    warehouse.track_event(EVENT | {"user_id": "u1"})
    with pytest.raises(UserErased):
        warehouse.add_user("u1")
    assert database.read(NAMED) == [(0,)]


def test_an_event_that_goes_with_its_user_alone_is_taken_out_of_what_trends_brought(
    warehouse, database
) -> None:
    """A foreign key's check may lock a row that is locked for deletion: a cascade is the last to see it."""
    for user in ("u1", "u2"):
        warehouse.track_event(EVENT | {"user_id": user, "properties": {"trend_id": 1}})
    warehouse.rollups.fold()
    database.write(lambda connection: connection.execute("DELETE FROM users WHERE id = 'u1'"))
    assert [row for row in warehouse.rollups.check() if row.rollup == "traced"] == []
    assert list(warehouse.sql("SELECT sum(events) FROM traced_deltas")) == [(-1,)]


def test_a_deleted_user_may_come_back(warehouse, database) -> None:
    for _ in range(2):
        warehouse.track_event(EVENT | {"user_id": "u1"})
        assert warehouse.delete_user("u1")
    warehouse.track_event(EVENT | {"user_id": "u1"})
    assert database.read(b"SELECT user_id FROM viralforge.app_events") == [("u1",)]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("names", ["track_event", "log_crew_execution", "add_user"])
def test_who_names_a_user_in_the_moment_of_the_erasure_waits_for_it(
    known, names, warehouse, database
) -> None:
    """The erasure has begun, and has not committed, when the user is named."""
    if known:
        warehouse.add_user("u1")
    given = {
        "track_event": EVENT | {"user_id": "u1"}, "add_user": "u1",
        "log_crew_execution": {"crew_type": "discovery", "start_time": NOW, "user_id": "u1"},
    }[names]  # fmt: skip
    with ThreadPoolExecutor(2) as threads:
        with database.connection() as connection:
            connection.execute("LOCK TABLE viralforge.crew_calls IN ACCESS EXCLUSIVE MODE")
            erased = threads.submit(warehouse.erase_user, "u1")
            wait_for_a_lock(database)
            named = threads.submit(getattr(warehouse, names), given)
            wait_for_locks(database, 2)
        erased.result(30)
        error = named.exception(30)
    assert isinstance(error, InvalidInput) if names == "add_user" else error is None
    assert database.read(NAMED) == [(0,)]


def wait_for_locks(database: Database, number: int) -> None:
    deadline = time.monotonic() + 30
    while database.read(WAITING)[0][0] < number:
        assert time.monotonic() < deadline, "not so many wait"
        time.sleep(0.01)


@pytest.mark.parametrize("known", [True, False])
def test_eight_writers_leave_nothing_of_who_is_erased_meanwhile(known, warehouse, database, stress) -> None:
    rounds, erasing = stress.measure(5, 100), Event()
    for number in range(rounds):
        user = f"user-{number}"
        if known:
            warehouse.add_user(user)
        erasing.clear()
        numbers = count()

        def write(user: str = user, numbers: count = numbers) -> None:
            while (at := next(numbers)) < 60 or not erasing.is_set():
                event = EVENT | {"user_id": user, "properties": {"trend_id": 1}}
                if at % 4 == 0:
                    warehouse.track_events([event, event, EVENT | {"user_id": f"{user}-other-{at}"}])
                elif at % 4 == 1:
                    warehouse.log_crew_execution(
                        {"crew_type": "discovery", "start_time": NOW, "user_id": user}
                    )
                else:
                    warehouse.track_event(event)

        with ThreadPoolExecutor(8) as threads:
            writers = [threads.submit(write) for _ in range(8)]
            while next(numbers) < 20:
                pass
            warehouse.erase_user(user)
            erasing.set()
            for writer in writers:
                writer.result(60)
        for table in ("users", "app_events", "crew_executions", "funnel_deltas", "funnel_users"):
            column = "id" if table == "users" else "user_id"
            asked = f"SELECT count(*) FROM viralforge.{table} WHERE {column} = '{user}'"
            assert database.read(asked.encode()) == [(0,)], table
        assert list(warehouse.rollups.check()) == [], f"round {number}"
    warehouse.rollups.fold()
    assert warehouse.rollups.check() == []
    stress.tell(f"{rounds} users erased under 8 writers each")

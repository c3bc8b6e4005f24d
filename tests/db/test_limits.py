"""A limit of time: PostgreSQL keeps it, only for who set it, and the connection is good afterwards."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import NamedTuple

import pytest

from viralforge.db.limits import limited
from viralforge.db.pool import Database
from viralforge.errors import CutShort, WarehouseError

TIMEOUT = b"SELECT current_setting('statement_timeout')"
SLEEP = b"SELECT pg_sleep(0.5)::text AS slept"


class Slept(NamedTuple):
    """Nothing."""

    slept: str


ASKED = {
    "read": lambda database: database.read(SLEEP),
    "rows": lambda database: database.rows(Slept, SLEEP),
    "value": lambda database: database.value(SLEEP),
    "change": lambda database: database.change(SLEEP),
    "query": lambda database: database.query(SLEEP.decode()),
    "write": lambda database: database.write(lambda connection: connection.execute(SLEEP).fetchall()),
}


@pytest.fixture
def one(database_url: str):
    """A database with a single connection, so that whatever is left on it is met again."""
    opened = Database.open(database_url, pool_size=1)
    yield opened
    opened.close()


@pytest.mark.parametrize("way", ASKED)
def test_what_takes_longer_is_cut_short_and_the_connection_is_good_afterwards(one: Database, way) -> None:
    begun = time.monotonic()
    with limited(0.1), pytest.raises(CutShort, match=r"longer than 0\.1 seconds"):
        ASKED[way](one)
    assert time.monotonic() - begun < 0.45
    assert one.read(b"SELECT pid FROM pg_stat_activity WHERE query LIKE '%%pg_sleep%%' AND state = 'active' "
                    b"AND pid <> pg_backend_pid() AND datname = current_database()") == []  # fmt: skip
    ASKED[way](one)
    assert one.read(TIMEOUT) == [("0",)]
    assert dict(one.figures())["pool_size"] == 1


def test_the_limit_holds_in_the_transaction_and_goes_with_it(one: Database) -> None:
    with limited(7):
        assert one.read(TIMEOUT) == [("7s",)]
        with one.connection() as connection:
            assert connection.execute(TIMEOUT).fetchone() == ("7s",)
        with limited(2):
            assert one.value(TIMEOUT) == "2s"
        assert one.value(TIMEOUT) == "7s"
    assert one.value(TIMEOUT) == "0"


def test_who_asks_elsewhere_meanwhile_is_not_limited(database: Database) -> None:
    with limited(0.1), ThreadPoolExecutor() as threads:
        assert threads.submit(ASKED["read"], database).result() == [("",)]
        with pytest.raises(CutShort):
            threads.submit(copy_context().run, ASKED["read"], database).result()


def test_a_shorter_limit_of_the_users_own_stays(database_url: str) -> None:
    hasty = Database.open(f"{database_url}&options=-c%20statement_timeout%3D90ms")
    with limited(5):
        assert hasty.value(TIMEOUT) == "90ms"
        with pytest.raises(CutShort, match=r"longer than 0\.09 seconds"):
            hasty.read(SLEEP)
    with pytest.raises(WarehouseError, match="statement timeout"):
        hasty.read(SLEEP)
    with limited(0.01):
        assert hasty.value(TIMEOUT) == "10ms"
    hasty.close()


def test_what_was_written_before_it_was_cut_short_is_not_kept(one: Database) -> None:
    def work(connection) -> None:
        connection.execute("INSERT INTO trends (title) VALUES ('soup')")
        connection.execute(SLEEP)

    with limited(0.1), pytest.raises(CutShort):
        one.write(work)
    assert one.read(b"SELECT count(*) FROM trends") == [(0,)]

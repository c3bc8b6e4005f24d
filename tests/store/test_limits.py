"""More threads than the pool or the server has connections for: they wait in turn, and not without end."""

from __future__ import annotations

import random
import re
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier, Event

import psycopg
import pytest

from tests.conftest import UNSAFE
from tests.store.crowd import assert_posts_exact, sighting
from viralforge.db import embedded, pool
from viralforge.db.embedded import EmbeddedServer
from viralforge.db.pool import Database
from viralforge.errors import DatabaseUnavailable
from viralforge.model.post import ScrapedPost
from viralforge.warehouse import DataWarehouse

CONNECTIONS = 25
THREADS = 200
LIMITED = UNSAFE | {"max_connections": str(CONNECTIONS), "superuser_reserved_connections": "0"}


@pytest.fixture(scope="module")
def server(short_dir) -> Iterator[EmbeddedServer]:
    """A server that lets 25 in, with a warehouse in it."""
    with embedded.start(short_dir / "limited", settings=LIMITED) as running:
        DataWarehouse.open(running.url, migrate=True).close()
        yield running


def test_two_hundred_threads_share_twenty_connections_fairly(server, stress) -> None:
    with DataWarehouse.open(server.url) as warehouse:
        together, over = Barrier(THREADS), Event()
        goal = stress.measure(10, 100) * THREADS
        taken: list[ScrapedPost] = []
        turns = [0] * THREADS

        def work(number: int) -> None:
            chance = random.Random(number)
            together.wait(60)
            while not over.is_set():
                post = sighting(chance, f"{chance.randrange(400):011}")
                warehouse.save_scraped_post(post)
                taken.append(post)
                turns[number] += 1
                if sum(turns) >= goal:
                    over.set()

        with ThreadPoolExecutor(THREADS) as threads:
            for each in [threads.submit(work, number) for number in range(THREADS)]:
                each.result()
        stats = warehouse._database._pool.get_stats()
        stress.tell(
            f"{THREADS} threads, {sum(turns)} saves: {min(turns)} to {max(turns)} turns each, "
            f"{stats['pool_size']} connections; waited {stats['requests_wait_ms'] / sum(turns):.0f} ms a save"
        )
        assert stats["pool_size"] <= 20
        # First come, first served: while the quickest had its turns, nobody was passed over.
        assert min(turns) * 4 >= max(turns)
        assert_posts_exact(warehouse._database, taken)


def told_by(database: Database) -> DatabaseUnavailable:
    with pytest.raises(DatabaseUnavailable) as told:
        database.read(b"SELECT 1")
    return told.value


def test_a_server_whose_connections_others_hold_is_told_and_taken_again_when_they_go(server) -> None:
    database = Database.open(server.url)
    database._pool.timeout = 3
    with ExitStack() as others:
        for _ in range(CONNECTIONS):
            others.enter_context(psycopg.connect(server.url))
        with ThreadPoolExecutor(THREADS) as threads:
            errors = list(threads.map(lambda _: told_by(database), range(THREADS)))
        for told in errors:
            assert told.retryable
            assert re.search(
                "no connection left: .*too many clients already.* Try again when others have closed theirs, "
                "set VIRALFORGE_POOL_SIZE lower in each process, or raise max_connections",
                str(told),
            )
    database._pool.timeout = 30
    assert database.read(b"SELECT 1") == [(1,)]
    database.close()


def test_a_pool_that_is_used_up_for_too_long_is_told_with_what_to_do(database_url) -> None:
    database = Database.open(database_url, pool_size=2)
    database._pool.timeout = 0.5
    taken, done = Barrier(3), Event()

    def keep() -> None:
        with database.connection():
            taken.wait(30)
            done.wait(30)

    with ThreadPoolExecutor(2) as threads:
        for _ in range(2):
            threads.submit(keep)
        taken.wait(30)
        try:
            with pytest.raises(DatabaseUnavailable) as told:
                database.read(b"SELECT 1")
        finally:
            done.set()
    assert told.value.retryable
    assert re.search(
        r"no connection to viralforge_test\S+ at \S+ came free in 0\.5 s: other threads of this process "
        "keep all 2 that it may have. Try again, or set VIRALFORGE_POOL_SIZE higher",
        str(told.value),
    )
    database._pool.timeout = 30
    assert database.read(b"SELECT 1") == [(1,)]
    database.close()


def test_a_connection_whose_number_is_high_is_asked_as_quickly(database_url):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit[1] < 2000:
        pytest.skip("this machine allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (2000, limit[1]))
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, limit)
        for _ in range(1100):
            stack.enter_context(Path("/dev/null").open())
        database = Database.open(database_url)
        stack.callback(database.close)
        with database.connection() as connection:
            assert connection.fileno() > 1024
            assert not pool._has_spoken(connection.fileno())
            connection.pgconn.send_query(b"SELECT 1")
            while not pool._has_spoken(connection.fileno()):
                time.sleep(0.01)
            while connection.pgconn.get_result():
                pass

"""Many threads at one warehouse: nobody sees an error, and at the end everything is exact."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from uuid import UUID

from tests.conftest import UNSAFE
from tests.store.crowd import SHARED, Writer, assert_exact, sighting
from viralforge.db import embedded
from viralforge.db.pool import Database
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse

WRITERS = 8
AGAIN = b"""
SELECT deadlocks, xact_rollback FROM pg_stat_database WHERE datname = current_database()
"""


def test_eight_writers_of_every_kind_see_no_error_and_leave_everything_exact(
    warehouse, database, stress
) -> None:
    writers = [Writer(warehouse, n, warehouse.create_trend({"title": f"trend {n}"})) for n in range(WRITERS)]
    seconds = stress.measure(4, 60)
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(WRITERS) as threads:
        for each in [threads.submit(writer.work, lambda: time.monotonic() < end) for writer in writers]:
            each.result()
    done = sum((writer.done for writer in writers), Counter[str]())
    calls = ", ".join(f"{count} {verb}" for verb, count in sorted(done.items()))
    [(deadlocks, begun_again)] = database.read(AGAIN)
    stress.tell(f"{WRITERS} writers, {seconds} s, calls: {calls}")
    stress.tell(
        f"{sum(len(writer.taken) for writer in writers)} sightings of {len(SHARED)} posts shared by all"
    )
    stress.tell(f"rolled back and begun again: {begun_again} transactions, {deadlocks} of them in deadlocks")
    assert done.keys() == {verb.__name__ for verb in writers[0].verbs}
    assert_exact(database, writers)


def test_more_threads_than_connections_all_get_their_turn(database_url) -> None:
    database = Database.open(database_url, pool_size=2)
    with DataWarehouse(database, Settings(pool_size=2)) as warehouse:
        waits: list[float] = []
        lock = Lock()

        def work(number: int) -> set[UUID]:
            chance, saved = random.Random(number), set()
            for _ in range(15):
                begun = time.monotonic()
                saved.add(warehouse.save_scraped_post(sighting(chance, f"{chance.randrange(10**11):011}")))
                with lock:
                    waits.append(time.monotonic() - begun)
            return saved

        with ThreadPoolExecutor(40) as threads:
            ids = set().union(*threads.map(work, range(40)))
    assert len(ids) == 600
    # Whoever comes first is served first: nobody waits much longer than 40 saves take on 2 connections.
    waits.sort()
    assert waits[-1] < max(20 * waits[len(waits) // 2], 2)


def test_a_server_with_few_connections_makes_writers_wait_not_fail(short_dir) -> None:
    few = UNSAFE | {"max_connections": "5", "superuser_reserved_connections": "0"}
    with (
        embedded.start(short_dir / "few", settings=few) as server,
        DataWarehouse.open(server.url, migrate=True) as warehouse,
    ):

        def work(number: int) -> int:
            chance = random.Random(number)
            names = [f"{number:05}{chance.randrange(10**6):06}" for _ in range(12)]
            return sum(warehouse.bulk_save_scraped_posts([sighting(chance, name)]).new for name in names)

        with ThreadPoolExecutor(24) as threads:
            assert sum(threads.map(work, range(24))) == 24 * 12
        assert warehouse.rollups.check() == []

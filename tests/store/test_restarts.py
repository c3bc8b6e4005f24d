"""The server restarted under a running warehouse: each caller sees one clear error at most, and goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest

from tests.conftest import UNSAFE
from tests.store.crowd import Writer, assert_posts_exact
from viralforge.db import embedded
from viralforge.db.embedded import EmbeddedServer
from viralforge.errors import DatabaseUnavailable
from viralforge.warehouse import DataWarehouse

# What was committed must outlive the server's processes, though not the machine.
DURABLE = UNSAFE | {"synchronous_commit": "on"}
POOL = 20
WORKING = 8
WAYS = {"fast": signal.SIGINT, "killed": signal.SIGKILL}


class Caller(Writer):
    """A writer who sees that the server went away, and then does the same again, once."""

    def __init__(self, warehouse: DataWarehouse, number: int) -> None:
        super().__init__(warehouse, number, trend=0)
        self.verbs = [self.save, self.save_many, self.snapshot, self.read, self.fold]
        self.lost: list[str] = []

    def read(self) -> None:
        self.warehouse.posts.top()

    def fold(self) -> None:
        self.warehouse.rollups.fold()

    def step(self) -> None:
        known = len(self.taken)
        try:
            super().step()
        except DatabaseUnavailable as error:
            self.lost.append(said(error))
            self.warehouse.bulk_save_scraped_posts(self.taken[known:])


def said(error: DatabaseUnavailable) -> str:
    assert error.retryable
    assert "Try again" in str(error)
    return str(error)


def restart(place: Path, way: str, away: float) -> EmbeddedServer:
    """The server, stopped in this way, and started again after a while."""
    os.kill(int((place / "pg18" / "postmaster.pid").read_text().split()[0]), WAYS[way])
    time.sleep(away)
    return embedded.start(place, settings=DURABLE)


def all_connected(warehouse: DataWarehouse) -> None:
    """Makes the pool hold as many connections as it may, all of them at rest."""
    together = Barrier(POOL)

    def use(_: int) -> None:
        with warehouse._database.connection():
            together.wait(60)

    with ThreadPoolExecutor(POOL) as threads:
        list(threads.map(use, range(POOL)))


def wait_until(true: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 60
    while not true():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.parametrize("way", WAYS)
def test_a_restart_costs_each_working_thread_one_clear_error_at_most(way, short_dir, stress) -> None:
    place, over = short_dir / f"restarted-{way}", Event()
    servers = [embedded.start(place, settings=DURABLE)]
    with DataWarehouse.open(servers[0].url, migrate=True) as warehouse:
        callers = [Caller(warehouse, number) for number in range(WORKING)]
        with ThreadPoolExecutor(WORKING) as threads:
            work = [threads.submit(caller.work, lambda: not over.is_set()) for caller in callers]

            def all_have_done_more() -> None:
                goals = [(caller, caller.done.total() + 3) for caller in callers]
                wait_until(
                    lambda: (
                        any(each.done() for each in work)
                        or all(caller.done.total() >= goal for caller, goal in goals)
                    )
                )

            try:
                for round_ in range(stress.measure(1, 10)):
                    all_have_done_more()
                    all_connected(warehouse)  # who lost one connection must not meet another
                    errors = [len(caller.lost) for caller in callers]
                    servers.append(restart(place, way, away=0.4 * round_))
                    back = time.monotonic()
                    all_have_done_more()
                    seen = [len(caller.lost) - was for caller, was in zip(callers, errors, strict=True)]
                    stress.tell(
                        f"restart {round_ + 1}: {sum(seen)} of {WORKING} working threads saw an error, "
                        f"all work again {time.monotonic() - back:.1f} s after it"
                    )
                    assert max(seen) <= 1
            finally:
                over.set()
            for each in work:
                each.result()
        assert any(caller.lost for caller in callers)
        assert_posts_exact(warehouse._database, [post for caller in callers for post in caller.taken])
    for server in servers:
        server.stop()


@pytest.mark.parametrize("way", WAYS)
def test_after_a_restart_threads_that_rested_go_on_within_seconds(way, short_dir, stress) -> None:
    place = short_dir / f"rested-{way}"
    servers = [embedded.start(place, settings=DURABLE)]
    with DataWarehouse.open(servers[0].url, migrate=True) as warehouse:
        for away in stress.measure([0.0], [0.0, 1.0, 5.0, 20.0]):
            all_connected(warehouse)
            servers.append(restart(place, way, away))
            began, seen = time.monotonic(), 0
            for _ in range(3):  # one thread alone, which meets one lost connection after another
                try:
                    warehouse.posts.top()
                except DatabaseUnavailable as error:
                    said(error)
                    seen += 1
            alone = time.monotonic() - began
            all_connected(warehouse)
            stress.tell(
                f"away for {away:g} s: {seen} errors, one thread works again after {alone:.1f} s, "
                f"{POOL} after {time.monotonic() - began:.1f} s"
            )
            assert seen <= 1
            assert alone < 20  # of 30 that a caller waits for a connection
    for server in servers:
        server.stop()

"""Killed in the middle of a load, client or server: whole batches are there, a later run adds the rest."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import UNSAFE, Stress, new_database, with_database
from tests.store import loads
from tests.store.reading import assert_rollups_exact
from viralforge.db import embedded
from viralforge.db.embedded import EmbeddedServer
from viralforge.db.migrate import migrate
from viralforge.db.pool import Database
from viralforge.errors import DatabaseUnavailable
from viralforge.warehouse import DataWarehouse

# What was committed must outlive the server's processes, though not the machine.
DURABLE = UNSAFE | {"synchronous_commit": "on"}
ROOT = Path(__file__).parents[2]
EVERYTHING = (
    b"SELECT p.* FROM viralforge.scraped_posts p ORDER BY id",
    b"SELECT h.* FROM viralforge.post_metrics_history h ORDER BY 1, 2",
    b"SELECT * FROM viralforge.v_daily_scraping_stats ORDER BY 1, 2",
    b"SELECT scraped_post_id, payload_hash FROM viralforge.undated_payloads ORDER BY 1, 2",
    b"SELECT reason, payload_hash, detail, payload FROM viralforge.rejections ORDER BY 1, 2",
)
BY_BATCH = b"""
SELECT extract(epoch FROM recorded_at - %(start)s)::bigint / 3600 / 7 AS batch, count(*)
FROM viralforge.post_metrics_history GROUP BY 1 ORDER BY 1
"""
SIGHTINGS = b"SELECT count(*) FROM viralforge.post_metrics_history"
OTHERS = b"""
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'viralforge'
"""


def everything(database: Database) -> list[list[Any]]:
    return [database.read(query) for query in EVERYTHING]


def whole_batches(database: Database) -> int:
    """How many batches there are, all of them whole, the rest of them not there at all."""
    found = database.read(BY_BATCH, {"start": loads.START})
    assert found == [(batch, loads.BATCH) for batch in range(len(found))]
    sightings = database.read(b"SELECT coalesce(sum(sightings), 0) FROM viralforge.scraped_posts")[0][0]
    assert sightings == len(found) * loads.BATCH
    assert_rollups_exact(database)
    return len(found)


@pytest.fixture(scope="module")
def undisturbed(server_url, admin, template):
    """All that one whole run leaves."""
    with new_database(admin, template) as name:
        database = Database.open(with_database(server_url, name))
        loads.store(database).save_many(loads.posts())
        assert whole_batches(database) == loads.BATCHES
        yield everything(database)
        database.close()


def wait_for_batches(sightings: Callable[[], int], ended: Callable[[], bool]) -> None:
    """Returns in the middle of a batch, after one to five new ones."""
    deadline = time.monotonic() + 60
    goal = sightings() + loads.BATCH * random.randint(1, 5)
    while sightings() < goal and not ended():
        assert time.monotonic() < deadline
    time.sleep(random.random() * 0.1)


def killed_on_the_way(url: str, watch: psycopg.Connection, *arguments: str) -> None:
    """Runs a load in a process of its own and kills it somewhere in the middle."""
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.store.loads", *arguments], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert run.stdout and run.stdout.readline()
    wait_for_batches(lambda: watch.execute(SIGHTINGS).fetchone()[0], lambda: run.poll() is not None)
    run.send_signal(signal.SIGKILL)
    assert run.wait() in (-signal.SIGKILL, 0)
    deadline = time.monotonic() + 60
    while watch.execute(OTHERS).fetchone() != (0,):
        assert time.monotonic() < deadline, "the killed process still has a connection"
        time.sleep(0.01)


def until_killed(kills: int, some: Callable[[], list[int]], stress: Stress, what: str) -> None:
    """Kills so often, a few times in each database; the few that come after the last batch do not count."""
    landed: list[list[int]] = []
    while (missing := kills - sum(map(len, landed))) > 0:
        landed.append([batches for batches in some() if batches < loads.BATCHES][:missing])
    there = " | ".join(", ".join(map(str, batches)) for batches in landed if batches)
    stress.tell(
        f"{kills} kills of the {what}; so many of {loads.BATCHES} batches were there, by database: {there}"
    )


def killed_a_few_times(kill: Callable[[], int]) -> list[int]:
    """How many batches each kill found: of one database at most three, before its load is nearly done."""
    landed: list[int] = []
    while len(landed) < 3 and (not landed or landed[-1] < loads.BATCHES // 2):
        landed.append(kill())
    return landed


def add_the_rest(database: Database, undisturbed: list[list[Any]]) -> None:
    saved = loads.store(database).save_many(loads.posts())
    assert saved.unchanged > 0
    assert whole_batches(database) == loads.BATCHES
    assert everything(database) == undisturbed


def test_a_killed_client_leaves_whole_batches_and_a_later_run_the_rest(
    server_url, admin, template, undisturbed, stress
) -> None:
    def some() -> list[int]:
        with (
            new_database(admin, template) as name,
            psycopg.connect(url := with_database(server_url, name), autocommit=True) as watch,
        ):

            def kill() -> int:
                killed_on_the_way(url, watch, "save", url)
                with DataWarehouse.open(url) as warehouse:
                    return whole_batches(warehouse._database)

            landed = killed_a_few_times(kill)
            database = Database.open(url)
            add_the_rest(database, undisturbed)
            database.close()
            return landed

    until_killed(stress.measure(3, 50), some, stress, "client")


def payloads(path: Path) -> None:
    """A file of posts, the app's own shape, each of them twice, a bad one every now and then."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(12_000):
            likes: Any = "many" if number % 400 == 7 else number
            post = {
                "source": "twitter", "id": str(10**17 + number % 6_000), "text": f"#ai {number}",
                "metrics": {"views": number * 9, "likes": likes},
            }  # fmt: skip
            file.write(json.dumps(post) + "\n")


def without_its_time(found: list[list[Any]]) -> list[list[Any]]:
    """The same with 0 for the one moment at which everything was seen."""
    (moment,) = {row[1] for row in found[1]}
    marks = {moment: 0, moment.date(): 0}
    return [
        [[marks.get(value, value) if isinstance(value, date) else value for value in row] for row in rows]
        for rows in found
    ]


@pytest.mark.parametrize("observed_at", [loads.START, None])
def test_an_ingest_killed_and_begun_again_ends_as_an_undisturbed_one(
    observed_at, admin, template, server_url, tmp_path, monkeypatch, stress
) -> None:
    monkeypatch.setenv("VIRALFORGE_BATCH_SIZE", "500")
    file = tmp_path / "posts.ndjson"
    payloads(file)
    with new_database(admin, template) as name, DataWarehouse.open(with_database(server_url, name)) as other:
        whole = other.ingest(file, observed_at=observed_at)
        wanted = without_its_time(everything(other._database))
    for _ in range(stress.measure(1, 4)):
        with new_database(admin, template) as name:
            url = with_database(server_url, name)
            with psycopg.connect(url, autocommit=True) as watch:
                for _ in range(2):
                    killed_on_the_way(url, watch, "ingest", url, str(file), str(observed_at or ""))
                    there = watch.execute(SIGHTINGS).fetchone()
                    stress.tell(f"killed when {there[0]} of {len(wanted[1])} sightings were there")
            with DataWarehouse.open(url) as warehouse:
                rest = warehouse.ingest(file, observed_at=observed_at)
                assert without_its_time(everything(warehouse._database)) == wanted
        assert (rest.read, rest.rejected) == (whole.read, whole.rejected) == (12_000, 30)
        assert rest.new < whole.new


def test_a_killed_server_keeps_whole_batches_and_takes_the_rest_after_its_restart(
    short_dir, undisturbed, stress
) -> None:
    place, numbers = short_dir / "killed", count()
    servers = [embedded.start(place, settings=DURABLE)]
    fresh = Database.open(with_database(servers[0].url, "template1"))
    migrate(fresh)  # every new database is a copy
    fresh.close()

    def some() -> list[int]:
        name = f"killed_{next(numbers)}"
        with psycopg.connect(servers[0].url, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        database = Database.open(with_database(servers[0].url, name))
        landed = killed_a_few_times(lambda: server_killed_on_the_way(place, servers, database))
        add_the_rest(database, undisturbed)
        database.close()
        return landed

    until_killed(stress.measure(3, 50), some, stress, "server")
    for server in servers:
        server.stop()


def server_killed_on_the_way(place: Path, servers: list[EmbeddedServer], database: Database) -> int:
    """Kills the server in the middle of a load and starts it again; how many batches there are then."""
    with ThreadPoolExecutor(1) as thread:
        load = thread.submit(loads.store(database).save_many, loads.posts())
        wait_for_batches(lambda: database.value(SIGHTINGS), load.done)
        database._pool.timeout = 1  # a batch to come would wait for the server, which stays away
        os.kill(int((place / "pg18" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        told = load.exception(60)
    servers.append(embedded.start(place, settings=DURABLE))
    database._pool.timeout = 30
    there = whole_batches(database)
    if told is None:
        assert there == loads.BATCHES
    else:
        assert isinstance(told, DatabaseUnavailable)
        assert told.retryable
        assert "Try again" in str(told)
    return there

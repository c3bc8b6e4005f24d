"""Killed in the middle of a load, client or server: whole batches are there, a later run adds the rest."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import UNSAFE, new_database, with_database
from tests.store import loads
from tests.store.reading import assert_rollups_exact
from viralforge.db import embedded
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


def killed_on_the_way(url: str, watch: psycopg.Connection, *arguments: str) -> None:
    """Runs a load in a process of its own and kills it somewhere in the middle."""
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.store.loads", *arguments], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert run.stdout and run.stdout.readline()
    count, known = b"SELECT count(*) FROM viralforge.post_metrics_history", None
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        now = watch.execute(count).fetchone()
        if (known is not None and now != known) or run.poll() is not None:
            break
        known = now
    time.sleep(random.random() * 0.1)
    run.send_signal(signal.SIGKILL)
    run.wait()
    while watch.execute(OTHERS).fetchone() != (0,):
        assert time.monotonic() < deadline, "the killed process still has a connection"
        time.sleep(0.01)


def test_a_killed_client_leaves_whole_batches_and_a_later_run_the_rest(database_url, undisturbed) -> None:
    with psycopg.connect(database_url, autocommit=True) as watch:
        for _ in range(3):
            killed_on_the_way(database_url, watch, "save", database_url)
            with DataWarehouse.open(database_url) as warehouse:
                assert whole_batches(warehouse._database) > 0
    database = Database.open(database_url)
    saved = loads.store(database).save_many(loads.posts())
    assert saved.unchanged > 0
    assert everything(database) == undisturbed
    database.close()


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
    observed_at, database_url, admin, template, server_url, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("VIRALFORGE_BATCH_SIZE", "500")
    file = tmp_path / "posts.ndjson"
    payloads(file)
    with new_database(admin, template) as name, DataWarehouse.open(with_database(server_url, name)) as other:
        whole = other.ingest(file, observed_at=observed_at)
        wanted = without_its_time(everything(other._database))
    with psycopg.connect(database_url, autocommit=True) as watch:
        for _ in range(2):
            killed_on_the_way(database_url, watch, "ingest", database_url, str(file), str(observed_at or ""))
    with DataWarehouse.open(database_url) as warehouse:
        rest = warehouse.ingest(file, observed_at=observed_at)
        assert without_its_time(everything(warehouse._database)) == wanted
    assert (rest.read, rest.rejected) == (whole.read, whole.rejected) == (12_000, 30)
    assert rest.new < whole.new


def test_a_killed_server_keeps_whole_batches_and_takes_the_rest_after_its_restart(
    short_dir, undisturbed
) -> None:
    place = short_dir / "killed"
    servers = [embedded.start(place, settings=DURABLE)]
    database = Database.open(servers[0].url)
    migrate(database)
    database._pool.timeout = 10  # longer than the pool's pauses between its tries to connect again
    for _ in range(3):
        with ThreadPoolExecutor(1) as thread:
            load = thread.submit(loads.store(database).save_many, loads.posts())
            before = time.monotonic()
            while database.read(b"SELECT count(*) > 500 FROM viralforge.post_metrics_history") == [(False,)]:
                assert time.monotonic() < before + 60
            time.sleep(random.random() * 0.2)
            os.kill(int((place / "pg18" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            with pytest.raises(DatabaseUnavailable, match="Try again") as told:
                load.result(60)
            assert told.value.retryable
        servers.append(embedded.start(place, settings=DURABLE))
        assert 0 < whole_batches(database) < loads.BATCHES
    saved = loads.store(database).save_many(loads.posts())
    assert saved.unchanged > 0
    assert everything(database) == undisturbed
    database.close()
    for server in servers:
        server.stop()

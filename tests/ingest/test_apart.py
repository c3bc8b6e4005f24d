"""Read by a second process: all that comes of it arrives here, and so does what goes wrong in it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import new_database, with_database
from tests.ingest.test_run import adds_up, unified
from viralforge.db.pool import Database
from viralforge.errors import InvalidPost, WarehouseError
from viralforge.ingest.capture import Capture, Tell
from viralforge.warehouse import DataWarehouse

AT = datetime(2025, 5, 5, 12, 0, tzinfo=UTC)
ROWS = b"""
SELECT to_jsonb(p) - ARRAY['scraped_at', 'last_scraped_at', 'prev_last_scraped_at']
FROM viralforge.scraped_posts p ORDER BY id
"""
REJECTED = b"SELECT reason, detail, payload, origin FROM viralforge.rejections ORDER BY payload_hash"


class Unsendable(Exception):
    """One that cannot be made again from what it is pickled as."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def source(tell: Tell, *, count: int, end: Any = None) -> Iterator[Capture]:
    """`count` posts, then what `end` says: an error to raise, or a signal that kills this process."""
    print("printed in between")
    for number in range(count):
        tell("posts", number + 1, count)
        yield Capture(unified(number), observed_at=AT)
    if isinstance(end, BaseException):
        raise end
    if end == "lock":
        return threading.Lock()  # type: ignore[return-value]
    if end == "unsendable":
        raise Unsendable("lost", "on the way")
    if isinstance(end, int):
        os.kill(os.getpid(), end)
    return {"process": os.getpid()}  # type: ignore[return-value]


def test_everything_a_source_gives_arrives(warehouse: DataWarehouse, capfd) -> None:
    told: list[tuple[Any, ...]] = []
    given = partial(source, count=30)
    report, outcome = warehouse.ingest_apart(given, lambda *progress: told.append(progress))
    assert adds_up(report) == (30, 30, 0, 0, 0)
    assert outcome["process"] != os.getpid()
    assert told == [("posts", number, 30) for number in range(1, 31)]
    assert capfd.readouterr() == ("", "printed in between\n")


@pytest.mark.parametrize(
    ("end", "raised", "words"),
    [
        (InvalidPost("bad_value", "far too much", "views"), InvalidPost, "views: far too much"),
        (KeyError("views"), KeyError, "views"),
        ("unsendable", WarehouseError, r"reading failed: Unsendable\('lost'\)"),
        (EOFError("cut"), EOFError, "cut"),
        (BrokenPipeError("pipe"), BrokenPipeError, "pipe"),
        (SystemExit(3), SystemExit, "3"),
        ("lock", WarehouseError, "what the source returned cannot be sent"),
    ],
)
def test_an_error_of_the_source_arrives_after_what_came_before_it(
    warehouse: DataWarehouse, database: Database, end, raised, words
) -> None:
    with pytest.raises(raised, match=words):
        warehouse.ingest_apart(partial(source, count=30, end=end), lambda *_: None)
    assert len(database.read(ROWS)) == 30


def test_a_reading_process_that_is_killed_is_an_error_and_what_was_read_before_stays(
    warehouse: DataWarehouse, database: Database, monkeypatch
) -> None:
    warehouse._post_store.batch_size = 10
    with pytest.raises(WarehouseError, match=r"ended from outside.*memory") as told:
        warehouse.ingest_apart(partial(source, count=35, end=signal.SIGKILL), lambda *_: None)
    assert told.value.__notes__ == [
        "at least 30 records were taken in before; run it again to go on from there"
    ]
    assert len(database.read(ROWS)) == 30


def test_a_source_that_the_other_process_cannot_find_is_told(warehouse: DataWarehouse) -> None:
    code = """
import sys
from viralforge import DataWarehouse
def mine(tell, *, text):
    yield text
if __name__ == "__main__":
    from functools import partial
    with DataWarehouse.open(sys.argv[1]) as warehouse:
        warehouse.ingest_apart(partial(mine, text="x" * 1_000_000), print)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, warehouse.url], capture_output=True, text=True, timeout=60
    )
    assert "the reading process cannot find its source" in ran.stderr
    assert "not in __main__" in ran.stderr


def test_an_error_of_whoever_is_told_ends_the_reading(warehouse: DataWarehouse) -> None:
    def fail(*_progress: Any) -> None:
        raise EOFError("told enough")

    with pytest.raises(EOFError, match="told enough"):
        warehouse.ingest_apart(partial(source, count=100_000), fail)


def test_a_program_that_holds_python_within_it_reads_by_itself(warehouse: DataWarehouse, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    report, outcome = warehouse.ingest_apart(partial(source, count=30), lambda *_: None)
    assert adds_up(report) == (30, 30, 0, 0, 0)
    assert outcome["process"] == os.getpid()


@pytest.fixture
def other_warehouse(server_url, admin, template) -> Iterator[DataWarehouse]:
    with new_database(admin, template) as name, DataWarehouse.open(with_database(server_url, name)) as opened:
        yield opened


@pytest.fixture
def large(tmp_path) -> Path:
    """A file that is worth a process: posts, each twice, with a bad record among a hundred."""
    file = tmp_path / "posts.ndjson"
    with file.open("w", encoding="utf-8") as lines:
        for number in range(20_000):
            likes = "many" if number % 100 == 7 else number
            post = unified(number // 2, metrics={"views": number, "likes": likes})
            lines.write(json.dumps(post | {"text": "#ai #soup " * 20}) + "\n")
    return file


def test_a_large_file_comes_in_as_a_small_one_does(
    warehouse: DataWarehouse, database: Database, large: Path, other_warehouse: DataWarehouse, monkeypatch
) -> None:
    told: list[tuple[int, int | None]] = []
    report = warehouse.ingest(large, progress=lambda *progress: told.append(progress))
    assert told[-1] == (large.stat().st_size,) * 2
    monkeypatch.setattr("viralforge.ingest.run._WORTH_A_PROCESS", 2**60)
    wanted = other_warehouse.ingest(large)
    assert adds_up(report) == adds_up(wanted)
    for query in (ROWS, REJECTED):
        assert database.read(query) == other_warehouse._database.read(query)
    assert adds_up(warehouse.ingest(large))[1:3] == (0, 0)


def test_an_interrupted_ingest_says_what_is_in_and_leaves_no_process(database_url, large: Path) -> None:
    command = [sys.executable, "-m", "viralforge", "--database-url", database_url, "ingest", str(large)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | {"VIRALFORGE_BATCH_SIZE": "8"},
    ) as process:  # fmt: skip
        with psycopg.connect(database_url, autocommit=True) as watching:
            while process.poll() is None and not watching.execute(ROWS + b" LIMIT 1").fetchone():
                time.sleep(0.001)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), err
    assert re.fullmatch(
        r"Interrupted: at least [\d,]+ records were taken in before; run it again to go on from there\n", err
    )
    assert children
    assert not [child for child in children if Path(f"/proc/{child}").exists()]

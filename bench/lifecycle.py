"""Years of data: how fast they are archived and come back, how small they get, and what that costs others."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench.contest import Line
from bench.server import Server
from bench.world import say
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.warehouse import DataWarehouse

_NAMED = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_PARTS = _NAMED.split(Path(__file__).with_name("lifecycle.sql").read_text(encoding="utf-8"))
SQL = {name: text.strip().rstrip(";").encode() for name, text in zip(_PARTS[1::2], _PARTS[2::2], strict=True)}
HOT = {"history": "post_metrics_history", "events": "app_events", "posts": "scraped_posts"}
_QUIET_SECONDS = 20


@dataclass
class Lifecycle:
    """What was measured; `found` is by name, with its unit in the name."""

    rows: int
    found: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The outcome as JSON takes it."""
        return {
            "bench": "lifecycle", "rows": self.rows, "unit": "as named",
            "ours": {name: round(value, 3) for name, value in self.found.items()}, "rivals": {}, "ratios": {},
        }  # fmt: skip

    def lines(self) -> list[Line]:
        """Everything, and what has a bar against it."""
        bars = {"history: smaller by": 5, "events: smaller by": 5, "posts: smaller by": 5}
        return [
            Line("lifecycle", f"{name}: {value:,.2f}", "–", value / bars.get(name, 1),
                 f"≥ {bars[name]}" if name in bars else "–", value >= bars[name] if name in bars else None)
            for name, value in self.found.items()
        ]  # fmt: skip


def lifecycle(server: Server, rows: int, rounds: int) -> Lifecycle:
    """So many posts, ten times as many readings, five times as many events, of two years."""
    name = server.create(server.template)
    url = server.at(name)
    result = Lifecycle(rows)
    with tempfile.TemporaryDirectory(prefix="vfb-lake-") as lake:
        os.environ["VIRALFORGE_ARCHIVE_URL"] = lake
        _fill(url, rows)
        with DataWarehouse.open(url) as warehouse:
            say("statistics")
            warehouse.sql("SELECT 1")
            result.found["COPY of the old history, rows/s"] = _copied(url)
            _archive(warehouse, result)
            _read(warehouse, result)
            _restore(warehouse, result)
    server.drop(name)
    return result


def _fill(url: str, rows: int) -> None:
    database = Database.open(url)
    today = datetime.now(UTC)
    for table in ("post_metrics_history", "app_events"):
        Months(database).ensure(table, [today - timedelta(days=days) for days in range(730)])
    database.close()
    half = rows // 2

    def posts(span: tuple[int, int]) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SQL["draw"])
            connection.execute(SQL["posts"], {"first": span[0], "last": span[1]})

    say(f"{rows:,} posts")
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(posts, ((0, half - 1), (half, rows - 1))))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(SQL["draw"])
        for step in ("history", "users", "events"):
            say(step)
            connection.execute(SQL[step], {"events": rows * 5})
        say("statistics")
        connection.execute("VACUUM ANALYZE")


def _copied(url: str) -> float:
    """How fast PostgreSQL hands out the rows alone."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        started = time.perf_counter()
        with cursor.copy(SQL["copy_history"]) as copy:
            size = sum(len(part) for part in copy)
        assert size
        took = time.perf_counter() - started
        cursor.execute(SQL["count_history"])
        return cursor.fetchone()[0] / took  # type: ignore[index]


def _bytes(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        return int(connection.execute(SQL["relation_bytes"], {"table": f"viralforge.{table}"}).fetchone()[0])  # type: ignore[index]


def _archive(warehouse: DataWarehouse, result: Lifecycle) -> None:
    """Everything that is due, while somebody saves posts, as before it."""
    url, found = warehouse.url, result.found
    say("saves with nothing else going on")
    quiet = _saves(url, _QUIET_SECONDS, 10**9).communicate()[0]
    before = {table: _bytes(url, hot) for table, hot in HOT.items()}
    spent: dict[str, float] = dict.fromkeys(HOT, 0.0)
    say("archiving, while posts are saved")
    busy = _saves(url, _QUIET_SECONDS * 3, 2 * 10**9)
    last = time.perf_counter()

    def told(step: Any) -> None:
        nonlocal last
        spent[step.table_name] += time.perf_counter() - last
        last = time.perf_counter()

    warehouse.archive.run(told)
    for when, saves in (("at rest", quiet), ("while archiving", busy.communicate()[0])):
        for name, took in json.loads(saves).items():
            found[f"save of {name} {when}, p50 ms"] = statistics.median(took)
            found[f"save of {name} {when}, p99 ms"] = statistics.quantiles(took, n=100)[98]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE viralforge.scraped_posts")
    moved = {size.table: size for size in warehouse.cold.tables()}
    for step in warehouse.archive.steps(limit=10_000):
        if step.hot_bytes and step.rows:
            found[f"{step.table_name}: hot bytes"] = (
                found.get(f"{step.table_name}: hot bytes", 0) + step.hot_bytes
            )
    for table, size in moved.items():
        found[f"{table}: archived rows/s"] = size.rows / spent[table]
        found[f"{table}: bytes a row"] = size.bytes / size.rows
    found["posts: smaller by"] = before["posts"] / result.rows / (moved["posts"].bytes / moved["posts"].rows)
    for table in ("history", "events"):
        found[f"{table}: smaller by"] = found.pop(f"{table}: hot bytes") / moved[table].bytes
        found[f"{table}: given back, MB"] = (before[table] - _bytes(url, HOT[table])) / 1e6
    _maintain(warehouse, found)


def _saves(url: str, seconds: float, first: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.saver", url, str(seconds), str(first)],
        stdout=subprocess.PIPE,
        text=True,
    )


def _maintain(warehouse: DataWarehouse, found: dict[str, float]) -> None:
    """A day on which nothing is due."""
    say("a day on which nothing is due")
    for name, work in (("fold", warehouse.rollups.fold), ("retention", warehouse.retention.run)):
        took = []
        for _ in range(3):
            started = time.perf_counter()
            work()
            took.append(time.perf_counter() - started)
        found[f"{name} with nothing due, s"] = statistics.median(took)


def _read(warehouse: DataWarehouse, result: Lifecycle) -> None:
    """Cold questions, with the files that they open."""
    say("cold questions")
    ids = [
        row[0] for row in warehouse.sql("SELECT id FROM scraped_posts WHERE archived_at IS NOT NULL LIMIT 20")
    ]
    result.found["a post's history, hot and cold, ms"] = _median(
        lambda each: warehouse.posts.history(each), ids
    )
    result.found["a stub read whole, ms"] = _median(lambda each: warehouse.posts.get(each), ids)
    since = (datetime.now(UTC) - timedelta(days=600)).date()
    for name in ("a month of the archive", "all of the archive"):
        query = SQL["cold_month" if "month" in name else "cold_all"].decode()
        with warehouse.cold.connect("history") as engine:
            started = time.perf_counter()
            engine.execute(query, [since] if "month" in name else []).fetchall()
            result.found[f"{name}, ms"] = (time.perf_counter() - started) * 1_000
    answer = warehouse.cold.sql(f"SELECT count(*) FROM events WHERE created_at < DATE '{since}'")
    result.found["files opened by a filter on time"] = answer.files_read
    result.found["files there were"] = answer.files


def _median(ask: Any, ids: list[Any]) -> float:
    took = []
    for each in ids:
        started = time.perf_counter()
        ask(each)
        took.append((time.perf_counter() - started) * 1_000)
    return statistics.median(took)


def _restore(warehouse: DataWarehouse, result: Lifecycle) -> None:
    say("a month comes back")
    month = min(size.first for size in warehouse.cold.tables() if size.table == "history")
    month = (month.replace(day=28) + timedelta(days=10)).replace(day=1)
    started = time.perf_counter()
    rows = warehouse.archive.restore("history", month)
    result.found["history: restored rows/s"] = rows / (time.perf_counter() - started)

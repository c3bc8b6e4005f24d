"""A world of any size for the benches, made in the database itself; the statements stand in `world.sql`."""

from __future__ import annotations

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bench.server import Server
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.warehouse import DataWarehouse

EVENTS = 1_000_000
_NAMED = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_PARTS = _NAMED.split(Path(__file__).with_name("world.sql").read_text(encoding="utf-8"))
STATEMENTS = {name: text.strip().encode() for name, text in zip(_PARTS[1::2], _PARTS[2::2], strict=True)}
_AROUND = ("users", "events", "executions", "calls", "trends", "sources", "jobs")


def fill_posts(url: str, first: int, last: int, recent: int) -> None:
    """Posts `first` to `last`; those from number `recent` on were first seen in the last 7 days."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(STATEMENTS["draw"])
        connection.execute(STATEMENTS["posts"], {"first": first, "last": last, "recent": recent})


def make(server: Server, rows: int, recent: int) -> str:
    """A database with `rows` posts, the last `recent` of them within 7 days; says its name."""
    name = server.create(server.template)
    url = server.at(name)
    say(f"{rows:,} posts")
    with psycopg.connect(url, autocommit=True) as connection:
        found = [
            tuple(row) for row in connection.execute(STATEMENTS["secondary_indexes"].replace(b"%%", b"%"))
        ]
        for index, _ in found:
            connection.execute(f"DROP INDEX {index}".encode())
        half = rows // 2
        spans = ((0, half - 1), (half, rows - 1))
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda span: fill_posts(url, *span, rows - recent), spans))
        say("indexes")
        connection.execute("SET maintenance_work_mem = '1GB'")
        for _, made in found:
            connection.execute(made.encode())
    database = Database.open(url)
    today = datetime.now(UTC)
    for table in ("post_metrics_history", "app_events"):
        Months(database).ensure(table, [today - timedelta(days=days) for days in range(370)])
    database.close()
    with psycopg.connect(url, autocommit=True) as connection:
        # The fixture is consistent: its foreign keys need not be tried one by one.
        connection.execute("SET session_replication_role = replica")
        connection.execute(STATEMENTS["draw"])
        for step in ("history", *_AROUND):
            say(step)
            connection.execute(STATEMENTS[step], {"events": EVENTS})
        say("statistics")
        connection.execute("VACUUM ANALYZE")
    say("rollups")
    with DataWarehouse.open(url) as warehouse:
        warehouse.rollups.rebuild()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return name


def say(what: str) -> None:
    """Tells what the fixture is at, and when."""
    print(f"world: {time.strftime('%H:%M:%S')} {what} …", file=sys.stderr, flush=True)

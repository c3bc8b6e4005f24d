"""What a post costs as the table grows: time and WAL a row, from a small table to a large one."""

from __future__ import annotations

import json
import statistics
import sys
from dataclasses import dataclass

import psycopg

from bench.ingest import one
from bench.posts import Post, posts, seen_again
from bench.server import Server
from bench.world import fill_posts
from viralforge.warehouse import DataWarehouse

_PER_STEP = 20_000


@dataclass
class Step:
    """What was measured at one size: microseconds and bytes of WAL a post."""

    rows: int
    new_us: float
    new_wal: float
    again_us: float
    again_wal: float


@dataclass
class Growth:
    """The steps from the smallest table to the largest."""

    steps: list[Step]

    def show(self, as_json: bool) -> None:
        """Prints the curve as JSON or as a table."""
        if as_json:
            print(json.dumps({"bench": "growth", "steps": [vars(step) for step in self.steps]}))
            return
        print("\n| posts in the table | new, µs a post | WAL | again, µs | WAL |\n|---|---|---|---|---|")
        for step in self.steps:
            print(
                f"| {step.rows:,} | {step.new_us:.0f} | {step.new_wal:,.0f} B "
                f"| {step.again_us:.0f} | {step.again_wal:,.0f} B |"
            )


def growth(server: Server, rows: int, rounds: int) -> Growth:
    """Loads of 20,000 posts into tables of a hundredth of `rows`, a tenth, and all of them."""
    steps = []
    given = posts(_PER_STEP)
    later = seen_again(given)
    template = server.create(server.template)
    have = 0
    for size in (rows // 100, rows // 10, rows):
        print(f"growth: filling up to {size:,} posts …", file=sys.stderr, flush=True)
        fill_posts(server.at(template), have, size - 1, recent=size)
        with psycopg.connect(server.at(template), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE viralforge.scraped_posts")
        have = size
        measured = [_measured(server, template, given, later) for _ in range(rounds)]
        steps.append(Step(size, *(statistics.median(values) for values in zip(*measured, strict=True))))
    server.drop(template)
    return Growth(steps)


def _measured(
    server: Server, template: str, given: list[Post], later: list[Post]
) -> tuple[float, float, float, float]:
    with server.database(template) as url:
        return *_load(url, given), *_load(url, later)


def _load(url: str, given: list[Post]) -> tuple[float, float]:
    with DataWarehouse.open(url) as warehouse:
        before = warehouse.sql("SELECT pg_current_wal_lsn()")[0][0]
    rate = one(url, given)
    with DataWarehouse.open(url) as warehouse:
        written = warehouse.sql("SELECT pg_current_wal_lsn() - %s::pg_lsn", [before])[0][0]
    return 1e6 / rate, float(written) / len(given)

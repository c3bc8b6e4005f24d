"""What a post costs as the table grows: time and WAL a row, from a small table to a large one."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import psycopg

from bench.contest import Line
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

    def document(self) -> dict[str, Any]:
        """The curve as JSON takes it: the ratios are those of the largest table to the middle one."""
        last, middle = self.steps[-1], self.steps[-2]
        measures = {name: getattr(last, name) / getattr(middle, name) for name in ("new_us", "again_us")}
        return {
            "bench": "growth", "rows": last.rows, "unit": "µs and bytes of WAL a post",
            "ours": {f"{step.rows} posts": vars(step) for step in self.steps}, "rivals": {},
            "ratios": {name: round(ratio, 3) for name, ratio in measures.items()},
        }  # fmt: skip

    def lines(self) -> list[Line]:
        """What a post costs in each table, against the one before."""
        found = []
        for less, more in pairwise(self.steps):
            for what, name in (("a new post", "new"), ("a re-sighting", "again")):
                ours, before = (
                    f"{getattr(step, f'{name}_us'):.0f} µs and {getattr(step, f'{name}_wal'):,.0f} B of WAL"
                    for step in (more, less)
                )
                ratio = getattr(more, f"{name}_us") / getattr(less, f"{name}_us")
                rival = f"among {less.rows:,}: {before}"
                found.append(
                    Line("growth", f"{what} among {more.rows:,}: {ours}", rival, ratio, "≤ 2", ratio <= 2)
                )
        return found


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

"""Events over HTTP: against an empty handler of the same server, in the same run, on the same machine."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bench.contest import Bar, Contest, Line
from bench.served import EMPTY, LANE, served
from bench.server import Server
from viralforge.db.pool import Database

CONNECTIONS, SECONDS = 128, 8
BATCH = 100
_SCRIPT = Path(__file__).with_name("events.lua")
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
_SIZE = """
SELECT sum(pg_total_relation_size(relid)) / (SELECT count(*) FROM viralforge.app_events)
FROM pg_partition_tree('viralforge.app_events')
"""
SINGLE, MANY = "one event a request", f"{BATCH} events a request"
NOTHING, LESS = "empty handler", "empty handler past routing, as events are answered"


@dataclass
class Events(Contest):
    """The contest, with the slowest hundredth of its single events and the size of a stored one."""

    p99: list[float] = field(default_factory=list)
    bytes: float = 0

    def lines(self) -> list[Line]:
        """A line for every bar."""
        p99, rate = statistics.median(self.p99), self.median(MANY)
        return [
            *super().lines(),
            Line("single events, p99", f"{p99:.0f} ms", "60 ms asked", p99 / 60, "< 1", p99 < 60),
            Line(MANY, f"{rate:,.0f} events/s", "20,000 asked", rate / 20_000, "≥ 1", rate >= 20_000),
            Line(
                "a stored event",
                f"{self.bytes:.0f} B",
                "450 B asked",
                self.bytes / 450,
                "≤ 1",
                self.bytes <= 450,
            ),
        ]

    def document(self) -> dict[str, object]:
        """The outcome as JSON takes it."""
        more = {"p99_ms": [round(each, 1) for each in self.p99], "bytes_per_event": round(self.bytes)}
        return super().document() | more


def events(server: Server, rows: int, rounds: int) -> Events:
    """Each contestant is asked by 128 connections for some seconds a round; `rows` has no say in it."""
    if not shutil.which("wrk"):
        sys.exit("The load comes from wrk, which is not here: on Debian and Ubuntu, apt install wrk")
    contest = Events("events", rows, "requests/s", [Bar(SINGLE, NOTHING, 0.5), Bar(SINGLE, LESS)], rounds)
    with server.database() as database_url, served(database_url) as url:

        def single() -> float:
            rate, p99 = asked(url, "/v1/events", 1)
            contest.p99.append(p99)
            return rate

        contest.enter(NOTHING, lambda: asked(url, EMPTY, 1)[0])
        contest.enter(LESS, lambda: asked(url, LANE, 1)[0])
        contest.enter(SINGLE, single)
        contest.enter(MANY, lambda: asked(url, "/v1/events", BATCH, connections=8)[0] * BATCH)
        contest.hold()
        database = Database.open(database_url)
        database.change(b"VACUUM viralforge.app_events")
        contest.bytes = float(database.value(_SIZE.encode()))
        database.close()
    return contest


def asked(url: str, path: str, many: int, connections: int = CONNECTIONS) -> tuple[float, float]:
    """Requests a second that were answered well, and the time within which 99 of 100 were, in ms."""
    environment = os.environ | {"BENCH_PATH": path, "BENCH_EVENTS": str(many)}
    arguments = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-s", str(_SCRIPT), url]
    said = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True).stdout
    if refused := re.search(r"Non-2xx or 3xx responses: (\d+)", said):
        sys.exit(f"{refused[1]} requests to {path} were refused")
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert slow and rate, said
    return float(rate[1]), float(slow[1]) * _UNITS[slow[2]]

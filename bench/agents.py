"""What it takes to record a call of an agent, and to answer a question that was answered before."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg

from bench.contest import Line
from bench.server import Server
from viralforge.warehouse import DataWarehouse

_USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 200}}
_ANSWER = {
    "success": True,
    "tweets": [{"source": "x", "id": str(each), "text": "soup " * 40} for each in range(20)],
}
_COUNTED = b"UPDATE counted SET hits = hits + 1 WHERE key = 7 RETURNING hits"
_CALLS = 2_000


@dataclass
class Agents:
    """Milliseconds at the median and at the 99th of 100, by what was done."""

    spent: dict[str, tuple[float, float]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The outcome as JSON takes it."""
        return {
            "bench": "agents", "rows": _CALLS, "unit": "ms",
            "ours": {name: [round(each, 3) for each in spent] for name, spent in self.spent.items()},
        }  # fmt: skip

    def lines(self) -> list[Line]:
        """Each against its bar in milliseconds, and a hit against one row that is written and committed."""
        found = []
        for name, bar in (("a call told", 1), ("a tool's call told", 1), ("an answer kept, given again", 5)):
            median, most = self.spent[name]
            said = f"{name}: {median:.3f} ms (p99 {most:.3f})"
            found.append(Line("agents", said, f"{bar} ms", bar / median, "≥ 1", median <= bar))
        hit, row = self.spent["an answer kept, given again"][0], self.spent["one row counted up"][0]
        found.append(
            Line("agents", f"a hit: {hit:.3f} ms", f"one row counted up: {row:.3f} ms", row / hit, "–", None)
        )
        return found


def agents(server: Server, rows: int, rounds: int) -> Agents:
    """Calls told one after the other, and one question asked again and again."""
    found = Agents()
    name = server.create(server.template)
    with (
        tempfile.TemporaryDirectory(prefix="vfb-facts-") as facts,
        mock.patch.dict(os.environ, {"VIRALFORGE_FACTS_DIR": str(Path(facts))}),
        DataWarehouse.open(server.at(name)) as warehouse,
        psycopg.connect(server.at(name), autocommit=True) as bare,
    ):
        bare.execute(b"CREATE TABLE counted AS SELECT key, 0 AS hits FROM generate_series(1, 10) AS key")
        with warehouse.crew_run("discovery") as run:
            found.spent["a call told"] = _timed(lambda: run.llm_call("gpt-4o-mini", _USAGE, agent="finder"))
            found.spent["a tool's call told"] = _timed(lambda: _tool(run))
        warehouse.accounts.flush()

        def ask() -> None:
            warehouse.cached("x", "search", {"q": "soup"}, ttl=3_600, fetch=lambda: _ANSWER)

        ask()
        found.spent["an answer kept, given again"] = _timed(ask)
        warehouse.accounts.flush()
        found.spent["one row counted up"] = _timed(lambda: bare.execute(_COUNTED))
    server.drop(name)
    return found


def _tool(run: Any) -> None:
    with run.tool("search", agent="finder"):
        pass


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    work()
    took = []
    for _ in range(_CALLS):
        started = time.perf_counter()
        work()
        took.append((time.perf_counter() - started) * 1_000)
    return statistics.median(took), statistics.quantiles(took, n=100)[98]

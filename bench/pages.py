"""The dashboard: how long each page takes to be served, and each tile to be worked out."""

from __future__ import annotations

import statistics
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench import world
from bench.contest import Line
from bench.reads import RECENT
from bench.served import served
from bench.server import Server
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.keeper import Keeper
from viralforge.web.dashboard.pages import PAGES
from viralforge.web.dashboard.views import Viewer

_TIMES = 40
_BAR_MS = 50


@dataclass
class Pages:
    """Milliseconds at the median and at the 95th of 100, by page and by tile (`page/tile`).

    `dear` are the tiles that are shown as they were worked out last: how long that took.
    """

    rows: int
    pages: dict[str, tuple[float, float]] = field(default_factory=dict)
    tiles: dict[str, tuple[float, float]] = field(default_factory=dict)
    dear: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The outcome as JSON takes it."""
        both = {"pages": self.pages, "tiles": self.tiles}
        told = {
            what: {name: [round(each, 2) for each in ms] for name, ms in of.items()}
            for what, of in both.items()
        }
        dear = {name: round(ms, 1) for name, ms in self.dear.items()}
        return {"bench": "pages", "rows": self.rows, "unit": "ms", **told, "worked_out_behind": dear}

    def lines(self) -> list[Line]:
        """Every page, and every tile against its bar."""
        found = [
            Line("pages", f"page {name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms", "–", 1.0, "–", None)
            for name, (p50, p95) in self.pages.items()
        ]
        for name, (p50, p95) in self.tiles.items():
            said = f"tile {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms"
            found.append(Line("pages", said, f"{_BAR_MS} ms", _BAR_MS / p95, "≥ 1", p95 <= _BAR_MS))
        return found


def pages(server: Server, rows: int, rounds: int) -> Pages:
    """Every page and tile, over a world of so many posts."""
    name = world.make(server, rows, min(rows, RECENT))
    url, found, asked = server.at(name), Pages(rows), Asked()
    with DataWarehouse.open(url) as warehouse:
        warehouse.refresh_popular_content()
        keeper = Keeper(warehouse)
        viewer = Viewer(warehouse, keeper)
        for page in PAGES:
            for tile in page.tiles:
                world.say(f"{page.name}/{tile.name}")
                if tile.question.dear:
                    given = tile.question.given(asked)
                    started = time.perf_counter()
                    rows_found = tile.question.ask(warehouse, given)
                    found.dear[f"{page.name}/{tile.name}"] = (time.perf_counter() - started) * 1_000
                    warehouse.kept.keep(tile.question.row, tile.question.name, given, rows_found)
                found.tiles[f"{page.name}/{tile.name}"] = _timed(lambda: viewer.tile(tile, asked))  # noqa: B023
        for answer in ("went_viral", "agents", "performance"):  # the first page's own
            started = time.perf_counter()
            getattr(warehouse.answers, answer)(max_age=timedelta(hours=1))
            found.dear[f"today/{answer}"] = (time.perf_counter() - started) * 1_000
        with served(url) as base:
            for page in PAGES:
                world.say(f"page {page.name}")
                found.pages[page.name] = _timed(lambda: _get(f"{base}{page.path}"))  # noqa: B023
        keeper.close()
    server.drop(name)
    return found


def _get(address: str) -> None:
    with urllib.request.urlopen(address, timeout=60) as answer:
        answer.read()


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    work()
    took = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        work()
        took.append((time.perf_counter() - started) * 1_000)
    return statistics.median(took), statistics.quantiles(took, n=20)[18]

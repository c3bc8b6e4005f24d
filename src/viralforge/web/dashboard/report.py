"""The dashboard as one file: for the browser with plots, or plain enough for a letter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard import render, today
from viralforge.web.dashboard.asked import NAMES, Asked
from viralforge.web.dashboard.pages import PAGES
from viralforge.web.dashboard.tiles import Page
from viralforge.web.dashboard.views import Viewer

_TITLES = {"7": "The week", "30": "The month", "1": "The day"}
_SCRIPTS = ("early.js", "vendor/uPlot.iife.min.js", "dashboard.js")
_STYLES = ("vendor/uPlot.min.css", "dashboard.css")
_LETTER_TILES = {
    "took-off", "viral", "across", "platforms", "errors", "crews", "engagement", "funnel", "asked-for",
}  # fmt: skip
"""What goes into a letter, which mail services cut at 100 kB."""


def written(
    warehouse: DataWarehouse, settings: Settings, asked: Asked, *, letter: bool = False,
    base: str | None = None,
) -> str:  # fmt: skip
    """The report as HTML that needs nothing else; `base` is where the dashboard is served, for its links.

    A `letter` has no scripts, no styles but those on its elements, and the lists that matter most.
    """
    viewer = Viewer(warehouse, None)
    end = datetime.now(UTC).date()
    given: dict[str, Any] = {
        "title": _TITLES.get(asked.range, "The report"), "asked": asked, "query": asked.query(), "kept": {},
        "first": end - timedelta(days=asked.days - 1), "last": end, "base": base, "here": "report",
        "where": NAMES.get(asked.platform or "", "every platform"),
        "answers": today.answers(warehouse, asked, None),
        "attention": today.attention(warehouse, settings), "back": "", "path": "",
        "sections": [_section(viewer, page, asked, letter) for page in PAGES if page.name != "system"],
        "scripts": [render.text(name) for name in _SCRIPTS],
        "styles": [render.text(name) for name in _STYLES],
    }  # fmt: skip
    return render.rendered("letter.html" if letter else "report.html", given)


def _section(viewer: Viewer, page: Page, asked: Asked, letter: bool) -> dict[str, Any]:
    tiles = viewer.tiles(page, asked)
    if letter:
        tiles = [shown for shown in tiles if shown.tile.name in _LETTER_TILES and shown.table]
    return {"page": page, "figures": viewer.figures(page, asked), "tiles": tiles}

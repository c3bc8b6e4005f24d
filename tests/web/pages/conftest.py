"""A browser that looks at the dashboard, and tells of everything that goes wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.web.conftest import Served, ShownWorld
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.signed import SESSION

SCREENS = Path(__file__).parents[3] / "screens"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1360, "height": 900}
Look = Callable[..., Any]


@pytest.fixture(scope="session")
def axe(node_modules: Path) -> str:
    """The script that looks for what keeps people out."""
    return (node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def look(browser: Browser, shown_world: ShownWorld) -> Look:
    """Opens pages of the world in a window of its own, by an admin's key; fails on any error in it."""
    return looking(browser, shown_world.server, shown_world.warehouse)


def looking(browser: Browser, server: Served, warehouse: DataWarehouse) -> Look:
    """Windows in which who has an admin's key is signed in."""
    url = server.url
    token = warehouse.keys.sign_in(int(server.keys["admin"].split("_")[1]), timedelta(hours=1))

    @contextmanager
    def window(path: str = "/", **options: Any) -> Iterator[Page]:
        given = {"viewport": DESKTOP, "locale": "en-US"} | options
        context = browser.new_context(base_url=url, **given)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": SESSION, "value": token, "url": url}])
        page, wrong = context.new_page(), []
        page.on(
            "console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda request: (
                None
                if urlsplit(request.url).netloc in ("", urlsplit(url).netloc)
                else wrong.append(f"asked elsewhere: {request.url}")
            ),
        )
        try:
            page.goto(path)
            yield page
            assert wrong == []
        finally:
            context.close()

    return window

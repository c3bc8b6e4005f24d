"""A real Chromium, a server of events that can fail, and a site whose pages carry the script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.script.stand_in import EventServer, Site


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of this test's own: its pages share one localStorage."""
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page in which nothing may go wrong unseen: an error of the page's fails the test."""
    opened, errors = context.new_page(), []
    opened.on("pageerror", lambda error: errors.append(error))
    yield opened
    assert errors == []


@pytest.fixture
def server() -> Iterator[EventServer]:
    running = EventServer()
    yield running
    running.free.set()
    running.stop()


@pytest.fixture
def site(server: EventServer) -> Iterator[Site]:
    """A site whose pages carry the script of `server`, with nothing automatic."""
    running = Site()
    running.show(server.url, 'data-key="vf_test" data-auto="off"')
    yield running
    running.stop()


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Where a browser keeps what outlives it."""
    return tmp_path / "profile"

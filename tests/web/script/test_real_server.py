"""From a page in Chromium through the server to the rows of app_events."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from psycopg.rows import dict_row

from tests.conftest import new_database, with_database
from tests.web.running import free_port
from tests.web.script.stand_in import PATIENCE, Site
from viralforge.warehouse import DataWarehouse

GUIDE = (Path(__file__).parents[3] / "docs" / "browser.md").read_text(encoding="utf-8")


class Capture:
    """A running `viralforge serve` with a key for pages, and the rows in its database."""

    def __init__(self, database_url: str, key: str) -> None:
        self.key = key
        self._database_url = database_url
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._running = subprocess.Popen(
            [sys.executable, "-m", "viralforge", "serve", "--port", str(self.port)],
            env=os.environ | {"DATABASE_URL": self._database_url}, stderr=subprocess.PIPE,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                httpx.get(f"{self.url}/healthz").raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.05)
        self._running.kill()
        raise AssertionError(f"the server did not start: {self._running.communicate()}")

    def stop(self, how: int = signal.SIGTERM) -> None:
        self._running.send_signal(how)
        self._running.communicate(timeout=PATIENCE)

    def forget(self) -> None:
        """Leaves no event to the next test."""
        with psycopg.connect(self._database_url) as connection:
            connection.execute("DELETE FROM viralforge.app_events")

    def rows(self) -> list[dict[str, Any]]:
        """The stored events, in the order of their ids."""
        with psycopg.connect(self._database_url, row_factory=dict_row) as connection:
            return connection.execute("SELECT * FROM viralforge.app_events ORDER BY event_id").fetchall()

    def wait_for_rows(self, count: int, page: Page) -> list[dict[str, Any]]:
        """Lets the browser go on until so many events are stored."""
        until = time.monotonic() + PATIENCE
        while len(found := self.rows()) < count:
            assert time.monotonic() < until, f"{len(found)} of {count} rows after {PATIENCE} s: {found}"
            page.wait_for_timeout(50)
        return found


@pytest.fixture(scope="module")
def one_server(server_url: str, admin: psycopg.Connection, template: str) -> Iterator[Capture]:
    with new_database(admin, template) as name:
        url = with_database(server_url, name)
        with DataWarehouse.open(url) as warehouse:
            key = warehouse.keys.create("pages", ["write:events"])
        running = Capture(url, key)
        yield running
        running.stop(signal.SIGKILL)


@pytest.fixture
def capture(one_server: Capture) -> Capture:
    one_server.forget()
    return one_server


@pytest.fixture
def site(capture: Capture) -> Iterator[Site]:
    running = Site()
    running.show(capture.url, f'data-key="{capture.key}" data-auto="off"')
    yield running
    running.stop()


def shown(language: str) -> list[str]:
    """The guide's blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_what_the_guide_shows_works(
    context: BrowserContext, page: Page, site: Site, capture: Capture
) -> None:
    snippet, button = shown("html")
    (calls,) = shown("js")
    snippet = snippet.replace("http://localhost:8400", capture.url).replace("vf_your_key", capture.key)
    assert capture.url in snippet
    assert capture.key in snippet
    site.html = f"<!doctype html><title>Guide</title>{snippet}{button}"
    page.goto(f"{site.url}/guide?secret=1")
    page.click("b")
    page.evaluate(f"async () => {{ {calls} }}")
    view, click, clip = capture.rows()
    assert (view["event_name"], view["event_type"], view["platform"]) == ("page_view", "page_view", "web")
    assert view["properties"] == {"path": "/guide", "title": "Guide"}
    assert (click["event_name"], click["event_type"]) == ("trend_action", "click")
    assert click["properties"] == {"trend_id": "7", "action": "save"}
    assert (clip["event_name"], clip["event_type"]) == ("clip_generation", "custom")
    assert clip["properties"] == {"clip": 7, "seconds": 12.5}
    assert view["session_id"] == click["session_id"] == clip["session_id"] is not None
    page.evaluate("viralforge.track('known')")
    page.evaluate("viralforge.flush()")
    assert capture.rows()[-1]["user_id"] == "user-17"
    assert context.cookies() == []


def test_a_page_closed_at_once_leaves_its_events(
    context: BrowserContext, page: Page, site: Site, capture: Capture
) -> None:
    other = context.new_page()
    page.goto(site.url)
    page.evaluate("for (const name of ['a', 'b', 'c']) viralforge.track(name)")
    page.close()
    capture.wait_for_rows(3, other)


def test_a_page_closed_while_its_request_is_under_way_leaves_its_events_once(
    context: BrowserContext, page: Page, site: Site, capture: Capture
) -> None:
    other = context.new_page()
    page.goto(site.url)
    page.evaluate("viralforge.track('a'); void viralforge.flush(); viralforge.track('b')")
    page.close()
    capture.wait_for_rows(2, other)
    other.goto(site.url)
    other.evaluate("viralforge.flush()")
    assert [row["event_name"] for row in capture.rows()] == ["a", "b"]
    assert other.evaluate("Object.keys(localStorage)") == []


def test_a_profile_that_ends_with_its_pages_leaves_its_events(
    browser: Browser, page: Page, site: Site, capture: Capture
) -> None:
    ending = browser.new_context()
    last = ending.new_page()
    last.goto(site.url)
    last.evaluate("viralforge.track('a')")
    last.close()
    ending.close()
    capture.wait_for_rows(1, page)


def test_a_server_killed_and_started_again_has_every_event_once(
    page: Page, site: Site, capture: Capture
) -> None:
    page.goto(site.url)
    for number in range(5):
        page.evaluate("(n) => { for (let i = 0; i < 20; i++) viralforge.track(`${n} ${i}`) }", number)
        page.evaluate("void viralforge.flush()")
        if number == 2:
            capture.stop(signal.SIGKILL)
    capture.start()
    page.reload()
    capture.wait_for_rows(100, page)
    page.evaluate("viralforge.flush()")
    assert len({row["event_name"] for row in capture.rows()}) == len(capture.rows()) == 100
    assert page.evaluate("Object.keys(localStorage)") == []


def test_the_server_names_a_bad_event_and_the_rest_is_stored(
    page: Page, site: Site, capture: Capture
) -> None:
    page.goto(site.url)
    page.evaluate("for (const name of ['a', 'x'.repeat(300), '', 'b']) viralforge.track(name)")
    page.evaluate("viralforge.flush()")
    assert sorted(row["event_name"] for row in capture.rows()) == ["a", "b"]
    assert page.evaluate("viralforge.dropped") == 2


def test_hostile_text_is_stored_without_what_a_database_cannot_hold(
    page: Page, site: Site, capture: Capture
) -> None:
    page.goto(site.url)
    text = "\\u0000\\ud800</script>'; DROP TABLE app_events; --"
    page.evaluate(f'viralforge.track("odd \\u0000", {{text: "{text}", n: NaN}})')
    page.evaluate("viralforge.flush()")
    (row,) = capture.rows()
    assert row["properties"]["text"].endswith("</script>'; DROP TABLE app_events; --")
    assert row["properties"]["n"] is None


def test_who_asks_for_privacy_leaves_neither_user_nor_session_nor_hash(
    browser: Browser, site: Site, capture: Capture
) -> None:
    asking = browser.new_context(extra_http_headers={"Sec-GPC": "1"})
    asking.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    page = asking.new_page()
    page.goto(site.url)
    page.evaluate("viralforge.identify('u1'); viralforge.track('a')")
    page.evaluate("viralforge.flush()")
    (row,) = capture.rows()
    assert (row["user_id"], row["session_id"], row["ip_hash"]) == (None, None, None)
    asking.close()


def test_two_tabs_offline_lose_nothing(
    context: BrowserContext, page: Page, site: Site, capture: Capture
) -> None:
    other = context.new_page()
    for one in (page, other):
        one.goto(site.url)
    context.set_offline(True)
    for number in range(30):
        for one in (page, other):
            one.evaluate("(name) => { viralforge.track(name) }", str(number))
    context.set_offline(False)
    capture.wait_for_rows(60, page)

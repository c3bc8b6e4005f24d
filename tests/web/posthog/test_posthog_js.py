"""posthog-js in Chromium, on a page of another origin, pointed at a warehouse."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from tests.web.posthog.stored import away, events, named
from tests.web.running import Running, wait_for
from viralforge.warehouse import DataWarehouse

AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
PAGE = """<!doctype html><title>A page</title>
<button id="make" data-attr="clip">Make a clip</button>
<script src="/posthog-js/dist/array.js"></script>
<script>posthog.init("any-token", {api_host: "HOST", request_queue_config: {flush_interval_ms: 300}})
</script>"""


@pytest.fixture
def site(node_modules: Path, served: Running) -> Iterator[str]:
    """The address of a page with the client on it."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if self.path.endswith(".js"):
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.replace("HOST", served.url).encode())

    handler = functools.partial(Handler, directory=str(node_modules))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(user_agent=AGENT)
    # A browser that a program drives says so, and the client takes it for a robot.
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', {get: () => false})")
    opened = context.new_page()
    opened.goto(site)
    yield opened
    context.close()


def until(page: Page, is_so: Any) -> None:
    """Waits while the page goes on."""

    def looked() -> bool:
        page.wait_for_timeout(50)
        return bool(is_so())

    wait_for(looked)


def test_a_view_and_a_click_are_stored_with_what_the_browser_tells(
    page: Page, warehouse: DataWarehouse
) -> None:
    until(page, lambda: named(warehouse, "page_view"))
    page.click("#make")
    until(page, lambda: named(warehouse, "click"))
    (view,), (click,) = named(warehouse, "page_view"), named(warehouse, "click")
    assert (view["event_type"], view["platform"], view["user_agent"]) == ("page_view", "web", AGENT)
    assert view["properties"]["$pathname"] == "/"
    assert click["event_type"] == "click"
    assert "Make a clip" in click["properties"]["$elements_chain"]
    assert view["session_id"] == click["session_id"] is not None
    assert view["ip_hash"] is not None
    assert "127.0.0.1" not in str(view["properties"].get("$ip"))
    assert "any-token" not in str(events(warehouse))


def test_who_has_not_signed_in_is_no_user_and_who_has_is(page: Page, warehouse: DataWarehouse) -> None:
    page.evaluate(
        "posthog.capture('before'); posthog.identify('u1', {plan: 'pro'}); posthog.capture('after')"
    )
    until(page, lambda: named(warehouse, "after"))
    (before,), (after,) = named(warehouse, "before"), named(warehouse, "after")
    assert (before["user_id"], after["user_id"]) == (None, "u1")
    assert before["session_id"] == after["session_id"]
    device = before["properties"]["distinct_id"]
    assert named(warehouse, "$identify")[0]["properties"]["$anon_distinct_id"] == device
    assert warehouse.sql("SELECT id FROM users").to_dicts() == [{"id": "u1"}]


def test_flags_are_off(page: Page, warehouse: DataWarehouse) -> None:
    said = page.evaluate(
        "new Promise((done) => { posthog.onFeatureFlags((flags, _variants, about) => done([flags, about])); "
        "posthog.reloadFeatureFlags() })"
    )
    assert said[0] == []
    assert not (said[1] or {}).get("errorsLoading")
    page.evaluate("posthog.capture('still here')")
    until(page, lambda: named(warehouse, "still here"))


def test_what_is_captured_as_the_page_is_closed_is_stored(page: Page, warehouse: DataWarehouse) -> None:
    until(page, lambda: named(warehouse, "page_view"))
    page.evaluate("posthog.capture('last words')")
    page.close()
    wait_for(lambda: named(warehouse, "last words") and named(warehouse, "page_leave"))


def test_what_could_not_be_stored_at_first_is_stored_once_at_its_own_time(
    page: Page, warehouse: DataWarehouse, admin: Any, served: Running
) -> None:
    until(page, lambda: named(warehouse, "page_view"))
    with away(admin, warehouse):
        id_of_it = page.evaluate("posthog.capture('patient').uuid")
        until(page, lambda: "503" in served.log)
    until(page, lambda: named(warehouse, "patient"))
    page.wait_for_timeout(500)
    (event,) = named(warehouse, "patient")
    assert event["event_id"] == UUID(id_of_it)
    assert int(event["created_at"].timestamp() * 1000 + 0.5) == UUID(id_of_it).int >> 80
    assert event["received_at"] > event["created_at"]


def test_do_not_track_is_heeded(browser: Browser, site: str, warehouse: DataWarehouse) -> None:
    context = browser.new_context(user_agent=AGENT, extra_http_headers={"Sec-GPC": "1"})
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', {get: () => false})")
    page = context.new_page()
    page.goto(site)
    page.evaluate("posthog.identify('u1', {email: 'u1@example.com'}); posthog.capture('quiet')")
    until(page, lambda: named(warehouse, "quiet"))
    context.close()
    assert {event["user_id"] for event in events(warehouse)} == {None}
    assert {event["ip_hash"] for event in events(warehouse)} == {None}
    assert "u1" not in {str(value) for event in events(warehouse) for value in event["properties"].values()}

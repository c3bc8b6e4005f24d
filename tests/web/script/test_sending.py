"""The browser script loses no event and stores none twice, whatever server, network and page do."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.web.conftest import FLAGS
from tests.web.script.stand_in import CUT, LOST, Answer, EventServer, Site
from viralforge.model.event import time_in

QUEUE = "Object.keys(localStorage).filter((name) => name.startsWith('viralforge '))"


def track(page: Page, *names: str) -> None:
    page.evaluate("(names) => { for (const name of names) viralforge.track(name) }", list(names))


def flush(page: Page) -> None:
    page.evaluate("viralforge.flush()")


def kept(page: Page) -> int:
    """How many events wait in the profile's storage."""
    return page.evaluate(f"{QUEUE}.length")


def test_an_event_arrives_whole_under_an_id_that_holds_its_time(
    context: BrowserContext, page: Page, site: Site, server: EventServer
) -> None:
    context.add_cookies([{"name": "login", "value": "secret", "url": server.url}])
    page.goto(site.url)
    page.evaluate(
        "viralforge.identify('u1'); viralforge.track('clip_generation', {clip: 7, tags: ['a']}, 'api_call')"
    )
    before = page.evaluate("Date.now()")
    flush(page)
    (event,) = server.stored.values()
    drawn = time_in(uuid.UUID(event.pop("event_id")))
    assert drawn is not None
    assert abs(drawn.timestamp() * 1000 - before) < 1000
    session = uuid.UUID(event.pop("session_id"))
    assert session.version == 7
    assert event == {
        "event_name": "clip_generation", "event_type": "api_call", "platform": "web", "user_id": "u1",
        "properties": {"clip": 7, "tags": ["a"]},
    }  # fmt: skip
    (request,) = server.requests
    assert request["method"] == "POST", "no preflight"
    assert request["path"] == "/v1/events?key=vf_test"
    assert request["headers"]["Content-Type"].startswith("text/plain")
    assert "Cookie" not in request["headers"]


def test_events_travel_together_and_soon(page: Page, site: Site, server: EventServer) -> None:
    page.goto(site.url)
    flush(page)
    track(page, "a", "b", "c")
    server.wait_for(lambda now: len(now.stored) == 3, page.wait_for_timeout)
    assert len(server.posts) == 1
    server.wait_for(lambda now: kept(page) == 0, page.wait_for_timeout)


def test_fifty_events_leave_at_once_even_after_a_failure_made_good(
    page: Page, site: Site, server: EventServer
) -> None:
    server.answers.append(Answer(503))
    page.clock.install()
    page.goto(site.url)
    track(page, "a")
    flush(page)
    flush(page)
    assert len(server.stored) == 1
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("Date.now()") / 1000 + 5))
    track(page, *map(str, range(49)))
    page.wait_for_timeout(500)
    assert len(server.stored) == 1
    track(page, "49")
    server.wait_for(lambda now: len(now.stored) == 51, page.wait_for_timeout)


def test_no_request_has_more_than_fifty_events(page: Page, site: Site, server: EventServer) -> None:
    page.goto(site.url)
    track(page, *map(str, range(120)))
    flush(page)
    assert [len(events) for events in server.posts] == [50, 50, 20]
    assert sorted(server.names(), key=int) == list(map(str, range(120)))


def test_large_events_share_requests_that_a_beacon_could_carry(
    page: Page, site: Site, server: EventServer
) -> None:
    page.goto(site.url)
    page.evaluate("for (let i = 0; i < 20; i++) viralforge.track('large', {text: '€'.repeat(3000)})")
    page.evaluate("viralforge.track('huge', {text: 'x'.repeat(100000)})")
    flush(page)
    assert len(server.stored) == 21
    too_large = [asked["events"] for asked in server.requests if asked["bytes"] > 65_536]
    assert [[event["event_name"] for event in events] for events in too_large] == [["huge"]]
    assert len(server.posts) < 10


@pytest.mark.parametrize(
    "answer", [CUT, LOST, Answer(500), Answer(503), Answer(429), Answer(408), Answer(403)]
)
def test_what_fails_is_sent_again_under_the_same_id(
    page: Page, site: Site, server: EventServer, answer: Answer
) -> None:
    server.answers.append(answer)
    page.goto(site.url)
    track(page, "a")
    server.wait_for(lambda now: now.stored and len(now.posts) > 1, page.wait_for_timeout)
    assert len({event["event_id"] for events in server.posts for event in events}) == 1
    flush(page)
    assert kept(page) == 0


def test_a_page_of_somebody_else_is_no_acknowledgement(page: Page, site: Site, server: EventServer) -> None:
    page.goto(site.url)
    page.route("**/v1/events*", lambda route: route.fulfill(status=200, body="<html>Log in to this network"))
    track(page, "a")
    flush(page)
    assert kept(page) == 1
    page.unroute("**/v1/events*")
    flush(page)
    assert server.names() == ["a"]


def test_retry_after_is_waited_for_even_by_fifty_more_events(
    page: Page, site: Site, server: EventServer
) -> None:
    server.answers.append(Answer(503, {}, {"Retry-After": "30"}))
    page.clock.install()
    page.goto(site.url)
    track(page, "a")
    flush(page)
    track(page, *map(str, range(60)))
    page.clock.run_for(29_000)
    page.wait_for_timeout(500)
    assert len(server.posts) == 1
    page.clock.run_for(17_000)
    server.wait_for(lambda now: len(now.stored) == 61, page.wait_for_timeout)


def test_attempts_grow_rarer_up_to_ten_minutes(page: Page, site: Site, server: EventServer) -> None:
    server.always = Answer(500)
    page.clock.install()
    page.goto(site.url)
    track(page, "a")
    for _ in range(12):
        flush(page)
    assert len(server.posts) == 12
    page.clock.run_for(599_000)
    page.wait_for_timeout(500)
    assert len(server.posts) == 12
    server.always = None
    page.clock.run_for(302_000)
    server.wait_for(lambda now: now.stored, page.wait_for_timeout)


@pytest.mark.parametrize(
    "said",
    [[{"pointer": "/2/event_name", "detail": "is needed"}, {"pointer": "/2/platform", "detail": "no"}], []],
    ids=["named", "not named"],
)
def test_one_bad_event_is_dropped_and_the_rest_stored(
    page: Page, site: Site, server: EventServer, said: list[Any]
) -> None:
    def judge(events: list[Any]) -> Answer | None:
        bad = [event["event_name"] for event in events].count("bad")
        return Answer(422, {"errors": said if len(events) > 3 else []}) if bad else None

    server.judge = judge
    warned: list[str] = []
    page.on("console", lambda message: warned.append(message.text))
    page.goto(site.url)
    for name in ("a", "b", "bad", "c"):
        track(page, name)
        page.wait_for_timeout(5)
    flush(page)
    assert server.names() == ["a", "b", "c"]
    assert kept(page) == 0
    assert page.evaluate("viralforge.dropped") == 1
    assert any(text.startswith("viralforge") for text in warned)


def test_a_batch_that_is_too_large_is_halved(page: Page, site: Site, server: EventServer) -> None:
    server.judge = lambda events: Answer(413, {}) if len(events) > 7 else None
    page.goto(site.url)
    track(page, *map(str, range(20)))
    flush(page)
    assert len(server.stored) == 20
    assert page.evaluate("viralforge.dropped") == 0


def test_nothing_is_lost_while_the_server_is_away_and_the_page_reloads(
    page: Page, site: Site, server: EventServer
) -> None:
    page.goto(site.url)
    server.stop()
    track(page, "a", "b")
    flush(page)
    server.start()
    page.reload()
    server.wait_for(lambda now: len(now.stored) == 2, page.wait_for_timeout)


def test_what_is_tracked_offline_leaves_when_the_network_is_back(
    context: BrowserContext, page: Page, site: Site, server: EventServer
) -> None:
    page.goto(site.url)
    context.set_offline(True)
    track(page, "a")
    for _ in range(6):
        flush(page)
    assert server.stored == {}
    context.set_offline(False)
    server.wait_for(lambda now: now.names() == ["a"], page.wait_for_timeout)


def test_a_page_closed_at_once_has_sent_its_events(
    context: BrowserContext, page: Page, site: Site, server: EventServer
) -> None:
    other = context.new_page()
    page.goto(site.url)
    track(page, *map(str, range(10)))
    page.close()
    server.wait_for(lambda now: len(now.stored) == 10, other.wait_for_timeout)
    assert len(server.posts) == 1


def test_a_page_closed_as_its_request_begins_has_sent_its_events(
    context: BrowserContext, page: Page, site: Site, server: EventServer
) -> None:
    other = context.new_page()
    page.goto(site.url)
    page.evaluate("viralforge.track('a'); void viralforge.flush(); location.href = 'about:blank'")
    server.wait_for(lambda now: now.names() == ["a"], other.wait_for_timeout)


def test_a_page_closed_while_a_request_is_under_way_has_sent_its_events(
    context: BrowserContext, page: Page, site: Site, server: EventServer
) -> None:
    other = context.new_page()
    page.goto(site.url)
    server.hold()
    track(page, "a")
    page.evaluate("void viralforge.flush()")
    server.wait_for(lambda now: len(now.posts) == 1, page.wait_for_timeout)
    track(page, "b")
    page.close()
    server.wait_for(lambda now: len(now.posts) == 2, other.wait_for_timeout)
    other.wait_for_timeout(500)  # time in which a request that ends with its page would be given up
    server.free.set()
    server.wait_for(lambda now: len(now.stored) == 2, other.wait_for_timeout)
    assert [[event["event_name"] for event in events] for events in server.posts] == [["a"], ["b"]]


def test_what_a_beacon_carried_is_sent_again_by_the_next_page_as_the_same_row(
    context: BrowserContext, page: Page, site: Site, server: EventServer
) -> None:
    page.goto(site.url)
    track(page, "a")
    page.goto("about:blank")
    server.wait_for(lambda now: len(now.posts) == 1, page.wait_for_timeout)
    page.goto(site.url)
    server.wait_for(lambda now: len(now.posts) == 2, page.wait_for_timeout)
    flush(page)
    assert server.posts[0] == server.posts[1]
    assert len(server.stored) == 1
    assert kept(page) == 0


def test_what_waits_outlives_the_browser(
    playwright: Playwright, chromium_path: str, profile: Path, site: Site, server: EventServer
) -> None:
    server.always = Answer(503)
    for stored in (0, 3):
        running = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=chromium_path, args=FLAGS
        )
        page = running.new_page()
        page.goto(site.url)
        if not stored:
            track(page, "a", "b", "c")
            flush(page)
        else:
            server.wait_for(lambda now: len(now.stored) == 3, page.wait_for_timeout)
        running.close()
        assert len(server.stored) == stored
        server.always = None


def test_two_tabs_at_once_lose_nothing_and_overwrite_nothing(
    context: BrowserContext, page: Page, site: Site, server: EventServer
) -> None:
    other = context.new_page()
    for one in (page, other):
        one.goto(site.url)
    for number in range(40):
        track(page, f"page {number}")
        track(other, f"other {number}")
    page.evaluate("void viralforge.flush()")
    other.evaluate("void viralforge.flush()")
    server.wait_for(lambda now: len(now.stored) == 80, page.wait_for_timeout)
    server.wait_for(lambda now: kept(page) == kept(other) == 0, page.wait_for_timeout)


def test_a_tab_waits_while_another_sends(
    context: BrowserContext, page: Page, site: Site, server: EventServer
) -> None:
    other = context.new_page()
    for one in (page, other):
        one.goto(site.url)
    server.hold()
    track(page, "a")
    page.evaluate("void viralforge.flush()")
    server.wait_for(lambda now: len(now.posts) == 1, page.wait_for_timeout)
    track(other, "b")
    other.evaluate("void viralforge.flush()")
    other.wait_for_timeout(500)
    assert len(server.posts) == 1
    server.free.set()
    server.wait_for(lambda now: sorted(now.names()) == ["a", "b"], page.wait_for_timeout)


def test_a_tab_sends_what_a_closed_one_left(
    context: BrowserContext, page: Page, site: Site, server: EventServer
) -> None:
    server.always = Answer(503)
    other = context.new_page()
    page.goto(site.url)
    track(page, "left")
    flush(page)
    page.close()
    server.always = None
    other.goto(site.url)
    server.wait_for(lambda now: now.names() == ["left"], other.wait_for_timeout)


def test_a_thousand_events_wait_and_the_oldest_make_room(page: Page, site: Site, server: EventServer) -> None:
    server.always = Answer(503)
    page.goto(site.url)
    for part in range(11):
        track(page, *(str(part * 100 + number) for number in range(100)))
        page.wait_for_timeout(2)
    assert kept(page) == 1000
    assert page.evaluate("viralforge.dropped") == 100
    server.always = None
    flush(page)
    assert sorted(map(int, server.names())) == list(range(100, 1100))


def test_events_of_a_former_key_go_out_under_the_new_one(page: Page, site: Site, server: EventServer) -> None:
    server.always = Answer(401)
    page.goto(site.url)
    track(page, "a")
    flush(page)
    site.show(server.url, 'data-key="vf_new" data-auto="off"')
    page.goto(site.url)
    server.always = None
    server.wait_for(lambda now: now.stored, page.wait_for_timeout)
    assert server.requests[-1]["path"].endswith("?key=vf_new")


def test_what_others_wrote_among_the_waiting_events_holds_nothing_up(
    page: Page, site: Site, server: EventServer
) -> None:
    page.goto(site.url)
    name = json.dumps(f"viralforge {server.url}/v1/events 0")
    page.evaluate(f"localStorage.setItem({name}, '{{broken'); localStorage.setItem({name} + 1, '')")
    track(page, "a")
    flush(page)
    assert server.names() == ["a"]
    assert kept(page) == 0

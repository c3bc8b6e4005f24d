"""What the browser script sees by itself, what it keeps of it, and that pages never notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.script.stand_in import Answer, EventServer, Site

Load = Callable[..., None]


@pytest.fixture
def load(page: Page, site: Site, server: EventServer) -> Load:
    """Loads a page with everything automatic."""

    def loading(body: str = "", *, attributes: str = 'data-key="k"', path: str = "/", **how: Any) -> None:
        site.show(server.url, attributes, body)
        page.goto(site.url + path, **how)

    return loading


def sent(page: Page, server: EventServer, **wanted: str) -> list[dict[str, Any]]:
    """The properties of the events that have arrived, in the order of their ids."""
    page.evaluate("viralforge.flush()")
    events = [server.stored[each] for each in sorted(server.stored)]
    return [event for event in events if all(event[name] == value for name, value in wanted.items())]


def test_a_page_view_has_the_path_the_title_and_the_host_one_came_from(
    page: Page, server: EventServer, load: Load
) -> None:
    load(path="/trends/7?token=secret#part", referer="https://search.example/?q=private")
    (view,) = sent(page, server)
    assert (view["event_name"], view["event_type"]) == ("page_view", "page_view")
    assert view["properties"] == {"path": "/trends/7", "title": "A page", "referrer": "search.example"}


def test_a_page_of_the_same_site_is_no_referrer(
    page: Page, site: Site, server: EventServer, load: Load
) -> None:
    load(referer=f"{site.url}/before")
    (view,) = sent(page, server)
    assert view["properties"] == {"path": "/", "title": "A page"}


def test_each_path_of_a_single_page_app_is_a_view_with_its_own_title(
    page: Page, server: EventServer, load: Load
) -> None:
    load(path="/a", referer="https://search.example/")
    page.evaluate("history.pushState({}, '', '/b'); setTimeout(() => document.title = 'B', 50)")
    page.wait_for_timeout(500)
    page.evaluate("history.replaceState({}, '', '/b?page=2')")
    page.evaluate("history.pushState({}, '', '/moved'); history.replaceState({}, '', '/c')")
    page.wait_for_timeout(500)
    page.evaluate("history.go(-1)")
    page.wait_for_timeout(500)
    views = [event["properties"] for event in sent(page, server)]
    assert [view["path"] for view in views] == ["/a", "/b", "/c", "/b"]
    assert [view["title"] for view in views] == ["A page", "B", "B", "B"]
    assert [view.get("referrer") for view in views] == ["search.example", None, None, None]


def test_history_still_answers_the_page_as_before(page: Page, load: Load) -> None:
    load()
    page.evaluate("history.pushState({step: 1}, '', '/b')")
    assert page.evaluate("[history.state.step, location.pathname]") == [1, "/b"]
    page.evaluate(
        "try { history.pushState(0, '', 'https://other.example/') } catch (error) { refused = error.name }"
    )
    assert page.evaluate("refused") == "SecurityError"


def test_a_view_just_before_the_page_is_left_is_not_lost(page: Page, server: EventServer, load: Load) -> None:
    load(path="/a")
    page.evaluate("history.pushState({}, '', '/b'); location.href = 'about:blank'")
    server.wait_for(lambda now: len(now.stored) == 2, page.wait_for_timeout)
    assert [event["properties"]["path"] for event in server.posts[0]] == ["/a", "/b"]


def test_a_click_inside_a_marked_element_is_an_event_with_its_data(
    page: Page, server: EventServer, load: Load
) -> None:
    load(
        '<button data-vf-event="trend_action" data-vf-trend-id="7" data-vf-kind="save" class="x">'
        "<span><b id=inner>Save</b></span></button><p id=other>Text</p>"
        "<form data-vf-event=form><input name=dataset><input id=field name=attributes></form>"
    )
    page.evaluate(
        "document.querySelector('button').addEventListener('click', (event) => event.stopPropagation())"
    )
    for place in ("#inner", "#other", "#field"):
        page.click(place)
    (click,) = sent(page, server, event_type="click")
    assert click["event_name"] == "trend_action"
    assert click["properties"] == {"trend_id": "7", "kind": "save"}


def test_a_click_in_an_open_shadow_tree_is_seen(page: Page, server: EventServer, load: Load) -> None:
    load("<div id=host></div>")
    page.evaluate(
        "document.querySelector('#host').attachShadow({mode: 'open'}).append(Object.assign("
        "document.createElement('button'), {textContent: 'Go'})); "
        "document.querySelector('#host').shadowRoot.firstChild.setAttribute('data-vf-event', 'go')"
    )
    page.click("#host button")
    assert [click["event_name"] for click in sent(page, server, event_type="click")] == ["go"]


def test_data_auto_off_leaves_views_and_clicks_alone(page: Page, server: EventServer, load: Load) -> None:
    load("<button data-vf-event=a>A</button>", attributes='data-auto="off" data-platform="ios"')
    page.click("button")
    page.evaluate("history.pushState({}, '', '/b'); viralforge.track('own')")
    page.wait_for_timeout(500)
    (event,) = sent(page, server)
    assert (event["event_name"], event["event_type"], event["platform"]) == ("own", "custom", "ios")


def test_the_script_twice_in_a_page_sees_everything_once(
    page: Page, site: Site, server: EventServer, load: Load
) -> None:
    again = f'<script src="{server.url}/viralforge.js" data-key="k" defer></script>'
    load(f"<button data-vf-event=a>A</button>{again}<b id=viralforge></b>")
    page.click("button")
    assert [event["event_name"] for event in sent(page, server)] == ["page_view", "a"]


def test_a_session_lasts_half_an_hour_without_events_and_a_user_until_told(
    page: Page, server: EventServer, load: Load
) -> None:
    page.clock.install()
    load(attributes='data-auto="off"')

    def tracked(name: str) -> tuple[str, str | None]:
        page.evaluate("(name) => { viralforge.track(name) }", name)
        (event,) = sent(page, server, event_name=name)
        return event["session_id"], event.get("user_id")

    first, nobody = tracked("a")
    page.evaluate("viralforge.identify(17)")
    page.clock.fast_forward("29:00")
    page.reload()
    assert (nobody, tracked("b")) == (None, (first, "17"))
    page.clock.fast_forward("31:00")
    second, still = tracked("c")
    assert still == "17"
    page.evaluate("viralforge.identify(null)")
    third, gone = tracked("d")
    assert gone is None
    assert len({first, second, third}) == 3


def test_neither_cookies_nor_anything_lasting_is_left(
    context: BrowserContext, page: Page, server: EventServer, load: Load
) -> None:
    load()
    page.evaluate("viralforge.identify('u1')")
    assert len(sent(page, server)) == 1
    assert context.cookies() == []
    assert page.evaluate("Object.keys(localStorage)") == []
    assert page.evaluate("Object.keys(sessionStorage)") == ["viralforge"]


@pytest.mark.parametrize(
    ("signal", "header"), [("globalPrivacyControl", "Sec-GPC"), ("doNotTrack", "DNT")], ids=["GPC", "DNT"]
)
def test_who_asks_for_privacy_is_nobody_and_nothing_is_stored(
    browser: Browser, site: Site, server: EventServer, signal: str, header: str
) -> None:
    context = browser.new_context(extra_http_headers={header: "1"})
    context.add_init_script(f"Object.defineProperty(navigator, '{signal}', {{value: '1'}})")
    page = context.new_page()
    site.show(server.url, 'data-key="k"')
    page.goto(site.url)
    server.always = Answer(503)
    page.evaluate("viralforge.identify('u1'); viralforge.track('a')")
    page.evaluate("viralforge.flush()")
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    server.always = None
    events = sent(page, server)
    assert len(events) == 2
    assert not [event for event in events if "user_id" in event or "session_id" in event]
    context.close()


@pytest.mark.parametrize(("storage", "lives"), [("session", True), ("none", False), ("off", False)])
def test_data_storage_says_what_outlives_the_page(
    page: Page, server: EventServer, load: Load, storage: str, lives: bool
) -> None:
    server.always = Answer(503, headers={"Retry-After": "60"})
    load(attributes=f'data-storage="{storage}" data-auto="off"')
    page.evaluate("viralforge.track('a')")
    page.evaluate("viralforge.flush()")
    assert page.evaluate("Object.keys(localStorage)") == []
    assert len(page.evaluate("Object.keys(sessionStorage)")) == (2 if lives else 0)
    before = len(server.posts)
    page.reload()
    # What the old page hands over as it goes is refused too, however late it arrives.
    server.wait_for(lambda server: len(server.posts) > before, page.wait_for_timeout)
    server.always = None
    assert len(sent(page, server)) == (1 if lives else 0)


@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'no') }})",
        "const full = new Proxy({}, {set() { throw Error('full') }});"
        "Object.defineProperty(window, 'localStorage', {value: full})",
        "delete window.localStorage; delete window.sessionStorage",
        "Object.defineProperty(navigator, 'locks', {value: undefined})",
        "Object.defineProperty(navigator, 'locks', {value: {request: () => Promise.reject(Error('no'))}})",
        "delete AbortSignal.timeout",
        "sessionStorage.setItem('viralforge', '{broken')",
    ],
    ids=["blocked", "full", "absent", "no locks", "locks refused", "no timeout", "another's session"],
)
def test_events_arrive_from_a_browser_that_lacks_something(
    page: Page, server: EventServer, load: Load, broken: str
) -> None:
    page.add_init_script(broken)
    server.answers.append(Answer(503))
    load()
    page.evaluate("viralforge.track('a')")
    page.evaluate("viralforge.flush()")
    assert [event["event_name"] for event in sent(page, server)] == ["page_view", "a"]


def test_a_full_storage_of_the_page_is_no_loss(page: Page, server: EventServer, load: Load) -> None:
    load(attributes='data-auto="off"')
    page.evaluate(
        "for (let size = 2 ** 22; size >= 1; size /= 2)"
        " try { for (;;) localStorage['x' + Math.random()] = 'x'.repeat(size) } catch {}"
    )
    page.evaluate("viralforge.track('a', {text: 'x'.repeat(500)})")
    assert [event["event_name"] for event in sent(page, server)] == ["a"]


def test_hostile_names_and_properties_never_throw_into_the_page(
    page: Page, server: EventServer, load: Load
) -> None:
    load(attributes='data-auto="off"')
    page.evaluate(
        """() => {
          const round = {}; round.round = round;
          const trap = { get secret() { throw Error('trap') } };
          viralforge.track('round', round);
          viralforge.track('trap', trap);
          viralforge.track('big', { n: 7n });
          viralforge.track('odd', { nan: NaN, lost: undefined, text: '\\u0000\\ud800</script>', f() {} });
          viralforge.track('text', 'abc');
          viralforge.track('null', null);
          for (const name of [7n, Symbol('s'), round, trap]) viralforge.track(name);
          for (const user of [Symbol('s'), { toString() { throw Error('trap') } }]) viralforge.identify(user);
        }"""
    )
    told = {str(event.get("event_name")): event.get("properties") for event in sent(page, server)}
    assert told["round"] is told["trap"] is told["big"] is None
    assert told["odd"] == {"nan": None, "text": "\x00\ud800</script>"}
    assert "null" in told


def test_a_sandboxed_frame_without_an_origin_sends_too(
    page: Page, site: Site, server: EventServer, load: Load
) -> None:
    load(f'<iframe sandbox="allow-scripts" src="{site.url}/framed"></iframe>')
    site.policy += f"; frame-src {site.url}"
    page.reload()
    server.wait_for(lambda now: len(now.stored) >= 3, page.wait_for_timeout)
    paths = [event["properties"]["path"] for event in server.stored.values()]
    assert "/framed" in paths


def test_back_from_the_browsers_own_cache_is_another_view(
    page: Page, site: Site, server: EventServer, load: Load
) -> None:
    load(path="/a")
    page.evaluate("viralforge.flush()")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert [event["properties"]["path"] for event in sent(page, server)] == ["/a", "/a"]


def test_a_page_loaded_ahead_is_viewed_only_when_it_is_shown(
    page: Page, server: EventServer, load: Load
) -> None:
    page.add_init_script("Object.defineProperty(document, 'prerendering', {value: true})")
    load(path="/a")
    assert sent(page, server) == []
    page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))")
    assert [event["properties"]["path"] for event in sent(page, server)] == ["/a"]

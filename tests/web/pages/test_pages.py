"""Every page in a real browser: drawn, without an error, open to everybody, on a phone and in the dark."""

from __future__ import annotations

import base64
import json

import pytest

from tests.conftest import new_database, with_database
from tests.web.conftest import served
from tests.web.pages.conftest import DESKTOP, PHONE, SCREENS, looking
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.pages import PAGES

PATHS = {page.name: page.path for page in PAGES}
SERIOUS = "serious", "critical"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
HOSTILE = [
    "<script>window.hacked = 1</script>", "\"><img src=x onerror='window.hacked = 1'>", "\u202egnp.exe",
    "A" * 10_000,
    "😀" * 3_000, "a" + "\u0301" * 400, "</title><svg onload='window.hacked = 1'>", "שלום עולם",
]  # fmt: skip
TOP = {"x": 0, "y": 0, "width": 390, "height": 120}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def paths(shown_world) -> dict[str, str]:
    """Every kind of page."""
    ask = shown_world.warehouse
    post = ask.sql("SELECT scraped_post_id FROM trend_sources LIMIT 1")[0][0]
    trend = ask.sql("SELECT trend_id FROM trend_sources LIMIT 1")[0][0]
    run = ask.crews.executions(limit=3)[2].id
    tag = ask.hashtags.trending(limit=1)[0].hashtag
    return PATHS | {
        "post": f"/posts/{post}", "trend": f"/trends/{trend}", "run": f"/runs/{run}",
        "hashtag": f"/hashtags/{tag}",
        "query": "/sql/scraping.by_day", "explorer": "/content?q=a&sort=rate",
    }  # fmt: skip


KINDS = [*PATHS, "post", "trend", "run", "hashtag", "query", "explorer"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_on_a_page_keeps_anybody_out(look, axe, paths, kind, scheme) -> None:
    with look(paths[kind], color_scheme=scheme, bypass_csp=True) as page:
        page.wait_for_function(
            "document.querySelectorAll('.plot').length === document.querySelectorAll('.plot canvas').length"
        )
        page.add_script_tag(content=axe)
        found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        faults = [
            (each["id"], each["nodes"][0]["html"][:200], len(each["nodes"]))
            for each in found if each["impact"] in SERIOUS
        ]  # fmt: skip
        assert faults == []


@pytest.mark.parametrize(("name", "size"), [("phone", PHONE), ("desktop", DESKTOP)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_its_window_and_is_drawn(look, paths, kind, name, size) -> None:
    SCREENS.mkdir(exist_ok=True)
    with look(paths[kind], viewport=size) as page:
        assert page.evaluate(WIDER) <= 0
        plots = page.locator(".plot")
        for number in range(plots.count()):
            assert plots.nth(number).locator("canvas").count() == 1
        page.screenshot(path=SCREENS / f"{kind}-{name}.png", full_page=True)


@pytest.mark.parametrize("kind", PATHS)
def test_a_page_can_be_read_without_scripts(look, paths, kind) -> None:
    with look(paths[kind], java_script_enabled=False) as page:
        assert page.locator("h1").inner_text()
        for tile in page.locator(".tile.has-plot").all():
            assert any(table.is_visible() for table in tile.locator("table").all())
        assert page.locator("button.js-only").first.is_hidden()


def test_the_first_paint_comes_within_a_second(look) -> None:
    with look("/") as page:
        page.reload()
        page.screenshot()
        [paint] = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint').map(each => each.startTime)"
        )
        assert paint < 1_000


@pytest.mark.parametrize(
    ("locale", "zone", "number", "moment"),
    [("de-DE", "Europe/Berlin", ",", "."), ("en-US", "America/New_York", ".", ",")],
)
def test_numbers_and_times_are_the_viewers_own(look, locale, zone, number, moment) -> None:
    with look("/scraping", locale=locale, timezone_id=zone) as page:
        assert number in page.locator("#figure-cost-per-post .number data").inner_text()
        assert moment in page.locator("#rejections time").first.inner_text()
        page.goto("/content")
        assert page.locator("#posting-times .zone").inner_text() == zone


def test_range_and_platform_stay_from_page_to_page(look) -> None:
    with look("/scraping") as page:
        page.get_by_role("link", name="90 days").click()
        page.get_by_label("Platform", exact=True).select_option("tiktok")
        page.wait_for_url("**/scraping?days=90&platform=tiktok")
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Agents").click()
        page.wait_for_url("**/agents?days=90&platform=tiktok")
        assert page.locator(".choice [aria-current]").inner_text() == "90 days"


def test_the_explorer_searches_sorts_and_goes_on(look) -> None:
    with look("/content") as page:
        first = page.locator(".posts .post").first.inner_text()
        page.get_by_role("link", name="More posts").click()
        page.wait_for_url("**cursor=**")
        page.wait_for_function(
            "first => document.querySelector('.posts .post')?.innerText !== first", arg=first
        )
        page.get_by_role("link", name="First page").click()
        page.wait_for_url(lambda address: "cursor=" not in address)
        page.wait_for_function(
            "first => document.querySelector('.posts .post')?.innerText === first", arg=first
        )
        page.get_by_label("Sorted by").select_option("rate")
        page.wait_for_url("**sort=rate**")
        page.wait_for_function("document.querySelectorAll('.posts li').length > 5")
        rates = [
            float(each.get_attribute("value"))
            for each in page.locator(".posts li div:has(> dt:text-is('rate')) data").all()
        ]
        assert rates == sorted(rates, reverse=True) and len(rates) == 25
        page.get_by_label("Words").fill("nothing-has-this-word")
        page.get_by_label("Words").press("Enter")
        page.get_by_text("No post is like that").wait_for()


def test_what_a_number_means_is_told_on_hover_and_on_focus(look) -> None:
    with look("/scraping") as page:
        tile = page.locator("#errors")
        panel = tile.locator(".panel")
        assert panel.is_hidden()
        tile.locator(".what").hover()
        assert panel.is_visible()
        page.mouse.move(0, 0)
        tile.locator(".what").focus()
        assert "Failed requests ÷ requests" in panel.inner_text()
        panel.get_by_role("link", name="SQL").click()
        assert "FROM viralforge.scrape_jobs" in page.locator("pre").inner_text()


@pytest.mark.parametrize("tile", ["posts-by-day", "errors"])
def test_a_tile_can_be_had_as_a_picture_and_as_rows(look, tile) -> None:
    with look("/scraping") as page:
        page.locator(f"#{tile} .what").focus()
        with page.expect_download() as saved:
            page.locator(f"#{tile} [data-png]").click()
        picture = saved.value.path().read_bytes()
        assert saved.value.suggested_filename == f"{tile}.png"
        assert picture[:8] == b"\x89PNG\r\n\x1a\n" and len(picture) > 5_000
        page.locator(f"#{tile} .what").focus()
        with page.expect_download() as saved:
            page.locator(f"#{tile} .panel").get_by_role("link", name="JSON").click()
        assert json.loads(saved.value.path().read_bytes())["rows"]


PIXELS = """async ([picture, spots]) => {
    const image = Object.assign(new Image(), {src: `data:image/png;base64,${picture}`});
    await image.decode();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, {width: image.width, height: image.height});
    const context = canvas.getContext("2d", {willReadFrequently: true});
    context.drawImage(image, 0, 0);
    const at = (x, y, w = 1, h = 1) => [...context.getImageData(x, y, w, h).data];
    let grey = 0;
    const all = at(0, 0, image.width, image.height);
    for (let n = 0; n < all.length; n += 4)
        if (all[n] === all[n + 1] && all[n] === all[n + 2] && all[n] > 110 && all[n] < 160) grey += 1;
    const foot = at(20, image.height - 14, image.width - 40, 8);
    return {spots: spots.map(([x, y]) => at(2 * x, 2 * y)), grey, foot: new Set(foot).size};
}"""
BARS = """tile => [...tile.querySelectorAll(".bar rect")].map((bar) => {
    const place = bar.getBoundingClientRect(), box = tile.getBoundingClientRect();
    return [place.x + place.width / 2 - box.x, place.y + place.height / 2 - box.y];
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/hashtags#across", "/scraping#posts-by-day", "/content#posting-times"])
def test_a_picture_looks_as_its_tile_does(look, path, scheme) -> None:
    with look(path, color_scheme=scheme) as page:
        tile = page.locator(f"#{path.partition('#')[2]}")
        bars = tile.evaluate(BARS)
        tile.locator(".what").focus()
        with page.expect_download() as saved:
            tile.locator("[data-png]").click()
        picture = base64.b64encode(saved.value.path().read_bytes()).decode()
        found = page.evaluate(PIXELS, [picture, bars])
    assert len(bars) == len(found["spots"]) and bool(bars) == ("across" in path)
    for red, _green, blue, _alpha in found["spots"]:
        assert blue > red + 30 and blue > 100, "a bar has the accent's colour"
    assert found["grey"] < 2_000, "no scrollbar"
    assert found["foot"] <= 4, "nothing below what is shown, such as the text for who has no scripts"


def test_a_live_page_changes_what_has_changed_and_nothing_else(look, shown_world) -> None:
    with look("/scraping?days=7") as page:
        page.evaluate("document.querySelector('#errors h2').mark = 'kept'")
        page.evaluate("document.querySelector('#new-and-known canvas').mark = 'kept'")
        before = page.locator("#figure-posts data").first.get_attribute("value")
        shown_world.warehouse.save_scraped_post({"platform": "x", "external_id": "20", "title": "live"})
        page.evaluate(
            "htmx.ajax('GET', location.href, {target: '#main', select: '#main', swap: 'outerMorph'})"
        )
        page.wait_for_function(
            "before => document.querySelector('#figure-posts data').value !== before", arg=before
        )
        assert page.evaluate("document.querySelector('#errors h2').mark") == "kept"
        assert page.evaluate("document.querySelector('#new-and-known canvas').mark") == "kept"


def test_the_theme_is_switched_and_stays(look) -> None:
    with look("/scraping", color_scheme="light") as page:
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Light / dark").click()
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.reload()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark != light


def test_the_menu_of_a_phone_shows_that_it_goes_on(look) -> None:
    faded = """() => {
        const side = document.querySelector(".side"), box = side.getBoundingClientRect();
        const last = [...side.querySelectorAll("a, button")].pop().getBoundingClientRect();
        return [side.scrollWidth > side.clientWidth, last.right <= box.right,
                getComputedStyle(side, "::after").backgroundImage.includes("gradient")];
    }"""
    with look("/", viewport=PHONE) as page:
        assert page.evaluate(faded) == [True, False, True]
        page.screenshot(path=SCREENS / "menu-phone.png", clip=TOP)
        page.evaluate("document.querySelector('.side').scrollLeft = 10_000")
        assert page.evaluate(faded)[1]
        page.screenshot(path=SCREENS / "menu-phone-end.png", clip=TOP)
    with look("/") as page:
        assert page.evaluate(faded) == [False, True, False]


def test_everything_can_be_reached_by_keyboard(look) -> None:
    with look("/scraping") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.closest('section, form, .figure')?.id"))
        assert {"posts-by-day", "errors", "rejections", "figure-cost"} <= reached


def test_a_page_prints_as_a_report(look) -> None:
    with look("/") as page:
        page.emulate_media(media="print")
        assert page.locator(".side").is_hidden() and page.locator(".filters").is_hidden()
        assert page.locator(".answer").first.is_visible()
        printed = page.pdf(format="A4")
        assert printed[:5] == b"%PDF-" and len(printed) > 20_000


@pytest.fixture(scope="module")
def hostile(browser, admin, server_url, template):
    """A server over a database in which everything is hostile."""
    with new_database(admin, template) as name:
        url = with_database(server_url, name)
        with DataWarehouse.open(url) as warehouse:
            for number, text in enumerate(HOSTILE):
                post = {
                    "platform": "youtube", "external_id": f"hostile{number:05d}", "title": text,
                    "author": text[:200],
                    "description": text, "hashtags": [text[:100]], "views": 9_000, "likes": 10 + number,
                    "url": "javascript:alert(1)", "thumbnail_url": "https://127.0.0.1:1/x.png",
                }  # fmt: skip
                source = warehouse.save_scraped_post(post)
                warehouse.link_trend_to_sources(warehouse.create_trend({"title": text[:500]}), [source])
            warehouse.refresh_popular_content()
            with served(url) as server:
                paths = ["/", "/content?days=all", "/hashtags", "/quality", f"/posts/{source}", "/trends/1"]
                yield looking(browser, server, warehouse), paths


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_hostile_content_is_shown_harmlessly(hostile, size) -> None:
    look, paths = hostile
    for path in paths:
        with look(path, viewport=size) as page:
            page.wait_for_load_state("networkidle")
            assert page.evaluate(WIDER) <= 0, path
            assert page.locator("main img, main iframe, main script").count() == 0
            assert not page.evaluate("window.hacked")


def test_what_is_no_page_of_ours_changes_nothing(look) -> None:
    with look("/scraping") as page:
        strange = "<html><body><h1>Who are you?</h1></body></html>"
        page.route("**/scraping", lambda route: route.fulfill(body=strange, content_type="text/html"))
        ask = "htmx.ajax('GET', location.href, {target: '#main', select: '#main', swap: 'outerMorph'})"
        page.evaluate(f"{ask}.catch(() => 0)")
        page.wait_for_timeout(300)
        assert page.locator("#errors tbody tr").count() > 0

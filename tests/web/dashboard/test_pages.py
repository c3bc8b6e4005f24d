"""Every page, as a reader without scripts gets it: nothing empty, nothing dead, nothing from elsewhere."""

from __future__ import annotations

import csv
import gzip
import io
import re
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from viralforge.web.dashboard.pages import PAGES

TILES = [(page.name, tile.name) for page in PAGES for tile in page.tiles]
MAY_BE_EMPTY = {("system", "slow")}
"""Empty is good news there."""
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_tile_and_no_figure_of_the_world_is_empty(read, page) -> None:
    found = read(page.path)
    assert len(found.css(".figure")) == len(page.figures)
    assert [each.text() for each in found.css(".figure .number") if each.text().strip() == "–"] == []
    for tile in page.tiles:
        shown = found.css_first(f"#{tile.name}")
        assert shown is not None, tile.name
        if (page.name, tile.name) not in MAY_BE_EMPTY:
            assert shown.css_first(".empty") is None, tile.name
            assert shown.css_first("table tbody tr"), tile.name


def test_the_first_page_answers_the_seven_questions(read, world) -> None:
    found = read("/")
    told = [each.text() for each in found.css(".answer .sentence")]
    assert told == [answer.sentence for answer in world.warehouse.answers.all()]
    assert all(each.css_first(".more a") and each.css_first(".bars li") for each in found.css(".answer"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_loads_nothing_but_what_comes_with_the_server(world, page) -> None:
    answer = world.client.get(page.path)
    assert answer.headers["content-security-policy"].startswith(POLICY)
    assert answer.headers["x-frame-options"] == "DENY"
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", answer.text)
    loaded = re.findall(r"<(?:script|link|img)[^>]*?(?:src|href)=\"([^\"]+)\"", answer.text)
    assert loaded
    for address in loaded:
        assert address.startswith(("/static/", "data:,")), address
        if address.startswith("/static/"):
            given = world.client.get(address)
            assert (given.status_code, "immutable" in given.headers["cache-control"]) == (200, True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_small_on_the_wire(world, page) -> None:
    text = world.client.get(page.path).text
    parts = [
        world.client.get(path).content
        for path in re.findall(r'"(/static/[^"]+)"', text)
        if "uPlot" not in path
    ]
    assert sum(len(gzip.compress(part)) for part in [text.encode(), *parts]) < 150_000


def test_every_link_leads_somewhere_and_keeps_range_and_platform(read, world) -> None:
    asked, waiting, pages = set(), ["/?days=90&platform=youtube"], 0
    while waiting and pages < 150:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|\d+|(?<=hashtags/)[^?]+|cursor=[^&]*", "*", path)
        if kind in asked:
            continue
        asked.add(kind)
        pages += 1
        answer = world.client.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in re.findall(r'<a[^>]*? href="([^"]+)"', answer.text):
            link = link.replace("&amp;", "&")
            if link.startswith("/") and not link.startswith("/sql"):
                waiting.append(link.split("#")[0] or path)
    assert pages > 60
    links = [each.attributes["href"] for each in read("/?days=90&platform=youtube").css(".side nav a")]
    assert {urlsplit(link).query for link in links} == {"days=90&platform=youtube"}


@pytest.mark.parametrize(("page", "name"), TILES)
def test_a_tile_can_be_had_as_csv_and_json(read, world, page, name) -> None:
    read(f"/{page}" if page != "today" else "/")
    rows = world.client.get(f"/export/{page}/{name}.json?days=90").json()["rows"]
    answer = world.client.get(f"/export/{page}/{name}.csv?days=90")
    assert answer.headers["content-disposition"] == f'attachment; filename="{page}-{name}.csv"'
    written = list(csv.DictReader(io.StringIO(answer.text)))
    if (page, name) not in MAY_BE_EMPTY | {("system", "facts")}:
        assert len(written) == len(rows) > 0
        assert list(written[0]) == list(rows[0])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/posts/00000000-0000-0000-0000-000000000000", 404), ("/trends/999999", 404), ("/runs/999999", 404),
        ("/tiles/today/none", 404), ("/export/scraping/none.csv", 404), ("/export/scraping/errors.xml", 404),
        ("/sql/none", 422), ("/sql/../../../etc/passwd", 404), ("/sql/..%2F..%2Fsettings.x", 422),
        ("/static/nothing.js", 404), ("/static/../app.py", 404), ("/hashtags/%23", 422),
        ("/content?cursor=none", 200), ("/content?from=never", 200), ("/?days=-5&platform=myspace", 200),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_on_a_page(world, path, status) -> None:
    answer = world.client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_the_query_behind_a_number_can_be_read(read, world) -> None:
    for page in PAGES:
        for tile in page.tiles:
            shown = read(page.path).css_first(f"#{tile.name} .links a")
            text = world.client.get(shown.attributes["href"]).text
            assert "SELECT" in text, tile.name


def test_a_day_that_is_none_is_told_and_an_unknown_address_is_a_page(world) -> None:
    text = world.client.get("/content?from=31.01.2026").text
    assert "is no day; write 2026-01-31" in text
    for path in ("/nosuch", "/posts/nope"):
        answer = world.client.get(path, headers={"Accept": "text/html,*/*"})
        assert (answer.status_code, "To the first page" in answer.text) == (404, True)
        assert world.client.get(path).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("platform=myspace", "platform: 'myspace' is none; it is youtube, twitter,"),
        ("days=-5", "days: '-5' is none; it is 1, 7, 30, 90, 365 or all."),
        ("times=5&app=%3Cb%3E", "times: '5' is none; it is 2, 3, 10 or 100."),
        ("times=5&app=%3Cb%3E", "app: '<b>' is none; it is web, ios or android."),
        ("hours=a%E2%80%AE", "hours: 'a\\u202e' is none; it is 6, 24, 72 or 168."),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_told_with_what_may_be(world, query, said) -> None:
    for path in ("/users", "/hashtags/ai", "/sql/scraping.by_day"):
        answer = world.client.get(f"{path}?{query}")
        assert answer.status_code == 200
        assert said in " ".join(LexborHTMLParser(answer.text).css_first(".notice").text().split())
    refused = world.client.get(f"/export/scraping/errors.csv?{query}")
    assert (refused.status_code, "is none; it is" in refused.text) == (422, True)
    assert world.client.get(f"/export/posts.csv?{query}").status_code == 422


@pytest.mark.parametrize("query", ["", "days=&platform=&times=", "platform=X&days=7", "platform=%20tiktok"])
def test_a_value_that_may_be_is_not_told(world, query) -> None:
    assert 'class="notice"' not in world.client.get(f"/users?{query}").text


def test_a_sort_that_cannot_be_is_told_with_what_may_be(world) -> None:
    answer = world.client.get("/content?sort=nonsense")
    told = LexborHTMLParser(answer.text).css_first("#found .empty").text()
    assert answer.status_code == 200
    assert told.startswith("Sorted by: 'nonsense' is none; it is one of rate, views,")
    assert world.client.get("/export/posts.csv?sort=nonsense").status_code == 422


def test_what_the_platform_does_not_narrow_says_so(read) -> None:
    found = read("/users?platform=youtube")
    assert all("every platform" in each.text() for each in found.css(".figure .label"))
    assert not read("/users").css_first(".figure .label").text().count("every platform")

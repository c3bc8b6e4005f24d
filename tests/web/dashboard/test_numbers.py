"""The numbers on the pages equal those of the library, which are those of the command line and of SQL."""

from __future__ import annotations

from decimal import Decimal

import pytest

from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.pages import BY_NAME, PAGES

NUMBERS = {"whole", "short", "percent", "usd", "size", "times", "ms", "change", "score", "per_hour", "lost"}
TILES = [
    (page.name, tile.name) for page in PAGES for tile in page.tiles
    if tile.columns and page.name != "system"
]  # fmt: skip


def exact(node) -> Decimal | None:
    found = node.css_first("data")
    return None if found is None else Decimal(found.attributes["value"])


@pytest.mark.parametrize("platform", [None, "tiktok"])
@pytest.mark.parametrize(("page", "name"), TILES)
def test_a_table_shows_the_rows_of_its_question(read, world, page, name, platform) -> None:
    tile = BY_NAME[page].tile(name)
    query = f"?days=90&platform={platform}" if platform else "?days=90"
    shown = read(f"/{page}{query}").css_first(f"#{name}")
    wanted = tile.question.given(Asked(range="90", platform=platform))
    subject = getattr(world.warehouse, tile.question.subject)
    rows = [
        row for row in getattr(subject, tile.question.method)(**wanted) if not tile.keep or tile.keep(row)
    ]
    rows = rows[: tile.rows_shown]
    found = shown.css("tbody tr")
    assert len(found) == len(rows)
    for node, row in zip(found, rows, strict=True):
        for cell, column in zip(node.css("td"), tile.columns, strict=True):
            value = getattr(row, column.field)
            if column.kind == "lost" and value is not None:
                value = 1 - value
            if column.kind in NUMBERS:
                told = exact(cell)
                assert (told is None) == (value is None)
                assert told is None or abs(told - Decimal(str(value))) < Decimal("1e-9"), column.field


def test_a_plot_is_of_the_rows_of_its_question(read, world) -> None:
    shown = read("/scraping?days=7").css_first("#posts-by-day .numbers")
    names = [head.attributes["data-name"] for head in shown.css("thead th")][1:]
    plotted = {
        (row.css_first("time").attributes["datetime"], name): exact(cell)
        for row in shown.css_first("tbody").css("tr")
        for name, cell in zip(names, row.css("td")[1:], strict=True)
    }
    wanted = {
        (row.date.isoformat(), row.platform): row.posts_scraped
        for row in world.warehouse.scraping.daily(days=7)
    }
    assert len({day for day, _ in plotted}) == 7
    assert {key: value for key, value in plotted.items() if value} == wanted


@pytest.mark.parametrize(
    ("page", "figure", "query"),
    [
        ("scraping", "posts", "SELECT sum(posts_scraped) FROM v_daily_scraping_stats WHERE date > {day}"),
        ("scraping", "requests", "SELECT sum(requests) FROM scrape_jobs WHERE {when}started_at"),
        ("scraping", "error-rate",
        "SELECT sum(errors) / sum(requests) FROM scrape_jobs WHERE {when}started_at"),
        ("scraping", "cost", "SELECT sum(cost_usd) FROM scrape_jobs WHERE {when}started_at"),
        ("agents", "runs", "SELECT count(*) FROM crew_executions WHERE {when}start_time"),
        ("agents", "tokens", "SELECT sum(tokens_used) FROM crew_executions WHERE {when}start_time"),
        ("agents", "cost", "SELECT sum(cost_usd) FROM crew_executions WHERE {when}start_time"),
        ("quality", "trends", "SELECT count(*) FROM trends WHERE {when}created_at"),
        ("users", "events", "SELECT count(*) FROM app_events WHERE {when}created_at"),
    ],
)  # fmt: skip
def test_a_figure_is_what_sql_says_and_so_is_its_change(read, world, page, figure, query) -> None:
    def told(first: int, last: int) -> Decimal:
        start = f"date_trunc('day', now(), 'UTC') - interval '{first - 1} days'"
        end = f"date_trunc('day', now(), 'UTC') - interval '{last - 1} days'"
        asked = query.replace("{when}", f"{end} > {{0}} AND {start} <= ")
        column = query.rpartition(" ")[2].removeprefix("{when}")
        asked = asked.replace("{0}", column)
        today = "(now() AT TIME ZONE 'UTC')::date"
        day = f"{today} - {first} AND date <= {today} - {last}"
        return Decimal(world.warehouse.sql(asked.replace("{day}", day))[0][0])

    shown = read(f"/{page}?days=7").css_first(f"#figure-{figure}")
    now, before = told(7, 0), told(14, 7)
    assert abs(exact(shown.css_first(".number")) - now) < Decimal("1e-9")
    change = exact(shown.css_first(".change"))
    assert abs(change - (now / before - 1)) < Decimal("1e-9")


def test_a_heat_map_is_of_the_rows_of_its_question(read, world) -> None:
    cells = read("/content").css_first("#posting-times").css("tbody tr")
    rows = {(row.weekday, row.hour): row.avg_engagement_rate for row in world.warehouse.posts.posting_times()}
    shown = {
        (weekday, hour): cell.css_first("data").attributes["value"]
        for weekday, line in enumerate(cells, 1) for hour, cell in enumerate(line.css("td"))
    }  # fmt: skip
    assert len(shown) == 168
    for key, value in shown.items():
        assert (Decimal(value) if value else None) == rows.get(key)


def test_who_looks_may_choose_how_much_and_where(read, world) -> None:
    gained = world.warehouse.posts.gained(3, hours=72, limit=10)
    shown = read("/content?times=3&hours=72").css_first("#took-off")
    assert [exact(row) for row in shown.css("tbody tr")] == [row.times for row in gained]
    chosen = {each.text() for each in shown.css("[aria-current]")}
    assert chosen == {"3×", "3 days"}
    ios = world.warehouse.funnel.conversion(days=30, platform="ios")
    shown = read("/users?app=ios&times=3").css_first("#funnel")
    assert [exact(row) for row in shown.css("tbody tr")] == [row.users for row in ios]
    assert {"/users?times=3#funnel", "/users?times=3&app=web#funnel"} <= {
        each.attributes["href"] for each in shown.css(".choice a")
    }

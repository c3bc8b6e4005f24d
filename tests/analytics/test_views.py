"""Pages of the views: any sort, NULLs and ties included, row after row as one sorted list has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import new_database, with_database
from viralforge.analytics.views import VIEWS
from viralforge.errors import InvalidInput
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def filled(server_url, admin, template) -> Iterator[DataWarehouse]:
    """Posts with many ties and gaps."""
    with new_database(admin, template) as name, DataWarehouse.open(with_database(server_url, name)) as found:
        found.bulk_save_scraped_posts(
            {
                "platform": ("youtube", "tiktok", "twitter")[number // 2 % 3],
                "external_id": str(10**10 + number),
                "title": (None, "a", "b")[number % 3 and number % 2 + 1],
                "views": (None, 2_000, 4_000)[number % 3 if number % 5 else 1],
                "likes": (None, 10, 20, 20)[number % 4],
                "comments": number % 3,
                "hashtags": ["ai", "soup", f"tag{number % 9}"][: number % 4],
                "published_at": None if number % 4 == 0 else NOW - timedelta(days=number % 6),
                "observed_at": NOW - timedelta(hours=number % 7 * 11),
            }
            for number in range(150)
        )
        for number in range(40):
            for stage in ("trend_discovery", "trend_action")[: 1 + number % 2]:
                found.track_event({
                    "user_id": f"u{number}", "session_id": f"s{number}", "event_name": stage,
                    "event_type": "click",
                })  # fmt: skip
        found.refresh_popular_content()
        yield found


def pages(warehouse: DataWarehouse, view: str, limit: int, **more: Any) -> list[Any]:
    """All rows, page by page."""
    rows, cursor = [], None
    while True:
        page = warehouse.views.page(view, limit=limit, cursor=cursor, **more)
        assert len(page.rows) == limit or page.next is None
        rows += page.rows
        cursor = page.next
        if cursor is None:
            return rows


def in_order(rows: list[Any], order: list[str]) -> list[Any]:
    """The rows sorted by Python, NULLs last."""
    rows = list(rows)
    for part in reversed(order):
        name, down = part.lstrip("-"), part.startswith("-")
        known = [row for row in rows if getattr(row, name) is not None]
        known.sort(key=lambda row, name=name: getattr(row, name), reverse=down)
        rows = known + [row for row in rows if getattr(row, name) is None]
    return rows


@pytest.mark.parametrize("view", VIEWS)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_in_any_sort_are_the_sorted_rows_cut(filled, view, data):
    columns = [name for name, kind in VIEWS[view].kinds().items() if kind != list[str]]
    names = data.draw(st.lists(st.sampled_from(columns), max_size=3, unique=True))
    wanted = [data.draw(st.sampled_from(["", "-"])) + name for name in names]
    limit = data.draw(st.integers(1, 60))
    rows = pages(filled, view, limit, sort=",".join(wanted) or None)
    rest = [part for part in VIEWS[view].order if part.lstrip("-") not in names]
    everything = filled.views.page(view, limit=1000).rows
    assert len(everything) > 5
    assert rows == in_order(everything, [*wanted, *rest])


@pytest.mark.parametrize("view", VIEWS)
def test_the_columns_of_a_view_are_those_of_its_rows(filled, view):
    columns = filled.sql(f"SELECT * FROM {view} LIMIT 0").columns
    assert columns == VIEWS[view].row._fields + (("search",) if VIEWS[view].has_words else ())


def test_rows_are_narrowed_by_what_columns_hold(filled):
    everything = filled.views.page("v_top_posts_by_platform", limit=1000).rows
    cases: list[tuple[dict[str, Any], Any]] = [
        ({"platform": "tiktok"}, lambda row: row.platform == "tiktok"),
        ({"views.gte": 4000, "likes.lt": "20"}, lambda row: row.views >= 4000 and (row.likes or 99) < 20),
        ({"engagement_rate.gt": "0.005"}, lambda row: row.engagement_rate > Decimal("0.005")),
        ({"hashtags": "#Soup"}, lambda row: "soup" in (row.hashtags or [])),
        (
            {"published_at.lte": NOW - timedelta(days=2)},
            lambda row: row.published_at and row.published_at <= NOW - timedelta(days=2),
        ),
        ({"id": str(everything[3].id)}, lambda row: row.id == everything[3].id),
    ]
    for where, holds in cases:
        found = filled.views.page("v_top_posts_by_platform", where, limit=1000).rows
        assert list(found) == [row for row in everything if holds(row)], where
        assert 0 < len(found) < len(everything), where


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"where": {"price": 3}}, "price: no such filter; there are id, "),
        ({"where": {"views.gte": "many"}}, "views.gte: 'many' is no whole number"),
        ({"where": {"views": "9" * 30}}, "is no whole number"),
        ({"where": {"engagement_rate.lt": "NaN"}}, "is no number"),
        ({"where": {"scraped_at.gt": "soon"}}, "is no time"),
        ({"sort": "hashtags"}, "sort: 'hashtags' is no column to sort by"),
        ({"sort": "views; DROP TABLE users"}, "is no column to sort by"),
        ({"limit": 0}, "limit: 0 is not from 1 to 1,000"),
        ({"cursor": "nothing!"}, "cursor: it is none"),
        ({"cursor": "WzFd"}, "cursor: it is none"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(filled, more, said):
    with pytest.raises(InvalidInput, match=said.replace(",", ",")) as caught:
        filled.views.page("v_top_posts_by_platform", **more)
    assert caught.value.places


def test_a_cursor_of_another_sort_is_refused(filled):
    cursor = filled.views.page("v_top_posts_by_platform", limit=2).next
    for other in ({"sort": "views"}, {"where": {"views.gte": 1}}):
        with pytest.raises(InvalidInput, match="another view, filter or sort"):
            filled.views.page("v_top_posts_by_platform", cursor=cursor, **other)


@pytest.mark.parametrize("view", VIEWS)
def test_rows_are_counted_up_to_a_bound(filled: DataWarehouse, view: str) -> None:
    wheres = ({}, {"platform": "tiktok"}, {"views.gte": 3_000}, {"hashtags": "#Soup"}, {"words": "b"})
    for where in wheres:
        if not {name.partition(".")[0] for name in where} <= filled.views.all()[view].filters().keys():
            continue
        many = len(pages(filled, view, 1_000, where=where))
        assert filled.views.count(view, where) == many
        for most in (1, 7, 1_000):
            assert filled.views.count(view, where, most=most) == min(many, most + 1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"view": "v_none"}, "view: 'v_none' is none"), ({"where": {"soup": 1}}, "soup: no such filter"),
        ({"where": {"views": "many"}}, "views: 'many' is no whole number"), ({"most": 0}, "most: 0 is not"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_told(filled: DataWarehouse, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        filled.views.count(**{"view": "v_posts"} | asked)

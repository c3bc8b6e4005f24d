"""Every reader's rows have the columns of its query, on an empty warehouse too, and become tables."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.analytics.rows import HOUR, NOW, Reading, Rows
from viralforge.db import rows as results
from viralforge.db.queries import Queries

SUBJECTS = (
    "posts", "hashtags", "trends", "scraping", "funnel", "crews", "runs", "impact", "usage",
)  # fmt: skip


def test_every_query_has_a_reader_that_yields_its_columns_from_an_empty_warehouse(
    rows: Rows, ask: SimpleNamespace
):
    trend = rows.trend()
    needed = {
        ("posts", "get"): [uuid4()], ("posts", "history"): [uuid4()], ("posts", "latest_readings"): [uuid4()],
        ("trends", "get"): [trend], ("trends", "sources"): [trend],
        ("hashtags", "history"): ["ai"], ("hashtags", "together"): ["ai"],
        ("runs", "get"): [1], ("runs", "calls"): [1],
        ("impact", "events"): [trend], ("impact", "sources"): [trend], ("impact", "revealed"): [uuid4()],
    }  # fmt: skip
    for subject in SUBJECTS:
        for name in Queries(f"analytics/{subject}").keys() - {"titled"}:
            found = getattr(getattr(ask, subject), name)(*needed.get((subject, name), []))
            if isinstance(found, results.Rows):
                assert found.to_arrow().column_names == list(found.columns)


@pytest.fixture
def found(rows: Rows, ask: SimpleNamespace) -> results.Rows:
    rows.post("youtube", Reading(NOW - 30 * HOUR, 10, 1), Reading(NOW, 300, 3), title="Soup", hashtags=["ai"])
    rows.post("reddit", Reading(NOW, None, 5))
    return ask.posts.top_by_reach()


def test_rows_become_an_arrow_table(found: results.Rows):
    table = found.to_arrow()
    assert table.column_names == list(found.columns)
    assert table.column("reach").to_pylist() == [300, 5]
    assert table.column("engagement_rate").to_pylist() == [Decimal("0.010000"), None]
    assert table.column("id").to_pylist() == [str(row.id) for row in found]
    assert table.column("hashtags").to_pylist() == [["ai"], None]
    assert table.column("scraped_at").to_pylist() == [NOW - 30 * HOUR, NOW]


def test_rows_become_a_pandas_frame(found: results.Rows):
    frame = found.to_pandas()
    assert list(frame.columns) == list(found.columns)
    assert frame["reach"].tolist() == [300, 5]


def test_rows_become_a_polars_frame(found: results.Rows):
    frame = found.to_polars()
    assert frame.columns == list(found.columns)
    assert frame["title"].to_list() == ["Soup", None]


def test_a_column_of_json_is_its_text_in_a_table_whatever_it_holds():
    mixed = results.Rows(
        ("kinds", "documents", "listed", "tags"),
        [(1, {"a": 1}, [{"a": Decimal("1")}], ["x"]), ("1", {"a": "x"}, [1], None), (None, None, None, [])],
    )
    table = mixed.to_arrow()
    assert table.column("kinds").to_pylist() == ["1", '"1"', None]
    assert table.column("documents").to_pylist() == ['{"a":1}', '{"a":"x"}', None]
    assert table.column("listed").to_pylist() == ['[{"a":"1"}]', "[1]", None]
    assert table.column("tags").to_pylist() == [["x"], None, []]
    assert mixed.to_polars()["documents"].to_list() == ['{"a":1}', '{"a":"x"}', None]


def test_rows_become_dicts(found: results.Rows):
    assert found.to_dicts()[0]["title"] == "Soup"
    assert list(found.to_dicts()[1]) == list(found.columns)

"""How posts stand to the platforms' terms, and bringing them in line, on the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import Run, in_terminal
from viralforge.warehouse import DataWarehouse

OLD = datetime.now(UTC) - timedelta(days=40)
VIDEO = {"platform": "youtube", "external_id": "dQw4w9WgXcQ", "fetched_via": "official_api", "views": 5}


@pytest.fixture
def warehouse(empty_world: str):
    """A warehouse with one video that was not read again in time."""
    with DataWarehouse.open(empty_world) as opened:
        opened.save_scraped_post(VIDEO | {"observed_at": OLD, "title": "Soup"})
        yield opened


def test_the_report_shows_rules_and_what_is_overdue(run: Run, warehouse: DataWarehouse) -> None:
    rows = run("terms", "--json").document
    [found] = [row for row in rows if row["platform"] == "youtube"]
    assert (found["statistics_days"], found["posts"], found["overdue"]) == (30, 1, 1)
    shown = run("terms")
    assert "official_api" in shown.out
    assert "viralforge terms --enforce" in shown.err


def test_a_plan_removes_nothing_and_an_enforcement_does(run: Run, warehouse: DataWarehouse) -> None:
    assert "numbers to go" in run("terms", "--enforce", "--plan").out
    assert warehouse.posts.find("youtube", "dQw4w9WgXcQ").views == 5
    rows = run("terms", "--enforce", "--yes", "--json").document
    assert [row for row in rows if row["numbers"]] == [
        {"platform": "youtube", "fetched_via": "official_api", "numbers": 1, "content": 1}
    ]
    assert warehouse.posts.find("youtube", "dQw4w9WgXcQ").views is None
    assert "numbers removed" in run("terms", "--enforce", "--yes").out


def test_a_person_is_asked_first_and_where_there_is_none_nothing_goes(
    run: Run, warehouse: DataWarehouse
) -> None:
    refused = run("terms", "--enforce")
    assert (refused.code, "say --yes" in refused.err) == (1, True)
    assert "say both" in run("terms", "--plan").err
    assert in_terminal("terms", "--enforce", typed="n\n").code == 1
    assert warehouse.posts.find("youtube", "dQw4w9WgXcQ").views == 5
    assert in_terminal("terms", "--enforce", typed="y\n").code == 0
    assert warehouse.posts.find("youtube", "dQw4w9WgXcQ").views is None

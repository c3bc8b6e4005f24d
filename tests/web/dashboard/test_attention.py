"""What needs attention is told on the first page, the urgent first; and nothing where all is well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from viralforge.model.quota import Limit
from viralforge.settings import Settings
from viralforge.web.dashboard import today

NOW = datetime.now(UTC)


@pytest.fixture
def told(warehouse):
    """What is told, by its level."""
    settings = Settings(crew_budgets={"discovery": 5, "other": 5})
    return lambda: [(each.level, each.text) for each in today.attention(warehouse, settings)]


def test_nothing_is_told_where_all_is_well(told, server) -> None:
    assert told() == []
    with server.client() as client:
        page = LexborHTMLParser(client.get("/").text)
    assert page.css_first(".calm") and not page.css_first(".attention")


def test_a_spent_budget_a_stale_run_and_an_unknown_price(told, warehouse) -> None:
    run = {"crew_type": "discovery", "start_time": NOW - timedelta(seconds=1)}
    warehouse.log_crew_execution(run | {"status": "completed", "cost_usd": 5.5})
    number = warehouse.log_crew_execution(run | {"status": "stale"})
    call = {"crew_execution_id": number, "kind": "llm", "name": "m", "model": "house-7b", "tokens_in": 5}
    warehouse.log_crew_calls([call | {"started_at": NOW}])
    found = told()
    assert found[0] == ("high", "discovery has spent $5.50 of $5.00 a day")
    assert found[1:] == [
        ("low", "A run of the last 7 days ended without a word"),
        ("low", "No price is known of house-7b: viralforge prices model"),
    ]


def test_a_quota_that_is_nearly_used(told, warehouse) -> None:
    limit = Limit("units", 100, 86_400)
    warehouse.quotas.take("youtube", [(limit, 89)])
    assert told() == []
    warehouse.quotas.take("youtube", [(limit, 1)])
    assert told() == [("low", "YouTube, units: 90 of 100 used")]


def test_a_source_that_brings_less(told, warehouse) -> None:
    for days, found in [(days, 50) for days in range(2, 13)] + [(0.1, 1)]:
        warehouse.log_scrape_job({
            "platform": "x", "operation": "search", "requests": 5, "found": found,
            "started_at": NOW - timedelta(days=days),
        })  # fmt: skip
    assert told() == [("high", "Has X changed? search, posts a request: 0.20 today, 10.00 before")]


def test_a_backlog_of_deltas(told, monkeypatch) -> None:
    monkeypatch.setattr(today, "_MANY_DELTAS", -1)
    assert told() == [("high", "0 deltas wait to be folded: is viralforge worker running?")]


def test_a_job_that_failed_and_one_that_is_overdue(told, warehouse) -> None:
    tell, now = warehouse.scrapes.tell_job_run, datetime.now(UTC)
    tell("fold rollups", timedelta(minutes=1), now, None)
    tell("make months", timedelta(hours=6), now - timedelta(hours=17), None)
    assert told() == []
    tell("fold rollups", timedelta(minutes=1), now + timedelta(seconds=1), "no space is left")
    tell("sweep runs", timedelta(minutes=1), now - timedelta(minutes=4), None)
    assert told() == [
        ("high", "fold rollups failed: no space is left"),
        ("high", "sweep runs is overdue: viralforge worker does it"),
    ]
    warehouse.sql("UPDATE job_runs SET started_at = started_at - interval '8 days'")
    tell("fold rollups", timedelta(minutes=1), now, None)
    assert warehouse.sql("SELECT count(*) FROM job_runs WHERE name = 'fold rollups'")[0][0] == 1

"""A budget ends what pays, wherever it pays, before the next call; and never a moment later."""

from __future__ import annotations

import pytest

from tests.agents.conftest import PRICED, USAGE, own
from viralforge.errors import BudgetSpent, InvalidInput


@pytest.mark.parametrize(("budget", "allowed"), [({"budget_usd": 0.0036}, 2), ({"budget_tokens": 3_000}, 3)])
def test_a_budget_ends_a_run_before_the_next_call(priced, figures, budget, allowed) -> None:
    made = 0
    with pytest.raises(BudgetSpent, match="the budget of"), priced.crew_run("tight", **budget) as run:
        while True:
            run.check_budget()
            run.llm_call("house", USAGE)
            made += 1
    assert made == allowed
    [found] = figures("status", "error_message", "llm_calls")
    assert (found["status"], found["llm_calls"]) == ("failed", allowed)
    assert found["error_message"].startswith("the budget of")


def test_a_budget_holds_for_the_runs_inside(priced, figures) -> None:
    with pytest.raises(BudgetSpent), priced.crew_run("outer", budget_tokens=2_000):
        for _ in range(5):
            with priced.crew_run("inner") as inner:
                inner.check_budget()
                inner.llm_call("house", USAGE)
    found = figures("crew_type", "status", "llm_calls")
    assert [(row["crew_type"], row["status"]) for row in found] == [
        ("outer", "failed"), ("inner", "completed"), ("inner", "completed"), ("inner", "failed"),
    ]  # fmt: skip


def test_who_tells_of_calls_without_asking_before_is_stopped_too(priced, figures) -> None:
    made = 0
    with pytest.raises(BudgetSpent), priced.crew_run("tight", budget_usd=0.0036) as run:
        for _ in range(10):
            run.llm_call("house", USAGE)
            made += 1
    assert made == 2
    [found] = figures("status", "llm_calls")
    assert (found["status"], found["llm_calls"]) == ("failed", 3)  # the third was made, and is accounted


@pytest.mark.parametrize("way", ["scraped", "cached"])
def test_nobody_collects_beyond_a_budget(warehouse, figures, way) -> None:
    asked: list[int] = []

    @warehouse.scraped(platform="x", cost_usd=0.01)
    def newest(number: int) -> list:
        asked.append(number)
        return []

    def ask(number: int) -> None:
        if way == "scraped":
            newest(number)
        else:
            warehouse.cached("x", "s", number, ttl=60, cost=0.01, fetch=lambda: asked.append(number))

    with pytest.raises(BudgetSpent), warehouse.crew_run("tight", budget_usd=0.015):
        for number in range(6):
            ask(number)
    assert asked == [0, 1]
    assert [(row["status"], float(row["cost_usd"])) for row in figures("status", "cost_usd")] == [
        ("failed", 0.02)
    ]
    if way == "cached":  # what is kept costs nothing
        with warehouse.crew_run("tight", budget_usd=0.0):
            assert warehouse.cached("x", "s", 0, ttl=60, cost=0.01, fetch=lambda: 1 / 0) is None


def test_a_budget_that_unknown_prices_escape_is_told(warehouse, caplog) -> None:
    with warehouse.crew_run("tight", budget_usd=0.001) as run:
        run.llm_call("nobody-knows-it", USAGE)
        run.llm_call("nobody-knows-it", USAGE)
    assert caplog.text.count("does not count what has no price") == 1


@pytest.mark.parametrize("budget", [{"budget_usd": -1}, {"budget_tokens": -1}, {"budget_usd": "nan"}])
def test_a_budget_that_is_none_is_refused(warehouse, budget) -> None:
    with pytest.raises(InvalidInput, match="is no budget"):
        warehouse.crew_run("tight", **budget)


def test_the_day_of_a_crew_type_ends_at_once_and_not_a_moment_later(database_url, monkeypatch) -> None:
    from viralforge.warehouse import DataWarehouse

    monkeypatch.setenv("VIRALFORGE_CREW_BUDGETS", '{"discovery": 0.003}')
    with DataWarehouse.open(database_url) as warehouse:
        warehouse.prices.set(own(**PRICED))
        warehouse.accounts.flush()
        made = 0
        with pytest.raises(BudgetSpent), warehouse.crew_run("discovery") as run:
            for _ in range(10):
                run.check_budget()
                run.llm_call("house", USAGE)
                made += 1
        assert made == 2


def test_a_kind_of_crew_may_spend_so_much_a_day(database_url, monkeypatch) -> None:
    from viralforge.warehouse import DataWarehouse

    monkeypatch.setenv("VIRALFORGE_CREW_BUDGETS", '{"discovery": 0.003}')
    with DataWarehouse.open(database_url) as warehouse:
        warehouse.prices.set(own(**PRICED))
        old = {"crewType": "discovery", "startTime": "2026-01-01T00:00Z", "costUsd": 5, "status": "completed"}
        warehouse.log_crew_execution(old)
        for _ in range(2):
            with warehouse.crew_run("discovery") as run:
                run.check_budget()
                run.llm_call("house", USAGE)
        warehouse.accounts.flush()
    with DataWarehouse.open(database_url) as another:
        with another.crew_run("else") as run:
            run.check_budget()
        with (
            pytest.raises(BudgetSpent, match=r"\$0.003 a day for discovery"),
            another.crew_run("discovery") as run,
        ):
            run.check_budget()

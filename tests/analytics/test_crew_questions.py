"""Questions about crews and agents, against plain Python."""

from __future__ import annotations

import statistics
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from tests.analytics.rows import DAY, HOUR, NOW, Reading, Rows

STATUSES = ("completed", "completed", "failed", "stale", "running")


class Run(SimpleNamespace):
    """An execution, the trends it is known to have discovered, and the agents that made calls in it."""


def random_runs(rows: Rows, seed: int) -> list[Run]:
    rng = Random(seed)
    runs = []
    for _ in range(40):
        run = Run(
            crew_type=rng.choice(("discovery", "creation", "publication")), status=rng.choice(STATUSES),
            start_time=NOW - rng.choice((30, rng.random() * 50)) * DAY,
            duration_ms=rng.choice((None, 10, 500)),
            cost_usd=rng.choice((None, Decimal(0), Decimal(rng.randrange(10**9)) / 10**9)),
            trends_discovered=rng.choice((None, 0, 4)),
        )  # fmt: skip
        run.id = rows.execution(**vars(run))
        made = rng.choice((0, 0, 1, 3))
        for _ in range(made):
            rows.trend(crew_execution_id=run.id)
        run.trends = made or run.trends_discovered or 0
        run.calls = defaultdict(list)
        for _ in range(rng.randrange(5)):
            agent, cost = rng.choice(("scout", "writer", None)), rng.choice((None, Decimal("0.01")))
            rows.call(run.id, agent, cost_usd=cost)
            run.calls[agent].append(cost)
        runs.append(run)
    return runs


def ratio(over, under, digits: int):
    return round(Decimal(over) / under, digits) if under else None


def total(values: list):
    known = [value for value in values if value is not None]
    return sum(known) if known else None


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("days", [None, 30])
def test_success_by_crew_type(rows: Rows, ask: SimpleNamespace, seed: int, days: int | None):
    runs = [run for run in random_runs(rows, seed) if days is None or run.start_time > NOW - days * DAY]
    found = ask.crews.success(days=days)
    assert {row.crew_type for row in found} == {run.crew_type for run in runs}
    for row in found:
        own = [run for run in runs if run.crew_type == row.crew_type]
        counts = {status: sum(run.status == status for run in own) for status in STATUSES}
        assert row[1:6] == (len(own), *(counts[each] for each in ("completed", "failed", "stale", "running")))
        finished = len(own) - counts["running"]
        assert row.success_rate == ratio(counts["completed"], finished, 6)
        took = [run.duration_ms for run in own if run.duration_ms is not None]
        assert row.avg_duration_ms == (pytest.approx(Decimal(statistics.mean(took)), abs=1) if took else None)
        check_yield(row, own)
        priced = sum(run.trends for run in own if run.cost_usd is not None)
        assert row.cost_per_trend == (ratio(row.cost_usd, priced, 9) if row.cost_usd is not None else None)
    per_dollar = [row.trends_per_dollar if row.trends_per_dollar is not None else -1 for row in found]
    assert per_dollar == sorted(per_dollar, reverse=True)


def check_yield(row, runs: list[Run]) -> None:
    assert row.runs == len(runs)
    assert row.cost_usd == total([run.cost_usd for run in runs])
    assert row.unpriced_runs == sum(run.cost_usd is None for run in runs)
    assert row.trends == sum(run.trends for run in runs)
    assert row.trends_per_run == ratio(row.trends, len(runs), 6)
    priced = sum(run.trends for run in runs if run.cost_usd is not None)
    assert row.trends_per_dollar == (ratio(priced, row.cost_usd, 6) if row.cost_usd else None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_agent_is_as_effective_as_the_runs_it_took_part_in(rows: Rows, ask: SimpleNamespace, seed: int):
    runs = random_runs(rows, seed)
    found = ask.crews.agents()
    assert {row.agent for row in found} == {"scout", "writer"}
    for row in found:
        own = [run for run in runs if row.agent in run.calls]
        check_yield(row, own)
        costs = [cost for run in own for cost in run.calls[row.agent]]
        assert (row.calls, row.own_cost_usd) == (len(costs), total(costs))
        assert row.median_source_growth is None


def test_the_growth_of_an_agents_sources_is_since_the_trend_was_called(rows: Rows, ask: SimpleNamespace):
    run = rows.execution()
    rows.call(run, "scout")
    rows.call(run, "scout")
    trend = rows.trend(crew_execution_id=run, created_at=NOW - HOUR)
    for reach in (20, 30, 70):
        post = rows.post("youtube", Reading(NOW - 2 * HOUR, 1), Reading(NOW - HOUR, 10), Reading(NOW, reach))
        rows.source(trend, post)
    rows.source(trend, rows.post("youtube", Reading(NOW, 999)))
    rows.source(trend, rows.post("youtube", Reading(NOW - HOUR, 0), Reading(NOW, 999)))
    assert ask.crews.agents()[0].median_source_growth == 3


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns"])
def test_peak_times_are_hours_and_weekdays_of_the_zone(rows: Rows, ask: SimpleNamespace, zone: str):
    runs = random_runs(rows, 4)
    expected = defaultdict(int)
    for run in runs:
        local = run.start_time.astimezone(ZoneInfo(zone))
        expected[local.isoweekday(), local.hour] += 1
    found = ask.crews.peak_times(zone=zone)
    assert [((row.weekday, row.hour), row.runs) for row in found] == sorted(expected.items())


def test_the_latest_executions_come_first(rows: Rows, ask: SimpleNamespace):
    runs = random_runs(rows, 5)
    found = ask.crews.executions(limit=1000)
    by_id = {run.id: run for run in runs}
    assert [row.id for row in found] == [
        run.id for run in sorted(runs, key=lambda run: (run.start_time, run.id), reverse=True)
    ]
    for row in found:
        run = by_id[row.id]
        assert (row.cost_usd, row.status, row.trends or 0) == (run.cost_usd, run.status, run.trends)
    assert ask.crews.executions(limit=3) == found[:3]


def test_what_an_execution_does_not_tell_is_unknown(rows: Rows, ask: SimpleNamespace):
    rows.execution()
    [found] = ask.crews.executions()
    assert (found.trends, found.cost_usd, found.end_time, found.llm_calls) == (None, None, None, None)


def test_tools_are_counted_with_how_often_they_work(rows: Rows, ask: SimpleNamespace):
    run = rows.execution()
    for ok, cached, cost in ((True, False, Decimal("0.1")), (True, True, Decimal(0)), (False, False, None)):
        rows.call(run, kind="tool", name="search", ok=ok, from_cache=cached, cost_usd=cost, duration_ms=10)
    rows.call(run, kind="tool", name="reader")
    rows.call(run, kind="llm", name="search")
    assert ask.crews.tools() == [
        ("search", 3, 1, 1, Decimal("0.666667"), 10, Decimal("0.1"), 1),
        ("reader", 1, 0, 0, 1, None, None, 1),
    ]


def test_models_are_summed_with_their_tokens(rows: Rows, ask: SimpleNamespace):
    run = rows.execution()
    rows.call(run, model="large", tokens_in=5, tokens_out=1, cost_usd=Decimal("0.1"))
    rows.call(run, model="large", tokens_in=7, tokens_cached=0)
    rows.call(run, name="small", model=None)
    assert ask.crews.models() == [
        ("large", 2, 12, 1, 0, None, Decimal("0.1"), 1),
        ("small", 1, None, None, None, None, None, 1),
    ]


def test_a_run_started_exactly_at_the_start_of_the_period_is_before_it(rows: Rows, ask: SimpleNamespace):
    rows.execution(start_time=NOW - DAY)
    assert len(ask.crews.success(days=1)) == 0
    rows.execution(start_time=NOW - DAY + timedelta(microseconds=1))
    assert ask.crews.success(days=1)[0].runs == 1

"""What the pages ask of runs and their calls, against sums that Python makes of the same rows."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest

from tests.analytics.days import DAYS, SEEDS, START, known, moments, summed
from tests.analytics.rows import DAY, NOW, Rows


@pytest.mark.parametrize("seed", SEEDS)
def test_runs_by_day_and_those_that_stand_out(rows: Rows, ask: SimpleNamespace, seed) -> None:
    rng, runs = Random(seed), {}
    for at in moments(rng, 30):
        run = {
            "crew_type": rng.choice("ab"), "start_time": at, "trends_discovered": rng.choice([None, 0, 3]),
            "status": rng.choice(["completed", "failed", "stale", "running"]),
            "duration_ms": rng.choice([None, rng.randrange(10**5)]), "tokens_used": rng.choice([None, 7, 9]),
            "cost_usd": rng.choice([None, Decimal(rng.randrange(10**6)) / 10**6]),
            "posts_scraped": rng.choice([None, 5]),
            "platforms": rng.choice([None, ["youtube"], ["tiktok", "youtube"]]),
        }  # fmt: skip
        number = rows.execution(**run)
        named = rng.randrange(3)
        for _ in range(named):
            rows.trend(crew_execution_id=number, created_at=NOW - 20 * DAY)
        runs[number] = run | {"trends": named or run["trends_discovered"]}
    meant = {number: run for number, run in runs.items() if run["start_time"] >= START}
    by_day = defaultdict(list)
    for run in meant.values():
        by_day[run["start_time"].date(), run["crew_type"]].append(run)
    found = ask.runs.by_day(days=DAYS)
    assert [(row.date, row.crew_type) for row in found] == sorted(by_day)
    for row in found:
        some = by_day[row.date, row.crew_type]
        told = known([run["duration_ms"] for run in some])
        assert (row.runs, row.timed) == (len(some), len(told))
        assert row.completed == sum(run["status"] == "completed" for run in some)
        assert row.stale == sum(run["status"] == "stale" for run in some)
        mean = row.avg_duration_ms
        assert mean is None if not told else abs(float(mean) - sum(told) / len(told)) <= 0.51
        assert row.tokens == summed([run["tokens_used"] for run in some])
        assert row.cost_usd == summed([run["cost_usd"] for run in some])
        assert row.trends == sum(run["trends"] or 0 for run in some)
        assert row.priced_trends == sum(run["trends"] or 0 for run in some if run["cost_usd"] is not None)
        assert row.posts == summed([run["posts_scraped"] for run in some])
    for by, field in (("duration", "duration_ms"), ("cost", "cost_usd")):
        wanted = sorted(
            (number for number, run in meant.items() if run[field] is not None),
            key=lambda number: (meant[number][field], number), reverse=True,
        )  # fmt: skip
        assert [row.id for row in ask.runs.most(by, days=DAYS, limit=7)] == wanted[:7]
    latest = sorted(meant, key=lambda number: (meant[number]["start_time"], number), reverse=True)
    assert [row.id for row in ask.runs.most(days=DAYS)] == latest[:20]
    tiktok = [row.id for row in ask.runs.most(days=DAYS, platform="tiktok", limit=100)]
    assert tiktok == [number for number in latest if "tiktok" in (meant[number]["platforms"] or [])]
    stale = [number for number in latest if meant[number]["status"] == "stale"]
    assert [row.id for row in ask.runs.stale(days=DAYS)] == stale
    assert [ask.runs.get(number).trends for number in runs] == [run["trends"] for run in runs.values()]


@pytest.mark.parametrize("seed", SEEDS)
def test_tokens_by_day_and_calls_of_a_run(rows: Rows, ask: SimpleNamespace, seed) -> None:
    rng, run, calls = Random(seed), rows.execution(), []
    for at in moments(rng, 30):
        call = {
            "kind": rng.choice(["llm", "llm", "tool"]), "model": rng.choice([None, "m", "n"]),
            "started_at": at,
            "tokens_in": rng.choice([None, 10]), "tokens_out": rng.choice([None, 3]),
            "cost_usd": rng.choice([None, Decimal("0.5")]),
        }  # fmt: skip
        rows.call(run, **call)
        calls.append(call)
    wanted: dict = defaultdict(list)
    for call in calls:
        if call["kind"] == "llm" and call["started_at"] >= START:
            wanted[call["started_at"].date(), call["model"] or "m"].append(call)
    found = ask.runs.tokens(days=DAYS)
    assert [(row.date, row.model) for row in found] == sorted(wanted)
    for row in found:
        some = wanted[row.date, row.model]
        tokens = sum((call["tokens_in"] or 0) + (call["tokens_out"] or 0) for call in some)
        assert (row.calls, row.tokens, row.cost_usd) == (
            len(some),
            tokens,
            summed([call["cost_usd"] for call in some]),
        )
    times = [call.started_at for call in ask.runs.calls(run)]
    assert times == sorted(call["started_at"] for call in calls)
    assert len(ask.runs.calls(run, limit=3)) == 3 and list(ask.runs.calls(run + 1)) == []

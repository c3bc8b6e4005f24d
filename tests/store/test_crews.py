"""Runs of crews, the calls in them and their acts of collecting, whole or in part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from viralforge.errors import InvalidInput, UnknownRecord

START = datetime(2025, 10, 3, 8, 0, tzinfo=UTC)
RUN = {"crewType": "discovery", "startTime": START}
READ = b"""
SELECT status, end_time, duration_ms, cost_usd, platforms, niches, trends_discovered, output_data,
       error_message
FROM viralforge.crew_executions WHERE id = %(id)s
"""
CALL = {"kind": "llm", "name": "gpt", "started_at": START}


def stored(database, run: int) -> tuple:
    return database.read(READ, {"id": run})[0]


def test_what_is_not_known_of_a_run_is_none(warehouse, database) -> None:
    assert stored(database, warehouse.log_crew_execution(RUN)) == ("running", *[None] * 8)


def test_an_update_changes_what_is_given_and_nothing_else(warehouse, database) -> None:
    run = warehouse.log_crew_execution(
        RUN
        | {"platforms": ["youtube", "x"], "niches": ["ai"], "costUsd": "0.000000001", "outputData": {"a": 1}}
    )
    warehouse.update_crew_execution(run, {"trendsDiscovered": 0})
    youtube_and_x = ["youtube", "twitter"]
    assert stored(database, run) == (
        "running", None, None, Decimal("0.000000001"), youtube_and_x, ["ai"], 0, {"a": 1}, None
    )  # fmt: skip
    end = START + timedelta(seconds=90)
    warehouse.update_crew_execution(run, {"status": "failed", "endTime": end, "errorMessage": "quota"})
    assert stored(database, run) == (
        "failed", end, 90_000, Decimal("0.000000001"), youtube_and_x, ["ai"], 0, {"a": 1}, "quota"
    )  # fmt: skip
    warehouse.update_crew_execution(run, {})
    assert stored(database, run)[0] == "failed"


def test_a_duration_that_is_given_is_kept(warehouse, database) -> None:
    run = warehouse.log_crew_execution(RUN | {"duration_ms": 5})
    warehouse.update_crew_execution(run, {"end_time": START + timedelta(seconds=90)})
    assert stored(database, run)[2] == 5


@pytest.mark.parametrize("unknown", [99, 2**62])
def test_an_unknown_run_is_told(unknown, warehouse, database) -> None:
    with pytest.raises(UnknownRecord, match=f"no execution with id {unknown}; log it first"):
        warehouse.update_crew_execution(unknown, {"status": "completed"})
    with pytest.raises(UnknownRecord, match=f"{unknown}.*Log the execution before its calls"):
        warehouse.log_crew_calls([CALL | {"crew_execution_id": unknown}])


@pytest.mark.parametrize("wrong", ["1", 0, 2**63])
def test_what_is_no_id_of_a_run_is_told(wrong, warehouse) -> None:
    with pytest.raises(InvalidInput, match="execution_id"):
        warehouse.update_crew_execution(wrong, {"status": "completed"})


def test_calls_are_kept_in_one_piece_with_exact_money(warehouse, database) -> None:
    run = warehouse.log_crew_execution(RUN)
    calls = [CALL | {"crewExecutionId": run, "costUsd": Decimal("0.123456789"), "tokensIn": 10**12}] * 7_000
    assert warehouse.log_crew_calls(iter(calls)) == 7_000
    total = database.read(b"SELECT count(*), sum(cost_usd), min(tokens_out) FROM viralforge.crew_calls")
    assert total == [(7_000, 7_000 * Decimal("0.123456789"), None)]
    with pytest.raises(InvalidInput, match="CrewCall: kind"):
        warehouse.log_crew_calls([calls[0], calls[0] | {"kind": "thought"}])
    assert database.read(b"SELECT count(*) FROM viralforge.crew_calls") == [(7_000,)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"cost_usd": -1}, "cost_usd"), ({"costUsd": "0.0000000001"}, "costUsd"), ({"status": "lost"}, "status"),
     ({"crewType": " "}, "crewType"), ({"llmCalls": 1.5}, "llmCalls"),
     ({"outputData": {"a": 10**5000}}, "outputData"), ({"platforms": ["myspace"]}, "platforms"),
     ({"startTime": "soon"}, "startTime"), ({"x": 1}, "x")],
)  # fmt: skip
def test_a_wrong_run_is_told_with_its_field(wrong, field, warehouse) -> None:
    with pytest.raises(InvalidInput, match=f"CrewExecution: {field}"):
        warehouse.log_crew_execution(RUN | wrong)


def test_output_is_kept_whatever_json_can_say(warehouse, database) -> None:
    run = warehouse.log_crew_execution(
        RUN | {"output_data": {"at": START, "big": 10**30, "t\x00": ["\ud800"]}}
    )
    found = stored(database, run)[7]
    assert found == {"at": found["at"], "big": 10**30, "t": [""]}


def test_a_scrape_job_is_kept_with_its_platforms_own_name(warehouse, database) -> None:
    job = {"platform": "X", "operation": "search", "startedAt": START, "costUsd": "1.5", "requests": 3}
    known = warehouse.log_scrape_job(job)
    query = b"SELECT id, platform, requests, errors, cost_usd, quota_units FROM viralforge.scrape_jobs"
    assert database.read(query) == [(known, "twitter", 3, 0, Decimal("1.5"), None)]
    with pytest.raises(InvalidInput, match="ScrapeJob: platform"):
        warehouse.log_scrape_job(job | {"platform": "myspace"})
    with pytest.raises(InvalidInput, match="ScrapeJob: crewExecutionId"):
        warehouse.log_scrape_job(job | {"crewExecutionId": 2**63})


def test_a_duration_follows_from_the_times_and_is_never_negative(warehouse) -> None:
    start = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    run = {"crew_type": "discovery", "status": "completed", "start_time": start}
    ids = [
        warehouse.log_crew_execution(run | {"end_time": start + timedelta(seconds=length)})
        for length in (45, -5)
    ]
    found = {row.id: row.duration_ms for row in warehouse.crews.executions()}
    assert [found[known] for known in ids] == [45_000, None]

"""Every crew and flow is an execution with exactly its own calls, whatever goes on beside it."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from decimal import Decimal
from typing import Any

import pytest
from crewai.events import crewai_event_bus
from crewai.flow.flow import Flow, listen, start
from crewai.hooks import HookAborted

from tests.integrations.crewai.crews import FakeLLM, Ledger, crew, ledger
from viralforge.errors import ConfigurationError
from viralforge.integrations.crewai import record
from viralforge.integrations.crewai import recording as module
from viralforge.warehouse import DataWarehouse

TOKENS = {"in": "tokens_in", "out": "tokens_out", "cached": "tokens_cached", "reasoning": "tokens_reasoning"}


def assert_exact(row: dict[str, Any], done: dict[str, int], status: str = "completed") -> None:
    """The execution has the figures of the ledger."""
    found = {name: row[column] or 0 for name, column in TOKENS.items()}
    assert (row["status"], row["llm_calls"], row["tool_calls"]) == (status, done["llm"], done["tool"])
    assert found == {name: done[name] for name in TOKENS}
    assert row["tokens_used"] == done["in"] + done["out"]
    assert row["cost_usd"] == Decimal(done["in"] * 1 + done["out"] * 10) / 1_000_000
    assert row["end_time"] >= row["start_time"]


def flow_of(name: str, done: Ledger) -> Flow:
    """A flow of two crews at once, and one after them."""

    class Crews(Flow):
        @start()
        async def first(self) -> None:
            await crew(f"{name} first", done, ["a", "b"]).kickoff_async()

        @start()
        async def second(self) -> None:
            await crew(f"{name} second", done, ["bad"]).akickoff()

        @listen(first)
        def last(self) -> str:
            crew(f"{name} last", done).kickoff()
            return "found"

    Crews.__name__ = name
    return Crews(suppress_flow_events=True)


def test_twenty_crews_and_flows_at_once_are_told_apart_exactly(recorded, executions) -> None:
    done = ledger()
    kinds = [
        *(lambda n=n: crew(f"async {n}", done, ["a"] * n, seconds=0.01).kickoff_async() for n in range(5)),
        *(lambda n=n: crew(f"native {n}", done, ["bad", "b"], seconds=0.01).akickoff() for n in range(4)),
        *(lambda n=n: crew(f"fails {n}", done, ["a", "b"], fails_at=n).kickoff_async() for n in range(3)),
        *(lambda n=n: asyncio.to_thread(crew(f"thread {n}", done, seconds=0.01).kickoff) for n in range(4)),
        *(lambda n=n: flow_of(f"flow {n}", done).kickoff_async() for n in range(4)),
    ]

    async def all_at_once() -> None:
        await asyncio.gather(*(begin() for begin in kinds), return_exceptions=True)

    asyncio.run(all_at_once())
    found = executions()
    assert set(found) == set(done) | {f"flow {n}" for n in range(4)}
    assert len(found) == 20 + 3 * 4
    for name, row in found.items():
        if name in done:
            assert_exact(row, done[name], "failed" if name.startswith("fails") else "completed")
        else:
            assert (row["status"], row["llm_calls"], row["tool_calls"]) == ("completed", 0, 0)
    for n in range(4):
        for part in ("first", "second", "last"):
            assert found[f"flow {n} {part}"]["parent_execution_id"] == found[f"flow {n}"]["id"]
    assert {found[f"fails {n}"]["error_message"] for n in range(3)} == {"RuntimeError: 429"}


def test_a_call_is_told_with_its_agent_its_task_and_its_outcome(recorded, executions) -> None:
    done = ledger()
    crew("mine", done, ["soup", "bad", "bread"]).kickoff()
    row = executions()["mine"]
    assert_exact(row, done["mine"])
    assert row["output_data"] == "done"
    calls = recorded.sql(
        "SELECT kind, name, model, agent, task, crew, ok, error FROM crew_calls ORDER BY started_at"
    )
    assert {(call[3], call[4], call[5]) for call in calls} == {("finder of mine", "find mine", "mine")}
    assert [(call[0], call[1], call[6], call[7]) for call in calls if call[0] == "tool"] == [
        ("tool", "search", True, None), ("tool", "search", False, "quotaExceeded"),
        ("tool", "search", True, None),
    ]  # fmt: skip
    assert {call[2] for call in calls if call[0] == "llm"} == {"fake/gpt-x"}


def test_a_crew_inside_of_a_tool_is_an_execution_of_its_own(recorded, executions) -> None:
    done = ledger()
    crew("outer", done, ["a", "b"], during=lambda query: crew(f"inner {query}", done).kickoff()).kickoff()
    found = executions()
    for name in ("outer", "inner a", "inner b"):
        assert_exact(found[name], done[name])
    assert {found[f"inner {query}"]["parent_execution_id"] for query in "ab"} == {found["outer"]["id"]}


def test_what_a_tool_does_in_threads_is_counted_once(recorded, executions) -> None:
    done = ledger()

    def in_threads(_query: str) -> None:
        model = FakeLLM(model="fake/gpt-x", crew="threads")
        model._ledger = done
        context = contextvars.copy_context()
        threads = [
            threading.Thread(target=context.run, args=[model.call, "hello"]),
            threading.Thread(target=model.call, args=["hello"]),  # a bare one has no context
        ]
        for thread in threads:
            thread.start()
            thread.join()

    crew("threads", done, during=in_threads).kickoff()
    crewai_event_bus.flush()
    assert_exact(executions()["threads"], done["threads"])


def test_where_several_runs_go_on_what_belongs_to_none_of_them_is_kept_apart(recorded, executions) -> None:
    done = ledger()
    model = FakeLLM(model="fake/gpt-x", crew="unattributed")
    model._ledger = done

    begun, told = threading.Event(), threading.Event()

    def bare(_query: str) -> None:
        assert begun.wait(30)
        thread = threading.Thread(target=model.call, args=["hello"])
        thread.start()
        thread.join()
        crewai_event_bus.flush()
        told.set()

    def beside(_query: str) -> None:
        begun.set()
        assert told.wait(30)

    async def both() -> None:
        await asyncio.gather(
            crew("one", done, during=bare).kickoff_async(), crew("two", done, during=beside).kickoff_async()
        )

    asyncio.run(both())
    found = executions()
    for name in ("one", "two"):
        assert_exact(found[name], done[name])
    assert found["unattributed"]["llm_calls"] == done["unattributed"]["llm"] == 1


@pytest.mark.parametrize("native", [True, False])
def test_an_answer_from_crewais_own_cache_is_a_call(recorded, executions, native) -> None:
    done = ledger()
    crew("cached", done, ["same", "other", "same"], cache=True, native=native).kickoff()
    assert (executions()["cached"]["tool_calls"], done["cached"]["tool"]) == (3, 2)
    tools = recorded.sql("SELECT from_cache FROM crew_calls WHERE kind = 'tool' ORDER BY started_at")
    # Of calls in the model's own way of asking for them CrewAI does not say whence the answer came.
    assert [row[0] for row in tools] == [False, False, not native]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupted_crew_has_failed_once_the_next_begins(recorded, executions, error) -> None:
    done = ledger()

    def interrupted(_query: str) -> None:
        raise error

    with pytest.raises(error):
        crew("broken off", done, during=interrupted).kickoff()
    crew("next", done).kickoff()
    found = executions()
    assert (found["broken off"]["status"], found["broken off"]["error_message"]) == ("failed", "interrupted")
    assert found["broken off"]["llm_calls"] == 1
    assert found["next"]["parent_execution_id"] is None
    assert_exact(found["next"], done["next"])


def test_inside_of_a_run_told_by_hand_crews_are_part_of_it(recorded, executions) -> None:
    done = ledger()
    with recorded.crew_run("discovery", platforms=["x"]) as run:
        crew("one", done, ["a", "b"]).kickoff()
        asyncio.run(crew("two", done).akickoff())
        run.output = {"posts": 3}
    [row] = executions().values()
    both = {name: done["one"][name] + done["two"][name] for name in ("llm", "tool", *TOKENS)}
    assert_exact(row, both)
    assert (row["crew_type"], row["output_data"]) == ("discovery", {"posts": 3})
    names = recorded.sql("SELECT DISTINCT crew FROM crew_calls ORDER BY 1")
    assert [name for (name,) in names] == ["one", "two"]


@pytest.mark.parametrize("budget", [{"budget_tokens": 250}, {"budget_usd": "0.0003"}])
def test_a_spent_budget_stops_a_crew_before_its_next_call(recorded, executions, budget) -> None:
    done = ledger()
    with pytest.raises(HookAborted, match="the budget of"), recorded.crew_run("tight", **budget):
        crew("tight", done, list("abcdefgh")).kickoff()
    row = executions()["tight"]
    assert row["status"] == "failed" and row["error_message"].startswith("the budget of")
    assert row["llm_calls"] == done["tight"]["llm"] < 8
    # The tool that the last call asked for was refused, and not run.
    refused = recorded.sql("SELECT count(*) FROM crew_calls WHERE kind = 'tool' AND NOT ok")[0][0]
    assert row["tool_calls"] == done["tight"]["tool"] + refused


def test_a_kind_of_crew_whose_day_is_spent_does_not_begin(database_url, monkeypatch) -> None:
    monkeypatch.setenv("VIRALFORGE_CREW_BUDGETS", '{"daily": 0.0001}')
    done = ledger()
    with DataWarehouse.open(database_url) as warehouse:
        today = warehouse.events.salts.now()
        spent = {"crewType": "daily", "startTime": today, "costUsd": 1, "status": "completed"}
        warehouse.log_crew_execution(spent)
        record(warehouse)
        with pytest.raises(HookAborted, match="a day for daily"):
            crew("daily", done).kickoff()
        crew("free", done).kickoff()
        warehouse.accounts.flush()
        rows = warehouse.sql("SELECT crew_type, status, llm_calls FROM crew_executions ORDER BY id")
        assert [tuple(row) for row in rows][1:] == [("daily", "failed", 0), ("free", "completed", 2)]
    assert done["daily"]["llm"] == 0


def test_a_crew_goes_on_when_nothing_can_be_recorded(recorded, monkeypatch, caplog) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(recorded.accounts._recorder._spool, "append", broken)
    assert crew("free", ledger()).kickoff().raw == "done"
    assert "was not written down" in caplog.text


def test_recording_twice_records_once(recorded, executions) -> None:
    record(recorded)
    done = ledger()
    crew("once", done).kickoff()
    assert_exact(executions()["once"], done["once"])


def test_without_a_recording_a_tool_says_what_to_do(monkeypatch) -> None:
    monkeypatch.setattr(module, "_recorder", None)
    with pytest.raises(ConfigurationError, match=r"call record\(warehouse\) first"):
        module.recording()

"""Nothing that was told is lost: not when the database is away, not when the process is killed."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Stress, new_database, with_database
from tests.web.posthog.stored import away
from viralforge.errors import ConfigurationError, DatabaseUnavailable
from viralforge.warehouse import DataWarehouse

USAGE = {"prompt_tokens": 10, "completion_tokens": 1}
POST = {"source": "x", "text": "soup", "metrics": {"likes": 1}}
AGENTS = """
import os, sys, threading, time
from viralforge import DataWarehouse

warehouse = DataWarehouse.open(sys.argv[1])
told = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def say(*what):
    os.write(told, (" ".join(map(str, what)) + "\\n").encode())

def work(thread):
    number = 0
    while True:
        with warehouse.crew_run(f"crew {thread}") as run:
            say("run", run.key)
            for _ in range(thread + 1):
                number += 1
                run.llm_call("house", {"prompt_tokens": number, "completion_tokens": 1})
                say("call", run.key, number)
                post = {"source": "x", "id": f"{sys.argv[3]}{thread + 1}{number:06}", "text": "soup"}
                warehouse.scraped(platform="x")(lambda: {"success": True, "tweets": [post]})()
                say("post", run.key)
        say("end", run.key)

for thread in range(4):
    threading.Thread(target=work, args=[thread], daemon=True).start()
time.sleep(600)
"""
FIGURES = """
SELECT key::text, status, llm_calls, coalesce(tokens_in, 0)::bigint, posts_scraped, posts_new
FROM crew_executions JOIN execution_keys ON crew_execution_id = id
"""


def test_what_a_killed_process_told_is_stored_exactly(database_url, tmp_path, stress: Stress) -> None:
    earlier: set[str] = set()
    for kill in range(stress.measure(2, 10)):
        told = tmp_path / f"told-{kill}"
        process = subprocess.Popen([sys.executable, "-c", AGENTS, database_url, str(told), str(kill + 1)])
        while not told.exists() or told.stat().st_size < 100:
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(random.uniform(0, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with DataWarehouse.open(database_url) as warehouse:
            warehouse.sweep_runs()
            found = {row[0]: tuple(row[1:]) for row in warehouse.sql(FIGURES)}
        earlier |= assert_as_told(told, {key: found[key] for key in found.keys() - earlier})
        stress.tell(f"killed when {len(found)} runs were told")


def assert_as_told(told: Path, found: dict[str, tuple[object, ...]]) -> set[str]:
    """What was said after it was told is there; of what was going on at the kill, it or nothing of it.

    Returns the runs there are.
    """
    runs: dict[str, list[str]] = {}
    for line in told.read_text().splitlines():
        kind, key, *number = line.split()
        runs.setdefault(key, []).append(f"{kind} {' '.join(number)}".strip())
    for key, lines in runs.items():
        status, calls, tokens, posts, new = found[key]
        numbers = [int(line.split()[1]) for line in lines if line.startswith("call")]
        posts_told = lines.count("post")
        if "end" in lines:
            assert (status, calls, tokens) == ("completed", len(numbers), sum(numbers))
            assert (posts, new) == (posts_told, posts_told)
        else:
            assert status in ("stale", "completed")
            assert calls in (len(numbers), len(numbers) + 1)
            assert posts in (posts_told, posts_told + 1) and new == posts
    assert len(set(found) - set(runs)) <= 4
    return set(found)


def test_while_the_database_is_away_everything_waits_and_nobody_notices(
    admin, database_url, warehouse, figures, caplog
) -> None:
    caplog.set_level(logging.INFO, "viralforge.agents")
    search = warehouse.scraped(platform="x")(lambda: {"success": True, "tweets": [POST | {"id": "20"}]})
    with warehouse.crew_run("before") as run:
        run.llm_call("house", USAGE)
    warehouse.accounts.flush()
    with away(admin, warehouse):
        with warehouse.crew_run("meanwhile") as run:
            begun = time.monotonic()
            for _ in range(100):
                run.llm_call("house", USAGE)
            search()
            assert time.monotonic() - begun < 2
        with pytest.raises(DatabaseUnavailable):
            _ = run.id
    found = figures("crew_type", "status", "llm_calls", "posts_scraped")
    assert [tuple(row.values()) for row in found] == [
        ("before", "completed", 1, 0), ("meanwhile", "completed", 100, 1)
    ]  # fmt: skip


def test_what_was_told_when_the_database_stayed_away_is_stored_by_the_next(admin, database_url) -> None:
    with DataWarehouse.open(database_url) as first, away(admin, first):
        with first.crew_run("meanwhile") as run:
            run.llm_call("house", USAGE)
        first.accounts.close()
    with DataWarehouse.open(database_url) as second:
        assert second.sweep_runs() == 0
        assert [tuple(row) for row in second.sql("SELECT status, llm_calls FROM crew_executions")] == [
            ("completed", 1)
        ]


def test_the_same_facts_again_change_nothing(warehouse, figures) -> None:
    store = warehouse.accounts._recorder._store
    kept: list[dict[str, object]] = []
    warehouse.accounts._recorder._store = lambda rows: kept.extend(rows) or store(rows)
    answer = {"success": True, "tweets": [POST | {"id": "20"}]}
    search = warehouse.scraped(platform="x", cost_usd=0.5)(lambda: answer)
    with warehouse.crew_run("discovery") as run:
        run.llm_call("house", USAGE)
        search()
        run.output = "soup"
    everything = (
        "status",
        "llm_calls",
        "tokens_used",
        "posts_scraped",
        "posts_new",
        "output_data",
        "end_time",
    )
    before = figures(*everything)
    jobs = warehouse.sql("SELECT * FROM scrape_jobs")
    assert store(kept) == len(kept) == 4
    assert store(list(reversed(kept))) == 4
    assert figures(*everything) == before
    assert list(warehouse.sql("SELECT * FROM scrape_jobs")) == list(jobs)
    assert warehouse.posts.find("x", "20").sightings == 1


def test_two_databases_beside_each_other_keep_apart(server_url, admin, template) -> None:
    with new_database(admin, template) as one, new_database(admin, template) as two:
        urls = [with_database(server_url, name) for name in (one, two)]
        with DataWarehouse.open(urls[0]) as first, away(admin, first):
            with first.crew_run("mine"):
                pass
            first.accounts.close()
        for url, expected in zip(reversed(urls), (0, 1), strict=True):
            with DataWarehouse.open(url) as warehouse:
                warehouse.sweep_runs()
                assert warehouse.sql("SELECT count(*) FROM crew_executions")[0][0] == expected


def test_a_fact_that_cannot_be_stored_keeps_no_other_from_it(warehouse, figures, caplog) -> None:
    with warehouse.crew_run("discovery") as run:
        warehouse.accounts.note("call", run=run.key, call_key="no key", kind="llm", name="x")
        warehouse.accounts.note("gossip", run=run.key)
        run.llm_call("house", USAGE)
    assert figures("status", "llm_calls") == [{"status": "completed", "llm_calls": 1}]
    assert [record.message[:8] for record in caplog.records].count("refused:") == 2


def test_an_error_of_ours_is_logged_and_not_raised(warehouse, monkeypatch, caplog) -> None:
    with warehouse.crew_run("discovery") as run:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(warehouse.accounts._recorder._spool, "append", full)
        run.llm_call("house", USAGE)
        assert warehouse.scraped(platform="x")(lambda: "soup")() == "soup"
    assert "a fact about a run was not written down: call" in caplog.text
    monkeypatch.undo()


def test_runs_nobody_hears_of_become_stale(warehouse, database, figures) -> None:
    old = {"crewType": "by hand", "startTime": "2026-01-01T00:00Z"}
    young = {"crewType": "by hand", "startTime": datetime_ago(hours=1)}
    for each in (old, young):
        warehouse.log_crew_execution(each)
    with warehouse.crew_run("silent") as silent, warehouse.crew_run("here"):
        assert silent.id
        database.change(
            b"UPDATE viralforge.execution_keys SET seen_at = seen_at - interval '1 hour' WHERE key = %(key)s",
            {"key": silent.key},
        )
        assert warehouse.sweep_runs() == 2
        assert [row["status"] for row in figures("status")] == ["stale", "running", "stale", "running"]
    assert [row["status"] for row in figures("status")] == ["stale", "running", "completed", "completed"]


def test_a_process_that_ends_in_the_middle_of_a_run_says_so(database_url, warehouse) -> None:
    code = """
import sys
from viralforge import DataWarehouse
warehouse = DataWarehouse.open(sys.argv[1])
run = warehouse.crew_run("unfinished")
run.llm_call("house", {"prompt_tokens": 10, "completion_tokens": 1})
"""
    subprocess.run([sys.executable, "-c", code, database_url], check=True, timeout=60)
    assert [
        tuple(row) for row in warehouse.sql("SELECT status, llm_calls, error_message FROM crew_executions")
    ] == [("failed", 1, "the process ended before the run did")]


@pytest.mark.parametrize("end", ["", "raise ZeroDivisionError", "sys.exit(3)"])
def test_what_was_collected_is_stored_also_where_nobody_closes_the_warehouse(
    database_url, warehouse, tmp_path, end
) -> None:
    code = f"""
import sys
from viralforge import DataWarehouse
warehouse = DataWarehouse.open(sys.argv[1])

@warehouse.scraped(platform="x")
def newest(number):
    return [{{"source": "x", "id": str(number), "text": "soup"}}]

with warehouse.crew_run("discovery"):
    for number in range(20):
        newest(1_000 + number)
{end}
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, database_url], timeout=60, capture_output=True, text=True,
        env=os.environ | {"VIRALFORGE_FACTS_DIR": str(tmp_path)}, check=False,
    )  # fmt: skip
    assert "refused" not in ran.stderr
    [row] = warehouse.sql("SELECT status, posts_scraped, posts_new FROM crew_executions")
    assert tuple(row) == ("completed", 20, 20)
    assert warehouse.sql("SELECT count(*) FROM scraped_posts")[0][0] == 20
    assert list(tmp_path.rglob("*.ndjson")) == []


def test_a_place_that_cannot_be_written_is_told_with_what_to_do(database_url, tmp_path, monkeypatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VIRALFORGE_FACTS_DIR", str(tmp_path / "file"))
    with DataWarehouse.open(database_url) as warehouse:
        with pytest.raises(ConfigurationError, match="name another with VIRALFORGE_FACTS_DIR"):
            warehouse.crew_run("discovery")
        warehouse.log_crew_execution({"crewType": "by hand", "startTime": "2026-01-01T00:00Z"})
        assert warehouse.sweep_runs() == 1


def test_a_call_costs_its_run_less_than_a_millisecond(warehouse) -> None:
    with warehouse.crew_run("discovery") as run:
        run.llm_call("gpt-4o-mini", USAGE)
        took = []
        for _ in range(200):
            begun = time.perf_counter()
            run.llm_call("gpt-4o-mini", USAGE, agent="finder", task="find")
            took.append(time.perf_counter() - begun)
    assert sorted(took)[100] < 0.001


def datetime_ago(hours: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - hours * 3600))


def test_a_child_of_the_process_leaves_its_parents_runs_alone(database_url, warehouse) -> None:
    code = """
import os, sys
from viralforge import DataWarehouse
warehouse = DataWarehouse.open(sys.argv[1])
with warehouse.crew_run("parent") as run:
    run.llm_call("house", {"prompt_tokens": 10, "completion_tokens": 1})
    child = os.fork()
    if child == 0:
        sys.exit(0)
    os.waitpid(child, 0)
    run.llm_call("house", {"prompt_tokens": 10, "completion_tokens": 1})
warehouse.accounts.flush()
"""
    subprocess.run([sys.executable, "-c", code, database_url], check=True, timeout=60)
    rows = warehouse.sql("SELECT crew_type, status, llm_calls FROM crew_executions")
    assert [tuple(row) for row in rows] == [("parent", "completed", 2)]


def test_what_json_cannot_say_is_told_all_the_same(warehouse, figures) -> None:
    search = warehouse.scraped(platform="x")(
        lambda: {"success": True, "tweets": [POST | {"id": "20", "text": "soup \ud83d", "odd": 2**70}]}
    )
    with warehouse.crew_run("discovery") as run:
        search()
        run.output = {"cut": "\ud83d"}
    assert figures("status", "posts_scraped") == [{"status": "completed", "posts_scraped": 1}]

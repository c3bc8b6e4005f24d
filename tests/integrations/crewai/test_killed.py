"""A process that is killed in the middle of its crews leaves executions with exactly what they did."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from tests.conftest import Stress
from tests.integrations.crewai.conftest import OFFLINE
from viralforge.warehouse import DataWarehouse

ROOT = Path(__file__).parents[3]
CREWS = """
import os, sys, threading
from itertools import count
from tests.integrations.crewai.crews import crew, ledger
from viralforge import DataWarehouse
from viralforge.integrations.crewai import record

record(DataWarehouse.open(sys.argv[1]))
told = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
numbers = count()

def say(name, what):
    os.write(told, f"{name} {what}\\n".encode())

def work():
    while True:
        name = f"{sys.argv[3]}-{next(numbers)}"
        one = crew(name, ledger(), ["a", "bad", "b"], seconds=0.02)
        one.agents[0].llm._tell = lambda what: say(name, what)
        say(name, "begins")
        one.kickoff()
        say(name, "ended")

for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
threading.Event().wait(600)
"""


def test_every_figure_is_exact_after_a_kill(database_url, tmp_path, stress: Stress) -> None:
    for kill in range(stress.measure(2, 10)):
        told = tmp_path / f"told-{kill}"
        process = subprocess.Popen(
            [sys.executable, "-c", CREWS, database_url, told, str(kill)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=ROOT, env=os.environ | OFFLINE | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        while not told.exists() or told.stat().st_size < 50:
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(random.uniform(0, 2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with DataWarehouse.open(database_url) as warehouse:
            warehouse.sweep_runs()
            rows = warehouse.sql(
                "SELECT crew_type, status, llm_calls, tool_calls, tokens_in FROM crew_executions"
            )
        found = {row[0]: tuple(row[1:]) for row in rows}
        stress.tell(f"killed when {assert_exact(told, found)} crews had begun")


def assert_exact(told: Path, found: dict[str, tuple[str, int, int, int | None]]) -> int:
    """What a model said that it had done is stored; of what it did when the kill came, it or nothing."""
    crews: dict[str, list[str]] = defaultdict(list)
    for line in told.read_text().splitlines():
        name, what = line.split()
        crews[name].append(what)
    for name, said in crews.items():
        calls = said.count("llm")
        if name not in found:
            assert said == ["begins"]
            continue
        status, llm, tool, tokens = found[name]
        if "ended" in said:
            assert (status, llm, tool, tokens) == ("completed", 4, 3, 406)
            continue
        assert status in ("stale", "completed")
        assert calls <= llm <= calls + 1
        assert (tokens or 0) == sum(100 + number for number in range(llm))
        assert llm - 1 <= tool <= llm
    return len(crews)

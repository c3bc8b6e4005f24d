"""The archive killed anywhere: no row is lost, none is there twice, and the next run finishes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from random import Random

from tests.conftest import Stress
from tests.lifecycle import old
from viralforge.warehouse import DataWarehouse


def archived_by_another(warehouse: DataWarehouse, kill_at: int) -> bool:
    """Whether a process archived everything before it was killed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.lifecycle.killed", str(kill_at)], capture_output=True, text=True,
        env=os.environ | {"DATABASE_URL": warehouse.url},
    )  # fmt: skip
    if done.returncode == -signal.SIGKILL:
        return False
    assert done.returncode == 0, done.stderr
    return True


def test_an_archive_killed_anywhere_loses_and_doubles_nothing(little: DataWarehouse, stress: Stress) -> None:
    before = old.held(little)
    chance = Random(7)
    kills, places = 0, set()
    soonest, latest = stress.measure((700, 2_000), (20, 300))
    while not archived_by_another(little, chance.randint(soonest, latest)):
        kills += 1
        latest += stress.measure(0, 2)
        places |= {(step.table_name, step.state) for step in little.archive.steps(limit=1)}
        seen = old.held(little)
        lost = {name: rows - seen[name] for name, rows in before.items() if rows - seen[name]}
        assert not lost, f"lost after {kills} kills: {lost}"
    assert kills >= stress.measure(2, 40)
    assert old.held(little) == before
    assert not little.rollups.check()
    stress.tell(f"{kills} kills, in {len(places)} states: {sorted(places)}")

"""Schemathesis, with all its checks, finds no difference between what the server says and does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import new_database, with_database
from tests.web.conftest import served
from viralforge.simulate.run import fill
from viralforge.warehouse import DataWarehouse

HOOKS = "tests.web.schemathesis_hooks"
ROOT = Path(__file__).parents[2]


def test_schemathesis_finds_nothing(server_url, admin, template, tmp_path, monkeypatch, stress):
    for rate in ("VIRALFORGE_RATE_PER_KEY", "VIRALFORGE_RATE_PER_ADDRESS"):
        monkeypatch.setenv(rate, "1000000/second")
    with new_database(admin, template) as name:
        url = with_database(server_url, name)
        with DataWarehouse.open(url) as warehouse:
            fill(warehouse, posts=60)
        with served(url) as server:
            command = [
                Path(sys.executable).with_name("schemathesis"), "run", f"{server.url}/v1/openapi.json",
                "--header", f"Authorization: Bearer {server.keys['admin']}",
                "--checks", "all", "--max-examples", str(stress.measure(2, 200)), "--no-color",
                "--phases", stress.measure("examples,fuzzing", "examples,coverage,fuzzing,stateful"),
                *stress.measure(["--generation-deterministic"], []), "--continue-on-failure",
                "--suppress-health-check", "all",
            ]  # fmt: skip
            told = subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, check=False,
                env=os.environ | {"SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
    stress.tell(told.stdout[told.stdout.rfind("SUMMARY") :])
    assert told.returncode == 0, told.stdout[-20_000:] + told.stderr

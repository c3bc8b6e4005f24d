"""What is shipped is small, and is what its source says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.web.script.stand_in import SCRIPT


def test_the_script_is_under_3_kb() -> None:
    assert len(SCRIPT.read_bytes()) < 3072


def test_the_script_is_its_source_minified(node_modules: Path) -> None:
    folder = node_modules.parent
    command = json.loads((folder / "package.json").read_text(encoding="utf-8"))["scripts"]["script"]
    minify, output, _place = command.partition(" --output ")
    assert output
    made = subprocess.run(
        f"node_modules/.bin/{minify}", shell=True, cwd=folder, check=True, capture_output=True, text=True
    )
    assert made.stdout.strip() == SCRIPT.read_text(encoding="utf-8")

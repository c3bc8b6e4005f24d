"""Every command explains itself, and the examples in its help run."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from tests.cli.conftest import BIN, Run
from viralforge.cli.commands import app

POST = {"source": "youtube", "id": "aaaaaaaaaa1", "title": "One", "metrics": {"views": 1}}


def all_commands() -> list[tuple[str, ...]]:
    """The words that name each command."""
    found = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [(name, each) for each in inner] if inner else [(name,)]
    return found


COMMANDS = all_commands()
SERVING = {("serve",), ("up",), ("worker",), ("posthog", "forward")}
"""They go on until they are stopped, and have tests of their own."""
BEFORE = {("archive", "adopt"): "VIRALFORGE_KEEP_HISTORY_DAYS=31 viralforge retention"}
"""What makes a world in which a command has something to do."""
ALWAYS_JSON = {("openapi",), ("export-user",), ("export-author",)}


def examples(page: str) -> list[str]:
    return re.findall(r"^ +(.*\bviralforge .*)$", page.partition("Examples:")[2], re.MULTILINE)


def test_the_documented_commands_are_there() -> None:
    wanted = "demo ingest rejections top trending stats popular funnel post trend crews answers sql psql"
    assert set(f"{wanted} migrate status".split()) <= {name for name, *_ in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_explains_itself_with_examples_and_json(command: tuple[str, ...], run: Run) -> None:
    page = run(*command, "--help")
    assert page.code == 0
    assert examples(page.out)
    assert "--json" in page.out or command in {*SERVING, *ALWAYS_JSON}


def test_no_summary_on_the_front_page_is_cut_short(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    page = run()
    assert page.code == 0
    assert "..." not in page.out.partition("Fill:")[2]


@pytest.mark.parametrize("command", [each for each in COMMANDS if each not in SERVING], ids=" ".join)
def test_the_examples_of_a_command_run(
    command: tuple[str, ...], run: Run, own_world: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("VIRALFORGE_ARCHIVE_URL", str(tmp_path / "archive"))
    files_of_the_examples(tmp_path)
    shown = examples(run(*command, "--help").out)
    ran = subprocess.run(
        ["bash", "-c", "\n".join(["set -exo pipefail", BEFORE.get(command, ""), *shown])],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "Error" not in ran.stderr


def files_of_the_examples(folder: Path) -> None:
    line = json.dumps(POST).encode()
    (folder / "exports").mkdir()
    (folder / "more").mkdir()
    (folder / "posts.ndjson").write_bytes(line + b"\n")
    (folder / "exports" / "page.json").write_bytes(b"[" + line.replace(b"aa1", b"aa2") + b"]")
    (folder / "more" / "old.json.gz").write_bytes(gzip.compress(line.replace(b"aa1", b"aa3")))
    (folder / "old.csv").write_text(
        "video_id,title,channel_title,views,likes,publish_time,trending_date\n"
        "aaaaaaaaaa4,Two,Me,10,1,2017-11-13T17:13:01.000Z,17.14.11\n"
    )


def test_help_and_version_load_neither_the_database_driver_nor_anything_that_draws() -> None:
    code = (
        "import sys; from viralforge.cli.commands import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(sorted({'psycopg', 'alembic', 'rich', 'pydantic'} & set(sys.modules)))"
    )
    for option in ("--help", "--version"):
        ran = subprocess.run([sys.executable, "-c", code, option], capture_output=True, text=True, check=True)
        assert ran.stdout.splitlines()[-1] == "[]", option


def test_the_package_runs_as_a_module() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "viralforge", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("viralforge ")

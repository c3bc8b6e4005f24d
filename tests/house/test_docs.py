"""The documents hold: what they show runs, what they point to exists, and the README stays short.

The blocks of one page run in order, against one filled warehouse of the page's own:

- `python`: all in one namespace, where `warehouse` is an open DataWarehouse; `>>>` is compared as a doctest.
- `sql`: every statement runs; one that reads must find something.
- `console`: each command after a `$` runs, and what it prints is compared by its headings: see `headings`.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from tests.web.running import running
from viralforge.warehouse import DataWarehouse

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
# Other programs' work, what takes half a minute, and what waits for a person.
LEFT_OUT = (
    "make ",
    "git ",
    "pip ",
    "viralforge demo",
    "viralforge psql",
    "viralforge serve",
    "viralforge keys",
)
SERVER = "http://localhost:8400"
DRAWN = re.compile(r"[\u2190-\u2bff|+=_-]+")
NUMBER = re.compile(r"[$+-]?\d[\d.,:/×%-]*(?:[kMGT]B?|h|s|ms)?\b")


class Block(NamedTuple):
    """A fenced block and the line it begins on."""

    line: int
    language: str
    text: str


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_runs(
    page: Path, world_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for found in ROOT.iterdir():
        (tmp_path / found.name).symlink_to(found)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", world_url)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("COLUMNS", "100")
    written = page.read_text(encoding="utf-8")
    with DataWarehouse.open(world_url) as warehouse, served(written, world_url, tmp_path) as text:
        namespace: dict[str, Any] = {"__name__": "__main__", "warehouse": warehouse}
        for block in blocks(text):
            where = f"{page.relative_to(ROOT)}:{block.line}"
            if block.language == "python":
                run_python(block, where, namespace)
            elif block.language == "sql":
                run_sql(block, where, world_url)
            elif block.language == "console":
                run_console(block, where)
        for own in namespace.values():
            if isinstance(own, DataWarehouse):
                own.close()


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    dead = []
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        to = (page.parent / target).resolve() if target else page
        if not to.exists() or (anchor and anchor not in anchors(to)):
            dead.append(f"{target}#{anchor}" if anchor else target)
    assert dead == []


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^\$ |^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "viralforge", "--help"], capture_output=True, text=True, check=True
    )
    commands = set(re.findall(r"^  ([a-z-]+)  ", told.stdout, re.MULTILINE))
    named = re.findall(r"(?:`|^\$ )viralforge ([a-z][a-z-]*)", page.read_text(encoding="utf-8"), re.M)
    assert set(named) <= commands


def test_the_readme_has_at_most_150_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_headings_are_what_stays_when_numbers_and_rows_change() -> None:
    table = "Top 3 posts, 1.5 MB\n│ platform │ title │ ▂▃▅\nyoutube  Soup in 5 minutes\nsoup"
    assert headings(f"{table}\n\n…\nand so on\n\nDone") == ["Top # posts, # MB", "platform title", "Done"]


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    for found in FENCE.finditer(text):
        yield Block(text.count("\n", 0, found.start()) + 2, found[1], found[2])


@contextmanager
def served(page: str, url: str, folder: Path) -> Iterator[str]:
    """The page with the URL of `viralforge serve` over its warehouse, if it talks to a server."""
    if SERVER not in page:
        yield page
        return
    with running(url, folder) as server:
        yield page.replace(SERVER, server.url)


def run_python(block: Block, where: str, namespace: dict[str, Any]) -> None:
    """Runs the code; a traceback names the page and its line."""
    if ">>> " not in block.text:
        exec(compile("\n" * (block.line - 1) + block.text, where, "exec", dont_inherit=True), namespace)
        return
    example = doctest.DocTestParser().get_doctest(block.text, namespace, where, where, block.line - 1)
    example.globs = namespace
    said: list[str] = []
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed = (
        doctest.DocTestRunner(optionflags=options).run(example, out=said.append, clear_globs=False).failed
    )
    assert not failed, "".join(said)


def run_sql(block: Block, where: str, url: str) -> None:
    """Runs every statement as an analyst would, in the schema `viralforge`."""
    with psycopg.connect(url, autocommit=True, options="-c search_path=viralforge") as connection:
        results = list(connection.execute(block.text.encode()).results())
    assert results, f"{where}: no statement"
    assert all(result.description is None or result.rowcount for result in results), f"{where}: found nothing"


def run_console(block: Block, where: str) -> None:
    """Runs every command; what it prints must have the headings that the page shows, in their order."""
    for command, shown in commands(block.text):
        if command.startswith(LEFT_OUT):
            continue
        status, said = in_terminal(command)
        told = f"{where}: $ {command}\n{said}"
        assert (status == 0) != ("error" in shown.lower()), told
        printed = iter([skeleton(line) for line in said.splitlines()])
        for heading in headings(shown):
            assert heading in printed, f"no line like {heading!r}: {told}"


def in_terminal(command: str) -> tuple[int, str]:
    """Runs a command as if in a terminal of 100 columns; its exit status, and what it printed."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(ours, (50, 100))
    with subprocess.Popen(
        ["bash", "-c", f"set -o pipefail\n{command}"],
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=os.environ | {"TERM": "dumb"},
    ) as running:  # fmt: skip
        os.close(theirs)
        printed = b""
        with suppress(OSError):  # Linux says so when nobody writes any more
            while chunk := os.read(ours, 65536):
                printed += chunk
        os.close(ours)
        return running.wait(120), printed.decode()


def commands(session: str) -> Iterator[tuple[str, str]]:
    """Each command of a shell session, continued lines and here-documents included, with what it printed."""
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        if here := re.search(r"<<'(\w+)'", lines[0]):
            count = lines.index(here[1]) + 1
        else:
            count = next(number for number, line in enumerate(lines, 1) if not line.endswith("\\"))
        yield "\n".join(lines[:count]), "\n".join(lines[count:])


def headings(shown: str) -> list[str]:
    """What must be printed again whatever the numbers: of each paragraph the first line, its numbers left
    open, and the lines after it up to the first with a number; below stand rows, which change with time.
    """
    found = []
    for paragraph in re.split(r"\n\s*\n", shown):
        for place, line in enumerate(paragraph.splitlines()):
            if line.strip() in ("…", "...") or (place and re.search(r"\d", line)):
                break
            found.append(skeleton(line))
    return [line for line in found if line]


def skeleton(line: str) -> str:
    """A line without its numbers, rules, frames and plots."""
    return " ".join(DRAWN.sub(" ", NUMBER.sub("#", line)).split())


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings make."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}

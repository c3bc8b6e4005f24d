"""The command line, run in this process or in a terminal, and a small simulated world to run it on."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from tests.conftest import new_database, with_database
from viralforge.cli.commands import main
from viralforge.simulate.run import fill
from viralforge.warehouse import DataWarehouse

POSTS = 1_500
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process, with its output in a pipe."""

    def ran(*arguments: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        said = capsys.readouterr()
        return Ran(ended.value.code or 0, said.out, said.err)  # type: ignore[arg-type]

    return ran


@pytest.fixture(scope="session")
def world(server_url: str, admin: Connection, template: str) -> Iterator[str]:
    """The name of a database that holds a small simulated world and one post of the examples."""
    with new_database(admin, template) as name:
        with DataWarehouse.open(with_database(server_url, name)) as warehouse:
            fill(warehouse, posts=POSTS)
            warehouse.save_scraped_post({"platform": "youtube", "externalId": "dQw4w9WgXcQ", "views": 5})
        yield name


@pytest.fixture(scope="session")
def read_only_url(server_url: str, world: str, admin: Connection) -> Iterator[str]:
    """The URL of a copy of the world that no test changes."""
    with new_database(admin, world) as name:
        yield with_database(server_url, name)


@pytest.fixture
def read_world(read_only_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Makes commands read the simulated world."""
    monkeypatch.setenv("DATABASE_URL", read_only_url)
    return read_only_url


@pytest.fixture
def own_world(
    server_url: str, world: str, admin: Connection, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Makes commands work on a copy of the simulated world of the test's own."""
    with new_database(admin, world) as name:
        url = with_database(server_url, name)
        monkeypatch.setenv("DATABASE_URL", url)
        yield url


@pytest.fixture
def empty_world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Makes commands work on a migrated database with nothing in it."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


def in_terminal(*arguments: str, width: int = 80, typed: str = "", **environment: str) -> Ran:
    """Runs the command line in a terminal of that width; `err` is empty, all of it is in `out`."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    passed = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    with subprocess.Popen(
        [BIN / "viralforge", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, env=passed | {"TERM": "xterm-256color"} | environment,
    ) as process:  # fmt: skip
        os.close(theirs)
        os.write(ours, typed.encode())
        found = b""
        while True:
            try:
                chunk = os.read(ours, 65_536)
            except OSError:  # how Linux says that nobody holds the other end any more
                break
            if not chunk:
                break
            found += chunk
    os.close(ours)
    return Ran(process.returncode, found.decode().replace("\r\n", "\n"), "")

"""Embedded servers to be mistreated, and programs to do it from other processes and other accounts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg import Connection, sql

from tests.db.roles import Logins
from viralforge.db import embedded
from viralforge.db.grants import MAY, Grants
from viralforge.db.pool import Database

PRELUDE = """
import os, sys, time
from pathlib import Path
import psycopg
from viralforge.db import cluster, embedded
from viralforge.errors import ViralForgeError

def run_as(user_id):
    os.setgroups([]); os.setgid(user_id); os.setuid(user_id)

def query(url, sql):
    with psycopg.connect(url) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None

def say(words):
    print(words, flush=True)

place = Path(sys.argv[1])
"""


class Servers:
    """A directory for an embedded server, and what a test needs to see and do around it."""

    def __init__(self, place: Path) -> None:
        self.place = place

    @property
    def data(self) -> Path:
        return self.place / "pg18"

    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def runs(self) -> bool:
        return bool(self.processes("postgres"))

    def processes(self, program: str) -> list[int]:
        """Who runs a program on this place, oldest first."""
        found = []
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                arguments = (directory / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if Path(os.fsdecode(arguments[0])).name == program and os.fsencode(self.place) in b" ".join(
                arguments
            ):
                found.append(int(directory.name))
        return sorted(found)

    def kill(self) -> None:
        """As a power failure does: the server has no say in it, and its children only notice."""
        pid = self.pid()
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: pid not in self.processes("postgres"))

    def script(self, body: str, *arguments: object) -> subprocess.Popen[str]:
        """A Python process that has the names of the prelude."""
        return subprocess.Popen(
            [sys.executable, "-c", PRELUDE + body, str(self.place), *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, body: str, *arguments: object) -> str:
        """What such a process says, once it has ended well."""
        said, complaint = self.script(body, *arguments).communicate(timeout=60)
        assert not complaint
        return said.strip()


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.005)


@pytest.fixture(name="wait_until")
def waiting() -> Callable[..., None]:
    """Returns once something is true."""
    return wait_until


@pytest.fixture
def new_place(fast_disk: Path) -> Iterator[Servers]:
    """A place with nothing in it yet, to which every account has a way."""
    directory = Path(tempfile.mkdtemp(prefix="vf-", dir=fast_disk))
    directory.chmod(0o755)
    servers = Servers(directory / "data")
    yield servers
    for pid in servers.processes("initdb") + servers.processes("postgres"):
        # At once, but not so that PostgreSQL's shared memory is left behind.
        os.kill(pid, signal.SIGQUIT)
    wait_until(lambda: not servers.runs())
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def pristine(fast_disk: Path) -> Iterator[Path]:
    """A data directory made once, to be copied."""
    directory = Path(tempfile.mkdtemp(prefix="vf-", dir=fast_disk))
    directory.chmod(0o755)
    embedded.start(directory / "data").stop()
    yield directory / "data"
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def place(new_place: Servers, pristine: Path) -> Servers:
    """A place whose server has been made and is stopped."""
    subprocess.run(["cp", "-a", pristine, new_place.place], check=True)
    return new_place


@pytest.fixture
def as_root() -> None:
    """Skips where other accounts cannot be tried."""
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")


@pytest.fixture
def logins(role_names: list[str], admin: Connection, database: Database) -> Logins:
    """A login in each role of this test's own database."""
    [(name,)] = database.read(b"SELECT current_database()")
    made = Logins(database.url, name)
    role_names += [*(made.login(kind) for kind in MAY), *(f"{name}_{kind}" for kind in MAY)]
    grants = Grants(database)
    grants.make(name)
    for kind in MAY:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(made.login(kind))))
        with_users = kind == "reader_users"
        grants.give(made.login(kind), kind.removesuffix("_users"), with_users=with_users)
    return made

"""A real server over the test's database and keys to it, a real Chromium, and what Node needs."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.conftest import new_database, with_database
from viralforge.integrations.http.transport import POOL
from viralforge.simulate.run import fill
from viralforge.warehouse import DataWarehouse
from viralforge.web.app import create_app

NODE = Path(__file__).parent / "node"
TYPESCRIPT = Path(__file__).parents[2] / "clients" / "typescript"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_PACKAGES = ("package.json", "package-lock.json", ".npmrc")
SCOPES = ("write:events", "write", "read", "read:users", "admin")


class Served(NamedTuple):
    """Where a server listens, and a key of each scope."""

    url: str
    keys: dict[str, str]

    def client(self, scope: str | None = "admin") -> httpx.Client:
        """A client with the key of this scope, or with none."""
        headers = {"Authorization": f"Bearer {self.keys[scope]}"} if scope else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, limits=POOL)


@contextmanager
def served(database_url: str) -> Iterator[Served]:
    """Serves a database in a thread of this process."""
    with pytest.MonkeyPatch.context() as patch, DataWarehouse.open(database_url) as warehouse:
        patch.setenv("DATABASE_URL", database_url)
        keys = {scope: warehouse.keys.create(scope, [scope]) for scope in SCOPES}
        server = uvicorn.Server(uvicorn.Config(create_app(), host="127.0.0.1", port=0, log_config=None))
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            yield Served(f"http://127.0.0.1:{port}", keys)
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture
def server(database_url: str) -> Iterator[Served]:
    """A server over a database of this test's own."""
    with served(database_url) as found:
        yield found


class ShownWorld(NamedTuple):
    """A simulated world, the server over it, and the same opened here."""

    server: Served
    warehouse: DataWarehouse
    client: httpx.Client


@pytest.fixture(scope="session")
def shown_world(admin, server_url, template) -> Iterator[ShownWorld]:
    """A world large enough that every page of the dashboard has something to show."""
    with new_database(admin, template) as name:
        url = with_database(server_url, name)
        with DataWarehouse.open(url) as warehouse:
            fill(warehouse, posts=3_000)
            with served(url) as server, server.client("admin") as client:
                yield ShownWorld(server, warehouse, client)


@pytest.fixture
def admin_client(server: Served) -> Iterator[httpx.Client]:
    """A client that may do everything."""
    with server.client() as client:
        yield client


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The packages of `tests/web/node`, installed as its lock says."""
    return installed(NODE)


@pytest.fixture(scope="session")
def typescript() -> Path:
    """The TypeScript client with its tools, built."""
    installed(TYPESCRIPT, build=True)
    return TYPESCRIPT


def installed(folder: Path, *, build: bool = False) -> Path:
    """The packages of a folder, installed as its lock says; tests beside each other install them once."""
    if not shutil.which("npm"):
        pytest.skip("Node is not here: install Node 20 or later with npm")
    sources = sorted((folder / "src").glob("*.ts")) if build else []
    files = [folder / name for name in _PACKAGES] + sources
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    modules = folder / "node_modules"
    made = modules / ".viralforge"
    with (folder / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_file() or made.read_text() != wanted:
            npm = ["ci", "--ignore-scripts"], *([["run", "prepare"]] if build else [])
            for arguments in npm:
                subprocess.run(["npm", *arguments], cwd=folder, check=True, capture_output=True)
            made.write_text(wanted)
    return modules


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's Chromium, or one of another name; without any the tests skip."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium is here; on Debian: apt install chromium")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for the whole session: a thread has room for one."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """Chromium, without a window."""
    launched = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
    yield launched
    launched.close()


@pytest.fixture
def run_cli(database_url: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line over this test's database, in a process that ends by itself."""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "viralforge", *arguments], capture_output=True, text=True, timeout=120,
            env=os.environ | {"DATABASE_URL": database_url} | more, check=False,
        )  # fmt: skip

    return run

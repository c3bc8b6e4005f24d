"""A real server over the test's database, and keys to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import httpx
import pytest
import uvicorn

from viralforge.warehouse import DataWarehouse
from viralforge.web.app import create_app

SCOPES = ("write:events", "write", "read", "admin")


class Served(NamedTuple):
    """Where a server listens, and a key of each scope."""

    url: str
    keys: dict[str, str]

    def client(self, scope: str | None = "admin") -> httpx.Client:
        """A client with the key of this scope, or with none."""
        headers = {"Authorization": f"Bearer {self.keys[scope]}"} if scope else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)


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


@pytest.fixture
def admin_client(server: Served) -> Iterator[httpx.Client]:
    """A client that may do everything."""
    with server.client() as client:
        yield client

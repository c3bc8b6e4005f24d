"""The server as a process of its own, as its users run it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

EVENT = {"eventName": "trend_discovery", "eventType": "api_call"}


class Running:
    """`viralforge` serving: where it listens, its process, and what it wrote on standard error."""

    def __init__(
        self, port: int, process: subprocess.Popen[bytes], log: Path, headers: dict[str, str]
    ) -> None:
        self.url, self.port, self.process, self._log = f"http://127.0.0.1:{port}", port, process, log
        self._headers = headers

    @property
    def log(self) -> str:
        return self._log.read_text()

    def post(self, body: Any, *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        headers = self._headers | (headers or {})
        return httpx.post(f"{self.url}/v1/events", json=body, timeout=60, headers=headers, **more)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        """Ends it, and says how it ended."""
        self.process.send_signal(number)
        return self.process.wait(60)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def wait_for(is_so: Callable[[], Any], seconds: float = 60) -> None:
    """Returns once it is so; fails if it is not in time."""
    give_up = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up, "it did not come to pass in time"
        time.sleep(0.02)


@contextmanager
def running(
    url: str, folder: Path, *options: str, command: str = "serve", port: int | None = None,
    headers: dict[str, str] | None = None, **more: str,
) -> Iterator[Running]:  # fmt: skip
    """A server over the database at `url`, ready, with these options and environment variables.

    `headers` go along with every event.
    """
    port, log = port or free_port(), folder / f"server-{time.monotonic_ns()}.log"
    environment = os.environ | {"DATABASE_URL": url} | more
    arguments = [sys.executable, "-m", "viralforge", command, "--port", str(port), *options]
    with log.open("wb") as stderr:
        process = subprocess.Popen(arguments, env=environment, stderr=stderr)
    server = Running(port, process, log, headers or {})

    def is_ready() -> bool:
        assert process.poll() is None, server.log
        try:
            return httpx.get(f"{server.url}/readyz", timeout=60).status_code == 200
        except httpx.TransportError:
            return False

    try:
        wait_for(is_ready)
        yield server
    finally:
        if process.poll() is None:
            server.kill(signal.SIGTERM)

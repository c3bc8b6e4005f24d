"""A warehouse elsewhere may be shared by many threads."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from viralforge.integrations.http.transport import Transport

THREADS = 48


class _Takes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *told: object) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


class _Server(ThreadingHTTPServer):
    request_queue_size = 4 * THREADS
    daemon_threads = True

    def handle_error(self, *told: object) -> None:
        """Says nothing of connections that the other side ended."""


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def test_no_request_of_many_threads_loses_its_connection(hasty: None) -> None:
    with _Server(("127.0.0.1", 0), _Takes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        transport = Transport(f"http://127.0.0.1:{server.server_port}", None, 30)
        with ThreadPoolExecutor(THREADS) as threads:
            asked = [
                threads.submit(transport.send, "POST", "/", body={}, repeatable=False) for _ in range(4_000)
            ]
        failed = [each.exception() for each in asked if each.exception()]
        transport.close()
        server.shutdown()
    assert not failed

"""A way to a real server on which answers are lost and requests turned away, as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


class Way:
    """Where it begins, what befalls the next requests (`lose` an answer, or a status), and what was asked."""

    def __init__(self, to: str) -> None:
        self.to, self.faults, self.url = to, list[str | int](), ""
        self.asked: list[tuple[str, str | None]] = []


@contextmanager
def flaky_way(to: str) -> Iterator[Way]:
    """A way to the server at `to`."""
    way = Way(to)

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            way.asked.append((f"{self.command} {self.path}", self.headers.get("Idempotency-Key")))
            fault = way.faults.pop(0) if way.faults else None
            if isinstance(fault, int):
                self.send_response(fault)
                self.send_header("Retry-After", "0")
                problem = b'{"type": "urn:viralforge:problem:unavailable", "detail": "nothing was kept"}'
                return self.say(problem)
            kept = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            answer = httpx.request(self.command, way.to + self.path, content=body, headers=kept, timeout=60)
            if fault == "lose":
                self.close_connection = True
                return self.connection.close()
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("content-type", ""))
            return self.say(answer.content)

        def say(self, content: bytes) -> None:
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    way.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield way
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

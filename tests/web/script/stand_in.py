"""A server of events that fails as it is told, and one of pages on another origin."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import viralforge

SCRIPT = Path(viralforge.__file__).parent / "web" / "static" / "viralforge.js"
PATIENCE = 60
"""Seconds after which what is waited for counts as never happening, on a busy machine too."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    owner: Any


class _Serving:
    """A server on a port of its own that can go away and come back to it."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._handler, self._port = handler, 0
        self.start()

    def start(self) -> None:
        self._server = _Server(("127.0.0.1", self._port), self._handler)
        self._server.owner = self
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"


class Answer:
    """What the next request of events is met with: a status, nothing at all, or a long wait."""

    def __init__(self, status: int = 200, said: Any = None, headers: dict[str, str] | None = None) -> None:
        self.status, self.said, self.headers = status, said, headers or {}


CUT = Answer(0)
"""The connection ends without an answer, and nothing is stored."""
LOST = Answer(-1)
"""The events are stored, and the connection ends without an answer."""


class EventServer(_Serving):
    """Takes events as POST /v1/events does, and remembers all it was asked."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.stored: dict[str, dict[str, Any]] = {}
        self.answers: deque[Answer] = deque()
        self.always: Answer | None = None
        self.judge: Callable[[list[Any]], Answer | None] = lambda events: None
        self.free = threading.Event()
        self.free.set()
        super().__init__(_EventHandler)

    def hold(self) -> None:
        """From now on requests wait for an answer until `free` is set."""
        self.free.clear()

    @property
    def posts(self) -> list[list[dict[str, Any]]]:
        """The events of each request so far."""
        return [request["events"] for request in self.requests if request["method"] == "POST"]

    def names(self) -> list[str]:
        """The names of the stored events, in the order of their ids."""
        return [self.stored[each]["event_name"] for each in sorted(self.stored)]

    def wait_for(self, fulfilled: Callable[[EventServer], object], wait: Callable[[float], object]) -> None:
        """Lets the browser go on until it is so."""
        until = time.monotonic() + PATIENCE
        while not fulfilled(self):
            assert time.monotonic() < until, f"after {PATIENCE} s: {self.names()}, {len(self.posts)} requests"
            wait(50)


class _EventHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *told: object) -> None:
        """Says nothing."""

    def do_OPTIONS(self) -> None:
        self._owner.requests.append({"method": "OPTIONS", "events": []})
        self._reply(Answer(204))

    def do_GET(self) -> None:
        self._reply(Answer(), SCRIPT.read_bytes(), "text/javascript")

    def do_POST(self) -> None:
        owner = self._owner
        text = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            events = json.loads(text)
        except ValueError:
            events = []
        asked = {"method": "POST", "path": self.path, "headers": dict(self.headers), "events": events}
        answer = owner.answers.popleft() if owner.answers else owner.always
        owner.requests.append(asked | {"bytes": len(text)})
        answer = answer or owner.judge(events) or (Answer() if events else Answer(400, {}))
        owner.free.wait(PATIENCE)
        if self._was_given_up():
            return
        if answer.status in (200, 202, -1):
            owner.stored |= {event["event_id"]: event for event in events}
        if answer.status <= 0:
            self.close_connection = True
            return
        said = answer.said if answer.status >= 400 else {"event_ids": [each["event_id"] for each in events]}
        self._reply(answer, json.dumps(said).encode())

    def _was_given_up(self) -> bool:
        """Whether the browser has ended the connection: such a request counts as never made."""
        try:
            return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False

    @property
    def _owner(self) -> EventServer:
        assert isinstance(self.server, _Server)
        return self.server.owner

    def _reply(self, answer: Answer, body: bytes = b"", kind: str = "application/json") -> None:
        headers = {
            "Content-Type": kind, "Content-Length": str(len(body)), "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
        }  # fmt: skip
        self.send_response(answer.status)
        for name, value in (headers | answer.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Site(_Serving):
    """Pages of another origin: the one page for every path, under a strict Content-Security-Policy."""

    def __init__(self) -> None:
        self.html = ""
        self.policy = ""
        super().__init__(_PageHandler)

    def show(self, script: str, attributes: str = "", body: str = "", title: str = "A page") -> None:
        """Every page from now on, with the script of the server at `script`."""
        self.policy = f"default-src 'none'; script-src {script}; connect-src {script}"
        self.html = (
            f"<!doctype html><html><head><title>{title}</title>"
            f'<script src="{script}/viralforge.js" {attributes} defer></script></head>'
            f"<body>{body}</body></html>"
        )


class _PageHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *told: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        site = self.server.owner
        found = self.path != "/favicon.ico"
        body = site.html.encode() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", site.policy)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

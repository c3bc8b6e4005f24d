"""A server in place of PostHog that fails in every way, on demand, and remembers what it took."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Handler", list[dict[str, Any]]], None]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: StandIn

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        document = json.loads(gzip.decompress(body))
        self.server.requests.append((self.path, document["api_key"], document["batch"]))
        behaviours = self.server.behaviours
        (behaviours.pop(0) if behaviours else self.server.usually)(self, document["batch"])

    def say(self, status: int, document: Any, **headers: str) -> None:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """Resets the connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


class StandIn(ThreadingHTTPServer):
    """Takes events as PostHog does, once for each uuid; `behaviours` are what it does first instead."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.behaviours: list[Behaviour] = []
        self.usually: Behaviour = take
        self.requests: list[tuple[str, str, list[dict[str, Any]]]] = []
        self.taken: dict[str, dict[str, Any]] = {}
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_: object) -> None:
        pass


def keep(handler: Handler, batch: list[dict[str, Any]]) -> None:
    for event in batch:
        handler.server.taken.setdefault(event["uuid"], event)


def take(handler: Handler, batch: list[dict[str, Any]]) -> None:
    keep(handler, batch)
    handler.say(200, {"status": 1})


def say(status: int, document: Any = {"type": "error", "code": "no"}, **headers: str) -> Behaviour:  # noqa: B006
    return lambda handler, _batch: handler.say(status, document, **headers)


def reset(handler: Handler, _batch: list[dict[str, Any]]) -> None:
    handler.cut()


def reset_in_the_reply(handler: Handler, _batch: list[dict[str, Any]]) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{")
    handler.wfile.flush()
    handler.cut()


def take_and_cut(handler: Handler, batch: list[dict[str, Any]]) -> None:
    keep(handler, batch)
    handler.cut()


def hang(handler: Handler, _batch: list[dict[str, Any]]) -> None:
    threading.Event().wait(3)
    handler.cut()


def refuse(*poisonous: str, status: int = 400) -> Behaviour:
    """Refuses every batch with one of these events in it."""

    def behaviour(handler: Handler, batch: list[dict[str, Any]]) -> None:
        if any(event["event"] in poisonous for event in batch):
            handler.say(status, {"type": "validation_error", "code": "invalid_payload", "detail": "u1"})
        else:
            take(handler, batch)

    return behaviour


def at_most(events: int) -> Behaviour:
    """Says 413 to more events than that."""

    def behaviour(handler: Handler, batch: list[dict[str, Any]]) -> None:
        if len(batch) > events:
            handler.say(413, {"code": "too_large"})
        else:
            take(handler, batch)

    return behaviour

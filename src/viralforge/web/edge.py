"""The outermost ring: every request has an id, limits of size and time, a line in the log, and is counted."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viralforge.web import metrics
from viralforge.web.problems import Problem, problem_of

log = logging.getLogger("viralforge.web")
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
QUIET = {"/v1/events", "/healthz", "/readyz", "/metrics"}
"""Routes whose successes are counted, not logged: they are thousands a second, or say nothing."""


CAPTURE_BYTES = 4 * 2**20
"""Whoever may send events may be anybody: so long a body of them may be, also when it is unpacked."""


class Edge:
    """An ASGI application around another.

    The log names the route, never the query, the address or anything of the body.
    """

    def __init__(
        self, app: ASGIApp, *, max_body_bytes: int, capture: Callable[[str], bool], seconds: float
    ) -> None:
        """`capture` tells the paths where everybody's events come in, which are small."""
        self._app, self._most, self._seconds = app, max_body_bytes, seconds
        self._is_capture = capture

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; a failure of ours becomes a problem with the request's id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = min(self._most, CAPTURE_BYTES) if self._is_capture(scope["path"]) else self._most
        exchange = _Exchange(scope, receive, send, most, self._seconds)
        try:
            async with asyncio.timeout(self._seconds) as exchange.limit:
                exchange.refuse_what_says_it_is_too_large()
                await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a problem, the log the rest
            await exchange.fail(error)
        finally:
            exchange.tell()


class _Exchange:
    """One request and its response, watched."""

    limit: asyncio.Timeout

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, max_body_bytes: int, seconds: float
    ) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._max_body_bytes, self._seconds = max_body_bytes, seconds
        self._headers = Headers(scope=scope)
        given = self._headers.get("x-request-id", "")
        self._id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {}).update(request_id=self._id, max_body_bytes=max_body_bytes)
        self._begun = time.perf_counter()
        self._read = 0
        self._status = 0

    def refuse_what_says_it_is_too_large(self) -> None:
        said = self._headers.get("content-length", "0")
        if said.isascii() and said.isdigit() and int(said) > self._max_body_bytes:
            raise self._too_large()

    async def receive(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        with suppress(RuntimeError):  # it has run out, or all is said
            self.limit.reschedule(asyncio.get_running_loop().time() + self._seconds)
        if self._read > self._max_body_bytes:
            raise self._too_large()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message["headers"] += [
                (b"x-request-id", self._id.encode()),
                (b"x-content-type-options", b"nosniff"),
            ]
        await self._send(message)

    async def fail(self, error: Exception) -> None:
        problem = problem_of(error)
        if isinstance(error, ClientDisconnect):
            problem = Problem("unreadable", "the body breaks off; was all of it sent?")
        elif isinstance(error, TimeoutError):
            problem = Problem("timeout", "the request was given up; a write may still have been kept", wait=1)
        elif problem.kind in ("failed", "access-denied"):
            # An error's own words may hold what the client sent; where it arose does not.
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error(
                "failed", extra={"error": type(error).__name__, "request_id": self._id, "frames": frames}
            )
        if not self._status:
            await problem.response(self._id)(self._scope, self.receive, self.send)

    def tell(self) -> None:
        seconds = time.perf_counter() - self._begun
        route = getattr(self._scope.get("route"), "path", "unknown")
        method = self._scope["method"] if self._scope["method"] in metrics.METHODS else "OTHER"
        metrics.requests(method, route, self._status).inc()
        metrics.request_seconds(route).observe(seconds)
        if self._status < 400 and route in QUIET:
            return
        about = {"method": method, "route": route, "status": self._status, "request_id": self._id}
        key = self._scope["state"].get("key_id")
        log.info("request", extra=about | {"milliseconds": round(seconds * 1000, 2), "key": key})

    def _too_large(self) -> Problem:
        return Problem("too-large", f"at most {self._max_body_bytes:,} bytes are taken; send it in parts")

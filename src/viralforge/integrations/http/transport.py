"""Requests to a server, sent again where that cannot do anything twice."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from typing import Any
from uuid import uuid4
from weakref import WeakSet

import httpx

from viralforge.errors import DatabaseUnavailable
from viralforge.integrations.http.refusals import error_of
from viralforge.integrations.http.written import written

TRIES = 5
LONGEST_WAIT_SECONDS = 30
"""A server that asks for more patience is told of to the caller."""
_UNDONE = (429, 503)
"""With these the server says that it did nothing."""
POOL = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=30)
"""All connections are kept, and for long: httpcore 1.0 closes one too many, or one idle for too long, also
when a thread has just been given it."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Transport:
    """A connection to one server, safe to share among threads."""

    def __init__(self, url: str, key: str | None, timeout: float) -> None:
        self.url = url.rstrip("/")
        headers = {"User-Agent": f"viralforge-python/{version('viralforge')}"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._open = partial(
            httpx.Client, headers=headers, timeout=httpx.Timeout(timeout, connect=10), limits=POOL,
            verify=httpx.create_ssl_context(),
        )  # fmt: skip
        self._local, self._clients = threading.local(), WeakSet[httpx.Client]()

    @property
    def _client(self) -> httpx.Client:
        """This thread's own client, gone with the thread.

        A pool of httpcore 1.0 that threads share may close a connection under one of them: whether it was
        idle, and whether the other side has closed it, are two questions, and between them it may be taken.
        """
        found: httpx.Client | None = getattr(self._local, "client", None)
        if found is None or found.is_closed:
            found = self._local.client = self._open()
            self._clients.add(found)
        return found

    def close(self) -> None:
        """Closes its connections."""
        for client in list(self._clients):
            client.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> httpx.Response:
        """Asks. Raises as `send` does."""
        return self.send("GET", path, params=params)

    def send(
        self, method: str, path: str, *, body: Any = None, content: bytes | None = None,
        headers: Mapping[str, str] | None = None, params: Mapping[str, Any] | None = None,
        once: bool = False, repeatable: bool = True,
    ) -> httpx.Response:  # fmt: skip
        """The answer to a request, whose body is JSON or `content`.

        `once` gives it a key by which the server knows it when it comes again; without one a request that
        is not `repeatable` is sent again only where the server did nothing. Raises the errors of a warehouse
        at hand, DatabaseUnavailable where no answer comes.
        """
        sent = dict(headers or {})
        if once:
            sent["Idempotency-Key"] = str(uuid4())
        if content is None and body is not None:
            content, sent["Content-Type"] = written(body), "application/json"
        request = self._client.build_request(
            method, self.url + path, content=content, headers=sent, params=params
        )
        for number in range(1, TRIES + 1):
            try:
                return self._answer(request)
            except _Refused as refused:
                may = refused.undone or repeatable
                if not may or number == TRIES or refused.wait > LONGEST_WAIT_SECONDS:
                    raise refused.error from refused.__cause__
                time.sleep(max(refused.wait, random.uniform(0.5, 1) * 0.1 * 2**number))  # noqa: S311
        raise AssertionError("the last try answers or raises")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._client.send(request)
        except httpx.TransportError as error:
            said = (
                f"{self.url} does not answer: {error or type(error).__name__}; is viralforge serve running?"
            )
            raise _Refused(DatabaseUnavailable(said), undone=isinstance(error, _NEVER_SENT)) from error
        if response.is_success:
            return response
        refusal = error_of(response)
        if response.status_code in (*_UNDONE, 502, 504):
            wait = response.headers.get("retry-after", "")
            undone = response.status_code in _UNDONE and not refusal.saved
            raise _Refused(refusal, undone=undone, wait=int(wait) if wait.isdecimal() else 0)
        raise refusal


class _Refused(Exception):
    """A try that came to nothing, but may be made again; `undone` where the server surely did nothing."""

    def __init__(self, error: Exception, *, undone: bool, wait: int = 0) -> None:
        super().__init__(str(error))
        self.error, self.undone, self.wait = error, undone, wait

"""An HTTP client for those who ask platforms themselves: cached, within their limits, accounted for."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any

import httpx
import orjson

from viralforge.agents.cache import Terms
from viralforge.agents.collect import Begun, Collector, Source, within_budget
from viralforge.errors import QuotaSpent, UpstreamFailed, WarehouseError
from viralforge.integrations.http.transport import POOL
from viralforge.model.ids import platform_name
from viralforge.model.quota import LIMITS, UNITS, Limit
from viralforge.warehouse import DataWarehouse

TRIES = 4
_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
_OPENS_AFTER, _OPEN_SECONDS = 5, 30.0
"""So many failures one after the other, and for so long a platform is left alone."""
_SECRET = frozenset(("key", "api_key", "access_token", "token", "client_secret", "appid"))
_KEPT_HEADERS = frozenset(("content-type", "etag", "last-modified", "link", "retry-after"))


def client(
    platform: str, warehouse: DataWarehouse, *, ttl: float = 0, stale: float = 0,
    cost_usd: Decimal | float | str | None = None, limits: Sequence[Limit] | None = None,
    max_wait: float = 60, transport: httpx.BaseTransport | None = None, **options: Any,
) -> httpx.Client:  # fmt: skip
    """An `httpx.Client` to a platform; `options` are httpx's own.

    The platform's limits (`limits=None`: those it publishes) hold for all processes together: a request
    waits for up to `max_wait` seconds, then QuotaSpent is raised. What fails for the moment is tried again,
    as late as `Retry-After` asks; a platform that fails all the time is left alone for a while
    (UpstreamFailed). With `ttl` answers to GET are kept for so many seconds. Each request is a scrape job,
    with the posts in its answer.

    >>> with DataWarehouse.open() as warehouse, client("reddit", warehouse, ttl=60) as reddit:
    ...     str(reddit.base_url)
    ''
    """
    name = platform_name(platform)
    cost = None if cost_usd is None else Decimal(str(cost_usd))
    found = PlatformTransport(
        name, warehouse, transport or httpx.HTTPTransport(retries=1, limits=POOL),
        Terms(timedelta(seconds=ttl), timedelta(seconds=stale)),
        cost, LIMITS[name] if limits is None else limits, max_wait,
    )  # fmt: skip
    return httpx.Client(transport=found, **options)


class PlatformTransport(httpx.BaseTransport):
    """Stands between an httpx client and the network."""

    def __init__(
        self, platform: str, warehouse: DataWarehouse, inner: httpx.BaseTransport, terms: Terms,
        cost_usd: Decimal | None, limits: Sequence[Limit], max_wait: float,
    ) -> None:  # fmt: skip
        self._platform, self._warehouse, self._inner, self._terms = platform, warehouse, inner, terms
        self._cost_usd, self._limits, self._max_wait = cost_usd, tuple(limits), max_wait
        self._breaker = _Breaker()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers from what is kept, or sends. Raises QuotaSpent, UpstreamFailed, and what httpx raises."""
        request.read()
        operation = request.url.path.rstrip("/").rpartition("/")[2] or "request"
        units = UNITS.get(self._platform, {}).get(operation, 1)
        source = Source.of(self._platform, operation, None, units, self._cost_usd)
        fetch = _Fetch(lambda sent: self._sent(request, operation, units, sent))
        collector = Collector(self._warehouse.accounts, source, payload_of=_payload, sent=fetch.sent)
        if request.method == "GET" and self._terms.ttl:
            question = _question(request)
            try:
                kept = self._warehouse.response_cache.ask(collector, question, self._terms, fetch)
            except _NotKept as answer:
                kept = answer.kept
        else:
            begun = Begun()
            kept = fetch.told(collector, begun, str(request.url.copy_with(query=None)))
        return _response(kept, request)

    def close(self) -> None:
        """Closes the connections."""
        self._inner.close()

    def _sent(
        self, request: httpx.Request, operation: str, units: int, sent: Callable[[bool], None]
    ) -> dict[str, Any]:
        """The answer, once it is one that counts; what will pass is tried again."""
        for number in range(1, TRIES + 1):
            self._breaker.let_through(self._platform)
            self._within_limits(operation, units)
            try:
                response = self._inner.handle_request(request)
                response.read()
            except httpx.TransportError:
                sent(True)
                self._breaker.note(failed=True)
                if number == TRIES:
                    raise
                time.sleep(_pause(number, None))
                continue
            sent(response.status_code >= 400)
            self._breaker.note(failed=response.status_code >= 500)
            pause = _pause(number, response.headers.get("retry-after"))
            if response.status_code in _AGAIN and pause > self._max_wait:
                self._breaker.leave_alone(pause)
            if response.status_code not in _AGAIN or number == TRIES or pause > self._max_wait:
                return _kept(response)
            time.sleep(pause)
        raise AssertionError("unreachable")

    def _within_limits(self, operation: str, units: int) -> None:
        """Returns once the request is allowed; without the database nobody can tell, and it is."""
        buckets = {"requests": 1, "units": units, operation: 1}
        wanted = [(limit, buckets[limit.bucket]) for limit in self._limits if limit.bucket in buckets]
        give_up = time.monotonic() + self._max_wait
        while True:
            try:
                wait = self._warehouse.quotas.take(self._platform, wanted) if wanted else None
            except WarehouseError:
                return
            if wait is None:
                return
            if time.monotonic() + wait > give_up:
                said = f"the quota of {self._platform} is spent; there is more in {wait:,.0f} s"
                raise QuotaSpent(said, wait)
            time.sleep(min(wait, 1) + random.uniform(0, 0.05))  # noqa: S311 - so that not all come at once


class _Fetch:
    """A request that is sent when it is called: what failed is no answer to be kept."""

    def __init__(self, send: Callable[[Callable[[bool], None]], dict[str, Any]]) -> None:
        self._send = send
        self._tries: list[bool] = []

    def sent(self, _failed: bool) -> tuple[int, int]:
        """How many requests were sent, and how many of them failed."""
        return len(self._tries), sum(self._tries)

    def _answer(self) -> dict[str, Any]:
        self._tries = []
        return self._send(self._tries.append)

    def __call__(self) -> Any:
        kept = self._answer()
        if kept["status"] >= 400:
            raise _NotKept(kept)
        return kept

    def told(self, collector: Collector, begun: Begun, query: str) -> dict[str, Any]:
        within_budget()
        try:
            kept = self._answer()
        except Exception:
            collector.tell(begun, query, None, failed=True)
            raise
        collector.tell(begun, query, kept, failed=kept["status"] >= 400)
        return kept


class _NotKept(Exception):
    def __init__(self, kept: dict[str, Any]) -> None:
        self.kept = kept


class _Breaker:
    """Leaves a platform alone for a while that failed several times one after the other."""

    def __init__(self) -> None:
        self._lock, self._failed, self._until, self._why = Lock(), 0, 0.0, ""

    def let_through(self, platform: str) -> None:
        left = self._until - time.monotonic()
        if left > 0:
            raise UpstreamFailed(f"{platform} {self._why}; it is asked again in {left:.0f} s")

    def note(self, *, failed: bool) -> None:
        with self._lock:
            self._failed = self._failed + 1 if failed else 0
            if self._failed >= _OPENS_AFTER:
                self._until, self._failed = time.monotonic() + _OPEN_SECONDS, _OPENS_AFTER - 1
                self._why = f"failed {_OPENS_AFTER} times"

    def leave_alone(self, seconds: float) -> None:
        """As the platform itself asked for."""
        with self._lock:
            self._until, self._why = max(self._until, time.monotonic() + seconds), "asked to be left alone"


def _question(request: httpx.Request) -> list[Any]:
    """What makes a request the same: not by which key it is asked, but by whose."""
    params = sorted((name, value) for name, value in request.url.params.multi_items() if name not in _SECRET)
    secrets = [request.headers.get("authorization", "")]
    secrets += [request.url.params.get(name, "") for name in sorted(_SECRET)]
    whose = hashlib.sha256("\x1f".join(secrets).encode()).hexdigest()
    return [str(request.url.copy_with(query=None)), params, whose]


def _kept(response: httpx.Response) -> dict[str, Any]:
    headers = {name: value for name, value in response.headers.items() if name in _KEPT_HEADERS}
    return {"status": response.status_code, "headers": headers, "body": response.text}


def _response(kept: dict[str, Any], request: httpx.Request) -> httpx.Response:
    return httpx.Response(kept["status"], headers=kept["headers"], text=kept["body"], request=request)


def _payload(kept: Any) -> Any:
    try:
        return orjson.loads(kept["body"])
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return None


def _pause(number: int, asked: str | None) -> float:
    """Seconds until the next try: as asked, else twice as long each time, and never all at once."""
    if asked and asked.strip().isdigit():
        return float(asked)
    if asked:
        try:
            return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
        except (ValueError, TypeError):
            pass
    longest: float = min(_FIRST_PAUSE * 2.0 ** (number - 1), _LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1.5)  # noqa: S311 - jitter

"""A question that was paid for once is answered from what is kept, also to who asks while it is under way."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson

from viralforge.agents.collect import NOT_ASKED, Begun, Collector, Source, redacted, within_budget
from viralforge.db.locks import SessionLocks
from viralforge.errors import InvalidInput, UpstreamFailed, WarehouseError
from viralforge.store.cache import CacheStore, Found

log = logging.getLogger("viralforge.agents")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.1
"""Seconds between two looks whether another process is done."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long an answer holds: `stale` longer while a fresh one is fetched, an error for `negative`."""

    ttl: timedelta
    stale: timedelta = timedelta()
    negative: timedelta = timedelta()

    @classmethod
    def of(
        cls, ttl: timedelta | float, stale: timedelta | float = 0, negative: timedelta | float = 0
    ) -> Terms:
        """The terms, each given in seconds or as a timedelta."""
        each = [
            given if isinstance(given, timedelta) else timedelta(seconds=given)
            for given in (ttl, stale, negative)
        ]
        return cls(*each)


class ResponseCache:
    """Answers of platforms, shared by all processes; safe among threads."""

    def __init__(self, store: CacheStore, locks: SessionLocks) -> None:
        self._store, self._locks = store, locks
        self._mutex = threading.Lock()
        self._under_way: dict[str, Future[Any]] = {}

    def ask(self, collector: Collector, params: Any, terms: Terms, fetch: Callable[[], Any]) -> Any:
        """The answer that is kept, else what `fetch` returns; awaitable where `fetch` is asynchronous.

        Raises what `fetch` raises; UpstreamFailed for an error that is kept in place of an answer.
        """
        if inspect.iscoroutinefunction(fetch):
            return self._ask_async(collector, params, terms, fetch)
        key = _key(collector.source, params)
        try:
            if found := self._store.look(key):
                return self._given(found, key, collector, params, terms, fetch)
        except WarehouseError as error:  # without the cache the question is asked as ever
            log.warning("answers are not kept: %s", error)
            return self._fetched(collector, params, fetch)
        within_budget()
        return self._once(key, collector, params, terms, fetch)

    async def _ask_async(
        self, collector: Collector, params: Any, terms: Terms, fetch: Callable[[], Any]
    ) -> Any:
        loop = asyncio.get_running_loop()

        def fetched() -> Any:
            return asyncio.run_coroutine_threadsafe(fetch(), loop).result()

        # Threads of our own: the loop's few may be what `fetch` itself waits for.
        context = contextvars.copy_context()
        thread = ThreadPoolExecutor(1, "viralforge-cache")
        try:
            return await loop.run_in_executor(
                thread, context.run, self.ask, collector, params, terms, fetched
            )
        finally:
            thread.shutdown(wait=False)

    def _given(
        self, found: Found, key: str, collector: Collector, params: Any, terms: Terms,
        fetch: Callable[[], Any],
    ) -> Any:  # fmt: skip
        if not found.is_fresh:
            threading.Thread(
                target=self._renew, args=(key, collector, params, terms, fetch), name="viralforge-renewal",
            ).start()  # fmt: skip
        collector.tell(Begun(), params, found.answer, from_cache=True, seen_at=found.fetched_at)
        if found.error is not None:
            raise UpstreamFailed(found.error)
        return found.answer

    def _once(
        self, key: str, collector: Collector, params: Any, terms: Terms, fetch: Callable[[], Any]
    ) -> Any:
        """Fetches, or waits for whoever fetches the same in this process already."""
        with self._mutex:
            under_way = self._under_way.get(key)
            mine = Future[Any]()
            self._under_way.setdefault(key, mine)
        if under_way is None:
            return self._led(key, mine, lambda: self._alone(key, collector, params, terms, fetch))
        answer = under_way.result()
        if found := self._looked(key):
            return self._given(found, key, collector, params, terms, fetch)
        collector.tell(Begun(), params, None, from_cache=True)
        return answer

    def _led(self, key: str, mine: Future[Any], work: Callable[[], Any]) -> Any:
        """Does the work, on whose outcome others wait."""
        try:
            answer = work()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(answer)
            return answer
        finally:
            with self._mutex:
                del self._under_way[key]

    def _alone(
        self, key: str, collector: Collector, params: Any, terms: Terms, fetch: Callable[[], Any]
    ) -> Any:
        """Fetches once no other process does, unless that has left an answer."""
        pause = _FIRST_PAUSE
        while not self._taken(key):
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        try:
            if self._is_fresh(key) and (found := self._looked(key)):
                return self._given(found, key, collector, params, terms, fetch)
            return self._kept(key, collector, params, terms, fetch)
        finally:
            self._give_back(key)

    def _kept(
        self, key: str, collector: Collector, params: Any, terms: Terms, fetch: Callable[[], Any]
    ) -> Any:
        begun = Begun()
        keep: dict[str, Any] = {
            "platform": collector.source.platform, "operation": collector.source.operation,
            "stale": terms.stale, "quota_units": collector.source.units,
            "cost_usd": collector.price(begun.at),
        }  # fmt: skip
        try:
            answer = fetch()
            if inspect.isawaitable(answer):
                raise InvalidInput(
                    "fetch: it returns something to await; give the asynchronous function itself"
                )
        except Exception as error:
            if not isinstance(error, NOT_ASKED):
                collector.tell(begun, params, None, failed=True)
            if terms.negative and not isinstance(error, NOT_ASKED):
                said = redacted(f"{type(error).__name__}: {error}")
                keep |= {"stale": timedelta(), "fetched_at": begun.ended(), "error": said[:2_000]}
                with _logged():
                    self._store.keep(key, None, ttl=terms.negative, **keep)
            raise
        ended = begun.ended()
        collector.tell(begun, params, answer, seen_at=ended)
        if not collector.is_failure(answer):
            with _logged():
                self._store.keep(key, answer, ttl=terms.ttl, fetched_at=ended, **keep)
        return answer

    def _renew(
        self, key: str, collector: Collector, params: Any, terms: Terms, fetch: Callable[[], Any]
    ) -> None:
        """Fetches a fresh answer for the next who asks, unless somebody does that already."""
        with self._mutex:
            if key in self._under_way:
                return
            mine = self._under_way[key] = Future[Any]()
        try:
            self._led(key, mine, lambda: self._alone(key, collector, params, terms, fetch))
        except Exception:
            log.exception("a stale answer of %s could not be renewed", collector.source.platform)

    def _fetched(self, collector: Collector, params: Any, fetch: Callable[[], Any]) -> Any:
        within_budget()
        begun = Begun()
        try:
            answer = fetch()
        except BaseException:
            collector.tell(begun, params, None, failed=True)
            raise
        collector.tell(begun, params, answer)
        return answer

    def _taken(self, key: str) -> bool:
        try:
            return self._locks.take(_lock(key))
        except WarehouseError:  # nobody can be asked who else fetches it
            return True

    def _give_back(self, key: str) -> None:
        with suppress(WarehouseError):
            self._locks.give_back(_lock(key))

    def _is_fresh(self, key: str) -> bool:
        try:
            return self._store.is_fresh(key)
        except WarehouseError:
            return False

    def _looked(self, key: str) -> Found | None:
        try:
            return self._store.look(key)
        except WarehouseError:
            return None


@contextmanager
def _logged() -> Iterator[None]:
    try:
        yield
    except WarehouseError as error:
        log.warning("an answer could not be kept: %s", error)


def _key(source: Source, params: Any) -> str:
    """What makes a question the same; only its hash is kept, since parameters may hold keys."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
    asked = orjson.dumps([source.platform, source.operation, params], default=str, option=options)
    return sha256(asked).hexdigest()


def _lock(key: str) -> int:
    return int.from_bytes(bytes.fromhex(key[:16]), signed=True)

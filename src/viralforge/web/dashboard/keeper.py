"""Answers that take long: a page shows them as they were last, and they are worked out anew meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any, NamedTuple, TypeVar, cast

from viralforge.errors import ViralForgeError
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.tiles import Question, Rows

log = logging.getLogger("viralforge.web")
FRESH = timedelta(minutes=5)
"""So old an answer may be before it is worked out anew."""
PATIENCE_SECONDS = 1.5
"""So long a page waits for an answer that was never worked out before."""
_AT_ONCE = 2
_SOON = 0.3
T = TypeVar("T")


class Kept(NamedTuple):
    """Rows, and when they were worked out, None for now; `rows=None` where they are being worked out."""

    rows: Rows | None
    as_of: datetime | None = None


class Keeper:
    """Works answers out, each once at a time, in threads of its own."""

    def __init__(self, warehouse: DataWarehouse) -> None:
        self._warehouse = warehouse
        self._threads = ThreadPoolExecutor(_AT_ONCE, "viralforge-dashboard")
        self._under_way: dict[str, Future[Any]] = {}
        self._last: dict[str, Any] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Waits for what is under way; the rest is not begun."""
        self._threads.shutdown(cancel_futures=True)

    def rows(self, question: Question, given: dict[str, Any]) -> Kept:
        """What was answered last, if ever; else the answer, if it comes soon."""
        found = self._warehouse.kept.latest(question.row, question.name, given)
        if found is not None and datetime.now(UTC) - found[1] < FRESH:
            return Kept(*found)
        under_way = self._begun(question, given)
        if found is not None:
            return Kept(*found)
        try:
            return under_way.result(PATIENCE_SECONDS)
        except NotYet:
            return Kept(None)

    def last(self, key: str, work: Callable[[], T]) -> T | None:
        """What `work` returns if that is soon, else what it returned last; None while it never has."""
        patience = _SOON if key in self._last else PATIENCE_SECONDS
        with suppress(NotYet):
            self._last[key] = self._begin(key, work).result(patience)
        return cast("T | None", self._last.get(key))

    def _begun(self, question: Question, given: dict[str, Any]) -> Future[Kept]:
        key = f"{question.name} {sorted(given.items(), key=str)}"
        return self._begin(key, partial(self._worked_out, question, given))

    def _begin(self, key: str, work: Callable[[], T]) -> Future[T]:
        with self._lock:
            if key not in self._under_way:
                future = self._threads.submit(work)
                self._under_way[key] = future
                future.add_done_callback(lambda _done: self._under_way.pop(key, None))
                return future
            return self._under_way[key]

    def _worked_out(self, question: Question, given: dict[str, Any]) -> Kept:
        try:
            rows = question.ask(self._warehouse, given)
            kept = self._warehouse.kept
            return Kept(rows, kept.keep(question.row, question.name, given, rows))  # type: ignore[arg-type]
        except ViralForgeError as error:
            log.warning("a tile could not be worked out", extra={"tile": question.name, "error": str(error)})
            raise

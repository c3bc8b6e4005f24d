"""Answers that take long: a page shows them as they were last, and they are worked out anew meanwhile."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

from viralforge.errors import CutShort, ViralForgeError
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard import limits
from viralforge.web.dashboard.tiles import Question, Rows

log = logging.getLogger("viralforge.web")
FRESH = timedelta(minutes=5)
"""So old an answer may be before it is worked out anew."""
PATIENCE_SECONDS = 1.5
"""So long a page as a whole waits for answers that were never worked out before."""
_AT_ONCE = 2
_MOST_REMEMBERED = 500


class Kept(NamedTuple):
    """An answer, and when it was worked out; None while it is being worked out for the first time."""

    rows: Any
    as_of: datetime | None = None


class Keeper:
    """Works answers out, each once at a time, in threads of its own."""

    def __init__(self, warehouse: DataWarehouse) -> None:
        self._warehouse = warehouse
        self._threads = ThreadPoolExecutor(_AT_ONCE, "viralforge-dashboard")
        self._under_way: dict[str, Future[Kept]] = {}
        self._last: dict[str, Kept] = {}
        self._cut_short: dict[str, tuple[datetime, float]] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Begins nothing more; what is under way ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def rows(self, question: Question, given: dict[str, Any], until: float) -> Kept:
        """The rows as they were worked out last, by whatever server; else as soon as they are.

        `until` is when the page waits no longer (monotonic).
        """
        key = f"{question.name} {sorted(given.items(), key=str)}"
        if key not in self._last or self._is_old(self._last[key]):
            found = self._warehouse.kept.latest(question.row, question.name, given)
            if found is not None and ("days" not in given or found[1].date() == datetime.now(UTC).date()):
                self._last[key] = Kept(*found)  # else its last day is not today
            elif "days" in given:
                self._last.pop(key, None)
        return self.last(key, partial(self._worked_out, question, given), until)

    def last(self, key: str, work: Callable[[], Kept], until: float) -> Kept:
        """What `work` returned last, and worked out anew if that is old; else what it returns in time.

        What took too long is not begun again for as long as an answer is fresh. Raises CutShort.
        """
        known = self._last.get(key)
        seconds = self._was_too_much(key)
        if known is not None and (seconds or not self._is_old(known)):
            return known
        if seconds:
            raise CutShort(seconds)
        under_way = self.begin(key, work)
        if known is not None:
            return known
        with suppress(NotYet):
            return under_way.result(max(0.0, until - time.monotonic()))
        return Kept(None)

    def begin(self, key: str, work: Callable[[], Kept]) -> Future[Kept]:
        """Works something out, unless that is under way."""
        with self._lock:
            if (under_way := self._under_way.get(key)) is None:
                under_way = self._under_way[key] = self._threads.submit(self._remembered, key, work)
            return under_way

    def _remembered(self, key: str, work: Callable[[], Kept]) -> Kept:
        try:
            with self._warehouse.limited(limits.BEHIND_SECONDS):
                found = work()
            if len(self._last) >= _MOST_REMEMBERED:
                self._last.clear()
                self._cut_short.clear()
            self._last[key] = found
            return found
        except ViralForgeError as error:
            if isinstance(error, CutShort):
                self._cut_short[key] = datetime.now(UTC), error.seconds
            log.warning("a tile could not be worked out", extra={"tile": key[:200], "error": str(error)})
            raise
        finally:
            with self._lock:
                self._under_way.pop(key, None)

    def _worked_out(self, question: Question, given: dict[str, Any]) -> Kept:
        now = datetime.now(UTC)
        rows: Rows = question.ask(self._warehouse, given)
        self._warehouse.kept.keep(question.row, question.name, given, rows)  # type: ignore[arg-type]
        return Kept(rows, now)

    def _was_too_much(self, key: str) -> float:
        """After how many seconds it was cut short lately; 0 where it was not."""
        at, seconds = self._cut_short.get(key, (datetime.min.replace(tzinfo=UTC), 0.0))
        if seconds and datetime.now(UTC) - at > FRESH:
            self._cut_short.pop(key, None)
            return 0.0
        return seconds

    @staticmethod
    def _is_old(known: Kept) -> bool:
        return known.as_of is None or datetime.now(UTC) - known.as_of > FRESH

"""Writes facts about runs to disk as they happen, and carries them into the warehouse behind the run's back.

A fact costs its run one write to a file, which outlives the process; a thread stores it a moment later, or
when the database is there again. What a process that died had written is stored by the next recorder of the
same directory, which also knows that the process is gone: its runs have become stale.
"""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from viralforge.errors import WarehouseError
from viralforge.lifecycle.spool import Row, Spool
from viralforge.store.runs import RunStore

log = logging.getLogger("viralforge.agents")
GATHER_SECONDS = 0.05
"""So long facts are gathered before they are stored together."""
_TELL_SECONDS = 30
_LONGEST_PAUSE = 30
_AT_EXIT_SECONDS = 5
_MARK = "recorder-*.lock"


class Recorder:
    """The one of a process; safe among threads, and never an error for who tells it something."""

    def __init__(
        self, directory: Path, store: Callable[[Sequence[Row]], int], runs: RunStore,
        look_again: Callable[[float], None],
    ) -> None:  # fmt: skip
        """`look_again` is called after something was stored, with when the storing of it began (monotonic).

        Raises ConfigurationError where nothing can be written to the directory.
        """
        self.id = uuid4()
        self._directory, self._store, self._runs = directory, store, runs
        self._look_again = look_again
        self._spool = Spool(directory, "facts", synced=False)
        self._live: set[UUID] = set()
        self._wake, self._ending = threading.Event(), threading.Event()
        self._draining, self._begun, self._thread = threading.Lock(), threading.Lock(), None
        self._mark = -1
        self._is_away = False
        me = weakref.ref(self)

        def forked() -> None:
            if (found := me()) is not None:
                found._forked()

        os.register_at_fork(after_in_child=forked)

    def _forked(self) -> None:
        """A child of the process is another one: it leaves to its parent what is its parent's."""
        self.id, self._live, self._thread = uuid4(), set(), None
        self._wake, self._ending = threading.Event(), threading.Event()
        self._draining, self._begun = threading.Lock(), threading.Lock()
        if self._mark >= 0:
            os.close(self._mark)  # the parent holds the lock on
            self._mark = -1
        self._spool.forget()
        atexit.unregister(self._end)

    def note(self, fact: str, **what: Any) -> None:
        """Writes a fact down; an error of ours is logged, and the run goes on."""
        try:
            self._begin()
            if fact == "started":
                self._live.add(what["key"])
            elif fact == "ended":
                self._live.discard(what["run"])
            self._spool.append([{"fact": fact, **what}])
            self._wake.set()
        except Exception:
            log.exception("a fact about a run was not written down: %s", fact)

    def flush(self) -> None:
        """Returns once all that was told is stored. Raises DatabaseUnavailable."""
        with self._draining:
            self._spool.drain(self._store)

    def sweep(self) -> int:
        """Stores what dead processes left, and marks their runs and all silent ones as stale; how many."""
        marks = [path for path in self._directory.glob(_MARK) if _is_left(path)]
        self.flush()
        swept = self._runs.sweep([UUID(path.stem.removeprefix("recorder-")) for path in marks])
        for path in marks:
            path.unlink(missing_ok=True)
        return swept

    def close(self) -> None:
        """Stores what was told, if the database is there; else it stays on disk for the next recorder."""
        self._ending.set()
        self._wake.set()
        if self._thread is not None:  # which stores the rest, if that does not take too long
            self._thread.join(_AT_EXIT_SECONDS)
        if self._mark >= 0 and not self._live:
            (self._directory / f"recorder-{self.id}.lock").unlink(missing_ok=True)
            os.close(self._mark)
            self._mark = -1
        atexit.unregister(self._end)

    def _end(self) -> None:
        """At the end of the process: what still goes on will not be ended by anybody else."""
        for run in self._live.copy():
            said = "the process ended before the run did"
            self.note("ended", run=run, status="failed", end_time=datetime.now(UTC), error_message=said)
        self.close()

    def _begin(self) -> None:
        if self._thread is not None:
            return
        with self._begun:
            if self._thread is not None:
                return
            self._mark = self._marked()
            thread = threading.Thread(target=self._carry, name="viralforge-recorder", daemon=True)
            thread.start()
            atexit.register(self._end)
            self._thread = thread  # type: ignore[assignment]

    def _marked(self) -> int:
        """A file that is locked as long as this process lives; it is locked before it has its name."""
        final = self._directory / f"recorder-{self.id}.lock"
        making = final.with_suffix(".making")
        descriptor = os.open(making, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        making.rename(final)
        return descriptor

    def _carry(self) -> None:
        pause, told, swept = 0.0, time.monotonic(), float("-inf")
        while not self._ending.is_set():
            self._wake.wait(_TELL_SECONDS)
            self._ending.wait(GATHER_SECONDS + pause)
            self._wake.clear()
            try:
                began = time.monotonic()
                self.flush()
                self._look_again(began)
                now = time.monotonic()
                if now - swept > 2 * _TELL_SECONDS:
                    self.sweep()
                    swept = now
                if now - told > _TELL_SECONDS and self._live:
                    self._runs.still_here(self._live.copy())
                    told = now
                self._said(away=False)
                pause = 0.0
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever the database says
                self._said(away=True, why=error)
                pause = min(2 * pause + 1, _LONGEST_PAUSE)
                self._wake.set()
        with suppress(WarehouseError, RuntimeError):  # what is left is stored by the next recorder
            self.flush()

    def _said(self, *, away: bool, why: Exception | None = None) -> None:
        if away and not self._is_away:
            log.warning("facts about runs wait in %s: %s", self._directory, why)
        elif self._is_away and not away:
            log.info("facts about runs are stored again")
        self._is_away = away


def _is_left(mark: Path) -> bool:
    """Whether nobody holds the file any more."""
    try:
        descriptor = os.open(mark, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)

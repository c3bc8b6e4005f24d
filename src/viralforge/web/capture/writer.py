"""Commits events in groups: while one is committed the next gathers, so one disk sync serves many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from viralforge.errors import ViralForgeError, WarehouseError
from viralforge.web import metrics
from viralforge.web.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from viralforge.lifecycle.spool import Spool

Row = dict[str, Any]
_AT_ONCE = 5_000
_COMMITS = 2
"""So many groups are committed at the same time: while one waits for the disk the other is read in."""
_AWAY_SECONDS = 1.0
"""So often it is looked for while it is away; nobody is made to wait for it meanwhile."""
_Waiting = tuple[Sequence[Row], "asyncio.Future[bool]"]


class CaptureWriter:
    """Stores rows of events; each caller is told when its own are committed, or safe in the spool."""

    def __init__(
        self, insert: Callable[[Sequence[Row]], int], ping: Callable[[], None], *, max_waiting: int,
        spool: Spool | None = None,
    ) -> None:  # fmt: skip
        self._insert, self._ping, self._max_waiting, self._spool = insert, ping, max_waiting, spool
        self._pending: deque[_Waiting] = deque()
        self._waiting = 0
        self._is_away = False
        self._watch: asyncio.Task[None] | None = None
        self._closing = False
        self._threads = ThreadPoolExecutor(_COMMITS, thread_name_prefix="capture")
        self._commits: set[asyncio.Task[None]] = set()

    async def store(self, rows: Sequence[Row]) -> bool:
        """Returns once the rows are safe: True in the database, False in the spool.

        Raises DatabaseUnavailable or StorageFull where they are in neither, and Problem where too many wait.
        """
        if self._waiting + len(rows) > self._max_waiting or self._closing:
            metrics.refused.inc(len(rows))
            raise Problem("unavailable", "too many events wait to be stored; send these again", wait=1)
        if self._spool is None and self._is_away:
            metrics.refused.inc(len(rows))
            raise Problem(
                "unavailable", "nothing of this request was kept; send it again", wait=_AWAY_SECONDS
            )
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._pending.append((rows, done))
        self._waiting += len(rows)
        metrics.waiting.inc(len(rows))
        self._commit_more()
        return await done

    async def close(self) -> None:
        """Commits what was accepted, then stops."""
        self._closing = True
        while self._commits:
            await asyncio.wait(self._commits)
        if self._watch:
            self._watch.cancel()
        self._threads.shutdown()

    def _commit_more(self) -> None:
        if self._pending and len(self._commits) < _COMMITS:
            task = asyncio.create_task(self._commit_pending())
            self._commits.add(task)
            task.add_done_callback(self._committed)

    def _committed(self, task: asyncio.Task[None]) -> None:
        self._commits.discard(task)
        if self._is_away and (self._watch is None or self._watch.done()):
            self._watch = asyncio.create_task(self._look_out())
        self._commit_more()

    async def _look_out(self) -> None:
        """Asks for the database until it is back, so that no caller has to wait to find out."""
        while self._is_away:
            await asyncio.sleep(_AWAY_SECONDS)
            with suppress(WarehouseError):
                await asyncio.to_thread(self._ping)
                self._is_away = False

    async def _commit_pending(self) -> None:
        if self._pending:  # else the other commit took them along
            await self._commit(self._gathered())

    def _gathered(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        size = 0
        while self._pending and (not group or size + len(self._pending[0][0]) <= _AT_ONCE):
            group.append(self._pending.popleft())
            size += len(group[-1][0])
        self._waiting -= size
        metrics.waiting.dec(size)
        metrics.group.observe(size)
        return group

    async def _commit(self, group: list[_Waiting]) -> None:
        rows = [row for some, _done in group for row in some]
        try:
            stored = await asyncio.get_running_loop().run_in_executor(self._threads, self._kept, rows)
        except Exception as error:  # noqa: BLE001 - each who waits is told, whatever it is
            if len(group) > 1 and not (isinstance(error, ViralForgeError) and error.retryable):
                for one in group:  # whose rows they are that cannot be stored is found one by one
                    await self._commit([one])
                return
            _tell(group, error)
        else:
            (metrics.stored if stored else metrics.spooled).inc(len(rows))
            _tell(group, stored)

    def _kept(self, rows: list[Row]) -> bool:
        """Stores the rows, in a thread that commits; whether it was in the database."""
        if self._spool is None or not self._is_away:
            try:
                self._insert(rows)
            except WarehouseError as error:
                if not error.retryable:
                    raise
                self._is_away = True
                if self._spool is None:
                    raise
            else:
                return True
        assert self._spool is not None
        self._spool.append(rows)
        return False


def _tell(group: list[_Waiting], outcome: bool | Exception) -> None:
    for rows, done in group:
        if isinstance(outcome, Exception):
            metrics.refused.inc(len(rows))
        if done.cancelled():  # whoever asked has gone
            continue
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)

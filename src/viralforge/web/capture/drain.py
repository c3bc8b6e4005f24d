"""Brings what is spooled into the database, again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from viralforge.errors import WarehouseError
from viralforge.lifecycle.spool import Row, Spool

log = logging.getLogger("viralforge.web")
_PAUSE_SECONDS = 2


@asynccontextmanager
async def drain_forever(spool: Spool, insert: Callable[[Sequence[Row]], int]) -> AsyncIterator[None]:
    """Drains the spool every few seconds as long as the block lasts, and ends between two batches."""
    ending = asyncio.Event()

    async def again_and_again() -> None:
        while not ending.is_set():
            try:
                if drained := await asyncio.to_thread(spool.drain, insert, ending.is_set):
                    log.info("drained", extra={"events": drained})
            except WarehouseError:  # still away
                pass
            except Exception as error:  # noqa: BLE001 - what is spooled was acknowledged: it is tried for ever
                log.error("drain", extra={"error": type(error).__name__})
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), _PAUSE_SECONDS)

    task = asyncio.create_task(again_and_again())
    try:
        yield
    finally:
        ending.set()
        await task

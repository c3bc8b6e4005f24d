"""Several processes that start their work at the same moment."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

Way = Callable[[], AbstractContextManager[Callable[[], None]]]
"""Gets ready, outside the clock; gives the work."""


def together(ways: Sequence[Way]) -> float:
    """Seconds from the first start to the last end, each way in a process of its own."""
    context = multiprocessing.get_context("fork")
    barrier, spans = context.Barrier(len(ways)), context.SimpleQueue()
    workers = [context.Process(target=_run, args=(way, barrier, spans)) for way in ways]
    for worker in workers:
        worker.start()
    found = [spans.get() for _ in workers]
    for worker in workers:
        worker.join()
    return float(max(end for _, end in found) - min(start for start, _ in found))


def _run(way: Way, barrier: Any, spans: Any) -> None:
    gc.freeze()
    with way() as work:
        barrier.wait()
        started = time.perf_counter()
        work()
        spans.put((started, time.perf_counter()))

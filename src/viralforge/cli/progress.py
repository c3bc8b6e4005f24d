"""Progress bars on standard error, for a person only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn


@contextmanager
def counted() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for one step after another; it is told the step, what of it is done, and all of it."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

    with _bar(
        TextColumn("{task.description:<11}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    ) as bar:
        yield bar


@contextmanager
def bytes_read() -> Iterator[Callable[[int, int | None], None]]:
    """A bar for reading; it is told the bytes read, and all there are, None where nobody knows."""
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    reading = TextColumn("reading")
    with _bar(reading, BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()) as bar:
        yield lambda done, total: bar("reading", done, total)


@contextmanager
def _bar(*columns: ProgressColumn) -> Iterator[Callable[[str, int, int | None], None]]:
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Steps(progress)


class _Steps:
    """One line for each step."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, Any] = {}

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step)
        self._progress.update(self._tasks[step], completed=done, total=total)

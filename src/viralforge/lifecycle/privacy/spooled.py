"""What waits on disk and is erased with whom it names: events, facts about runs, and what was refused."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

IsOf = Callable[[bytes], bool]
"""Whether a line is of whom is erased."""


def forget(paths: Iterable[Path], is_of: IsOf) -> int:
    """Takes lines out of files that nobody holds, and of the refused ones; how many."""
    return sum(_rewritten(path, is_of) for path in paths)


def tells(path: Path, is_of: IsOf) -> bool:
    """Whether a file is there and has such lines."""
    try:
        with path.open("rb") as file:
            return any(is_of(line) for line in file)
    except FileNotFoundError:
        return False


def _rewritten(path: Path, is_of: IsOf) -> int:
    """Writes a file anew without such lines, unless another holds it; how many there were."""
    with _locked(path) as file:
        if file is None:
            return 0
        lines = file.readlines()
        kept = [line for line in lines if not is_of(line)]
        if len(kept) < len(lines):
            making = path.with_suffix(".erasing")
            with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as anew:
                anew.writelines(kept)
                anew.flush()
                os.fsync(anew.fileno())
            if kept:
                making.replace(path)
            else:
                path.unlink()
                making.unlink()
        return len(lines) - len(kept)


@contextmanager
def _locked(path: Path) -> Iterator[BufferedRandom | None]:
    """The file, locked; None where it is gone, or held."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield None
            return
        yield file

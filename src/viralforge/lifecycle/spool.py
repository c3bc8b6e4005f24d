"""What waits on disk for the database, in order, and is drained into it later.

Each process appends to a file of its own, which it holds locked; files that nobody holds are left by
processes that died, and are drained like one's own. A file is deleted once all of it is stored: a drain that
was broken off begins it again, and what is stored already must be the same rows.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import BufferedReader, FileIO
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from viralforge.errors import ConfigurationError, StorageFull, WarehouseError
from viralforge.model import values

log = logging.getLogger("viralforge.spool")
Row = dict[str, Any]
REFUSED = "refused.ndjson"
"""What could not be stored is kept here."""
_AT_ONCE = 1_000


class Spool:
    """A directory of files with one row a line; one process uses one `Spool` of a name.

    What is `synced` outlives a loss of power too, else the death of its process alone.
    """

    def __init__(self, directory: Path, name: str = "events", *, synced: bool = True) -> None:
        """Raises ConfigurationError where the directory cannot be written to."""
        self._directory, self._name, self._synced, self._lock = directory, name, synced, Lock()
        self._file: tuple[Path, FileIO] | None = None
        self._held: list[tuple[Path, FileIO]] = []
        self._draining = Lock()
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(directory, os.W_OK | os.X_OK):
                raise PermissionError(13, "cannot be written to")
        except OSError as error:
            raise ConfigurationError(f"the spool {directory}: {error.strerror}") from None

    def append(self, rows: Sequence[Row]) -> None:
        """Returns once the rows are on disk. Raises StorageFull where they are not; then none of them is."""
        lines = b"".join(_line(row) for row in rows)
        with self._lock:
            try:
                path, file = self._file or self._begun()
                end = file.seek(0, os.SEEK_END)
            except OSError as error:
                raise StorageFull(f"the spool {self._directory}: {error.strerror}") from None
            try:
                rest = memoryview(lines)
                while rest:
                    rest = rest[file.write(rest) :]
                if self._synced:
                    os.fsync(file.fileno())
            except OSError as error:
                # What a failed sync left in it nobody knows: it is read up to here and no further.
                self._file = None
                self._held.append((path, file))
                with suppress(OSError):
                    os.ftruncate(file.fileno(), end)
                raise StorageFull(f"the spool {self._directory}: {error.strerror}") from None

    def drain(self, insert: Callable[[Sequence[Row]], int], ends: Callable[[], bool] = bool) -> int:
        """Stores what is spooled, the oldest first, until `ends`; says how many rows that were.

        Raises DatabaseUnavailable where the database is still away; the rest stays for the next time.
        """
        with self._draining:
            total = self._drain_own(insert, ends)
            with self._lock:
                if self._file is not None:
                    self._held.append(self._file)
                    self._file = None
            total += self._drain_own(insert, ends)
            paths = sorted(self._directory.glob(f"{self._name}-*.ndjson"))
            return total + sum(self._drain_file(path, insert, ends) for path in paths)

    def _drain_own(self, insert: Callable[[Sequence[Row]], int], ends: Callable[[], bool]) -> int:
        """Drains what is held locked: nobody else gets at it, so that what came first is stored first."""
        total = 0
        while self._held and not ends():
            path, file = self._held[0]
            total += self._drain_locked(path, insert, ends)
            if not path.exists():
                self._held.pop(0)
                file.close()
        return total

    def forget(self) -> None:
        """In a child of the process: leaves the files to the parent, whose locks they keep."""
        for _path, file in [*self._held, *([self._file] if self._file else [])]:
            file.close()
        self._file, self._held = None, []
        self._lock, self._draining = Lock(), Lock()

    def _begun(self) -> tuple[Path, FileIO]:
        """A file that is locked before it has the name under which others would drain it."""
        path = self._directory / f"{self._name}-{time.time_ns():020d}-{os.getpid()}.ndjson"
        making = path.with_suffix(".making")
        file = FileIO(os.open(making, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "r+")
        fcntl.flock(file, fcntl.LOCK_EX)
        making.rename(path)
        if self._synced:
            parent = os.open(self._directory, os.O_RDONLY)
            try:
                os.fsync(parent)  # else a crash could lose the file with all that is synced into it
            finally:
                os.close(parent)
        self._file = path, file
        return self._file

    def _drain_file(
        self, path: Path, insert: Callable[[Sequence[Row]], int], ends: Callable[[], bool]
    ) -> int:
        try:
            file = path.open("r+b")
        except FileNotFoundError:  # another process was quicker
            return 0
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:  # it is written to, or drained
                return 0
            return self._drain_locked(path, insert, ends)

    def _drain_locked(
        self, path: Path, insert: Callable[[Sequence[Row]], int], ends: Callable[[], bool]
    ) -> int:
        total = 0
        with path.open("rb") as file:
            rows = self._rows_in(file)
            while some := list(islice(rows, _AT_ONCE)):
                self._insert(some, insert)
                total += len(some)
                if ends():
                    return total
        path.unlink(missing_ok=True)
        return total

    def _insert(self, rows: list[Row], insert: Callable[[Sequence[Row]], int]) -> None:
        """Stores the rows; those that the database refuses for good are kept beside, and told."""
        try:
            insert(rows)
        except WarehouseError as error:
            if error.retryable:
                raise
            self._set_apart(rows, error, insert)
        except Exception as error:
            if isinstance(error, RuntimeError) and not isinstance(error, RecursionError):
                raise  # not the rows' fault: the interpreter ends, or there is no room for a thread
            self._set_apart(rows, error, insert)  # one row that cannot be stored must not keep all others

    def _set_apart(self, rows: list[Row], error: Exception, insert: Callable[[Sequence[Row]], int]) -> None:
        if len(rows) > 1:
            for row in rows:
                self._insert([row], insert)
            return
        self._refuse(orjson.dumps(rows[0]) + b"\n", f"{type(error).__name__}: {error}"[:500])

    def _refuse(self, line: bytes, why: str) -> None:
        refused = self._directory / REFUSED
        is_kept = False
        while not is_kept:
            with refused.open("ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                # An erasure may have put another file in its place while we waited.
                with suppress(FileNotFoundError):
                    is_kept = os.path.samestat(os.fstat(file.fileno()), refused.stat())
                if is_kept:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
        log.error("refused: %s; kept in %s", why, refused, extra={"error": why, "kept_in": str(refused)})

    def _rows_in(self, file: BufferedReader) -> Iterator[Row]:
        for line in file:
            if not line.endswith(b"\n"):
                return  # torn by a crash before it was synced, so never acknowledged
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError as error:  # a loss of power may leave a hole in a file
                self._refuse(line, type(error).__name__)


def _line(row: Row) -> bytes:
    try:
        return orjson.dumps(row, default=str, option=orjson.OPT_NON_STR_KEYS) + b"\n"
    except TypeError:  # halves of an emoji, numbers beyond 64 bits
        return json.dumps(values.scrub(row)[0], default=str).encode() + b"\n"

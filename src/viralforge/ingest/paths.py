"""Which files the given paths mean: files, folders, globs, standard input; and what tells them apart."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePath

from viralforge.errors import UnreadableInput

STDIN = "-"
LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv")
DATA = (".json", *LINES, *TABLES, ".tar", ".tgz")
COMPRESSED = (".gz", ".zst")
_END = 64 * 2**10


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read: `path` is None for standard input, `size` (bytes) where it is a pipe.

    `first_read_at` is when its payloads count as seen where they do not say so; None leaves it to the run.
    """

    name: str
    path: Path | None = None
    size: int | None = None
    first_read_at: datetime | None = None

    def hash(self) -> bytes | None:
        """What tells a file from any other, moved or not: size, time of change, both ends; None for a pipe.

        Raises UnreadableInput if the system does not read it.
        """
        if self.path is None or self.size is None:
            return None
        try:
            with self.path.open("rb") as opened:
                ends = opened.read(_END)
                opened.seek(max(self.size - _END, 0))
                ends += opened.read(_END)
            changed = self.path.stat().st_mtime_ns
        except OSError as error:
            raise unreadable(self.name, error) from None
        return hashlib.sha256(b"%d %d " % (self.size, changed) + ends).digest()[:16]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files to read, each once, in order; and those in folders that are no data and are passed over."""

    files: list[Input] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)

    @property
    def size(self) -> int | None:
        """Bytes of all files as stored; None where one is a pipe."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def dated(self, ask: Callable[[list[bytes]], Mapping[bytes, datetime]]) -> Inputs:
        """The same files, each with the moment that `ask` says of its hash."""
        hashes = [file.hash() for file in self.files]
        moments = ask([found for found in hashes if found])
        pairs = zip(self.files, hashes, strict=True)
        files = [replace(file, first_read_at=moments[found] if found else None) for file, found in pairs]
        return Inputs(files, self.skipped)


def find_inputs(paths: Sequence[str | Path] | str | Path) -> Inputs:
    """Every file the paths mean, all of them known to be readable before one is read.

    A path is a file (read whatever its name), a folder (its files named as data, folders within it
    included, hidden ones not), a glob, or `-`. Raises UnreadableInput if a path is missing or may not be
    read, a glob matches nothing, or a folder holds no data.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    if not given:
        raise UnreadableInput("nothing to read: name a file, a folder, a glob, or - for standard input")
    found, seen = Inputs(), set[object]()
    for each in given:
        for file in _meant(each, found.skipped):
            key = STDIN if file.path is None else file.path.resolve()
            if key not in seen:
                seen.add(key)
                found.files.append(file)
    return found


def suffix_of(name: str) -> str:
    """What a name says of the content, compression aside: `.csv` for `a.CSV.gz`, empty for `dump.zst`."""
    path = PurePath(name.lower())
    return PurePath(path.stem).suffix if path.suffix in COMPRESSED else path.suffix


def is_data(name: str) -> bool:
    """Whether a file in a folder or archive is named as data.

    >>> [is_data(name) for name in ("a.json", "a.csv.gz", "dump.zst", "log.txt.gz", ".a.json", "a.png")]
    [True, True, True, False, False, False]
    """
    path = PurePath(name.lower())
    suffix = suffix_of(name)
    return not path.name.startswith(".") and (suffix in DATA or (path.suffix in COMPRESSED and not suffix))


def _meant(given: str | Path, skipped: list[Path]) -> Iterator[Input]:
    if not str(given).strip():
        raise UnreadableInput("a path is empty: name a file, a folder, a glob, or - for standard input")
    if str(given) == STDIN:
        if sys.stdin is None or sys.stdin.isatty():
            raise UnreadableInput("standard input is a terminal: pipe data into it, or name a file")
        yield Input(STDIN)
        return
    found = False
    for path in _matches(given):
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            raise unreadable(path, error) from None
        for file in _within(path, skipped) if stat.S_ISDIR(status.st_mode) else (_file(path, status),):
            found = True
            yield file
    if not found:
        known = " ".join((*DATA, *COMPRESSED))
        raise UnreadableInput(f"{given}: no file in it is data ({known}); name other files one by one")


def _matches(given: str | Path) -> list[Path]:
    path = Path(given).expanduser()
    if not glob.has_magic(str(given)) or os.path.lexists(path):
        return [path]
    matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - Path.glob takes no absolute one
    if not matches:
        raise UnreadableInput(f"{given}: no file matches; check the pattern and the folder you are in")
    return [Path(match) for match in matches]


def _within(folder: Path, skipped: list[Path]) -> Iterator[Input]:
    def fail(error: OSError) -> None:
        raise unreadable(Path(error.filename or folder), error) from None

    for where, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(where, name)
            if is_data(name) and path.is_file():
                yield _file(path, path.stat())
            elif not name.startswith("."):
                skipped.append(path)


def _file(path: Path, status: os.stat_result) -> Input:
    if not os.access(path, os.R_OK):
        raise UnreadableInput(f"{path}: no permission to read it; run as a user who may, or chmod it")
    name = os.fsencode(path).decode("utf-8", "replace")
    return Input(name, path, status.st_size if stat.S_ISREG(status.st_mode) else None)


def unreadable(path: Path | str, error: Exception) -> UnreadableInput:
    """The error for a path the system will not read: what, where, and what to do."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UnreadableInput(f"{path}: there is no such file or folder; check the path")
    if isinstance(error, PermissionError):
        return UnreadableInput(f"{path}: no permission to read it; run as a user who may, or chmod it")
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return UnreadableInput(f"{path!s:.200}: cannot be read: {reason}; check the path and the disk")

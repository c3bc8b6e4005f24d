"""The files of the archive, as a backup sees them: listed, copied beside the dump, and put back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import IO, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from psycopg import Connection

from viralforge.errors import WarehouseError
from viralforge.lifecycle.archive.catalog import cataloged
from viralforge.lifecycle.archive.storage import archive_faults, file_io, need_lake
from viralforge.lifecycle.backup.manifest import ArchivedFile, ArchivedFiles
from viralforge.settings import Settings


class Listed(NamedTuple):
    """A file of the archive: its path as the catalog has it, and its bytes."""

    path: str
    bytes: int


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """Where the archive lies, and what a backup must be able to do there.

    `listed` says which files the archive consists of in the state that the connection sees, which is the one
    that is dumped: the catalog in it names them. `copy` writes a file of the archive to a place on this
    machine, `put` one from this machine into the archive, whole or not at all. `size` is None for a file that
    is not there, which `remove` does not mind.
    """

    url: str
    listed: Callable[[Connection[Any]], Iterable[Listed]]
    copy: Callable[[str, Path], None]
    put: Callable[[Path, str], None]
    size: Callable[[str], int | None]
    remove: Callable[[str], None]

    def absent(self, files: Iterable[ArchivedFile]) -> list[ArchivedFile]:
        """Those that are not there, or are others."""
        return [file for file in files if self.size(file.path) != file.bytes]

    def copied(
        self, files: Sequence[ArchivedFile], backup: Path, tell: Callable[[int, int], None]
    ) -> Iterator[ArchivedFile]:
        """Copies the files into the backup, and says where to."""
        (backup / "archive").mkdir()
        for number, file in enumerate(files):
            tell(number, len(files))
            name = f"archive/{number:06}"
            try:
                self.copy(file.path, backup / name)
            except FileNotFoundError:
                raise WarehouseError(
                    f"{file.path}: left the archive while it was copied. Try again"
                ) from None
            yield file.model_copy(update={"copied_to": name})


def of_settings(settings: Settings) -> KeptFiles | None:
    """The archive of the settings; None where there is none, or its folder is not made yet."""
    url = settings.archive_url
    if url is None:
        folder = settings.data_dir / "archive"
        return in_folder(folder) if settings.database_url is None and folder.is_dir() else None
    if urlsplit(url).scheme in ("", "file"):
        return in_folder(_local(url)) if _local(url).is_dir() else None
    return on_s3(url, settings)


def of_backup(archive: ArchivedFiles, settings: Settings) -> KeptFiles:
    """The archive that a backup names; an S3 is reached as the settings say."""
    if urlsplit(archive.url).scheme in ("", "file"):
        return in_folder(_local(archive.url))
    return on_s3(archive.url, settings)


def on_s3(url: str, settings: Settings) -> KeptFiles:
    """An archive on S3, which consists of what the catalog's tables refer to. Raises MissingExtra."""
    need_lake()
    from pyarrow import fs

    with archive_faults(url):
        io = file_io(url, settings)
        system = io.fs_by_scheme("s3", urlsplit(url).netloc)

    def place(path: str) -> str:
        return path.partition("://")[2]

    def size(path: str) -> int | None:
        with archive_faults(url):
            found = system.get_file_info(place(path))
            return found.size if found.type == fs.FileType.File else None

    def remove(path: str) -> None:
        if size(path) is not None:
            with archive_faults(url):
                system.delete_file(place(path))

    def listed(connection: Connection[Any]) -> Iterator[Listed]:
        with archive_faults(url):
            for path in cataloged(connection, settings):
                yield Listed(path, size(path) or 0)

    def carry(source: IO[bytes], target: IO[bytes]) -> None:
        with archive_faults(url), source, target:
            shutil.copyfileobj(source, target, 2**20)

    return KeptFiles(
        url, listed, lambda path, target: carry(system.open_input_stream(place(path)), target.open("wb")),
        lambda source, path: carry(source.open("rb"), system.open_output_stream(place(path))), size,
        remove,
    )  # fmt: skip


def in_folder(folder: Path) -> KeptFiles:
    """An archive in a folder, which consists of all that lies there."""
    folder = folder.absolute()

    def listed(_connection: Connection[Any]) -> Iterator[Listed]:
        for found in sorted(folder.rglob("*")):
            if found.is_file():
                yield Listed(str(found), found.stat().st_size)

    return KeptFiles(str(folder), listed, _copy, _put, _size, _remove)


def _local(path: str) -> Path:
    """The place of a path, also of one written as `file://…`."""
    return Path(unquote(urlsplit(path).path)) if path.startswith("file:") else Path(path)


def _copy(path: str, target: Path) -> None:
    shutil.copyfile(_local(path), target)


def _put(source: Path, path: str) -> None:
    target = _local(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with source.open("rb") as given, os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(given, file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _remove(path: str) -> None:
    _local(path).unlink(missing_ok=True)


def _size(path: str) -> int | None:
    try:
        return _local(path).stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None

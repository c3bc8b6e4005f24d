"""The files of the archive, as a backup sees them: listed, copied beside the dump, and put back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from psycopg import Connection

from viralforge.errors import ConfigurationError, WarehouseError
from viralforge.lifecycle.manifest import ArchivedFile, ArchivedFiles
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
    is not there.
    """

    url: str
    listed: Callable[[Connection[Any]], Iterable[Listed]]
    copy: Callable[[str, Path], None]
    put: Callable[[Path, str], None]
    size: Callable[[str], int | None]

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


def of_settings(settings: Settings, *, copies: bool) -> KeptFiles | None:
    """The archive of the settings where it is a folder that is there; None where there is none.

    Raises ConfigurationError for another one that `copies` are wanted of.
    """
    url = settings.archive_url
    if url is None:
        folder = settings.data_dir / "archive"
        return in_folder(folder) if settings.database_url is None and folder.is_dir() else None
    if urlsplit(url).scheme in ("", "file"):
        return in_folder(_local(url)) if _local(url).is_dir() else None
    if copies:
        raise ConfigurationError(f"VIRALFORGE_ARCHIVE_URL: {url}: only of a folder a backup can have copies")
    return None


def of_backup(archive: ArchivedFiles) -> KeptFiles:
    """The archive that a backup names. Raises ConfigurationError where it is no folder."""
    if urlsplit(archive.url).scheme in ("", "file"):
        return in_folder(_local(archive.url))
    raise ConfigurationError(
        f"the archive of the backup is at {archive.url}, which cannot be looked at here. "
        "Restore without looking: --allow-missing"
    )


def in_folder(folder: Path) -> KeptFiles:
    """An archive in a folder, which consists of all that lies there."""

    def listed(_connection: Connection[Any]) -> Iterator[Listed]:
        for found in sorted(folder.rglob("*")):
            if found.is_file():
                yield Listed(str(found), found.stat().st_size)

    return KeptFiles(str(folder.absolute()), listed, _copy, _put, _size)


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


def _size(path: str) -> int | None:
    try:
        return _local(path).stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None

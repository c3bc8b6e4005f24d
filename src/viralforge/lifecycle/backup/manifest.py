"""What a backup says of itself, and whether that is true: `manifest.json` beside what it describes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from viralforge.errors import DamagedBackup, UnreadableInput

NAME = "manifest.json"
DUMP = "database.dump"
FORMAT = 1
_BLOCK = 1024 * 1024
_Count = Annotated[int, Field(ge=0)]


class BackedUpFile(BaseModel):
    """A file of the backup: its path within it, bytes, and checksum in hexadecimal digits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(pattern=r"^(database\.dump|archive/\d+)$")
    bytes: _Count
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class ArchivedFile(BaseModel):
    """A file of the archive as its catalog names it, and its copy in the backup, None where it has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    bytes: _Count
    copied_to: str | None = Field(default=None, pattern=r"^archive/\d+$")


class ArchivedFiles(BaseModel):
    """Where the archive lies, and the files that were part of it when the backup was taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    files: tuple[ArchivedFile, ...] = ()


class Manifest(BaseModel):
    """A backup: by which ViralForge it was taken, of what, when, and what is in it.

    `schema_revision` and `objects_version` say which ViralForge can read it. `tables` has the rows of every
    table by name; those in `left_out` are empty on purpose. `archive` is None where there was no archive.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    viralforge: str
    schema_revision: str
    objects_version: int
    server: str
    pg_dump: str = Field(pattern=r"^\d+")
    encoding: str
    taken_at: AwareDatetime
    tables: dict[str, _Count]
    left_out: tuple[str, ...]
    files: tuple[BackedUpFile, ...]
    archive: ArchivedFiles | None = None

    @property
    def pg_dump_major(self) -> int:
        """The version of pg_dump that wrote the dump, without which pg_restore cannot read it."""
        return int(re.split(r"\D", self.pg_dump, maxsplit=1)[0])

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(self.tables.values())

    @property
    def bytes(self) -> int:
        """How much the backup takes."""
        return sum(file.bytes for file in self.files)


def read(backup: Path) -> Manifest:
    """The manifest of a backup. Raises DamagedBackup where there is none, or none that can be understood."""
    place = backup / NAME
    try:
        text = place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise DamagedBackup(f"{backup}: is no backup, or only a part of one: it has no {NAME}") from None
    except OSError as error:
        raise UnreadableInput(f"{place}: {error.strerror}") from error
    try:
        found = Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DamagedBackup(f"{place}: {where or 'the file'}: {first['msg']}; take another backup") from None
    if found.format > FORMAT:
        raise DamagedBackup(f"{place}: written by a newer ViralForge. Run: pip install --upgrade viralforge")
    if [file.path for file in found.files if file.path == DUMP] != [DUMP]:
        raise DamagedBackup(f"{place}: names no {DUMP}; take another backup")
    return found


def write(backup: Path, manifest: Manifest) -> None:
    """Writes the manifest into a backup."""
    text = manifest.model_dump_json(indent=2)
    (backup / NAME).write_text(f"{text}\n", encoding="utf-8")


def checksum(backup: Path) -> str:
    """What a backup's manifest, and so the backup, is known by."""
    return _checksum(backup / NAME)


def described(backup: Path, path: str) -> BackedUpFile:
    """A file of a backup, as it is now."""
    return BackedUpFile(path=path, bytes=(backup / path).stat().st_size, sha256=_checksum(backup / path))


def check(backup: Path, manifest: Manifest, tell: Callable[[int, int], None]) -> None:
    """Raises DamagedBackup naming the first file that is not as the manifest says."""
    done = 0
    for file in manifest.files:
        place = backup / file.path
        try:
            size = place.stat().st_size
            if size != file.bytes:
                raise DamagedBackup(
                    f"{place}: has {size:,} bytes of {file.bytes:,}: it was cut off, or is another file. "
                    "Nothing was restored; take another backup"
                )
            if _checksum(place, _after(done, manifest.bytes, tell)) != file.sha256:
                raise DamagedBackup(
                    f"{place}: is damaged: its checksum is not that of the manifest. "
                    "Nothing was restored; take another backup"
                )
        except FileNotFoundError:
            raise DamagedBackup(f"{place}: is missing. Nothing was restored; take another backup") from None
        except OSError as error:
            raise UnreadableInput(f"{place}: {error.strerror}") from error
        done += file.bytes


def _after(before: int, total: int, tell: Callable[[int, int], None]) -> Callable[[int], None]:
    return lambda more: tell(before + more, total)


def _checksum(place: Path, tell: Callable[[int], None] = lambda _done: None) -> str:
    found, done = sha256(), 0
    for block in _blocks(place):
        found.update(block)
        done += len(block)
        tell(done)
    return found.hexdigest()


def _blocks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block

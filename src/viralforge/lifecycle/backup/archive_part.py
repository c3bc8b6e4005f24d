"""What a restore does about the archive: it says which files are gone, and puts back those it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from viralforge.errors import ArchiveError, ConfigurationError, MissingExtra
from viralforge.lifecycle.backup import kept_files
from viralforge.lifecycle.backup import manifest as manifests
from viralforge.lifecycle.backup.backup import Tell
from viralforge.lifecycle.backup.kept_files import KeptFiles
from viralforge.lifecycle.backup.manifest import ArchivedFile, Manifest
from viralforge.settings import Settings

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """The archive that a backup names: `back` are files to be put back, `absent` those that are nowhere.

    `is_ours` says that nobody else can be at work there: nothing of it was there, or what is there an earlier
    try of this restore put back. While one goes on a `mark` lies there, named after the backup.
    """

    files: KeptFiles | None
    backup: Path
    mark: str
    back: list[ArchivedFile]
    absent: list[ArchivedFile]
    is_ours: bool

    @classmethod
    def of(
        cls, found: Manifest, backup: Path, archive: KeptFiles | None, settings: Settings, *, go_on: bool
    ) -> ArchivePart:
        """As it is now. With `go_on` one that cannot be looked at is as good as gone."""
        if found.archive is None or not found.archive.files:
            # Whoever took the backup need not have known where the archive is that the dump's catalog names.
            return cls(None, backup, "", [], [], is_ours=found.archive is not None)
        listed = list(found.archive.files)
        mark = f"{found.archive.url.rstrip('/')}/.restoring-{manifests.checksum(backup)[:32]}"
        try:
            files = archive or kept_files.of_backup(found.archive, settings)
            gone = files.absent(listed)
            is_ours = len(gone) == len(listed) or files.size(mark) is not None
        except (ArchiveError, ConfigurationError, MissingExtra):
            if go_on:
                return cls(None, backup, mark, [], listed, is_ours=False)
            raise
        if not is_ours:
            # Some are there: whoever left them may have deleted the others on purpose.
            return cls(files, backup, mark, [], gone, is_ours=False)
        absent = [file for file in gone if not file.copied_to]
        return cls(files, backup, mark, [file for file in gone if file.copied_to], absent, is_ours=not absent)

    def refusal(self) -> str:
        """Why nothing is restored while files are nowhere."""
        shown = ", ".join(
            f"{file.path} (copy {self.backup / file.copied_to} there)" if file.copied_to else file.path
            for file in self.absent[:_SHOWN]
        )
        more = f" and {len(self.absent) - _SHOWN} more" if len(self.absent) > _SHOWN else ""
        return (
            f"{len(self.absent)} of the archive's files are missing: {shown}{more}. "
            "Nothing was restored. Put them back, or restore without what they hold: --allow-missing"
        )

    def put_back(self, tell: Tell) -> None:
        """Puts the files where they were; broken off, it is done again."""
        if self.files is None or not self.back:
            return
        self.files.put(self.backup / manifests.NAME, self.mark)
        for done, file in enumerate(self.back):
            tell("archive", done, len(self.back))
            if file.copied_to:
                self.files.put(self.backup / file.copied_to, file.path)

    def end(self) -> None:
        """The restore is done: what comes later is no part of it."""
        if self.files is not None and self.mark:
            self.files.remove(self.mark)


def table_of(path: str) -> str:
    """The table whose rows a file of the archive holds.

    >>> table_of("s3://lake/viralforge/history/data/month=2025-03/x.parquet"), table_of("metadata/y.avro")
    ('history', 'the catalog')
    """
    found = re.search(r"/(\w+)/data/month=", path)
    return found[1] if found else "the catalog"

"""What a warehouse does to survive the loss of its database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from viralforge.db.pool import Database
from viralforge.lifecycle.backup import backup, kept_files
from viralforge.lifecycle.backup.backup import Tell
from viralforge.lifecycle.backup.kept_files import KeptFiles
from viralforge.lifecycle.backup.manifest import Manifest
from viralforge.lifecycle.backup.restore import Restored, Wanted, restore
from viralforge.settings import Settings, read_settings


class ForRecovery:
    """The part of a warehouse that is about backups."""

    _database: Database
    _settings: Settings

    def backup(
        self, target: Path | str, *, with_archive: bool = False, archive: KeptFiles | None = None,
        progress: Tell | None = None,
    ) -> Manifest:  # fmt: skip
        """Writes a backup of one state of the warehouse to the new folder `target`, while others go on.

        The files of the archive are listed, and `with_archive` copied; `archive` says how to list and copy
        them, None means the folder of the settings. Raises InvalidInput where the folder is there already,
        AccessDenied where this user may not read everything, StorageFull, and ConfigurationError where there
        is no `pg_dump` of this server's version.
        """
        kept = archive or kept_files.of_settings(self._settings)
        return backup.back_up(
            self._database.url, Path(target), archive=kept, with_archive=with_archive,
            tell=progress or _silent,
        )  # fmt: skip

    @classmethod
    def restore(
        cls, source: Path | str, database_url: str | None = None, *, data_dir: Path | str | None = None,
        replace: bool = False, allow_missing: bool = False, only_check: bool = False,
        archive: KeptFiles | None = None, progress: Tell | None = None,
    ) -> Restored:  # fmt: skip
        """Makes a backup the warehouse at `database_url`, else at `DATABASE_URL`, else the embedded one.

        In one transaction, after the backup was found whole; then it is migrated. `replace` drops a warehouse
        that is there, `allow_missing` goes on though files of the archive are gone, `only_check` touches
        nothing. Raises DamagedBackup, SchemaAhead, InvalidInput where a warehouse is there, and
        WarehouseError where it is in use.
        """
        settings = read_settings(database_url=database_url, data_dir=data_dir)
        wanted = Wanted(replace, allow_missing, only_check)
        return restore(Path(source), settings, wanted, archive=archive, tell=progress or _silent)


def _silent(*_: Any) -> None:
    pass

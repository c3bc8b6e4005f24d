"""A restore: a backup that is whole becomes the warehouse of a database, in one transaction."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from psycopg import Connection

from viralforge.db import access, dump, migrate
from viralforge.errors import ArchiveError, ConfigurationError, DamagedBackup, InvalidInput, SchemaAhead
from viralforge.figures import counted
from viralforge.lifecycle.archive.lake import mark_copy
from viralforge.lifecycle.backup import kept_files
from viralforge.lifecycle.backup import manifest as manifests
from viralforge.lifecycle.backup.backup import Tell
from viralforge.lifecycle.backup.kept_files import KeptFiles
from viralforge.lifecycle.backup.manifest import DUMP, ArchivedFile, Manifest
from viralforge.lifecycle.backup.programs import Program, at_least
from viralforge.settings import Settings

_OF_NO_USER = ("alembic_version", "schema_state", "secrets", "ip_salts", "rollup_edges", "job_runs")
"""Tables in which rows stand though nobody has put anything into the warehouse."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did, or with `only_checked` would do.

    `migrated` are the revisions that the backup lacked. `put_back` and `absent` are the paths of files of the
    archive that the backup brought back, and that are nowhere.
    """

    manifest: Manifest
    only_checked: bool
    migrated: tuple[str, ...]
    put_back: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def lost(self) -> list[str]:
        """How many of the files in `absent` are of which table."""
        tables = Counter(_table_of(path) for path in self.absent)
        return [f"{counted(files, 'file')} of {table}" for table, files in sorted(tables.items())]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to restore: over a warehouse that is there, though archived files are gone, or only to check."""

    replace: bool = False
    allow_absent: bool = False
    only_check: bool = False


def restore(
    backup: Path, settings: Settings, wanted: Wanted, *, archive: KeptFiles | None = None, tell: Tell
) -> Restored:
    """Makes a backup the warehouse of the database of the settings.

    What is wrong with the backup is found before anything is touched. Raises DamagedBackup, SchemaAhead,
    InvalidInput where a warehouse is there already, and WarehouseError where it is in use.
    """
    backup = backup.expanduser()
    found = manifests.read(backup)
    manifests.check(backup, found, lambda done, total: tell("checking", done, total))
    _require_known(found)
    program = at_least("pg_restore", found.pg_dump_major, "a restore of this backup")
    archive, back, absent = _archive(found, archive, settings, wanted.allow_absent)
    if absent and not (wanted.allow_absent or wanted.only_check):
        raise InvalidInput(_told_absent(absent))
    done = Restored(
        found, wanted.only_check, (), tuple(file.path for file in back),
        tuple(file.path for file in absent),
    )  # fmt: skip
    if wanted.only_check:
        return done
    with ExitStack() as stack:
        database = access.connected(settings, stack)
        with dump.emptied(database.url, _refusal(wanted.replace)) as connection:
            _put_back(archive, backup, back, tell)
            _play(connection, backup / DUMP, found, program, tell)
            if found.archive is not None and len(back) < len(found.archive.files):
                mark_copy(connection)
        plan = migrate.migrate(database)
    return Restored(found, False, plan.missing, done.put_back, done.absent)


def _table_of(path: str) -> str:
    """The table whose rows a file of the archive holds.

    >>> _table_of("s3://lake/viralforge/history/data/month=2025-03/x.parquet"), _table_of("metadata/y.avro")
    ('history', 'the catalog')
    """
    found = re.search(r"/(\w+)/data/month=", path)
    return found[1] if found else "the catalog"


def _require_known(found: Manifest) -> None:
    """Raises SchemaAhead where a newer ViralForge took the backup."""
    known = migrate.newest()
    if found.schema_revision > known or found.objects_version > migrate.OBJECTS_VERSION:
        raise SchemaAhead(
            f"ViralForge {found.viralforge} took this backup, at schema {found.schema_revision} (views of "
            f"version {found.objects_version}); this one knows up to {known} (version "
            f"{migrate.OBJECTS_VERSION}). "
            "Run: pip install --upgrade viralforge"
        )


def _archive(
    found: Manifest, archive: KeptFiles | None, settings: Settings, allow_absent: bool
) -> tuple[KeptFiles | None, list[ArchivedFile], list[ArchivedFile]]:
    """A backup's archive; of its files that are gone those that lie in the backup, and those that do not."""
    if found.archive is None or not found.archive.files:
        return None, [], []
    archive = archive or kept_files.of_backup(found.archive, settings)
    try:
        gone = archive.absent(found.archive.files)
    except (ArchiveError, ConfigurationError):
        if allow_absent:
            return None, [], list(found.archive.files)
        raise
    if len(gone) < len(found.archive.files):
        # Some are there: whoever left them may still be at work, and may have deleted the others on purpose.
        return archive, [], gone
    return archive, [file for file in gone if file.copied_to], [file for file in gone if not file.copied_to]


def _told_absent(absent: list[ArchivedFile]) -> str:
    shown = ", ".join(file.path for file in absent[:_SHOWN])
    more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
    return (
        f"{len(absent)} of the archive's files are missing: {shown}{more}. "
        "Nothing was restored. Put them back, or restore without what they hold: --allow-missing"
    )


def _put_back(archive: KeptFiles | None, backup: Path, files: list[ArchivedFile], tell: Tell) -> None:
    for done, file in enumerate(files):
        tell("archive", done, len(files))
        if archive and file.copied_to:
            archive.put(backup / file.copied_to, file.path)


def _refusal(replace: bool) -> Callable[[Connection[Any]], None]:
    def may_go(connection: Connection[Any]) -> None:
        if not replace and (filled := dump.filled(connection, _OF_NO_USER)):
            shown = ", ".join(filled[:_SHOWN])
            raise InvalidInput(
                f"the database holds a warehouse already ({shown}, …). Restore elsewhere (--data-dir, "
                "--database-url), or over it: --replace"
            )

    return may_go


def _play(connection: Connection[Any], place: Path, found: Manifest, program: Program, tell: Tell) -> None:
    """Plays the dump in, and compares what is there then with the manifest."""
    with _script(program, place, "pre-data") as script:
        dump.play(connection, script)
    with _script(program, place, "data") as script:
        dump.play_rows(connection, script, lambda rows: tell("rows", rows, found.rows))
    tell("indexes", 0, 1)
    with _script(program, place, "post-data") as script:
        dump.play(connection, script)
    tell("indexes", 1, 1)
    if others := dump.settled(connection, found.tables):
        name, has, wanted = others[0]
        raise DamagedBackup(
            f"{name} has {has:,} rows and not the {wanted:,} of the manifest. "
            "Nothing was restored; take another backup"
        )


@contextmanager
def _script(program: Program, place: Path, section: str) -> Iterator[IO[bytes]]:
    """What a section of the dump is as SQL. Raises DamagedBackup where pg_restore cannot read it.

    Owners and rights name roles that this server may not have.
    """
    command = [program.path, "--file=-", "--no-owner", "--no-privileges", f"--section={section}"]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            [*command, place.absolute()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said,
            env=os.environ | {"LC_ALL": "C"},
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        try:
            yield process.stdout
            process.stdout.read()
        except BaseException:
            process.kill()
            raise
        if process.wait():
            said.seek(0)
            words = said.read().decode(errors="replace").strip().splitlines()
            raise DamagedBackup(f"{place}: {' '.join(words[-3:])}. Nothing was restored")

"""A restore: a backup that is whole becomes the warehouse of a database, in one transaction."""

from __future__ import annotations

import os
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
from viralforge.errors import DamagedBackup, InvalidInput, SchemaAhead
from viralforge.figures import counted
from viralforge.lifecycle.archive.catalog import mark_copy
from viralforge.lifecycle.backup import manifest as manifests
from viralforge.lifecycle.backup.archive_part import ArchivePart, table_of
from viralforge.lifecycle.backup.backup import Tell
from viralforge.lifecycle.backup.kept_files import KeptFiles
from viralforge.lifecycle.backup.manifest import DUMP, Manifest
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
        tables = Counter(table_of(path) for path in self.absent)
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
    part = ArchivePart.of(found, backup, archive, settings, go_on=wanted.allow_absent)
    if part.absent and not (wanted.allow_absent or wanted.only_check):
        raise InvalidInput(part.refusal())
    done = Restored(
        found, wanted.only_check, (), tuple(file.path for file in part.back),
        tuple(file.path for file in part.absent),
    )  # fmt: skip
    if wanted.only_check:
        return done
    with ExitStack() as stack:
        database = access.connected(settings, stack)
        with dump.emptied(database.url, _refusal(wanted.replace)) as connection:
            part.put_back(tell)
            _play(connection, backup / DUMP, found, program, tell)
            if not part.is_ours:
                mark_copy(connection)
        plan = migrate.migrate(database)
        part.end()
    return Restored(found, False, plan.missing, done.put_back, done.absent)


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

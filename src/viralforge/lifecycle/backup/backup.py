"""A backup: one state of the database as PostgreSQL's own dump, with a manifest of all that belongs to it."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from glob import escape
from importlib.metadata import version
from os.path import normpath
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.conninfo import make_conninfo

from viralforge.db import dump
from viralforge.db.migrate import state
from viralforge.errors import AccessDenied, ConfigurationError, InvalidInput, StorageFull, WarehouseError
from viralforge.lifecycle.archive.catalog import catalog_places, plain
from viralforge.lifecycle.backup import manifest as manifests
from viralforge.lifecycle.backup.kept_files import KeptFiles
from viralforge.lifecycle.backup.manifest import DUMP, ArchivedFile, ArchivedFiles, Manifest
from viralforge.lifecycle.backup.programs import Program, address, at_least, handed_over

LEFT_OUT = ("granted_roles", "ip_salts", "web_sessions")
"""Tables whose rows are secrets for some time only, which a backup would keep for as long as it is kept:
with its salt an address can be tried against a hash, and a session that ended would be good again.

What was answered to requests (`idempotency_keys`) is no secret, and belongs to the state: without it a
request that comes again after a restore would be done twice. The hashes of API keys and the secrets behind
the erased are good for as long as the warehouse is, and it would be another one without them.
"""
Tell = Callable[[str, int, int], None]
"""Called with the step's name, how much of it is done, and how much there is."""
_LOCK_WAIT = "60s"
_SAID_LINES = 15


def back_up(
    url: str, target: Path, *, archive: KeptFiles | None = None, with_archive: bool = False, tell: Tell
) -> Manifest:
    """Writes a backup of the database to the new folder `target`: whole, or not at all.

    Its readers and writers go on. What the archive consists of is listed, and `with_archive` copied.
    Raises InvalidInput where the folder is there, StorageFull, AccessDenied, and ConfigurationError where
    there is no `pg_dump` for this server.
    """
    with _new_folder(target) as folder:
        with _all_readable(), dump.snapshot(url) as (connection, name):
            program = at_least("pg_dump", connection.info.server_version // 10_000, "a backup of this server")
            taken_at = datetime.now(UTC)
            listed = None if archive is None else _listed(archive, connection)
            _require_archive(listed, connection)
            rows = dump.counts(connection, lambda done, total: tell("counting", done, total))
            _run(program, url, name, folder / DUMP, _parts(connection), tell)
            server = connection.info.parameter_status("server_version") or "unknown"
            revision, objects = state(connection)
        if archive is not None and listed is not None and with_archive:
            copies = archive.copied(listed.files, folder, lambda done, total: tell("archive", done, total))
            listed = listed.model_copy(update={"files": tuple(copies)})
        names = [DUMP, *(file.copied_to for file in (listed.files if listed else ()) if file.copied_to)]
        found = Manifest(
            viralforge=version("viralforge"), schema_revision=revision, objects_version=objects,
            server=server, pg_dump=program.version, encoding="UTF8", taken_at=taken_at,
            tables={table: 0 if table in LEFT_OUT else count for table, count in rows.items()},
            left_out=LEFT_OUT, files=tuple(manifests.described(folder, each) for each in names),
            archive=listed,
        )  # fmt: skip
        manifests.write(folder, found)
    return found


@contextmanager
def _all_readable() -> Iterator[None]:
    """Says what to do where a user may not read something."""
    try:
        yield
    except AccessDenied as error:
        raise AccessDenied(
            f"a backup must read all of the warehouse, which this user may not: {error}. "
            "Grant it pg_read_all_data, or use the owner"
        ) from error


def _listed(archive: KeptFiles, connection: Connection[Any]) -> ArchivedFiles:
    files = (ArchivedFile(path=path, bytes=size) for path, size in archive.listed(connection))
    return ArchivedFiles(url=archive.url, files=tuple(files))


def _require_archive(listed: ArchivedFiles | None, connection: Connection[Any]) -> None:
    """Raises ConfigurationError where the catalog names an archive that is not where one was looked for."""
    known = {normpath(plain(file.path)) for file in (listed.files if listed else ())}
    if gone := [place for place in catalog_places(connection) if normpath(plain(place)) not in known]:
        raise ConfigurationError(
            f"the archive is not where the settings here say: {gone[0]} is not there. Set "
            "VIRALFORGE_ARCHIVE_URL as where viralforge worker runs, or mount its disk; nothing was written"
        )


def _parts(connection: Connection[Any]) -> int:
    return sum(table.parts for table in dump.tables(connection) if table.called not in LEFT_OUT)


def _run(program: Program, url: str, snapshot: str, target: Path, parts: int, tell: Tell) -> None:
    """Runs pg_dump on a state of the database."""
    where, secrets = address(url)
    command = [
        program.path, "--format=custom", "--compress=1", f"--file={target}", f"--snapshot={snapshot}",
        "--encoding=UTF8", "--no-password", "--verbose", f"--lock-wait-timeout={_LOCK_WAIT}",
        *(f"--schema={schema}" for schema in dump.SCHEMAS),
        *(f"--exclude-table-data={dump.SCHEMAS[0]}.{table}" for table in LEFT_OUT),
        f"--dbname={make_conninfo('', **where)}",
    ]  # fmt: skip
    said: deque[str] = deque(maxlen=_SAID_LINES)
    done = 0
    with (
        handed_over(secrets) as environment,
        subprocess.Popen(
            command, env=environment | {"LC_ALL": "C"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
        ) as process,
    ):  # fmt: skip
        try:
            for line in process.stderr or ():
                if "dumping contents of table" in line:
                    tell("dumping", done, parts)
                    done += 1
                if "error: " in line or "detail: " in line:
                    said.append(line.strip())
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise _fault(" ".join(said))
    tell("dumping", parts, parts)


def _fault(said: str) -> WarehouseError:
    """What pg_dump's last words mean."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return StorageFull("no space is left for the backup; what there was of it is removed")
    if "permission denied" in said:
        return AccessDenied(said)
    return WarehouseError(f"the backup failed, and nothing of it was kept: {said}. Try again")


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A folder under another name, which gets its own once all in it is on the disk; else it is removed."""
    target = target.expanduser().absolute()
    if os.path.lexists(target):
        raise InvalidInput(f"{target} is there already; name a new folder for the backup")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.part-", dir=target.parent))
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield folder
            _to_disk(folder)
            folder.rename(target)
            _sync(target.parent)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            os.close(held)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("no space is left for the backup; what there was of it is removed") from error
        raise


def _sweep(target: Path) -> None:
    """Removes what a backup of this name left that was killed: nobody holds it any more."""
    for leftover in target.parent.glob(f".{escape(target.name)}.part-*"):
        with suppress(OSError):
            held = os.open(leftover, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(leftover)
            finally:
                os.close(held)


def _to_disk(folder: Path) -> None:
    for place in sorted(folder.rglob("*")):
        place.chmod(0o700 if place.is_dir() else 0o600)
        _sync(place)
    _sync(folder)


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Commands that keep a copy of the warehouse elsewhere, and bring it back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import KEEP, Json, command, opened, place
from viralforge.cli.figures import words
from viralforge.cli.progress import counted
from viralforge.errors import InvalidInput
from viralforge.figures import counted as number_of
from viralforge.figures import size, whole

if TYPE_CHECKING:
    from viralforge.lifecycle.backup.manifest import Manifest
    from viralforge.lifecycle.backup.restore import Restored


@command(
    KEEP, "viralforge backup backups/today", "viralforge backup backups/all --with-archive --json",
)  # fmt: skip
def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for the backup.")],
    with_archive: Annotated[
        bool, typer.Option("--with-archive", help="Copy the archive's files into it too.")
    ] = False,
    json: Json = False,
) -> None:
    """Writes a backup of one state, whole or not at all.

    Others go on reading and writing. The salts of addresses and who is signed in are left out on purpose.
    """
    with opened(context) as warehouse, counted() as progress:
        found = warehouse.backup(folder, with_archive=with_archive, progress=progress)
    if json:
        output.json({"folder": str(folder.absolute()), **_document(found)})
    else:
        output.facts([("backup", words(str(folder))), *_facts(found)])


@command(
    KEEP, "viralforge backup last", "viralforge restore last --check",
    "viralforge restore last --replace --yes --json",
)  # fmt: skip
def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The backup.")],
    check: Annotated[bool, typer.Option("--check", help="Only say whether it could be restored.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Drop the warehouse that is there, for good.")
    ] = False,
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="Go on though files of the archive are gone.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Makes a backup the warehouse: all of it, or nothing.

    It is checked first: one that is damaged is refused. Rights that others had are not in it: grant them
    again.
    """
    from viralforge.warehouse import DataWarehouse

    given = place(context)
    if replace and not (yes or check):
        _ask(folder)
    with counted() as progress:
        done = DataWarehouse.restore(
            folder, given.database_url, data_dir=given.data_dir, replace=replace,
            allow_missing=allow_missing, only_check=check, progress=progress,
        )  # fmt: skip
    if json:
        output.json(_outcome(done))
    else:
        _show(done)
    if check and done.absent and not allow_missing:
        raise typer.Exit(1)


def _ask(folder: Path) -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise InvalidInput("there is nobody to ask here whether to replace a warehouse for good: say --yes")
    asked = f"Drop the warehouse that is there, for good, and restore {words(str(folder))}?"
    typer.confirm(asked, abort=True, err=True)


def _show(done: Restored) -> None:
    verdict = "restored"
    if done.only_checked:
        verdict = f"{'not ' if done.absent else ''}whole; nothing was touched"
    facts = [("backup", verdict), *_facts(done.manifest)]
    if done.migrated:
        facts.append(("migrated", words(list(done.migrated))))
    if done.put_back:
        to_be = "to be put back" if done.only_checked else "put back"
        facts.append(("archive", f"{number_of(len(done.put_back), 'file')} {to_be}"))
    output.facts(facts)
    if done.absent:
        output.say(f"Missing of the archive, with what they held: {words(done.lost)}.")
    if not done.only_checked:
        output.say("Rights that others had are not in a backup: grant them again.")


def _facts(found: Manifest) -> list[tuple[str, str]]:
    facts = [
        ("taken at", f"{found.taken_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("of", f"ViralForge {words(found.viralforge)}, schema {words(found.schema_revision)}, "
               f"PostgreSQL {words(found.server)}"),
        ("rows", f"{whole(found.rows)} in {number_of(len(found.tables), 'table')}"),
        ("size", size(found.bytes)),
        ("left out", words(list(found.left_out))),
    ]  # fmt: skip
    if found.archive is not None:
        copied = sum(file.copied_to is not None for file in found.archive.files)
        listed = number_of(len(found.archive.files), "file")
        facts.append(("archive", f"{listed} at {words(found.archive.url)}, {whole(copied)} copied"))
    return facts


def _document(found: Manifest) -> dict[str, Any]:
    return {**found.model_dump(mode="json"), "rows": found.rows, "bytes": found.bytes}


def _outcome(done: Restored) -> dict[str, Any]:
    return {
        "restored": not done.only_checked, "migrated": done.migrated, "put_back": done.put_back,
        "absent": done.absent, "backup": _document(done.manifest),
    }  # fmt: skip

"""Commands that erase people and posts, and hand out what is held about somebody."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import KEEP, Json, command, opened
from viralforge.cli.figures import words
from viralforge.cli.output import Column
from viralforge.errors import InvalidInput, UnreadableInput
from viralforge.figures import counted, whole

if TYPE_CHECKING:
    from viralforge.model.report import ErasureReceipt

User = Annotated[str, typer.Argument(metavar="USER", help="The id that events name.")]
Network = Annotated[
    str, typer.Argument(metavar="PLATFORM", help="youtube, twitter, instagram, tiktok or reddit.")
]
Author = Annotated[
    str, typer.Argument(metavar="AUTHOR", help="The platform's id of the author, or the name.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there, not to the screen.")
]


@command(KEEP, "viralforge erase-user u1 --yes", "viralforge erase-user u1 --yes --json", name="erase-user")
def erase_user(context: typer.Context, user: User, json: Json = False, yes: Yes = False) -> None:
    """Erases a user of the app for good, and prints a receipt.

    What named the user is deleted, and what comes later is stored without the user. There is no way back.
    """
    _asked(f"Erase {words(user)} and all that names this user, for good?", yes)
    with opened(context) as warehouse:
        receipt = warehouse.erase_user(user)
    _told(receipt, json)


@command(KEEP, "viralforge anonymise-user u1 --yes", name="anonymise-user")
def anonymise_user(context: typer.Context, user: User, json: Json = False, yes: Yes = False) -> None:
    """Keeps what a user of the app did, forgets who it was.

    All sums stay as they are; a receipt is printed. What comes later is stored without the user. There is
    no way back.
    """
    _asked(f"Forget for good who {words(user)} is, and keep what this user did?", yes)
    with opened(context) as warehouse:
        receipt = warehouse.anonymise_user(user)
    _told(receipt, json)


@command(
    KEEP, "viralforge erase-author youtube UCsoup --yes",
    "viralforge erase-author reddit soup_fan --yes --json", name="erase-author",
)  # fmt: skip
def erase_author(
    context: typer.Context, platform: Network, author: Author, json: Json = False, yes: Yes = False
) -> None:
    """Erases an author of scraped posts for good.

    The author's posts are blanked, and those scraped later turned away. A receipt is printed. There is no way
    back.
    """
    _asked(f"Erase {words(author)} on {words(platform)} and all posts by this author, for good?", yes)
    with opened(context) as warehouse:
        receipt = warehouse.erase_author(platform, author)
    _told(receipt, json)


@command(KEEP, "viralforge erase-post youtube dQw4w9WgXcQ --yes", name="erase-post")
def erase_post(
    context: typer.Context,
    post: Annotated[
        str, typer.Argument(metavar="ID|PLATFORM", help="The post's id, or its platform before EXTERNAL_ID.")
    ],
    external_id: Annotated[
        str | None, typer.Argument(metavar="EXTERNAL_ID", help="The platform's own id of the post.")
    ] = None,
    json: Json = False,
    yes: Yes = False,
) -> None:
    """Erases a post for good, seen or not.

    It is blanked, and does not come back when it is scraped again. A receipt is printed. There is no way
    back.
    """
    _asked(f"Erase the post {words(' '.join(filter(None, (post, external_id))))} for good?", yes)
    with opened(context) as warehouse:
        receipt = warehouse.erase_post(post, external_id)
    _told(receipt, json)


@command(KEEP, "viralforge export-user u1 --output u1.json", "viralforge export-user u1", name="export-user")
def export_user(context: typer.Context, user: User, output: Output = None, json: Json = False) -> None:
    """Writes all that is held about a user of the app.

    It is one JSON document.
    """
    with opened(context) as warehouse:
        _written(warehouse.export_user(user), output, json)


@command(KEEP, "viralforge export-author youtube UCsoup --output author.json", name="export-author")
def export_author(
    context: typer.Context, platform: Network, author: Author, output: Output = None, json: Json = False
) -> None:
    """Writes all posts of an author with their histories.

    They are one JSON document.
    """
    with opened(context) as warehouse:
        _written(warehouse.export_author(platform, author), output, json)


@command(KEEP, "viralforge erasures", "viralforge erasures --json")
def erasures(context: typer.Context, json: Json = False) -> None:
    """Takes up erasures that were broken off.

    It prints their receipts. `viralforge worker` takes them up by itself.
    """
    with opened(context) as warehouse:
        done = warehouse.finish_erasures()
    if json:
        output.json([receipt.to_dict() for receipt in done])
        return
    output.line(f"{counted(len(done), 'erasure')} taken up and done." if done else "None was broken off.")
    for receipt in done:
        output.line()
        _told(receipt, json)


@command(KEEP, "viralforge erase-user u1 --yes --json > receipt.json", "viralforge receipt receipt.json")
def receipt(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A receipt, as --json prints it; - reads it.")],
    json: Json = False,
) -> None:
    """Says whether the receipt of an erasure is a true one.

    If this warehouse did not sign it, or it was changed since, the exit code is 1.
    """
    document = _read(file)
    with opened(context) as warehouse:
        is_ours = warehouse.verify_receipt(document)
    if json:
        output.json({"valid": is_ours, "reference": document.get("reference")})
    elif is_ours:
        output.line(
            f"Valid: {words(document['kind'])} {words(document['reference'])} was erased at "
            f"{words(document['erased_at'])}."
        )
    else:
        output.line("Not valid: this warehouse did not sign it, or it was changed since.")
    if not is_ours:
        raise typer.Exit(1)


def _asked(question: str, yes: bool) -> None:
    """Returns if that is wanted."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise InvalidInput("there is nobody to ask here whether to erase for good: say --yes")
    typer.confirm(question, abort=True, err=True)


def _told(receipt: ErasureReceipt, json: bool) -> None:
    if json:
        output.json(receipt.to_dict())
        return
    output.facts(
        [
            ("erased", f"{receipt.erased_at:%Y-%m-%d %H:%M:%S} UTC"), ("kind", receipt.kind),
            ("reference", receipt.reference),
            ("archive", "there is none" if receipt.archive is None else "erased too"),
        ]
    )  # fmt: skip
    output.line()
    cold = {f"archive: {table}": rows for table, rows in (receipt.archive or {}).items()}
    rows = [*receipt.rows.items(), *cold.items(), ("all", receipt.total)]
    store, gone = (lambda row: row[0]), (lambda row: row[1])
    output.table(rows, [Column("store", store), Column("rows", gone, whole)], report=True)
    if receipt.total == receipt.rows.get("kept_answers", 0):  # these are of nobody in particular
        output.say("Nothing of it was here: look at how it is written. What comes under that name stays out.")


def _written(pieces: Iterator[str], file: Path | None, json: bool) -> None:
    """To the screen, or into a file; with `json` where to is told as JSON too."""
    if file is None:
        for piece in pieces:
            output.json_text(piece)
        return
    file = file.resolve()
    try:
        if file.exists() and not file.is_file():  # a device, a pipe: written to as it is
            with file.open("w", encoding="utf-8") as stream:
                stream.writelines(pieces)
            return
        descriptor, part = mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.writelines(pieces)
            Path(part).replace(file)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        raise UnreadableInput(f"{file}: {error.strerror}; name another file with --output") from None
    if json:
        output.json({"output": str(file.absolute())})
    else:
        output.say(f"Written to {words(str(file))}, for its owner alone to read.")


def _read(file: Path) -> dict[str, Any]:
    import orjson

    try:
        found = orjson.loads(sys.stdin.read() if str(file) == "-" else file.read_bytes())
    except OSError as error:
        raise UnreadableInput(f"{file}: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"{file}: no JSON ({error}); give what --json printed") from None
    if not isinstance(found, dict) or not {"kind", "reference", "erased_at"} <= found.keys():
        raise InvalidInput(f"{file}: no receipt; give what --json printed")
    return found

"""The command that erases a user of the app."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from viralforge.cli import output
from viralforge.cli.app import KEEP, Json, command, opened
from viralforge.cli.figures import words
from viralforge.cli.output import Column
from viralforge.errors import InvalidInput
from viralforge.figures import whole

if TYPE_CHECKING:
    from viralforge.model.report import ErasureReceipt


@command(KEEP, "viralforge erase-user u1 --yes", "viralforge erase-user u1 --yes --json", name="erase-user")
def erase_user(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER", help="The id that events name.")],
    json: Json = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Erases a user of the app for good, and prints a receipt.

    What named the user is deleted, and what comes later is stored without the user. There is no way back.
    """
    if not yes:
        if sys.stdin is None or not sys.stdin.isatty():
            raise InvalidInput("there is nobody to ask here whether to erase a user for good: say --yes")
        typer.confirm(f"Erase {words(user)} and all that names this user, for good?", abort=True, err=True)
    with opened(context) as warehouse:
        receipt = warehouse.erase_user(user)
    if json:
        output.json(receipt.to_dict())
    else:
        _receipt(receipt)


def _receipt(receipt: ErasureReceipt) -> None:
    output.facts([("erased", f"{receipt.erased_at:%Y-%m-%d %H:%M:%S} UTC"), ("reference", receipt.reference)])
    output.line()
    rows = [*receipt.rows.items(), ("all", receipt.total)]
    table, deleted = (lambda row: row[0]), (lambda row: row[1])
    output.table(rows, [Column("table", table), Column("rows deleted", deleted, whole)], report=True)

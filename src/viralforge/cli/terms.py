"""The command that says how posts stand to the platforms' terms, and brings them in line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import KEEP, Json, command, opened
from viralforge.cli.output import Column
from viralforge.errors import InvalidInput
from viralforge.figures import ago, whole


@command(
    KEEP, "viralforge terms", "viralforge terms --enforce --plan", "viralforge terms --enforce --yes --json"
)  # fmt: skip
def terms(
    context: typer.Context,
    enforce: Annotated[
        bool, typer.Option("--enforce", help="Remove what was kept longer than allowed.")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would be removed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """How the posts stand to the platforms' terms.

    --enforce makes numbers and texts unknown that were not read again in time. There is no way back.
    """
    if plan and not enforce:
        raise InvalidInput("--plan is of --enforce: say both")
    with opened(context) as warehouse:
        if not enforce:
            _standing(warehouse.terms.report(), json)
            return
        if not (yes or plan):
            if sys.stdin is None or not sys.stdin.isatty():
                raise InvalidInput("there is nobody to ask here whether to remove anything: say --yes")
            typer.confirm("Remove what was kept longer than the terms allow, for good?", abort=True, err=True)
        _removed(warehouse.terms.enforce(dry_run=plan), json, plan)


def _standing(rows: Sequence[Any], as_json: bool) -> None:
    if output.as_json(rows, as_json):
        return
    output.table(
        rows,
        [
            Column("platform", "platform"), Column("via", "fetched_via"),
            Column("numbers", "statistics_days", _of("d")), Column("content", "content_days", _of("d")),
            Column("deleted", "deleted_hours", _of("h")), Column("posts", "posts", whole),
            Column("soon", "due_soon", whole), Column("overdue", "overdue", whole),
            Column("oldest", "oldest", ago),
        ],
        report=True,
    )  # fmt: skip
    if any(row.overdue for row in rows):
        output.say("Remove what is overdue: viralforge terms --enforce")


def _of(unit: str) -> Callable[[int | None], str]:
    return lambda value: "–" if value is None else f"{value:,} {unit}"


def _removed(rows: Sequence[Any], as_json: bool, plan: bool) -> None:
    if output.as_json(rows, as_json):
        return
    numbers, content = ("numbers to go", "content to go") if plan else ("numbers removed", "content removed")
    output.table(
        rows,
        [
            Column("platform", "platform"), Column("via", "fetched_via"),
            Column(numbers, "numbers", whole), Column(content, "content", whole),
        ],
        report=True,
    )  # fmt: skip

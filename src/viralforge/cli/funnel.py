"""The command about the app's users on their way from a trend to a clip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import ASK, Json, command, opened
from viralforge.cli.output import Column, bars
from viralforge.figures import percent, whole


@command(ASK, "viralforge funnel", "viralforge funnel --days 7 --platform ios")
def funnel(
    context: typer.Context, json: Json = False,
    days: Annotated[float, typer.Option(metavar="DAYS", help="How far back.")] = 30,
    platform: Annotated[
        str | None,
        typer.Option("--platform", "-p", metavar="NAME", help="Only where the app ran: web, ios or android."),
    ] = None,
) -> None:  # fmt: skip
    """How many users get from finding a trend to making a clip."""
    with opened(context) as warehouse:
        rows = warehouse.funnel.conversion(days=days, platform=platform)
    if not output.as_json(rows, json):
        output.table(rows, stage_columns(rows))


def stage_columns(rows: Sequence[Any]) -> list[Column]:
    """The columns of the funnel's stages."""
    conversion = Column("of the stage before", "conversion", percent)
    return [Column("stage", "stage"), Column("users", "users", whole), bars("users", rows, 30), conversion]

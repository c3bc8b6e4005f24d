"""The command that reads posts anew which deserve it."""

from __future__ import annotations

from typing import Annotated

import typer

from viralforge.cli import output
from viralforge.cli.app import FILL, Json, Limit, Platform, command, opened
from viralforge.cli.output import Column
from viralforge.errors import InvalidInput
from viralforge.figures import ago, whole


@command(FILL, "viralforge recollect --plan", "viralforge recollect --plan --platform youtube --json")
def recollect(
    context: typer.Context,
    fetchers: Annotated[
        str | None,
        typer.Argument(metavar="MODULE:FUNCTION", help="Is given the warehouse, and names who reads posts."),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only show what is due.")] = False,
    platform: Platform = None,
    limit: Limit = 1_000,
    budget_usd: Annotated[
        str | None, typer.Option("--budget", metavar="USD", help="Spend so much at most.")
    ] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Reads posts anew that deserve it, within quota and budget.

    FUNCTION is called with the warehouse; in it, @warehouse.fetcher("youtube") names who can read posts.
    """
    from viralforge.agents.recollect import fetchers_at

    with opened(context) as warehouse:
        if plan:
            due = warehouse.snapshots.due(platform, limit=limit)
            if json:
                output.json(due.to_dicts())
            else:
                output.table(due, [
                    Column("platform", "platform"), Column("id", "external_id"),
                    Column("read last", "last_scraped_at", ago), Column("due since", "due_at", ago),
                ])  # fmt: skip
            return
        if fetchers is None:
            raise InvalidInput("say who reads (MODULE:FUNCTION), or --plan to see what is due")
        fetchers_at(fetchers)(warehouse)
        done = warehouse.snapshots.recollect(platform, limit=limit, budget_usd=budget_usd)
    if json:
        output.json([each._asdict() for each in done])
        return
    output.table(done, [
        Column("platform", "platform"), Column("due", "due", whole), Column("asked for", "asked", whole),
        Column("requests", "requests", whole), Column("failed", "failed", whole),
        Column("gone", "gone", whole), Column("stopped", "stopped"),
    ])  # fmt: skip

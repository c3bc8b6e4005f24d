"""Commands about trends: the hashtags of the week, and what agents called a trend, why and at what cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import ASK, Json, Limit, Platform, command, opened
from viralforge.cli.figures import tags, words
from viralforge.cli.output import Column, bars
from viralforge.cli.posts import AUTHOR, PLATFORM, POST, RATE, REACH, TITLE
from viralforge.figures import ago, change, counted, decimals, percent, short, usd, whole

if TYPE_CHECKING:
    from viralforge.warehouse import DataWarehouse

POSTS, VIEWS = Column("posts", "post_count", whole), Column("views", "total_views", short)
HASHTAG, MEAN_RATE = Column("hashtag", "hashtag", tags), Column("rate", "avg_engagement_rate", percent)
_EVERY = 2**31


@command(
    ASK,
    "viralforge trending",
    "viralforge trending --platform tiktok --limit 10",
    "viralforge trending --across",
)
def trending(
    context: typer.Context, platform: Platform = None, limit: Limit = 20, json: Json = False,
    across: Annotated[bool, typer.Option("--across", help="Hashtags used on two platforms or more.")] = False,
) -> None:  # fmt: skip
    """The hashtags of the last 7 days, by how many posts carry them."""
    from viralforge.errors import InvalidInput

    if across and platform:
        raise InvalidInput("--across is about several platforms, --platform about one: take one of them")
    with opened(context) as warehouse:
        rows: Any = (
            warehouse.hashtags.across_platforms(limit=limit)
            if across
            else warehouse.get_trending_hashtags(platform, limit)
        )
    if output.as_json(rows, json):
        return
    if not rows:
        output.say("No post of the last 7 days has a hashtag.")
        return
    output.table(
        rows,
        across_columns(rows)
        if across
        else [HASHTAG, PLATFORM, POSTS, bars("post_count", rows), VIEWS, MEAN_RATE],
    )


def across_columns(rows: Sequence[Any]) -> list[Column]:
    """The columns of hashtags across platforms."""
    before, growth = Column("before", "post_count_before", whole), Column("change", "change", change)
    platforms = Column("platforms", "platforms", cut=12)
    return [HASHTAG, platforms, POSTS, bars("post_count", rows), before, growth, VIEWS, MEAN_RATE]


@command(
    ASK,
    "viralforge trend",
    "viralforge trend --platform youtube",
    "viralforge trend 1",
    "viralforge trend 1 --json",
)
def trend(
    context: typer.Context,
    which: Annotated[
        str | None, typer.Argument(metavar="ID | TITLE", help="One trend, by id or part of its title.")
    ] = None,
    platform: Platform = None, limit: Limit = 20, json: Json = False,
) -> None:  # fmt: skip
    """What was called a trend; of one, its sources and its cost."""
    with opened(context) as warehouse:
        if which is not None:
            _one(warehouse, which, platform, json)
            return
        rows = warehouse.trends.list(platform, limit=limit)
    if output.as_json(rows, json):
        return
    if not rows:
        output.say("No trend has been called yet.")
        return
    output.table(
        rows,
        [
            Column("id", "id", str), Column("title", "title", cut=18),
            Column("platform", "platform", spare=True),
            Column("status", "status"), Column("hotness", "hotness", whole), bars("hotness", rows, 8),
            Column("sources", "sources", whole), Column("relevance", "avg_relevance", decimals),
            Column("called", "created_at", ago),
        ],
    )  # fmt: skip


def _one(warehouse: DataWarehouse, which: str, platform: str | None, json: bool) -> None:
    found = _meant(warehouse, which)
    sources = warehouse.trends.sources(found.id, platform=platform)
    cost = next(row for row in warehouse.trends.costs(limit=_EVERY) if row.id == found.id)
    if json:
        document = {"trend": found._asdict(), "cost": cost._asdict(), "sources": sources.to_dicts()}
        output.json(document)
        return
    output.line(words(found.title))
    if found.description:
        output.line(words(found.description))
    output.line()
    trends = counted(cost.execution_trends or 0, "trend")
    run = f"{usd(cost.execution_cost_usd)} for {trends} by a {words(cost.crew_type)} run"
    output.facts(
        [
            ("trend", str(found.id)), ("platform", words(found.platform or "several")),
            ("category", words(found.category)), ("hashtags", tags(found.hashtags)),
            ("status", f"{words(found.status)}, hotness {decimals(found.hotness)}"),
            ("called", ago(found.created_at)),
            ("cost", f"{usd(cost.cost_usd)}" + ("" if cost.crew_execution_id is None else f" ({run})")),
        ]
    )  # fmt: skip
    output.section(f"{counted(len(sources), 'source')}: the posts that revealed it")
    relevance = Column("relevance", "relevance_score", decimals)
    numbers = [REACH, RATE._replace(spare=True), relevance, bars("relevance_score", sources, 8)]
    output.table(sources, [PLATFORM, TITLE, AUTHOR, *numbers, POST], report=True)


def _meant(warehouse: DataWarehouse, which: str) -> Any:
    """The trend with this id, this title, or the only one with this in its title."""
    from viralforge.errors import UnknownRecord

    if which.isdecimal() and (known := warehouse.trends.get(int(which))):
        return known
    part = which.strip().casefold()
    found = [
        row
        for row in warehouse.trends.list(query=which.strip(), limit=_EVERY)
        if part in row.title.casefold()
    ]
    found = [row for row in found if row.title.casefold() == part] or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownRecord(f"no trend is called {which!r:.120}; list them with: viralforge trend")
    some = ", ".join(f"{row.id} ({words(row.title)})" for row in found[:5])
    raise UnknownRecord(f"{len(found)} trends are called {which!r:.120}; name one by its id: {some}")

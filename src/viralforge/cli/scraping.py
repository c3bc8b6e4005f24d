"""The command about collecting: how many posts came in by day, and how they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import typer

from viralforge.cli import output
from viralforge.cli.app import ASK, Json, Platform, command, opened
from viralforge.cli.figures import sparkline
from viralforge.cli.output import Column, bars
from viralforge.figures import short, whole


class Total(NamedTuple):
    """Posts first seen on a day or from a platform, and their views, None where no post tells them."""

    name: str
    posts: int
    views: Decimal | None
    course: list[int]


@command(ASK, "viralforge stats", "viralforge stats --days 30 --platform youtube", "viralforge stats --json")
def stats(
    context: typer.Context, platform: Platform = None, json: Json = False,
    days: Annotated[int, typer.Option(metavar="DAYS", help="How far back, in UTC days with today.")] = 14,
) -> None:  # fmt: skip
    """How many posts came in by day and platform."""
    with opened(context) as warehouse:
        rows = warehouse.scraping.daily(days=days, platform=platform)
    if output.as_json(rows, json):
        return
    if not rows:
        output.say(f"No post came in in the last {days} days.")
        return
    if not output.is_terminal():
        output.table(
            rows,
            [
                Column("date", "date"), Column("platform", "platform"), Column("posts", "posts_scraped"),
                Column("views", "total_views"), Column("views/post", "avg_views"),
                Column("rate", "avg_engagement_rate"),
            ],
        )  # fmt: skip
        return
    today = datetime.now(UTC).date()
    every = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    numbers = [Column("posts", "posts", whole), Column("views", "views", short)]
    totals = [_total(name, found, every) for name, found in _by(rows, "platform").items()]
    course = Column(f"by day, the last {days}", "course", sparkline, plot=True)
    output.table(totals, [Column("platform", "name"), *numbers, course])
    output.line()
    by_day = [_total(str(name), found, ()) for name, found in _by(rows, "date").items()]
    output.table(by_day, [Column("date", "name"), *numbers, bars("posts", by_day, 24)])


def _by(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return dict(sorted(found.items()))


def _total(name: str, rows: Sequence[Any], every: Sequence[date]) -> Total:
    posts = {row.date: row.posts_scraped for row in rows}
    views = [row.total_views for row in rows if row.total_views is not None]
    count = sum(row.posts_scraped for row in rows)
    course = [posts.get(day, 0) for day in every]
    return Total(name, count, sum(views, Decimal(0)) if views else None, course)

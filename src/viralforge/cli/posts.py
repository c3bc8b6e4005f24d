"""Commands about posts: the best, the growing, and the history of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import ASK, Json, Limit, Platform, command, opened
from viralforge.cli.figures import shade, sparkline, tags, words
from viralforge.cli.output import Column, bars
from viralforge.figures import ago, counted, per_hour, percent, short, times, whole

if TYPE_CHECKING:
    from viralforge.warehouse import DataWarehouse

PLATFORM, AUTHOR = Column("platform", "platform"), Column("author", "author", cut=10)
TITLE = Column("title", lambda row: row.title or row.external_id, cut=18)
VIEWS, REACH = Column("views", "views", short), Column("reach", "reach", short)
RATE = Column("rate", "engagement_rate", percent)
PUBLISHED, POST = Column("published", "published_at", ago, spare=True), Column("post", "external_id")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_READINGS = 12
_EMPTY = (
    "There is no post yet. Take some in: viralforge ingest PATH, or see a simulated world: viralforge demo"
)
_NO_RATE = "No post has an engagement rate: its views are not known. Rank by reach instead: --by reach"
_NO_REACH = "No number of any post is known."
_QUIET_DAY = "No post of the last 24 hours has what the list asks for; try --by reach, or viralforge top"
_NOT_POPULAR = (
    "No post of the last 24 hours is in the list. Bring it up to date with --refresh, or try --by reach"
)
_NONE_GREW = "No post has gained {}× in {} hours: that takes a reading from before that time, and one since"


class By(StrEnum):
    """What the best posts are best by."""

    rate = "rate"
    reach = "reach"


class Measure(StrEnum):
    """What an hour of the week is shaded by."""

    posts = "posts"
    rate = "rate"
    reach = "reach"


_MEASURES: dict[Measure, tuple[str, str, Callable[[Any], str]]] = {
    Measure.posts: ("Posts", "posts", short),
    Measure.rate: ("Mean engagement rate", "avg_engagement_rate", percent),
    Measure.reach: ("Median reach", "median_reach", short),
}
Best = Annotated[
    By, typer.Option("--by", help="Engagement rate, or reach: views, else likes + comments + shares.")
]


@command(
    ASK, "viralforge top", "viralforge top --platform youtube --limit 5",
    "viralforge top --by reach --platform reddit", "viralforge top --json > top.json",
)  # fmt: skip
def top(
    context: typer.Context,
    platform: Platform = None,
    by: Best = By.rate,
    limit: Limit = 20,
    json: Json = False,
) -> None:
    """The best posts of all time, by engagement rate or by reach."""
    with opened(context) as warehouse:
        ask = warehouse.posts.top if by is By.rate else warehouse.posts.top_by_reach
        rows = ask(platform, limit=limit)
        if _said_why_none(warehouse, rows, platform, json, limit, _NO_RATE if by is By.rate else _NO_REACH):
            return
    _ranked(rows, by)


@command(
    ASK, "viralforge popular", "viralforge popular --refresh --platform tiktok",
    "viralforge popular --by reach",
)  # fmt: skip
def popular(
    context: typer.Context, platform: Platform = None, by: Best = By.rate, limit: Limit = 20,
    refresh: Annotated[bool, typer.Option("--refresh", help="Bring the list up to date first.")] = False,
    json: Json = False,
) -> None:  # fmt: skip
    """The best posts of the last 24 hours, as of the last refresh."""
    with opened(context) as warehouse:
        if refresh:
            warehouse.refresh_popular_content()
        ask = warehouse.posts.popular if by is By.rate else warehouse.posts.popular_by_reach
        rows = ask(platform, limit=limit)
        if _said_why_none(warehouse, rows, platform, json, limit, _QUIET_DAY if refresh else _NOT_POPULAR):
            return
    _ranked(rows, by)


@command(ASK, "viralforge viral", "viralforge viral --platform youtube --days 7")
def viral(
    context: typer.Context, platform: Platform = None, limit: Limit = 20, json: Json = False,
    days: Annotated[float, typer.Option(metavar="DAYS", help="How far back.")] = 7,
) -> None:  # fmt: skip
    """The posts that went viral.

    Each grew more than nearly all others of its platform, far beyond its author's median.
    """
    with opened(context) as warehouse:
        rows = warehouse.posts.went_viral(platform, days=days, limit=limit)
        if _said_why_none(
            warehouse, rows, platform, json, limit, f"No post went viral in the last {days:g} days."
        ):
            return
    output.table(rows, viral_columns(rows))


def viral_columns(rows: Sequence[Any]) -> list[Column]:
    """The columns of posts that went viral."""
    gained = Column("gained", "growth", short)
    by_author = Column("author ×", "author_times", times)
    reach = REACH._replace(spare=True)
    return [PLATFORM, TITLE, AUTHOR, reach, gained, bars("growth", rows, 8), by_author, PUBLISHED, POST]


@command(ASK, "viralforge gained 10", "viralforge gained 2 --hours 72 --platform tiktok")
def gained(
    context: typer.Context,
    multiple: Annotated[float, typer.Argument(metavar="TIMES", help="Times their reach before.")] = 10,
    hours: Annotated[
        float, typer.Option(metavar="HOURS", help="Against the last reading at least so long ago.")
    ] = 24,
    platform: Platform = None, limit: Limit = 20, json: Json = False,
) -> None:  # fmt: skip
    """The posts whose reach is now many times what it was.

    A post is left out whose first reading is later than HOURS ago: nobody knows what it had then.
    """
    with opened(context) as warehouse:
        rows = warehouse.posts.gained(multiple, hours=hours, platform=platform, limit=limit)
        if _said_why_none(
            warehouse, rows, platform, json, limit, _NONE_GREW.format(f"{multiple:g}", f"{hours:g}")
        ):
            return
    before, grown = Column("before", "reach_before", short, spare=True), Column("gained", "times", times)
    output.table(rows, [PLATFORM, TITLE, AUTHOR, before, REACH, grown, bars("times", rows), PUBLISHED, POST])


@command(
    ASK, "viralforge times", "viralforge times --platform instagram --by rate",
    "viralforge times --zone Europe/Berlin", name="times",
)  # fmt: skip
def posting_times(
    context: typer.Context, platform: Platform = None,
    by: Annotated[Measure, typer.Option("--by", help="How many posts, their mean rate or median reach.")] = (
        Measure.posts
    ),
    zone: Annotated[str, typer.Option(metavar="ZONE", help="The time zone of hours and weekdays.")] = "UTC",
    json: Json = False,
) -> None:  # fmt: skip
    """When posts are published and how they do, by hour and weekday."""
    with opened(context) as warehouse:
        rows = warehouse.posts.posting_times(platform, zone=zone)
        if _said_why_none(warehouse, rows, platform, json, 1, "No post says when it was published."):
            return
    title, of, show = _MEASURES[by]
    values = {(row.weekday, row.hour): getattr(row, of) for row in rows}
    known = [value for value in values.values() if value is not None]
    if not known:
        output.say(f"Nothing is known by {by}; try another --by")
        return
    output.line(f"{title} by hour of publication ({zone})")
    output.line()
    week(values, least=0 if by is Measure.posts else min(known, default=0))
    best = max(rows, key=lambda row: getattr(row, of) or 0)
    output.line()
    output.line(f"Most: {WEEKDAYS[best.weekday - 1]} {best.hour:02}:00 with {show(getattr(best, of))}")


def week(values: dict[tuple[int, int], Any], least: Any = 0) -> None:
    """Prints the hours of a week, each the darker the farther its value is above the least."""
    most = max((value for value in values.values() if value), default=1)
    output.line("     " + "".join(f"{hour:02}    " for hour in range(0, 24, 3)))
    for weekday, name in enumerate(WEEKDAYS, 1):
        output.line(
            f"{name}  " + "".join(shade(values.get((weekday, hour)), most, least) for hour in range(24))
        )


@command(
    ASK, "viralforge post youtube dQw4w9WgXcQ", "viralforge post 5cd6213d-2e90-b8cb-be8b-5dab10494180 --json"
)
def post(
    context: typer.Context,
    which: Annotated[
        list[str], typer.Argument(metavar="ID | PLATFORM EXTERNAL_ID", help="Its id here, or there.")
    ],
    json: Json = False,
) -> None:
    """Everything known of one post, and how it got there."""
    from viralforge.errors import InvalidInput, UnknownPosts

    if len(which) > 2:
        raise InvalidInput("name one post: by its id, or by its platform and the id it has there")
    with opened(context) as warehouse:
        found = warehouse.posts.get(which[0]) if len(which) == 1 else warehouse.posts.find(*which)
        if found is None:
            raise UnknownPosts([" ".join(which)])
        history = warehouse.posts.history(found.id)
    if json:
        output.json({"post": found._asdict(), "history": history.to_dicts()})
        return
    output.line(words(found.title or found.external_id or "an erased post"))
    output.line()
    output.facts(_facts(found))
    _history(history)


def _facts(found: Any) -> list[tuple[str, str]]:
    link = found.url if found.url and found.url.startswith(("http://", "https://")) else None
    seen = f"{ago(found.scraped_at)}, last {ago(found.last_scraped_at)}"
    told = ("views", "likes", "comments", "shares", "retweets", "saves")
    numbers = [(name, whole(getattr(found, name))) for name in told if getattr(found, name) is not None]
    pairs = [
        ("post", f"{found.platform} {words(found.external_id or '(erased)')}"), ("id", str(found.id)),
        ("link", words(link)),
        ("author", words(found.author)), ("published", ago(found.published_at)), ("first seen", seen),
        ("sightings", whole(found.sightings)),
        ("kind", words([each for each in (found.content_type, found.category, found.niche) if each])),
        ("hashtags", tags(found.hashtags)), *numbers, ("rate", percent(found.engagement_rate)),
        ("velocity", per_hour(found.velocity_score)),
    ]  # fmt: skip
    return [(name, text) for name, text in pairs if text != "–"]


def _history(history: Sequence[Any]) -> None:
    reach = [reading.reach for reading in history]
    if len(history) > 1:
        output.section(f"Reach over {counted(len(history), 'reading')}")
        output.line(sparkline(reach, output.width()))
    some = history
    if len(history) > _READINGS:
        some = [history[at * (len(history) - 1) // (_READINGS - 1)] for at in range(_READINGS)]
    output.section("History" if some is history else f"{_READINGS} of them")
    output.table(
        some,
        [
            Column("seen", "recorded_at", ago), VIEWS, Column("likes", "likes", short),
            Column("comments", "comments", short), Column("shares", "shares", short), RATE,
            Column("velocity", "velocity_score", per_hour), bars("reach", history),
        ],
        report=True,
    )  # fmt: skip


def _ranked(rows: Any, by: By) -> None:
    ranked = bars("engagement_rate" if by is By.rate else "reach", rows)
    numbers = [VIEWS, RATE, ranked] if by is By.rate else [REACH, ranked, RATE]
    output.table(rows, [PLATFORM, TITLE, AUTHOR, *numbers, PUBLISHED, POST])


def _said_why_none(
    warehouse: DataWarehouse, rows: Any, platform: str | None, json: bool, limit: int, otherwise: str
) -> bool:
    """Prints rows as JSON, or why there are none: no post at all, none of the platform, or `otherwise`."""
    from viralforge.model.ids import platform_name

    if output.as_json(rows, json) or rows:
        return json
    if limit == 0:
        return True
    known = warehouse.scraping.platforms()
    if not known:
        output.say(_EMPTY)
    elif platform and platform_name(platform) not in known:
        output.say(f"There is no post of {platform_name(platform)}; there are posts of {', '.join(known)}.")
    else:
        output.say(otherwise)
    return True

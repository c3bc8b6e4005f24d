"""Commands that move what is old to the archive, and bring it back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viralforge.cli import output, progress
from viralforge.cli.app import KEEP, Json, app, command, opened
from viralforge.cli.figures import words
from viralforge.cli.output import Column
from viralforge.errors import InvalidInput
from viralforge.figures import ago, counted, size, whole

if TYPE_CHECKING:
    from viralforge.warehouse import DataWarehouse

archive = typer.Typer(
    rich_markup_mode=None, help="What left the database, and its way back.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, no_args_is_help=True,
)  # fmt: skip
_STATES = ("planned", "exporting", "uploaded", "verified", "removed", "done")


@command(KEEP, "viralforge retention --plan", "viralforge retention", "viralforge retention --plan --json")
def retention(
    context: typer.Context,
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would be done.")] = False,
    json: Json = False,
) -> None:
    """Archives what is old, and deletes what need not be kept.

    How long that is, and where the archive lies, is set by VIRALFORGE_KEEP_POSTS_DAYS and its kin. Killed on
    the way, it goes on from there the next time.
    """
    with opened(context) as warehouse:
        if plan:
            planned = warehouse.retention.plan()
            if not output.as_json(planned, json):
                _planned(warehouse, planned)
            return
        with progress.counted() as bar:
            done = warehouse.retention.run(
                lambda step: bar(
                    f"{step.table_name} {_month(step.month)}", _STATES.index(step.state), len(_STATES) - 1
                )
            )
    if json:
        output.json(done._asdict())
        return
    moved = "nothing: there is no archive, or another process is at it"
    if done.archived is not None:
        moved = counted(done.archived, "range")
    output.facts([("archived", moved), ("deleted", counted(done.rejections, "rejection"))])


def _planned(warehouse: DataWarehouse, planned: Any) -> None:
    columns = [
            Column("table", "table"), Column("will be", "what"), Column("month", "month", _month),
            Column("rows, about", "rows", whole), Column("size", "bytes", _size),
            Column("older than", "until", lambda at: f"{at:%Y-%m-%d}"),
        ]  # fmt: skip
    if planned:
        output.table(planned, columns, report=True)
    else:
        output.say("Nothing is older than it may be.")
    if not warehouse.archive.lake.is_there:
        output.say("There is no archive, so what would go there stays: set VIRALFORGE_ARCHIVE_URL.")


@command(KEEP, "viralforge archive status", "viralforge archive status --json", to=archive)
def status(context: typer.Context, json: Json = False) -> None:
    """What the archive has, and the latest steps on the way to it."""
    with opened(context) as warehouse:
        there = warehouse.archive.lake.is_there
        tables = warehouse.cold.tables() if there else []
        steps = warehouse.archive.steps(limit=20)
        where = warehouse.archive.lake.url if there else None
    if json:
        output.json({"url": where, "tables": [row._asdict() for row in tables], "steps": steps.to_dicts()})
        return
    output.facts([("archive", words(where or "none: set VIRALFORGE_ARCHIVE_URL"))])
    output.line()
    output.table(
        tables,
        [
            Column("table", "table"), Column("rows", "rows", whole), Column("files", "files", whole),
            Column("size", "bytes", size), Column("from", "first", _month), Column("to", "last", _month),
        ],
        report=True,
    )  # fmt: skip
    if steps:
        output.line()
        output.table(
            steps,
            [
                Column("step", "id"), Column("of", "table_name"), Column("month", "month", _month),
                Column("state", "state"), Column("rows", "rows", whole), Column("size", "bytes", _size),
                Column("was", "hot_bytes", _size), Column("changed", "changed_at", ago),
                Column("error", "error", words, cut=20),
            ],
            report=True,
        )  # fmt: skip


@command(
    KEEP, "viralforge archive restore history --yes", "viralforge archive restore posts --yes --json",
    to=archive,
)  # fmt: skip
def restore(
    context: typer.Context,
    table: Annotated[str, typer.Argument(metavar="TABLE", help="posts, history, events or calls.")],
    month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Which, as 2025-03; of posts that of their first sighting."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Every month there is, without asking.")] = False,
    json: Json = False,
) -> None:
    """Brings a month back from the archive into the database.

    It stays for 30 days, and longer if the settings keep it. The archive keeps it too.
    """
    if month is None and not yes:
        raise InvalidInput("--month: say which, as 2025-03, or --yes for all there are")
    with opened(context) as warehouse:
        rows = warehouse.archive.restore(table, None if month is None else _read_month(month))
    if json:
        output.json({"table": table, "month": month, "rows": rows})
    else:
        output.line(f"{counted(rows, 'row')} of {words(table)} came back.")


@command(KEEP, "viralforge archive adopt --yes", "viralforge archive adopt --yes --json", to=archive)
def adopt(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="No other warehouse writes to it.")] = False,
    without_lost: Annotated[
        bool, typer.Option("--without-lost", help="What is not there is lost: go on with the rest.")
    ] = False,
    json: Json = False,
) -> None:
    """Makes the archive that a restored warehouse found its own.

    Only when no other warehouse writes to it any more: each would delete the other's files. Where files are
    missing it is refused, unless they are given up.
    """
    if not yes:
        raise InvalidInput(
            "is no other warehouse at work there? Each would delete the other's files: say --yes"
        )
    with opened(context) as warehouse:
        lost = warehouse.archive.lake.adopt(without_lost=without_lost)
        where = warehouse.archive.lake.url
    if json:
        output.json({"url": where, "adopted": True, "lost": lost})
        return
    output.line(f"The archive at {words(where)} is this warehouse's.")
    for table, files in lost.items():
        what = "all" if files is None else counted(files, "file")
        output.say(f"Lost, with the rows in it: {what} of {table}.")


def _size(given: int | None) -> str:
    return "" if given is None else size(given)


def _month(month: date | None) -> str:
    return "" if month is None else f"{month:%Y-%m}"


def _read_month(given: str) -> date:
    try:
        return date.fromisoformat(f"{given}-01")
    except ValueError:
        raise InvalidInput(f"--month: {given!r} is no month; write 2025-03") from None


app.add_typer(archive, name="archive", rich_help_panel=KEEP)

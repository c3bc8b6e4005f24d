"""Commands that take posts in from files, and show what was turned away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from viralforge.cli import output
from viralforge.cli.app import FILL, Json, Limit, Platform, command, opened
from viralforge.cli.output import Column, bars
from viralforge.cli.progress import bytes_read
from viralforge.figures import ago, counted, decimals, whole
from viralforge.model.rejection import REASONS

if TYPE_CHECKING:
    from viralforge.model.report import IngestReport


@command(
    FILL, "viralforge ingest posts.ndjson", "viralforge ingest exports/ 'more/*.json.gz'",
    "viralforge ingest old.csv --observed-at 2024-06-01T12:00Z",
    "cat posts.ndjson | viralforge ingest - --json",
)  # fmt: skip
def ingest(
    context: typer.Context,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files, folders, globs; - is standard input.")
    ],
    observed_at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When the posts were seen, where they do not say so (ISO 8601)."),
    ] = None,
    shape: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The shape of the payloads, where it is not recognised."),
    ] = None,
    json: Json = False,
) -> None:
    """Takes in posts from files; a second time adds nothing.

    JSON, NDJSON and CSV are read, packed with gzip, zstd or tar or not; what they hold is recognised.
    What cannot be a post is turned away with its reason and kept: see `viralforge rejections`.
    """
    with opened(context, create=True) as warehouse, interrupts_explained(), bytes_read() as progress:
        report = warehouse.ingest(paths, observed_at=_moment(observed_at), shape=shape, progress=progress)
    if json:
        output.json(report.to_dict())
    else:
        print_report(report)
    if report.read and report.rejected == report.read:
        raise typer.Exit(1)


@command(
    FILL,
    "viralforge rejections",
    "viralforge rejections --reason bad_number --json",
    "viralforge rejections --replay",
)
def rejections(
    context: typer.Context, platform: Platform = None, limit: Limit = 20,
    reason: Annotated[
        str | None,
        typer.Option("--reason", "-r", metavar="REASON", help="Only these, as bad_number or unknown_shape."),
    ] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Read them again, as after a fix.")] = False,
    json: Json = False,
) -> None:  # fmt: skip
    """What was turned away, and why; equal payloads are kept once."""
    from viralforge.errors import InvalidInput

    if reason is not None and reason not in REASONS:
        raise InvalidInput(f"reason: {reason!r:.80} is none; it is one of {', '.join(REASONS)}")
    if replay and platform:
        raise InvalidInput(
            "--replay reads all platforms again; leave --platform out, or narrow it by --reason"
        )
    with opened(context) as warehouse:
        if replay:
            report = warehouse.replay_rejections(reason)
        else:
            rows = warehouse.scrapes.rejections(reason=reason, platform=platform, limit=limit)
            counts = warehouse.scrapes.rejections_by_reason()
    if replay:
        output.json(report.to_dict()) if json else print_report(report)
        return
    if output.as_json(rows, json):
        return
    if not rows:
        output.say("Nothing was turned away.")
        return
    if output.is_terminal() and reason is None and platform is None:
        meaning = Column("meaning", lambda row: REASONS.get(row.reason), cut=12)
        number = Column("rejections", "rejections", whole)
        output.table(counts, [Column("reason", "reason"), number, bars("rejections", counts), meaning])
        output.section("The latest")
    output.table(
        rows,
        [
            Column("reason", "reason"), Column("platform", "platform"),
            Column("where", "origin", cut=12, keeps_end=True),
            Column("what", "detail", cut=12), Column("rejected", "rejected_at", ago),
        ],
    )  # fmt: skip


@contextmanager
def interrupts_explained() -> Iterator[None]:
    """Says what became of a run that somebody breaks off."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        for note in getattr(interrupt, "__notes__", ()):
            typer.echo(f"Interrupted: {note}", err=True)
        raise


def print_report(report: IngestReport) -> None:
    """Prints what a run did, in numbers that add up."""
    files = f" in {counted(report.files, 'file')}" if report.files else ""
    output.line(f"Read {counted(report.read, 'record')}{files} in {decimals(report.seconds)} s")
    numbers = {name: getattr(report, name) for name in ("new", "updated", "unchanged", "rejected")}
    width = max(len(whole(number)) for number in numbers.values())
    output.facts((f"  {name}", f"{whole(number):>{width}}") for name, number in numbers.items())
    _counts("By platform", report.posts_by_platform)
    _counts("Rejected because", report.rejected_by_reason)
    if report.scrubbed:
        output.line()
        output.line(f"{counted(report.scrubbed, 'value')} held NUL bytes or the like, and have been cleaned")
    if report.rejected:
        output.say("\nSee what was turned away: viralforge rejections")


def _counts(title: str, counts: Counter[str]) -> None:
    if counts:
        output.section(title)
        width = max(len(whole(number)) for number in counts.values())
        output.facts(
            (f"  {name}", f"{whole(number):>{width}}  {REASONS.get(name, '')}".rstrip())
            for name, number in counts.most_common()
        )


def _moment(text: str | None) -> datetime | None:
    from viralforge.errors import InvalidInput, InvalidPost
    from viralforge.model.values import observation

    try:
        return observation(text, "--observed-at")
    except InvalidPost as error:
        raise InvalidInput(f"--observed-at: {error.detail}") from None

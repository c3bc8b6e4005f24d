"""The command that does once what keeps a warehouse well."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from viralforge.cli import output
from viralforge.cli.app import KEEP, Json, command, opened
from viralforge.cli.figures import words
from viralforge.cli.output import Column
from viralforge.errors import InvalidInput
from viralforge.figures import counted

if TYPE_CHECKING:
    from viralforge.lifecycle.schedule import JobOutcome


_SETTINGS = {
    "recollect": "VIRALFORGE_FETCHERS", "keep to terms": "VIRALFORGE_ENFORCE_TERMS=true",
    "forward to PostHog": "VIRALFORGE_POSTHOG_HOST and VIRALFORGE_POSTHOG_KEY",
}  # fmt: skip
"""Jobs that only some have, and what has them."""


class JobDue(NamedTuple):
    """A job, how often it is to be done, and whether that is now."""

    name: str
    every: timedelta
    is_due: bool


@command(
    KEEP, "viralforge maintain", "viralforge maintain --plan --json", 'viralforge maintain "fold rollups"',
    "viralforge maintain --pg-cron",
)  # fmt: skip
def maintain(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[JOB]...", help="Only these, whether or not they are due.")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only say what is due.")] = False,
    pg_cron: Annotated[
        bool, typer.Option("--pg-cron", help="Print what the extension pg_cron can do of it, as SQL.")
    ] = False,
    json: Json = False,
) -> None:
    """Does once what is due of a worker's jobs.

    For cron, where no `viralforge worker` runs: every five minutes does what a worker does. Several at a time
    give way to each other.
    """
    if pg_cron:
        from viralforge.lifecycle.schedule import pg_cron as told

        output.json({"sql": told()}) if json else output.write(told())
        return
    from viralforge.lifecycle.schedule import NOTED
    from viralforge.settings import read_settings
    from viralforge.web.upkeep import jobs_of

    with opened(context) as warehouse, jobs_of(warehouse, read_settings()) as jobs:
        known = {job.name: job for job in jobs}
        for name in names or ():
            if name not in known:
                need = (
                    f"set {_SETTINGS[name]} for it" if name in _SETTINGS else f"there are {', '.join(known)}"
                )
                raise InvalidInput(f"there is no job {name!r} here; {need}")
        wanted = [known[name] for name in names] if names else [job for job in jobs if job.every >= NOTED]
        if plan:
            rows = [JobDue(job.name, job.every, warehouse.jobs.is_due(job)) for job in wanted]
        else:
            done = [warehouse.jobs.do(job, anyway=bool(names)) for job in wanted]
    if plan:
        _planned(rows, json)
    else:
        _told(done, json)


def _planned(rows: list[JobDue], json: bool) -> None:
    if json:
        output.json([row._asdict() | {"every": row.every.total_seconds()} for row in rows])
        return
    due = Column("due", "is_due", lambda is_due: "now" if is_due else "later")
    output.table(rows, [Column("job", "name"), Column("every", "every", _pause), due], report=True)


def _pause(every: timedelta) -> str:
    """A pause in its largest unit.

    >>> _pause(timedelta(days=1)), _pause(timedelta(minutes=10))
    ('1 day', '10 minutes')
    """
    seconds = int(every.total_seconds())
    for unit, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= unit:
            return counted(seconds // unit, noun)
    return counted(seconds, "second")


def _told(done: list[JobOutcome], json: bool) -> None:
    if json:
        output.json([row._asdict() for row in done])
    else:
        if told := [row for row in done if row.outcome != "not due"]:
            output.table(told, [Column("job", "name"), Column("outcome", "outcome")], report=True)
        else:
            output.say("Nothing is due.")
    failed = [row for row in done if row.outcome == "failed"]
    for row in failed:
        output.say(f"{row.name}: {words(row.error or '')}")
    if failed:
        raise typer.Exit(1)

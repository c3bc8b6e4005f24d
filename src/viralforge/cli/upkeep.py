"""Commands that keep a warehouse well: its schema, its rollups, and how it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import KEEP, Json, app, command, opened, place
from viralforge.cli.figures import words
from viralforge.cli.output import Column, bars
from viralforge.figures import ago, counted, size, whole
from viralforge.lifecycle.backup.programs import address

rollups = typer.Typer(
    rich_markup_mode=None, help="Checks and mends the sums that the views stand on.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, no_args_is_help=True,
)  # fmt: skip


@command(KEEP, "viralforge status", "viralforge status --json")
def status(context: typer.Context, json: Json = False) -> None:
    """How the warehouse is: server, schema, tables and sizes."""
    from viralforge.settings import read_settings

    with opened(context) as warehouse:
        found = warehouse.status()
        alarms = warehouse.scraping.alarms()
        jobs = warehouse.system.jobs()
        where, _secrets = address(warehouse.url)
    if found.embedded:
        where["data"] = str(read_settings(data_dir=place(context).data_dir).data_dir)
    if json:
        counts = {"posts": found.posts, "rejections": found.rejections, "deltas": found.deltas}
        about = {"embedded": found.embedded, "address": where, "server": found.server._asdict()}
        rows = {"alarms": alarms.to_dicts(), "jobs": jobs.to_dicts(), "tables": found.tables.to_dicts()}
        output.json({**about, "schema": found.schema, **counts, **rows})
        return
    host = words(where.get("host") or "the local socket")
    place_of_it = (
        f"embedded, in {where['data']}" if found.embedded else f"at {host}, database {found.server.name}"
    )
    output.facts(
        [
            ("server", f"PostgreSQL {words(found.server.version)}, {place_of_it}"),
            ("schema", f"{found.schema}, up to date"), ("size", size(found.server.bytes)),
            ("posts", whole(found.posts)), ("rejections", whole(found.rejections)),
            ("deltas", f"{whole(found.deltas)} to be folded into rollups; the views count them already"),
        ]
    )  # fmt: skip
    for alarm in alarms:
        output.say(
            f"Has {words(alarm.platform)} changed? {words(alarm.operation)[:30]}, {alarm.measure}: "
            f"{alarm.lately:.2f} today, {alarm.usual:.2f} before."
        )
    for job in jobs:
        if job.is_overdue:
            output.say(f"{job.name} is overdue, last done {ago(job.started_at)}: viralforge worker does it.")
        elif job.ok is False:
            output.say(f"{job.name} failed {ago(job.started_at)}: {words(job.error or 'see the log')[:200]}")
    output.line()
    output.table(
        found.tables,
        [
            Column("table", "name"), Column("rows, about", lambda row: row.rows or None, whole),
            Column("months", "months", whole),
            Column("size", "bytes", size), bars("bytes", found.tables, 20),
        ],
        report=True,
    )  # fmt: skip


@command(KEEP, "viralforge migrate --plan", "viralforge migrate")
def migrate(
    context: typer.Context,
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would be done.")] = False,
    json: Json = False,
) -> None:
    """Brings the database to what this ViralForge needs.

    May be run twice, also at the same time. The embedded database needs it never.
    """
    from viralforge.warehouse import DataWarehouse

    given = place(context)
    found = DataWarehouse.migrate(given.database_url, data_dir=given.data_dir, dry_run=plan)
    if json:
        done = not (plan or found.nothing_to_do)
        output.json(
            {
                "from": found.current, "to": found.target, "missing": found.missing,
                "views_change": found.objects_change, "done": done,
            }
        )  # fmt: skip
        return
    if found.nothing_to_do:
        output.line(f"The database is at schema {found.target}, as it should be: nothing to do.")
        return
    verb, before = (
        "Would bring" if plan else "Brought",
        f"schema {found.current}" if found.current else "nothing",
    )
    output.line(f"{verb} the database from {before} to schema {found.target}.")
    output.facts(
        [
            ("migrations", words(list(found.missing)) if found.missing else "none"),
            ("views and functions", "made anew" if found.objects_change or found.missing else "as they are"),
        ]
    )


@command(KEEP, "viralforge rollups check", to=rollups)
def check(context: typer.Context, json: Json = False) -> None:
    """Where a rollup differs from its posts or events.

    SQL behind ViralForge's back can do that; then the exit code is 1.
    """
    with opened(context) as warehouse:
        rows = warehouse.rollups.check()
    if not output.as_json(rows, json):
        _drift(rows)
    if rows:
        raise typer.Exit(1)


def _drift(rows: Sequence[Any]) -> None:
    if not rows:
        output.line("Every rollup is equal to its posts and events.")
        return
    output.table(rows, [Column(name, name) for name in ("rollup", "key", "kept", "counted")])
    output.say("Mend them with: viralforge rollups rebuild")


@command(KEEP, "viralforge rollups fold", to=rollups)
def fold(context: typer.Context, json: Json = False) -> None:
    """Takes into the rollups what was written since the last time, so that questions stay fast.

    Answers are right without it; once a minute is often enough.
    """
    with opened(context) as warehouse:
        folded = warehouse.rollups.fold()
    if json:
        output.json({"deltas_folded": folded})
    elif folded is None:
        output.line("Skipped: another fold or rebuild, or the deletion of a user, is at work.")
    else:
        output.line(f"{counted(folded, 'delta')} folded.")


@command(KEEP, "viralforge rollups rebuild", to=rollups)
def rebuild(context: typer.Context, json: Json = False) -> None:
    """Mends what `check` finds, while readers and writers go on."""
    with opened(context) as warehouse:
        mended = warehouse.rollups.rebuild()
    if json:
        output.json({"rows_mended": mended})
    else:
        output.line(
            f"{counted(mended, 'row')} mended."
            if mended
            else "Every rollup was equal to its posts and events."
        )


app.add_typer(rollups, name="rollups", rich_help_panel=KEEP)

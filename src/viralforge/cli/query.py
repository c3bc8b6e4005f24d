"""Commands for SQL of your own, here or in psql."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import ASK, KEEP, Json, command, opened
from viralforge.cli.figures import words
from viralforge.cli.output import Column
from viralforge.figures import counted
from viralforge.lifecycle.backup.programs import address, handed_over, of_the_embedded

_SEARCH_PATH = "-c search_path=viralforge,public"


@command(
    ASK, 'viralforge sql "select platform, title, views from v_top_posts_by_platform limit 5"',
    'viralforge sql "select * from v_daily_scraping_stats" --csv > stats.csv',
    'viralforge sql --cold "select count(*) from history"',
    'echo "select count(*) as posts from scraped_posts" | viralforge sql - --json',
)  # fmt: skip
def sql(
    context: typer.Context,
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="The statement; - reads it from standard input.")
    ],
    cold: Annotated[
        bool, typer.Option("--cold", help="Ask DuckDB, over posts, history, events and calls of all time.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead.")] = False,
    json: Json = False,
) -> None:
    """Runs SQL of your own in one transaction.

    The tables and views are found without their schema, viralforge. Of several statements the last rows are
    shown. With --cold what is in the archive and what is in the database are one.
    """
    from viralforge.errors import InvalidInput

    if csv and json:
        raise InvalidInput("--csv or --json: take one of them")
    with opened(context) as warehouse:
        text = sys.stdin.read() if query == "-" else query
        if cold:
            rows, files_read, files = warehouse.cold.sql(text)
            if output.is_terminal():
                output.say(f"(read {files_read} of the archive's {counted(files, 'file')})")
        else:
            rows = warehouse.sql(text)
    if json:
        twice = {name for name in rows.columns if rows.columns.count(name) > 1}
        if twice:
            raise InvalidInput(f"several columns are called {sorted(twice)[0]}: name them apart with AS")
        output.json(rows.to_dicts())
    elif csv:
        _csv(rows)
    elif not rows.columns:
        output.say("Done.")
    else:
        numbers = {at for at in range(len(rows.columns)) if all(_is_number(row[at]) for row in rows)}
        output.table(rows, [_column(name, at, at in numbers) for at, name in enumerate(rows.columns)])
        if output.is_terminal():
            output.say(f"({counted(len(rows), 'row')})")


@command(
    KEEP, "viralforge psql", "viralforge psql -- -c 'select count(*) from scraped_posts'",
    "viralforge psql --json",
    context_settings={"ignore_unknown_options": True},
)  # fmt: skip
def psql(
    context: typer.Context,
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[-- ARGUMENTS]", help="Given to psql.")
    ] = None,
    json: Json = False,
) -> None:
    """Opens psql on the warehouse.

    With --json it says how other programs connect, without the password.
    """
    from psycopg.conninfo import make_conninfo

    from viralforge.errors import ViralForgeError

    program = shutil.which("psql") or of_the_embedded("psql")
    with opened(context) as warehouse:
        told, secrets = address(warehouse.url)
        if json:
            output.json({**told, "psql": program})
            return
        where = make_conninfo("", **told)
        if program is None:
            raise ViralForgeError(f"psql is not installed; connect with another client to: {where}")
        with handed_over(secrets, options=_SEARCH_PATH) as environment:
            code = _run([program, where, *(arguments or ())], environment)
    raise typer.Exit(code)


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """The exit code of a child that is interrupted alone.

    Not an exec: the embedded server stays for as long as this process holds its share in it.
    """
    ours = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(
            command, env=environment, check=False,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ).returncode  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, ours)


def _column(name: str, at: int, number: bool) -> Column:
    show = output.exact if number else lambda value: "" if value is None else words(output.exact(value))
    return Column(name, lambda row: row[at], show, cut=0 if number else 12)


def _is_number(value: Any) -> bool:
    return (
        value is None
        or (not isinstance(value, bool) and isinstance(value, int | float))
        or _is_decimal(value)
    )


def _is_decimal(value: Any) -> bool:
    from decimal import Decimal

    return isinstance(value, Decimal)


def _csv(rows: Any) -> None:
    from csv import writer
    from io import StringIO

    # A file gets text as it is; a terminal would obey what a title holds.
    shown = output.is_terminal()
    text = StringIO()
    lines = writer(text, lineterminator="\n" if shown else "\r\n")
    lines.writerows(
        [value if isinstance(value, str) and not shown else output.exact(value) for value in row]
        for row in (rows.columns, *rows)
    )
    output.write(text.getvalue())

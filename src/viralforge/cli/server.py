"""Commands that serve the warehouse over HTTP, and the keys to it."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from viralforge.cli import output
from viralforge.cli.app import KEEP, SERVE, Json, app, command, opened, place
from viralforge.cli.figures import words
from viralforge.cli.output import Column
from viralforge.figures import ago

keys = typer.Typer(
    rich_markup_mode=None, help="API keys: who may read and write over HTTP.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, no_args_is_help=True,
)  # fmt: skip

Host = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Where to listen; beyond 127.0.0.1 keys are needed.")
]
Port = Annotated[int, typer.Option(metavar="NUMBER", min=1, max=65_535, help="On which port.")]
Workers = Annotated[int, typer.Option(metavar="COUNT", min=1, max=64, help="How many processes serve.")]
SpoolDir = Annotated[
    str | None,
    typer.Option("--spool", metavar="DIR", help="Where events wait on disk while the database is away."),
]


@command(SERVE, "viralforge serve", "viralforge serve --workers 2 --spool /var/spool/viralforge")
def serve(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = 8400,
    workers: Workers = 1,
    spool: SpoolDir = None,
) -> None:
    """Serves the warehouse over HTTP, at http://127.0.0.1:8400.

    Ends at Ctrl-C or SIGTERM, once what was accepted is committed.
    """
    from viralforge.web.serve import serve as run

    _into_environment(context, spool)
    run(host, port, workers)


@command(SERVE, "viralforge up", "viralforge up --port 8500")
def up(
    context: typer.Context, host: Host = "127.0.0.1", port: Port = 8400, workers: Workers = 1,
    spool: SpoolDir = None,
) -> None:  # fmt: skip
    """Serves the warehouse and keeps it well."""
    from viralforge.web.serve import serve as run

    _into_environment(context, spool)
    run(host, port, workers, upkeep=True)


@command(SERVE, "viralforge worker")
def worker(context: typer.Context) -> None:
    """Keeps the warehouse well until it is stopped.

    It folds rollups, refreshes views and makes months.
    """
    from viralforge.web.serve import work

    _into_environment(context, None)
    work()


def _into_environment(context: typer.Context, spool: str | None) -> None:
    """What was given in front of the command, for the processes that serve."""
    given = place(context)
    asked = {
        "DATABASE_URL": given.database_url, "VIRALFORGE_DATA_DIR": given.data_dir,
        "VIRALFORGE_SPOOL_DIR": spool,
    }  # fmt: skip
    os.environ.update({name: value for name, value in asked.items() if value})


@command(SERVE, "viralforge openapi > openapi.json")
def openapi() -> None:
    """Prints the HTTP API as an OpenAPI document.

    No database is needed for it.
    """
    from viralforge.web.app import create_app

    output.json(create_app().openapi())


@command(
    KEEP,
    "viralforge keys create --scope read",
    'viralforge keys create --scope write:events --name "our site"',
    to=keys,
)
def create(
    context: typer.Context,
    scope: Annotated[
        list[str], typer.Option(metavar="SCOPE", help="write:events, write, read, read:users or admin.")
    ],
    name: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "unnamed",
    json: Json = False,
) -> None:
    """Makes a key and prints it, once: only its hash is kept.

    write:events suits pages and apps, for everybody can read it there; write includes it, admin everything.
    read tells nobody who users are; read:users does.
    """
    with opened(context) as warehouse:
        key = warehouse.keys.create(name, scope)
    if json:
        output.json({"key": key, "name": name, "scopes": sorted(set(scope))})
    else:
        output.line(key)
        output.say("Keep it well: it is not shown again.")


@command(KEEP, "viralforge keys list", "viralforge keys list --json", to=keys, name="list")
def list_keys(context: typer.Context, json: Json = False) -> None:
    """The keys there are, what they open and when they were last used."""
    with opened(context) as warehouse:
        rows = warehouse.keys.all()
    if output.as_json(rows, json):
        return
    output.table(
        rows,
        [
            Column("id", "id"), Column("name", "name", words), Column("opens", "scopes", words),
            Column("made", "created_at", ago), Column("last used", "last_used_at", ago),
            Column("revoked", "revoked_at", ago),
        ],
        report=True,
    )  # fmt: skip


@command(KEEP, "viralforge keys create --scope read", "viralforge keys revoke 1", to=keys)
def revoke(
    context: typer.Context, key_id: Annotated[int, typer.Argument(metavar="ID")], json: Json = False
) -> None:
    """Makes a key worthless, within seconds on every server."""
    with opened(context) as warehouse:
        warehouse.keys.revoke(key_id)
    if json:
        output.json({"revoked": key_id})
    else:
        output.line(f"Key {key_id} is revoked.")


app.add_typer(keys, name="keys", rich_help_panel=KEEP)

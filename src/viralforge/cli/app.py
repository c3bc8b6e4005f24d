"""The command line's frame: its options for all commands, its help, and how it opens a warehouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from viralforge.warehouse import DataWarehouse

F = TypeVar("F", bound=Callable[..., Any])
ASK, FILL, KEEP, SERVE = "Ask", "Fill", "Keep", "Serve"

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
Platform = Annotated[
    str | None,
    typer.Option(
        "--platform", "-p", metavar="NAME", help="Only youtube, twitter, instagram, tiktok or reddit."
    ),
]
Limit = Annotated[int, typer.Option("--limit", "-n", metavar="ROWS", help="How many rows at most.")]


class Given(NamedTuple):
    """What was given in front of the command; None leaves it to the environment."""

    database_url: str | None
    data_dir: str | None


class Sections(TyperGroup):
    """A help page that lists the commands by what they are for."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes one section for each purpose."""
        found = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        for title in (FILL, ASK, SERVE, KEEP):
            own = {
                name: command
                for name, command in found.items()
                if command and getattr(command, "rich_help_panel", None) == title
            }
            longest = max(10, *map(len, own))
            limit = formatter.width - 6 - longest
            rows = [(name.ljust(longest), command.get_short_help_str(limit)) for name, command in own.items()]
            with formatter.section(title):
                formatter.write_dl(rows)


app = typer.Typer(
    cls=Sections, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)  # fmt: skip


def command(panel: str, *examples: str, to: typer.Typer = app, **more: Any) -> Callable[[F], F]:
    """Makes a function a command of the section `panel`, with examples in its help that tests run."""
    epilog = "\b\nExamples:\n" + "\n".join(f"  {example}" for example in examples)
    settings = {
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        **more.pop("context_settings", {}),
    }
    return to.command(rich_help_panel=panel, epilog=epilog, context_settings=settings, **more)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"viralforge {version('viralforge')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def everything(
    context: typer.Context,
    database_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The PostgreSQL, instead of DATABASE_URL or the embedded one."),
    ] = None,
    data_dir: Annotated[
        str | None,
        typer.Option(
            metavar="DIR", help="Where the embedded PostgreSQL lives, instead of VIRALFORGE_DATA_DIR."
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """The data warehouse for social-media content: every post once, its whole history, what each trend cost.

    Start with: viralforge demo
    """
    context.obj = Given(database_url, data_dir)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def opened(context: typer.Context, *, create: bool = False) -> DataWarehouse:
    """The warehouse that the options and the environment mean; only with `create` an embedded one is made."""
    from viralforge.warehouse import DataWarehouse

    given = place(context)
    return DataWarehouse.open(given.database_url, data_dir=given.data_dir, create=create)


def place(context: typer.Context) -> Given:
    """What was given in front of the command.

    Raises ConfigurationError where the environment contradicts it.
    """
    from viralforge.errors import ConfigurationError
    from viralforge.settings import read_settings

    given: Given = context.find_root().obj
    if given.data_dir and not given.database_url and read_settings().database_url:
        raise ConfigurationError(
            "--data-dir means the embedded PostgreSQL, but DATABASE_URL names another; unset it first"
        )
    return given

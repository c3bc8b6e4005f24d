"""Commands that send events on to a PostHog, and show what it refused."""

from __future__ import annotations

import signal
from contextlib import closing
from dataclasses import asdict
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from viralforge.cli import output
from viralforge.cli.app import KEEP, SERVE, Json, Limit, app, command, opened
from viralforge.cli.figures import words
from viralforge.cli.output import Column
from viralforge.figures import ago, counted

if TYPE_CHECKING:
    from viralforge.integrations.posthog import Forwarded

posthog = typer.Typer(
    rich_markup_mode=None, help="Events on their way to PostHog.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, no_args_is_help=True,
)  # fmt: skip


@command(SERVE, "viralforge posthog forward", "viralforge posthog forward --once --json", to=posthog)
def forward(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="End when all is sent, or PostHog is away.")] = False,
    json: Json = False,
) -> None:
    """Sends events to the PostHog of VIRALFORGE_POSTHOG_HOST, each until it has arrived.

    One process sends at a time. With --once the exit code is 1 if PostHog was away.
    """
    from viralforge.integrations.posthog import Forwarder
    from viralforge.settings import read_settings

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with opened(context) as warehouse, closing(Forwarder(warehouse, read_settings())) as forwarder:
        if not once:
            forwarder.run(stop, lambda done: _tell(done, json, quiet=True))
            return
        done = forwarder.drain()
        waiting = warehouse.outbox.backlog().waiting
    _tell(done, json)
    if done.error:
        if not json:
            output.say(f"In the outbox: {counted(waiting, 'event')}.")
        raise typer.Exit(1)


def _tell(done: Forwarded, json: bool, *, quiet: bool = False) -> None:
    """Says what a run did; `quiet` leaves out that it did nothing."""
    if quiet and not (done.sent or done.dropped or done.refused or done.error):
        return
    if json:
        output.json(asdict(done))
        return
    if done.busy:
        output.line("Another process is sending.")
    output.line(f"Sent {counted(done.sent, 'event')}.")
    if done.dropped:
        output.say(f"{counted(done.dropped, 'event')} gone or not to be sent any more.")
    if done.refused:
        output.say(f"{counted(done.refused, 'event')} refused: viralforge posthog dead")
    if done.error:
        output.say(f"{words(done.error)}; the next try is in {done.wait or 0:.0f} s.")


@command(KEEP, "viralforge posthog dead", "viralforge posthog dead --json", to=posthog)
def dead(context: typer.Context, limit: Limit = 20, json: Json = False) -> None:
    """The events that PostHog refused for good, and why."""
    with opened(context) as warehouse:
        rows = warehouse.outbox.dead_letters(limit)
    if output.as_json(rows, json):
        return
    if not rows:
        output.say("PostHog refused nothing.")
        return
    output.table(
        rows,
        [
            Column("id", "id"), Column("event", "event_name", words), Column("of", "created_at", ago),
            Column("refused", "dead_at", ago), Column("why", "error", cut=12),
        ],
    )  # fmt: skip


@command(KEEP, "viralforge posthog retry", "viralforge posthog retry 17 18", to=posthog)
def retry(
    context: typer.Context,
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID", help="Which; all without one.")] = None,
    json: Json = False,
) -> None:
    """Gives refused events another try, as after a fix."""
    with opened(context) as warehouse:
        revived = warehouse.outbox.revive(ids or None)
    output.json({"revived": revived}) if json else output.line(
        f"{counted(revived, 'event')} to be sent again."
    )


app.add_typer(posthog, name="posthog", rich_help_panel=SERVE)

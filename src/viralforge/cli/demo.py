"""The command that fills a warehouse with a simulated world, or with simulated load of any size."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from viralforge.cli import output
from viralforge.cli.answers import in_json, show
from viralforge.cli.app import FILL, Json, command, opened
from viralforge.cli.intake import interrupts_explained, print_report
from viralforge.cli.progress import counted
from viralforge.figures import whole

if TYPE_CHECKING:
    from viralforge.warehouse import DataWarehouse

_BEGUN = "simulation begun"
"""The job run that tells simulated posts, of a demo that was broken off too, from posts of the user's own."""
_DAYS = 60
_NEXT = """
What to try next:
  viralforge top --platform youtube        the best posts
  viralforge trend                         what agents called a trend, and why
  viralforge sql "select * from v_trending_hashtags limit 5"
  viralforge up                            the server, at http://127.0.0.1:8400
  viralforge --data-dir DIR ingest PATH    posts of your own, in a warehouse of their own"""


@command(FILL, "viralforge demo", "viralforge demo --json", "viralforge demo --posts 1_000")
def demo(
    context: typer.Context,
    posts: Annotated[
        int | None,
        typer.Option(
            metavar="COUNT", min=1,
            help="Load instead of the demo world: so many posts, about ten sightings each, and nothing else.",
        ),
    ] = None,
    mix: Annotated[bool, typer.Option("--mix", help="Fill it even though posts of yours are there.")] = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Fills a warehouse with a simulated world, and answers from it.

    It takes about half a minute once; a second time nothing changes. Nothing in it is real.
    """
    with opened(context, create=True) as warehouse:
        _only_simulated(warehouse, mix)
        if posts is not None:
            _load(warehouse, posts, json)
            return
        new = _filled(warehouse)
        found = warehouse.answers.all()
    if json:
        output.json({"simulated": True, "filled_now": new, "answers": in_json(found)})
        return
    show(found)
    output.line(_NEXT)


def _only_simulated(warehouse: DataWarehouse, mix: bool) -> None:
    from viralforge.errors import InvalidInput
    from viralforge.simulate.run import filled

    begun = warehouse.scrapes.has_job_run(_BEGUN) or filled(warehouse)
    if not (begun or mix) and warehouse.scraping.platforms():
        raise InvalidInput(
            "this warehouse holds posts of yours, and simulated ones would stand among them; use another one "
            "(viralforge --data-dir DIR demo, or VIRALFORGE_DATA_DIR or DATABASE_URL), or add --mix"
        )
    if not begun:
        warehouse.scrapes.record_job_run(_BEGUN, {})


def _filled(warehouse: DataWarehouse) -> bool:
    """Fills the warehouse unless it is filled; whether it was done now."""
    from viralforge.simulate.run import fill, filled

    if filled(warehouse):
        output.say("The demo world is here already: nothing was changed. All of it is simulated.")
        return False
    output.say("Filling the warehouse with a simulated world: no post, person or price in it is real.")
    with interrupts_explained(), counted() as count:
        fill(warehouse, progress=count)
    return True


def _load(warehouse: DataWarehouse, total: int, json: bool) -> None:
    from viralforge.simulate.run import load

    output.say(f"Making {whole(total)} simulated posts over {_DAYS} days: none of them is real.")
    with interrupts_explained(), counted() as count:
        report, _nothing = warehouse.ingest_apart(partial(load, total=total, days=_DAYS), count)
    if json:
        output.json(report.to_dict())
    else:
        print_report(report)

"""Commands about money: what runs and collecting cost, and the prices that the user knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import ASK, KEEP, Json, app, command, opened
from viralforge.cli.crews import warn_of_unpriced
from viralforge.cli.output import Column, bars
from viralforge.figures import short, usd, whole

if TYPE_CHECKING:
    from viralforge.warehouse import DataWarehouse

prices = typer.Typer(
    rich_markup_mode=None, help="Prices of your own: of models, tools and platforms.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, no_args_is_help=True,
)  # fmt: skip
_EACH = [
    Column("a trend", "cost_per_trend", usd), Column("a post", "cost_per_post", usd),
    Column("a new post", "cost_per_new_post", usd),
]  # fmt: skip
_SAVED = Column("saved", "saved_usd", usd)
Since = Annotated[
    datetime, typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"], help="The first day it holds.")
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", metavar="DATE", formats=["%Y-%m-%d"], help="The first day it holds no more."),
]
Dollars = Annotated[str, typer.Argument(metavar="USD", help="What one costs, in USD.")]
_EVER = datetime(1970, 1, 1)  # noqa: DTZ001 - a day, of no zone


class By(StrEnum):
    """What costs are told by."""

    type = "type"
    day = "day"
    agent = "agent"
    model = "model"
    tool = "tool"
    platform = "platform"


_TITLES = {
    By.type: "By crew type", By.day: "By day (UTC)", By.agent: "By agent", By.model: "By language model",
    By.tool: "By tool", By.platform: "Collecting, by platform and operation",
}  # fmt: skip


@command(ASK, "viralforge costs", "viralforge costs --by day --days 30", "viralforge costs --json")
def costs(
    context: typer.Context, json: Json = False,
    by: Annotated[By | None, typer.Option("--by", help="Only this section.")] = None,
    days: Annotated[
        float | None, typer.Option(metavar="DAYS", help="Types, days and platforms of the last days only.")
    ] = None,
) -> None:  # fmt: skip
    """What runs and collecting cost: a trend, a post, a new post."""
    with opened(context) as warehouse:
        found = {each: _rows(warehouse, each, days) for each in ([by] if by else By)}
        unpriced = warehouse.costs.unpriced()

    def show(each: By, rows: Sequence[Any]) -> None:
        output.table(rows, _columns(each, rows), report=by is None)

    if output.sections(found, _TITLES, show, in_json=json, nothing="Nothing has run yet."):
        warn_of_unpriced(unpriced)


def _rows(warehouse: DataWarehouse, by: By, days: float | None) -> Any:
    match by:
        case By.type | By.day:
            return warehouse.costs.runs(by=by.value, days=days)  # type: ignore[arg-type]
        case By.agent:
            return warehouse.crews.agents()
        case By.model:
            return warehouse.crews.models()
        case By.tool:
            return warehouse.crews.tools()
        case By.platform:
            return warehouse.costs.collecting(days=days)


def _columns(by: By, rows: Sequence[Any]) -> list[Column]:
    cost = Column("cost", "cost_usd", usd)
    if by in (By.type, By.day):
        return [
            Column("crew" if by is By.type else "day", "name", cut=12), Column("runs", "runs", whole),
            *([Column("unpriced", "unpriced_runs", whole)] if any(row.unpriced_runs for row in rows) else []),
            Column("tokens", "tokens", short), cost, bars("cost_usd", rows, 8),
            Column("platforms", "api_usd", usd), *_EACH, _SAVED,
        ]  # fmt: skip
    if by is By.agent:
        own = Column("own cost", "own_cost_usd", usd)
        return [Column("agent", "agent", cut=12), Column("calls", "calls", whole), own, cost]
    if by is By.model:
        tokens = [Column("tokens in", "tokens_in", short), Column("out", "tokens_out", short)]
        return [Column("model", "model", cut=12), Column("calls", "calls", whole), *tokens, cost]
    if by is By.tool:
        cached = Column("from cache", "from_cache", whole)
        return [Column("tool", "tool", cut=12), Column("calls", "calls", whole), cached, cost]
    return [
        Column("platform", "platform"), Column("operation", "operation", cut=10),
        Column("requests", "requests", whole), Column("cached", "cache_hits", whole),
        Column("units", "quota_units", whole), Column("posts", "posts", whole),
        Column("new", "new_posts", whole), cost, *_EACH[1:], _SAVED,
    ]  # fmt: skip


@command(KEEP, "viralforge prices list", "viralforge prices list --json", to=prices, name="list")
def list_prices(context: typer.Context, json: Json = False) -> None:
    """Shows the prices of your own, in USD."""
    with opened(context) as warehouse:
        rows = warehouse.prices.stored()
    if json:
        output.json(rows.to_dicts())
        return
    if not rows:
        output.say("None yet: models are priced by genai-prices, tools and platforms are not priced.")
        return
    output.table(rows, [
        Column("id", "id", str), Column("kind", "kind"), Column("name", "name", cut=12),
        Column("provider", "provider"), Column("from", "valid_from", str), Column("until", "valid_until"),
        Column("in /M", "input_usd", usd), Column("out /M", "output_usd", usd),
        Column("cached /M", "cached_usd", usd), Column("each", "each_usd", usd),
    ])  # fmt: skip


@command(
    KEEP, "viralforge prices model house-7b --input 0.2 --output 0.8 --from 2026-01-01",
    'viralforge prices model "openai/gpt-4o*" --input 2.5 --output 10 --cached 1.25', to=prices,
)  # fmt: skip
def model(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="MODEL", help="Its name; * stands for any end.")],
    input_usd: Annotated[str, typer.Option("--input", metavar="USD", help="A million tokens read.")],
    output_usd: Annotated[str, typer.Option("--output", metavar="USD", help="A million tokens written.")],
    cached: Annotated[str | None, typer.Option(metavar="USD", help="A million read from a cache.")] = None,
    cache_write: Annotated[
        str | None, typer.Option(metavar="USD", help="A million written to a cache.")
    ] = None,
    provider: Annotated[str | None, typer.Option(metavar="NAME", help="Only as served by it.")] = None,
    since: Since = _EVER, until: Until = None, json: Json = False,
) -> None:  # fmt: skip
    """Sets what a language model costs."""
    _set(context, json, since, until, {
        "kind": "model", "name": name, "provider": provider, "input_usd": input_usd, "output_usd": output_usd,
        "cached_usd": cached, "cache_write_usd": cache_write,
    })  # fmt: skip


@command(KEEP, "viralforge prices tool youtube_search 0.002", to=prices)
def tool(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="TOOL", help="Its name; * stands for any end.")],
    each: Dollars, since: Since = _EVER, until: Until = None, json: Json = False,
) -> None:  # fmt: skip
    """Sets what a call of a tool costs."""
    _set(context, json, since, until, {"kind": "tool", "name": name, "each_usd": each})


@command(KEEP, "viralforge prices unit youtube 0.00001", to=prices)
def unit(
    context: typer.Context,
    platform: Annotated[str, typer.Argument(metavar="PLATFORM", help="Such as youtube.")],
    each: Dollars, since: Since = _EVER, until: Until = None, json: Json = False,
) -> None:  # fmt: skip
    """Sets what a unit of a platform's quota costs."""
    _set(context, json, since, until, {"kind": "unit", "name": platform, "each_usd": each})


@command(KEEP, "viralforge prices tool search 0.01 && viralforge prices remove 1", to=prices)
def remove(
    context: typer.Context,
    price_id: Annotated[int, typer.Argument(metavar="ID", help="As viralforge prices list shows it.")],
    json: Json = False,
) -> None:  # fmt: skip
    """Forgets a price."""
    with opened(context) as warehouse:
        warehouse.prices.drop(price_id)
    if json:
        output.json({"removed": price_id})


def _set(
    context: typer.Context, json: bool, since: datetime, until: datetime | None, given: dict[str, Any]
) -> None:
    given |= {"valid_from": since.date(), "valid_until": until and until.date()}
    with opened(context) as warehouse:
        number = warehouse.set_price(given)
    if json:
        output.json({"id": number})
    else:
        output.say(f"Price {number} is set. viralforge crews reprice --since DATE applies it to what was.")


app.add_typer(prices, name="prices", rich_help_panel=KEEP)

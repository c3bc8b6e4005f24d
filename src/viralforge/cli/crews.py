"""The commands about crews: how often they succeed, what they find, when they run and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import ASK, KEEP, Json, app, command, opened
from viralforge.cli.figures import words
from viralforge.cli.output import Column, bars
from viralforge.cli.posts import week
from viralforge.figures import ago, decimals, lasting, percent, short, times, usd, whole

if TYPE_CHECKING:
    from viralforge.warehouse import DataWarehouse

_RUNS, _TRENDS = Column("runs", "runs", whole), Column("trends", "trends", whole)
_A_RUN = Column("a run", "trends_per_run", decimals)
_A_DOLLAR = Column("a dollar", "trends_per_dollar", decimals)
_COST, _CALLS = Column("cost", "cost_usd", usd), Column("calls", "calls", whole)
_MEAN_TIME = Column("mean time", "avg_duration_ms", lasting)
_EXECUTIONS = (
    Column("id", "id", str), Column("crew", "crew_type"), Column("status", "status"),
    Column("started", "start_time", ago),
    Column("time", "duration_ms", lasting), Column("tokens", "tokens_used", short), _COST, _TRENDS,
    Column("error", "error_message", cut=12),
)  # fmt: skip


_CALLS_THAT_TOOK = (
    Column("run", "crew_execution_id", str), Column("crew", "crew_type", cut=12), Column("kind", "kind"),
    Column("called", "name", cut=12), Column("agent", "agent", cut=8), Column("started", "started_at", ago),
    Column("time", "duration_ms", lasting), _COST,
)  # fmt: skip


class By(StrEnum):
    """What the numbers of crews are told by."""

    type = "type"
    agent = "agent"
    hour = "hour"
    tool = "tool"
    model = "model"
    execution = "execution"
    call = "call"


_TITLES = {
    By.type: "Success by crew type", By.agent: "Agents, by the trends of the runs they took part in",
    By.hour: "Runs by the hour they started (UTC)", By.tool: "Tools", By.model: "Language models",
    By.execution: "The latest executions", By.call: "The calls that took longest",
}  # fmt: skip


crews = typer.Typer(
    rich_markup_mode=None, invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExamples:\n  viralforge crews\n  viralforge crews --by agent\n  viralforge crews --by call\n"
    "  viralforge crews --json",
)  # fmt: skip


@crews.callback()
def all_crews(
    context: typer.Context, json: Json = False,
    by: Annotated[By | None, typer.Option("--by", help="Only this section.")] = None,
) -> None:  # fmt: skip
    """How crews do: success, agents, hours, tools, models, costs."""
    if context.invoked_subcommand is not None:
        return
    with opened(context) as warehouse:
        found = {each: _rows(warehouse, each) for each in ([by] if by else By)}
        unpriced = warehouse.costs.unpriced()

    def show(each: By, rows: Sequence[Any]) -> None:
        if each is By.hour and (output.is_terminal() or by is None):
            week({(row.weekday, row.hour): row.runs for row in rows})
        else:
            output.table(rows, _columns(each, rows), report=by is None)

    if output.sections(found, _TITLES, show, in_json=json, nothing="No crew has run yet."):
        warn_of_unpriced(unpriced)


@command(
    KEEP, "viralforge crews reprice --since 2026-01-01", "viralforge crews reprice --since 2026-01-01 --json",
    to=crews,
)  # fmt: skip
def reprice(
    context: typer.Context,
    since: Annotated[
        datetime, typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="From this UTC day on.")
    ],
    json: Json = False,
) -> None:  # fmt: skip
    """Works out the cost of stored calls anew, by the prices known now."""
    with opened(context) as warehouse:
        done = warehouse.reprice_calls(since.replace(tzinfo=UTC))
        unpriced = warehouse.costs.unpriced()
    if json:
        output.json(done._asdict())
        return
    output.say(f"{done.calls:,} calls looked at, the cost of {done.changed:,} changed.")
    warn_of_unpriced(unpriced)


@command(KEEP, "viralforge crews sweep", "viralforge crews sweep --json", to=crews)
def sweep(context: typer.Context, json: Json = False) -> None:
    """Marks runs whose process has died as stale.

    What they had told is stored before. viralforge worker does it every minute.
    """
    with opened(context) as warehouse:
        swept = warehouse.sweep_runs()
    if json:
        output.json({"stale": swept})
    else:
        output.say(f"{swept:,} runs marked as stale.")


def warn_of_unpriced(rows: Sequence[Any]) -> None:
    """Says which models have no known price."""
    if rows:
        models = ", ".join(words(row.model) for row in rows[:3])
        output.say(f"Not priced: {models}{', …' if len(rows) > 3 else ''}.")
        output.say("viralforge prices model sets a price, crews reprice --since DATE applies it.")


def agent_columns(rows: Sequence[Any]) -> list[Column]:
    """The columns of agents and what came of them."""
    growth = Column("growth after", "median_source_growth", times)
    return [
        Column("agent", "agent", cut=12),
        _RUNS,
        _TRENDS,
        _A_RUN,
        _A_DOLLAR,
        bars("trends_per_dollar", rows, 10),
        growth,
    ]


def _rows(warehouse: DataWarehouse, by: By) -> Any:
    ask: Any = {
        By.type: warehouse.crews.success, By.agent: warehouse.crews.agents,
        By.hour: warehouse.crews.peak_times,
        By.tool: warehouse.crews.tools, By.model: warehouse.crews.models,
        By.execution: warehouse.crews.executions, By.call: warehouse.costs.slowest,
    }[by]  # fmt: skip
    return ask()


def _columns(by: By, rows: Sequence[Any]) -> Sequence[Column]:
    success = Column("success", "success_rate", percent)
    if by is By.type:
        return [
            Column("crew", "crew_type", cut=12), _RUNS, success, bars("success_rate", rows, 8), _MEAN_TIME,
            _COST,
            _TRENDS, Column("each", "cost_per_trend", usd), _A_DOLLAR,
        ]  # fmt: skip
    if by is By.agent:
        return agent_columns(rows)
    if by is By.hour:
        return [Column("weekday", "weekday"), Column("hour", "hour"), _RUNS, _MEAN_TIME]
    if by is By.tool:
        cached = Column("from cache", "from_cache", whole)
        return [
            Column("tool", "tool", cut=12),
            _CALLS,
            bars("calls", rows, 10),
            cached,
            success,
            _MEAN_TIME,
            _COST,
        ]
    if by is By.model:
        tokens = [Column("tokens in", "tokens_in", short), Column("out", "tokens_out", short)]
        return [Column("model", "model", cut=12), _CALLS, bars("calls", rows, 10), *tokens, _COST]
    return _CALLS_THAT_TOOK if by is By.call else _EXECUTIONS


app.add_typer(crews, name="crews", rich_help_panel=ASK)

"""The command that answers the seven questions, each in a sentence, a table and a small plot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import typer

from viralforge.cli import output
from viralforge.cli.app import ASK, Json, command, opened
from viralforge.cli.crews import agent_columns
from viralforge.cli.figures import bar
from viralforge.cli.funnel import stage_columns
from viralforge.cli.output import Column, bars
from viralforge.cli.posts import PLATFORM, POST, viral_columns
from viralforge.cli.trends import across_columns
from viralforge.figures import ago, per_hour, percent, usd, whole

_MOST_ROWS = 5


@command(ASK, "viralforge answers", "viralforge answers --json")
def answers(context: typer.Context, json: Json = False) -> None:
    """The seven questions a content team asks most, answered."""
    with opened(context) as warehouse:
        found = warehouse.answers.all()
    if json:
        output.json(in_json(found))
    else:
        show(found)


def in_json(found: Iterable[Any]) -> list[dict[str, Any]]:
    """The answers as JSON has them."""
    return [
        {"question": each.question, "sentence": each.sentence, "rows": each.rows.to_dicts()} for each in found
    ]


def show(found: Sequence[Any]) -> None:
    """Prints all seven answers."""
    for number, (each, layout) in enumerate(zip(found, _LAYOUTS, strict=True), 1):
        output.section(f"{number}. {each.question}")
        output.prose(each.sentence)
        if each.rows:
            output.line()
            layout(each.rows)


def _best(columns: Callable[[Sequence[Any]], Sequence[Column]]) -> Callable[[Sequence[Any]], None]:
    """Prints the first few rows."""

    def layout(rows: Sequence[Any]) -> None:
        some = rows[:_MOST_ROWS]
        output.table(some, columns(some), report=True)

    return layout


def _every(columns: Callable[[Sequence[Any]], Sequence[Column]]) -> Callable[[Sequence[Any]], None]:
    return lambda rows: output.table(rows, columns(rows), report=True)


def _cost_columns(rows: Sequence[Any]) -> list[Column]:
    crew, run = Column("crew", "crew_type", cut=12), Column("run", "execution_cost_usd", usd)
    cost = Column("cost", "cost_usd", usd)
    return [
        Column("trend", "title", cut=12),
        Column("called", "created_at", ago),
        crew,
        run,
        cost,
        bars("cost_usd", rows),
    ]


def _age_columns(rows: Sequence[Any]) -> list[Column]:
    velocity = Column("median velocity", "median_velocity", per_hour)
    share = Column("of last reach", "median_share", percent)
    return [
        Column("age", _age),
        Column("readings", "readings", whole),
        share,
        bars("median_share", rows, 24),
        velocity,
    ]


def _age(row: Any) -> str:
    if row.to_hours is None:
        return f"over {row.from_hours // 24} days"
    if row.from_hours % 24 or row.to_hours % 24 or not row.from_hours:
        return f"{row.from_hours}–{row.to_hours} h"
    return f"{row.from_hours // 24}–{row.to_hours // 24} days"


def _return_facts(rows: Sequence[Any]) -> None:
    found = rows[0]
    most = max(
        (money for money in (found.collecting_usd, found.crews_usd, found.value_usd) if money), default=0
    )
    value = "not priced" if found.value_usd is None else _with_bar(found.value_usd, most)
    output.facts(
        [
            ("collecting", _with_bar(found.collecting_usd, most)),
            ("crews", _with_bar(found.crews_usd, most)),
            ("interactions", f"{whole(found.interactions):>10}"),
            ("generations", f"{whole(found.generations):>10}"),
            ("value", value),
            ("a dollar", f"{usd(found.value_per_dollar):>10}"),
        ]
    )  # fmt: skip


def _with_bar(money: Any, most: Any) -> str:
    return f"{usd(money):>10}  {bar(money, most, 24)}"


_LAYOUTS = (
    _best(lambda rows: [column for column in viral_columns(rows) if column not in (PLATFORM, POST)]),
    _best(across_columns), _best(_cost_columns), _every(stage_columns),
    _best(agent_columns), _every(_age_columns), _return_facts,
)  # fmt: skip

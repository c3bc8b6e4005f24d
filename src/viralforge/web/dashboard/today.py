"""The first page's own: the seven answers with a small plot each, and what needs attention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.asked import NAMES, Asked
from viralforge.web.dashboard.cells import cell, path_of
from viralforge.web.dashboard.tiles import Rows

_AGE = timedelta(minutes=10)
_SHOWN = 5
_MANY_DELTAS = 100_000
_NEARLY = 0.9


class Bar(NamedTuple):
    """A line of a small plot: a name, its number as text and exactly, its share of the largest, a link."""

    name: str
    text: str
    exact: str
    share: float
    href: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One of the seven questions, answered."""

    question: str
    sentence: str
    bars: list[Bar]
    href: str
    link: str
    as_of: datetime | None


class Attention(NamedTuple):
    """Something to look at: `level` is high or low."""

    level: str
    text: str
    href: str


def answers(warehouse: DataWarehouse, asked: Asked) -> list[Told]:
    """The seven questions in order; some as they were answered some minutes ago."""
    ask, query = warehouse.answers, asked.query()
    viral = ask.went_viral(asked.platform or "youtube", max_age=_AGE)
    found = [
        (viral, _bars(viral.rows, _title, "growth", "short", lambda row: path_of("post", row.id, query)),
         "/content#viral", "What went viral"),
        (ask.hashtags(), None, "/hashtags", "Hashtags and trends"),
        (ask.trend_costs(), None, "/quality", "Trend quality"),
        (ask.conversion(), None, "/users#funnel", "The funnel"),
        (ask.agents(max_age=_AGE), None, "/agents#agents", "Agents"),
        (ask.performance(max_age=_AGE), None, "/content#performance", "How posts grow"),
        (ask.returns(), None, "/scraping", "Scraping"),
    ]  # fmt: skip
    plots: dict[int, Callable[[Rows], list[Bar]]] = {
        1: lambda rows: _bars(rows, lambda row: f"#{row.hashtag}", "post_count", "short",
                              lambda row: path_of("hashtag", row.hashtag, query)),
        2: lambda rows: _bars(rows, lambda row: row.title, "cost_usd", "usd",
                              lambda row: path_of("trend", row.id, query)),
        3: lambda rows: _bars(rows, lambda row: row.stage, "users", "short"),
        4: lambda rows: _bars(rows, lambda row: row.agent, "trends_per_run", "score"),
        5: lambda rows: _bars(rows, _age, "median_share", "percent", shown=8),
        6: lambda rows: _money(rows),
    }  # fmt: skip
    return [
        Told(answer.question, answer.sentence, plots[number](answer.rows) if bars is None else bars,
             path.replace("#", f"{query}#") if "#" in path else path + query, link, answer.as_of)
        for number, (answer, bars, path, link) in enumerate(found)
    ]  # fmt: skip


def _bars(
    rows: Rows, name: Callable[[Any], str], field: str, kind: str,
    href: Callable[[Any], str] = lambda _row: "", shown: int = _SHOWN,
) -> list[Bar]:  # fmt: skip
    known = [row for row in rows if getattr(row, field) is not None][:shown]
    most = max((float(getattr(row, field)) for row in known), default=0) or 1
    return [
        Bar(name(row), written.text, written.value, float(getattr(row, field)) / most, href(row))
        for row in known
        for written in [cell(getattr(row, field), kind)]
    ]


def _money(rows: Rows) -> list[Bar]:
    amounts = [("spent", rows[0].spent_usd), ("worth", rows[0].value_usd)]
    known = [(name, amount) for name, amount in amounts if amount is not None]
    most = max((float(amount) for _, amount in known), default=0) or 1
    return [
        Bar(name, written.text, written.value, float(amount) / most)
        for name, amount in known
        for written in [cell(amount, "usd")]
    ]


def _title(row: Any) -> str:
    return " ".join((row.title or row.external_id).split())[:120]


def _age(row: Any) -> str:
    end = "" if row.to_hours is None else f"–{row.to_hours}"
    return f"{row.from_hours}{end} h" if end else f"over {row.from_hours} h"


def attention(warehouse: DataWarehouse, settings: Settings) -> list[Attention]:
    """What needs attention, the urgent first."""
    found = [
        *_alarms(warehouse), *_budgets(warehouse, settings), *_quotas(warehouse), *_stale(warehouse),
        *_upkeep(warehouse),
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.level != "high")


def _alarms(warehouse: DataWarehouse) -> Sequence[Attention]:
    return [
        Attention(
            "high",
            f"Has {NAMES.get(alarm.platform, alarm.platform)} changed? {alarm.operation[:40]}, "
            f"{alarm.measure}: "
            f"{alarm.lately:.2f} today, {alarm.usual:.2f} before",
            "/scraping#alarms",
        )
        for alarm in warehouse.scraping.alarms()
    ]


def _budgets(warehouse: DataWarehouse, settings: Settings) -> Sequence[Attention]:
    limits = settings.crew_budgets
    spent = warehouse.spent_today(list(limits)) if limits else {}
    return [
        Attention("high", f"{name} has spent ${spent[name]:,.2f} of ${limit:,.2f} a day", "/agents")
        for name, limit in limits.items()
        if spent[name] >= limit
    ]


def _quotas(warehouse: DataWarehouse) -> Sequence[Attention]:
    return [
        Attention(
            "low", f"{NAMES.get(quota.platform, quota.platform)}, {quota.bucket}: {quota.used:,} of "
            f"{quota.most:,} used",
            "/scraping#quotas",
        )
        for quota in warehouse.quotas.left()
        if quota.used >= quota.most * _NEARLY
    ]  # fmt: skip


def _stale(warehouse: DataWarehouse) -> Sequence[Attention]:
    stale = warehouse.runs.stale(days=7, limit=100)
    if not stale:
        return []
    many = f"{len(stale)} runs" if len(stale) > 1 else "A run"
    return [Attention("low", f"{many} of the last 7 days ended without a word", "/agents#latest")]


def _upkeep(warehouse: DataWarehouse) -> Sequence[Attention]:
    found = []
    if (backlog := warehouse.rollups.backlog()) > _MANY_DELTAS:
        said = f"{backlog:,} deltas wait to be folded: is viralforge worker running?"
        found.append(Attention("high", said, "/system"))
    if unpriced := warehouse.costs.unpriced():
        names = ", ".join(each.model for each in unpriced[:3])
        found.append(
            Attention("low", f"No price is known of {names}: viralforge prices model", "/agents#models")
        )
    return found

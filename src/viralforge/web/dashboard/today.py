"""The first page's own: the seven answers with a small plot each, and what needs attention."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from viralforge.errors import ViralForgeError
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.asked import NAMES, Asked
from viralforge.web.dashboard.cells import cell, path_of
from viralforge.web.dashboard.keeper import PATIENCE_SECONDS, Keeper, Kept
from viralforge.web.dashboard.limits import plainly
from viralforge.web.dashboard.tiles import Rows
from viralforge.web.dashboard.views import or_else

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
    """One of the seven questions, answered; `sentence` is empty while it is being worked out."""

    about: _About
    question: str
    sentence: str
    bars: list[Bar]
    href: str
    as_of: datetime | None


class _About(NamedTuple):
    """A question: its words, what the answer means, the query behind it, the page behind it and its name.

    `dear` ones take seconds where there is much.
    """

    question: str
    says: str
    sql: str
    path: str
    link: str
    dear: bool = False


_QUESTIONS = {
    "went_viral": _About(
        "What content went viral last week?",
        "Posts in the top 1% by growth of their platform in the last 7 days, with at least 10 times the "
        "median reach of "
        "their author.", "posts.went_viral", "/content#viral", "What went viral", dear=True,
    ),
    "hashtags": _About(
        "", "Hashtags on two platforms or more, by the posts first seen in the last 7 days that carry them.",
        "hashtags.across_platforms", "/hashtags", "Hashtags and trends",
    ),
    "trend_costs": _About(
        "", "What executions that found something cost, divided by the trends they found; of all time.",
        "trends.cost_summary",
        "/quality", "Trend quality",
    ),
    "conversion": _About(
        "", "Known users who reached each stage in the last 30 days.", "funnel.conversion", "/users#funnel",
        "The funnel"
    ),
    "agents": _About(
        "Which AI agents are most effective at finding trends?",
        "Trends of the runs an agent took part in, by run and by dollar.", "crews.agents", "/agents#agents",
        "Agents",
        dear=True,
    ),
    "performance": _About(
        "How does content performance change over time?",
        "The share of its last known reach that a post has, by its age: the median over readings.",
        "posts.performance",
        "/content#performance", "How posts grow", dear=True,
    ),
    "returns": _About(
        "", "What events that trends brought are worth, by your prices, against all money for platforms and "
        "models.",
        "scraping.returns", "/scraping", "Scraping",
    ),
}  # fmt: skip


class Attention(NamedTuple):
    """Something to look at: `level` is high or low."""

    level: str
    text: str
    href: str


def answers(warehouse: DataWarehouse, asked: Asked, keeper: Keeper | None) -> list[Told]:
    """The seven questions in order; some as they were answered some minutes ago, all now without a keeper."""
    asks = {name: _asking(warehouse, asked, keeper, name) for name in _QUESTIONS}
    for name, about in _QUESTIONS.items():
        if about.dear and keeper:
            with suppress(ViralForgeError):  # it is told where the answer would stand
                asks[name](0)  # all at once, so that the page waits for the longest only
    until = time.monotonic() + PATIENCE_SECONDS
    return [
        or_else(
            partial(_told, name, asks[name], until, asked),
            lambda error, about=about: Told(about, about.question, plainly(error), [], about.path, None),  # type: ignore[misc]
            name,
        )
        for name, about in _QUESTIONS.items()
    ]  # fmt: skip


def _asking(
    warehouse: DataWarehouse, asked: Asked, keeper: Keeper | None, name: str
) -> Callable[[float], Any]:
    """What answers a question, waiting for it until some time at most; None while it is worked out."""
    is_dear = _QUESTIONS[name].dear and keeper is not None
    given: dict[str, Any] = {"max_age": _AGE} if is_dear else {}
    if name == "went_viral" and asked.platform:
        given["platform"] = asked.platform
    ask: Callable[[], Any] = partial(getattr(warehouse.answers, name), **given)
    if keeper is None or not is_dear:
        return lambda _until: ask()
    key = f"{name} {asked.platform}"
    return lambda until: keeper.last(key, lambda: Kept(ask(), datetime.now(UTC)), until).rows


def _told(name: str, ask: Callable[[float], Any], until: float, asked: Asked) -> Told:
    about, answer = _QUESTIONS[name], ask(until)
    path, _, part = about.path.partition("#")
    href = f"{path}{asked.query()}{'#' if part else ''}{part}"
    if answer is None:
        return Told(about, about.question, "", [], href, None)
    return Told(about, answer.question, answer.sentence, _plot(name, answer.rows, asked), href, answer.as_of)


def _plot(name: str, rows: Rows, asked: Asked) -> list[Bar]:
    query = asked.query()
    match name:
        case "went_viral":
            return _bars(rows, _title, "growth", "short", lambda row: path_of("post", row.id, query))
        case "hashtags":
            tag = "hashtag"
            return _bars(rows, lambda row: f"#{row.hashtag}", "post_count", "short",
                         lambda row: path_of(tag, row.hashtag, query))  # fmt: skip
        case "trend_costs":
            return _bars(rows, lambda row: row.title, "cost_usd", "usd",
                         lambda row: path_of("trend", row.id, query))  # fmt: skip
        case "conversion":
            return _bars(rows, lambda row: row.stage, "users", "short")
        case "agents":
            return _bars(rows, lambda row: row.agent, "trends_per_run", "score")
        case "performance":
            return _bars(rows, _age, "median_share", "percent", shown=8)
        case _:
            return _money(rows)


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
    checks: list[Callable[[], Sequence[Attention]]] = [
        partial(_alarms, warehouse), partial(_budgets, warehouse, settings), partial(_quotas, warehouse),
        partial(_stale, warehouse), partial(_upkeep, warehouse), partial(_jobs, warehouse),
    ]  # fmt: skip
    found = [
        each for check in checks for each in or_else(check, lambda error: [_unknown(error)], "attention")
    ]
    return sorted(found, key=lambda each: each.level != "high")


def _unknown(error: ViralForgeError) -> Attention:
    return Attention("high", f"What needs attention is not known: {error}", "/system")


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


def _jobs(warehouse: DataWarehouse) -> Sequence[Attention]:
    found = []
    for job in warehouse.system.jobs():
        if job.is_overdue:
            found.append(
                Attention("high", f"{job.name} is overdue: viralforge worker does it", "/system#jobs")
            )
        elif job.ok is False:
            found.append(
                Attention("high", f"{job.name} failed: {job.error or 'see the log'}", "/system#jobs")
            )
    return found

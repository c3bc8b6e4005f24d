"""The simulated crews: their executions, the calls of their agents, what these cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from viralforge.model.ids import PLATFORMS
from viralforge.simulate.catalogue import NICHES
from viralforge.simulate.plan import Plan

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Crew:
    """A type of crew: the UTC hours it runs at, how often it fails, and its agents.

    `leads` maps an agent that may lead a run to the trends its runs find at least and at most; `others`
    take part in every run. Exactly one lead is drawn for a run.
    """

    crew_type: str
    hours: tuple[int, ...]
    failing: float
    leads: dict[str, tuple[int, int]]
    others: tuple[str, ...]
    work: float


CREWS = (
    Crew(
        "discovery",
        (6, 12, 18),
        0.07,
        {"trend_scout": (2, 4), "feed_reader": (0, 1)},
        ("signal_analyst",),
        1.0,
    ),
    Crew("creation", (9, 15), 0.13, {"script_writer": (0, 1)}, ("fact_checker",), 2.2),
    Crew("publication", (20,), 0.25, {"posting_planner": (0, 0)}, (), 0.8),
)
BEST_CREW, BEST_AGENT = "discovery", "trend_scout"
"""Who finds most trends, per run and per dollar, by a wide margin."""
MODELS: dict[str, tuple[Decimal, Decimal] | None] = {
    "sim-large": (Decimal("3"), Decimal("12")),
    "sim-small": (Decimal("0.15"), Decimal("0.6")),
    "sim-unpriced": None,
}  # fmt: skip
"""USD for a million tokens in and out; None where no price is known."""
_TOOLS = ("platform_search", "hashtag_lookup", "page_reader")
_TOOL_USD = Decimal("0.001")
_UNPRICED = 0.03
_TOOL_FAILING = 0.06


@dataclass(slots=True)
class PlannedExecution:
    """One run before it is logged: `execution_id` is 0 until then.

    `trends` counts the rows to be created for it; `logged_trends` is what the run itself reports, which
    stands alone (`trends == 0`) for the oldest runs. `cost_usd` is None where a call's price is unknown.
    """

    crew: Crew
    lead: str
    niche: str
    platforms: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    status: str
    trends: int
    logged_trends: int
    calls: list[dict[str, Any]] = field(default_factory=list)
    user_id: str | None = None
    execution_id: int = 0

    @property
    def cost_usd(self) -> Decimal | None:
        """The sum of its calls, None where one of them is unknown."""
        costs = [call["cost_usd"] for call in self.calls]
        return None if None in costs else sum(costs, Decimal(0))

    def agents(self) -> tuple[str, ...]:
        """Who took part."""
        return (self.lead, *self.crew.others)

    def record(self) -> dict[str, Any]:
        """What `log_crew_execution` takes."""
        llm = [call for call in self.calls if call["kind"] == "llm"]
        ended = self.ended_at
        return {
            "crew_type": self.crew.crew_type, "status": self.status, "user_id": self.user_id,
            "platforms": self.platforms, "niches": (self.niche,), "start_time": self.started_at,
            "end_time": ended,
            "duration_ms": None if ended is None else round((ended - self.started_at).total_seconds() * 1000),
            "llm_calls": len(llm), "tool_calls": len(self.calls) - len(llm),
            "tokens_used": sum(call["tokens_in"] + call["tokens_out"] for call in llm),
            "cost_usd": self.cost_usd,
            "trends_discovered": self.logged_trends, "posts_scraped": 4 * (len(self.calls) - len(llm)),
            "output_data": {"simulated": True},
            "error_message": "[simulated] the model did not answer" if self.status == "failed" else None,
        }  # fmt: skip


def executions(plan: Plan, *, users: tuple[str, ...] = ()) -> list[PlannedExecution]:
    """Every run up to the plan's end in the order of time; the last one is still running, one is stale."""
    rng = Random(f"{plan.seed}/crews/{plan.end.date()}")
    first = datetime.fromtimestamp(plan.round_end(0), UTC) + timedelta(days=2)
    found = []
    day = first.replace(hour=0)
    while day <= plan.end:
        for crew in CREWS:
            for hour in crew.hours:
                start = day + timedelta(hours=hour, minutes=rng.randrange(3, 25), seconds=rng.randrange(60))
                if first <= start < plan.end - timedelta(minutes=30):
                    found.append(_execution(rng, crew, start, users))
        day += timedelta(days=1)
    found.sort(key=lambda run: run.started_at)
    for run in found[:6]:  # of these the warehouse only has the number they logged
        run.trends = 0
    for at, status in ((-1, "running"), (len(found) // 2, "stale")):
        found[at].status, found[at].ended_at, found[at].trends, found[at].logged_trends = status, None, 0, 0
    return found


def _execution(rng: Random, crew: Crew, start: datetime, users: tuple[str, ...]) -> PlannedExecution:
    lead = rng.choice(tuple(crew.leads))
    failed = rng.random() < crew.failing
    least, most = crew.leads[lead]
    trends = 0 if failed else rng.randint(least, most)
    if crew.crew_type == "creation" and rng.random() < 0.7:
        trends = 0
    run = PlannedExecution(
        crew=crew,
        lead=lead,
        niche=rng.choice(NICHES),
        platforms=tuple(rng.sample(PLATFORMS, rng.randint(2, 4))),
        started_at=start,
        ended_at=start,
        status="failed" if failed else "completed",
        trends=trends,
        logged_trends=trends,
        user_id=rng.choice(users) if users and rng.random() < 0.3 else None,
    )
    run.ended_at = _work(rng, run, failed)
    return run


def _work(rng: Random, run: PlannedExecution, failed: bool) -> datetime:
    clock = run.started_at
    for agent in run.agents():
        # The analyst reads everything twice: the lead must come out best per dollar of its own calls too.
        effort = run.crew.work * (1.0 if agent == run.lead else 1.5)
        for kind in ["tool", "llm"] * max(1, round(effort * rng.uniform(1.5, 3))):
            call = _llm_call(rng) if kind == "llm" else _tool_call(rng)
            call |= {"agent": agent, "task": f"{run.crew.crew_type}_task", "started_at": clock}
            clock += timedelta(milliseconds=call["duration_ms"] + rng.randrange(20, 400))
            run.calls.append(call)
    if failed:
        run.calls[-1] |= {"ok": False, "error": "[simulated] the model did not answer"}
    return clock


def _llm_call(rng: Random) -> dict[str, Any]:
    model = (
        "sim-unpriced"
        if rng.random() < _UNPRICED / 5
        else rng.choice(("sim-large", "sim-small", "sim-small"))
    )
    tokens_in, tokens_out = int(rng.lognormvariate(7.6, 0.5)), int(rng.lognormvariate(5.8, 0.5))
    price = MODELS[model]
    cost = None if price is None else (price[0] * tokens_in + price[1] * tokens_out) / _MILLION
    return {
        "kind": "llm", "name": model, "model": model, "tokens_in": tokens_in, "tokens_out": tokens_out,
        "cost_usd": cost, "duration_ms": 400 + tokens_out * 12, "ok": True,
    }  # fmt: skip


def _tool_call(rng: Random) -> dict[str, Any]:
    cached, failed = rng.random() < 0.25, rng.random() < _TOOL_FAILING
    return {
        "kind": "tool", "name": rng.choice(_TOOLS), "from_cache": cached,
        "cost_usd": Decimal(0) if cached else _TOOL_USD,
        "duration_ms": 5 if cached else rng.randrange(150, 2500),
        "ok": not failed, "error": "[simulated] the tool timed out" if failed else None,
    }  # fmt: skip

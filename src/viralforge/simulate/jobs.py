"""The acts of collecting behind the simulated answers: a scrape job for every platform and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from viralforge.model.ids import PLATFORMS
from viralforge.simulate.catalogue import MARKETS
from viralforge.simulate.plan import LANES, ROUND_HOURS, Plan
from viralforge.simulate.world import PAGE, World, observed_second

_ROUNDS_A_DAY = 24 // ROUND_HOURS
_CACHED = 0.06
_FAILED = {"youtube": 0.01, "twitter": 0.035, "instagram": 0.02, "tiktok": 0.03, "reddit": 0.005}


@dataclass(slots=True)
class PlannedJob:
    """One job before it is logged: `job_id` is 0 until then; `cost_usd=None` is an unknown price.

    `requests` counts the failed ones (`errors`) too, but not what the cache answered (`cache_hits`).
    """

    platform: str
    day: int
    started_at: datetime
    ended_at: datetime
    requests: int
    cache_hits: int
    errors: int
    found: int
    new: int
    cost_usd: Decimal | None
    quota_units: int | None
    job_id: int = 0
    operation: str = ""

    @property
    def saved_usd(self) -> Decimal | None:
        """What the answers of the cache would have cost."""
        price = MARKETS[self.platform].price_usd
        return None if price is None else price * self.cache_hits

    def record(self) -> dict[str, object]:
        """What `log_scrape_job` takes."""
        return {
            "platform": self.platform,
            "operation": self.operation or MARKETS[self.platform].operation, "saved_usd": self.saved_usd,
            "tool": "simulated_collector",
            "query": "[simulated] every niche", "requests": self.requests, "cache_hits": self.cache_hits,
            "errors": self.errors, "found": self.found, "new": self.new, "cost_usd": self.cost_usd,
            "quota_units": self.quota_units, "started_at": self.started_at, "ended_at": self.ended_at,
        }  # fmt: skip


def job_day(plan: Plan, observed_at: datetime) -> int:
    """Which of the plan's days of eight rounds a moment belongs to."""
    first = plan.round_end(0) - ROUND_HOURS * 3600
    return int(observed_at.timestamp() - first) // 86400


def jobs(world: World) -> list[PlannedJob]:
    """Every job of the world in the order of time; what they found is counted from the plan alone."""
    found = []
    for day in range(world.plan.rounds // _ROUNDS_A_DAY):
        rounds = range(day * _ROUNDS_A_DAY, (day + 1) * _ROUNDS_A_DAY)
        found += [_job(world, day, platform, rounds) for platform in PLATFORMS]
    return found + _changed(world)


def _changed(world: World) -> list[PlannedJob]:
    """Jobs of an operation whose platform changed yesterday: since then a request brings next to nothing."""
    end = world.plan.end
    return [
        PlannedJob(
            platform="youtube", day=-1, started_at=end - timedelta(days=ago, hours=6),
            ended_at=end - timedelta(days=ago, hours=6) + timedelta(minutes=2), requests=6, cache_hits=0,
            errors=0,
            found=60 if ago else 2, new=0, cost_usd=Decimal(0), quota_units=6, operation="channel_uploads",
        )
        for ago in range(12, -1, -1)
    ]  # fmt: skip


def _job(world: World, day: int, platform: str, rounds: range) -> PlannedJob:
    rng = Random(f"{world.plan.seed}/job/{platform}/{world.plan.round_end(rounds[0]) // 86400}")
    lanes = [lane for lane, (name, _niche) in enumerate(LANES) if name == platform]
    pages = found = new = 0
    for number in rounds:
        watched = world.watched(number)
        before = world.watched(number - 1) if number else {}
        for lane in lanes:
            seen = sum(world.plan.count(at, lane) for at in world.plan.looked_at(number))
            seen += len(watched.get(lane, ()))
            new += world.plan.count(number, lane)
            new += sum(post not in before.get(lane, ()) for post in watched.get(lane, ()))
            found += seen
            pages += -(-seen // PAGE)
    errors = sum(rng.random() < _FAILED[platform] for _ in range(pages))
    requests = pages + errors
    market = MARKETS[platform]
    return PlannedJob(
        platform=platform,
        day=day,
        started_at=datetime.fromtimestamp(observed_second(world.plan.round_end(rounds[0]), lanes[0]), UTC),
        ended_at=datetime.fromtimestamp(observed_second(world.plan.round_end(rounds[-1]), lanes[-1]), UTC),
        requests=requests,
        cache_hits=sum(rng.random() < _CACHED for _ in range(pages)),
        errors=errors,
        found=found,
        new=new,
        cost_usd=None if market.price_usd is None else market.price_usd * requests,
        quota_units=None if market.quota_units is None else market.quota_units * requests,
    )

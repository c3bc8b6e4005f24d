"""Fills a warehouse with the simulated world through the door of real payloads; makes load of any size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import cast

from viralforge.errors import InvalidInput
from viralforge.ingest.capture import Capture, Captures
from viralforge.model.quota import LIMITS
from viralforge.simulate.catalogue import MARKETS
from viralforge.simulate.crews import executions
from viralforge.simulate.damaged import damaged
from viralforge.simulate.jobs import job_day, jobs
from viralforge.simulate.people import User, users
from viralforge.simulate.trends import Scout, trends
from viralforge.simulate.truth import Truth
from viralforge.simulate.visits import visits
from viralforge.simulate.world import Answer, World
from viralforge.warehouse import DataWarehouse

MARK = "demo"
"""The name of the job run that says that a warehouse holds the simulated world."""
_POSTS_PER_USER = 50
_EVENTS_PER_POST = 1.5
_EVENTS_AT_ONCE = 5_000

Progress = Callable[[str, int, int], None]
"""Called with the step's name, how much of it is done, and how much there is."""


def posts(total: int, *, seed: int = 7, days: int = 60, now: datetime | None = None) -> Iterator[Capture]:
    """Pages of `total` simulated posts and about ten sightings each, the oldest first: load of any size.

    Memory does not grow with `total`. The same seed and hour give the same pages.
    """
    world = World(total, seed=seed, now=now or datetime.now(UTC), days=days, stories=False)
    for answer in world.answers():
        yield Capture(answer.payload, observed_at=answer.observed_at, niche=answer.niche)


def load(tell: Progress, *, total: int, days: int) -> Captures:
    """The same, telling how many of the days are done."""
    first = None
    for capture in posts(total, days=days):
        first = first or capture.observed_at
        if capture.observed_at and first:
            tell("days", (capture.observed_at - first).days, days)
        yield capture


def filled(warehouse: DataWarehouse) -> bool:
    """Whether the warehouse holds the simulated world already."""
    return warehouse.scrapes.has_job_run(MARK)


def fill(
    warehouse: DataWarehouse, *, seed: int = 7, posts: int = 20_000, days: int = 60,
    now: datetime | None = None, progress: Progress | None = None,
) -> Truth:  # fmt: skip
    """Fills the warehouse with `posts` posts over the `days` days up to `now`; says what is true of them.

    What a run that was broken off has left is replaced. Raises InvalidInput where a simulated world is
    already: see `filled`.
    """
    if filled(warehouse):
        raise InvalidInput("this warehouse holds the simulated world already; nothing was changed")
    warehouse.delete_simulated()
    tell = progress or _silent
    world = World(posts, seed=seed, now=now or datetime.now(UTC), days=days)
    truth = Truth.of(world)
    everyone = users(seed, max(20, posts // _POSTS_PER_USER))
    _people(warehouse, everyone, tell)
    _crews(warehouse, world, truth, everyone, tell)
    truth = _posts(warehouse, world, truth, tell)
    _trends(warehouse, truth, tell)
    found = truth.note(visits(world.plan, everyone, truth.trends, events=int(posts * _EVENTS_PER_POST)))
    done = 0
    while some := list(islice(found, _EVENTS_AT_ONCE)):
        warehouse.track_events(some)
        done += len(some)
        tell("events", done, max(done, int(posts * _EVENTS_PER_POST)))
    warehouse.refresh_popular_content()
    _kept(warehouse)
    warehouse.scrapes.record_job_run(
        MARK, {"seed": seed, "posts": posts, "days": days, "end": world.plan.end.isoformat()}
    )
    return truth


def _silent(_step: str, _done: int, _total: int) -> None:
    pass


def _people(warehouse: DataWarehouse, everyone: list[User], tell: Progress) -> None:
    for number, user in enumerate(everyone, 1):
        warehouse.add_user(user.user_id, user.name, analytics=user.analytics)
        tell("users", number, len(everyone))


def _crews(
    warehouse: DataWarehouse, world: World, truth: Truth, everyone: list[User], tell: Progress
) -> None:
    truth.executions = executions(
        world.plan, users=tuple(user.user_id for user in everyone if user.analytics)
    )
    for number, run in enumerate(truth.executions, 1):
        run.execution_id = warehouse.log_crew_execution(run.record())
        tell("executions", number, len(truth.executions))
    warehouse.log_crew_calls(
        call | {"crew_execution_id": run.execution_id} for run in truth.executions for call in run.calls
    )
    truth.jobs = jobs(world)
    for number, job in enumerate(truth.jobs, 1):
        job.job_id = warehouse.log_scrape_job(job.record())
        tell("scrape jobs", number, len(truth.jobs))


def _posts(warehouse: DataWarehouse, world: World, truth: Truth, tell: Progress) -> Truth:
    told = partial(_told, world=world, truth=truth)
    return cast("Truth", warehouse.ingest_apart(told, tell, scrape_source="scheduled")[1])


def _told(tell: Progress, *, world: World, truth: Truth) -> Captures:
    """The pages of the world and what came damaged; returns the truth with all that was seen meanwhile."""
    truth.trends = trends(world.plan, truth.executions)
    scout = Scout(world.plan, truth.trends)
    daily = [job for job in truth.jobs if job.day >= 0]
    total, done = sum(job.found for job in daily), 0
    job_ids = {(job.day, job.platform): job.job_id for job in daily}
    for answer in truth.watch(world.answers()):
        scout.watch(answer)
        done += len(answer.seen)
        tell("sightings", done, total)
        yield _capture(answer, job_ids[job_day(world.plan, answer.observed_at), answer.platform])
    scout.finish()
    for reason, payload in damaged(world):
        truth.rejections[reason] += 1
        yield Capture(payload, observed_at=world.plan.end)
    return truth


def _capture(answer: Answer, job_id: int) -> Capture:
    return Capture(answer.payload, observed_at=answer.observed_at, scrape_job_id=job_id, niche=answer.niche)


def _kept(warehouse: DataWarehouse) -> None:
    """Answers of platforms that were asked for again, what was taken of quotas, and what is alarming."""
    month = timedelta(days=30)
    for number, platform in enumerate(("twitter", "tiktok", "youtube")):
        for word in ("soup", "repair", "games"):
            key = f"simulated {platform} {word}"
            market = MARKETS[platform]
            warehouse.answers_kept.keep(
                key, {"simulated": word}, platform=platform, operation="search", ttl=month, stale=timedelta(),
                fetched_at=datetime.now(UTC), cost_usd=market.price_usd, quota_units=market.quota_units,
            )  # fmt: skip
            for _ in range(3 + number):
                warehouse.answers_kept.look(key)
    for platform, share in (("youtube", 0.62), ("tiktok", 0.18)):
        limit = LIMITS[platform][0]
        warehouse.quotas.take(platform, [(limit, int(limit.most * share))])
    warehouse.scrapes.mark_jobs()


def _trends(warehouse: DataWarehouse, truth: Truth, tell: Progress) -> None:
    for number, trend in enumerate(truth.trends, 1):
        trend.trend_id = warehouse.create_trend(trend.record())
        if trend.sources:
            warehouse.link_trend_to_sources(trend.trend_id, trend.sources, trend.relevance)
        tell("trends", number, len(truth.trends))

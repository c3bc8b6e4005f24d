"""The trends that the simulated crews call, and the posts that each one names as its sources."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from viralforge.model.ids import post_id
from viralforge.simulate.catalogue import NICHES, PAST_TAGS, TAGS, TRENDING_TAGS, PlantedTag
from viralforge.simulate.crews import BEST_AGENT, PlannedExecution
from viralforge.simulate.plan import Plan
from viralforge.simulate.post import Post
from viralforge.simulate.world import Answer

_REMEMBERED = 60
_LATER = 3 * 86400
_YOUNG = 8 * 3600


@dataclass(slots=True)
class PlannedTrend:
    """A trend before it is created: `trend_id` is 0 until then.

    `planted` tells whether its hashtag really trended when it was called. `sources` are ids of posts seen
    before `created_at`, `relevance` their scores: None is not scored, 0.0 is judged to be off the subject.
    """

    title: str
    tag: str
    niche: str
    platform: str | None
    planted: bool
    created_at: datetime
    execution: PlannedExecution
    hotness: float
    status: str
    sources: list[UUID] = field(default_factory=list)
    relevance: list[float | None] = field(default_factory=list)
    platforms: list[str] = field(default_factory=list)
    trend_id: int = 0

    def record(self) -> dict[str, Any]:
        """What `create_trend` takes."""
        return {
            "title": self.title, "description": f"Simulated: #{self.tag} in {self.niche}",
            "category": self.niche, "platform": self.platform, "hashtags": (self.tag,),
            "hotness": self.hotness, "status": self.status,
            "crew_execution_id": self.execution.execution_id or None, "created_at": self.created_at,
        }  # fmt: skip


def trends(plan: Plan, runs: list[PlannedExecution]) -> list[PlannedTrend]:
    """The trends of these runs in the order of time: the best agent mostly calls what really trends."""
    rng = Random(f"{plan.seed}/trends/{plan.end.date()}")
    found, called = [], dict[str, int]()
    for run in runs:
        chosen: set[str] = set()
        for _ in range(run.trends):
            assert run.ended_at is not None
            trend = _trend(rng, plan, run, chosen, run.ended_at)
            chosen.add(trend.tag)
            called[trend.tag] = called.get(trend.tag, 0) + 1
            trend.title = f"[simulated] {trend.tag}, call {called[trend.tag]}"
            found.append(trend)
    return sorted(found, key=lambda trend: trend.created_at)


def _trend(rng: Random, plan: Plan, run: PlannedExecution, chosen: set[str], when: datetime) -> PlannedTrend:
    days = (plan.end - when) / timedelta(days=1)
    now_hot = [tag for tag in (*TRENDING_TAGS, *PAST_TAGS) if _hot(tag, days) and tag.tag not in chosen]
    if now_hot and rng.random() < (0.8 if run.lead == BEST_AGENT else 0.15):
        picked = rng.choice(now_hot)
        tag, niche, planted = picked.tag, picked.niche, True
    else:
        niche, planted = rng.choice(NICHES), False
        tag = rng.choice([name for name in TAGS[niche][:8] if name not in chosen])
    return PlannedTrend(
        title="",
        tag=tag,
        niche=niche,
        platform=rng.choice(run.platforms) if not planted and rng.random() < 0.4 else None,
        planted=planted,
        created_at=when,
        execution=run,
        hotness=round(rng.uniform(65, 98) if planted else rng.uniform(15, 70), 1),
        status=_status(planted, days),
    )


def _hot(tag: PlantedTag, days: float) -> bool:
    # A crew needs half a day of posts before it can call anything.
    return tag.first_day - tag.days < days < tag.first_day - 0.5


def _status(planted: bool, days: float) -> str:
    if days > 14:
        return "over"
    if days > 8:
        return "fading"
    return "rising" if planted else "peaking"


class Scout:
    """Remembers the latest posts of each hashtag and niche, and gives every trend its sources in passing."""

    def __init__(self, plan: Plan, called: list[PlannedTrend]) -> None:
        self._waiting = deque(called)
        self._tags = {trend.tag: deque[Post](maxlen=_REMEMBERED) for trend in called}
        self._niches = {niche: deque[Post](maxlen=_REMEMBERED) for niche in NICHES}
        self._rng = Random(f"{plan.seed}/sources/{plan.end.date()}")

    def watch(self, answer: Answer) -> None:
        """Takes an answer in; the trends called before it get their sources first."""
        while self._waiting and self._waiting[0].created_at < answer.observed_at:
            self._source(self._waiting.popleft())
        young = answer.observed_at.timestamp() - _YOUNG
        for post, _counts in answer.seen:
            if post.published < young:
                continue
            recent = self._niches[post.niche]
            if post not in recent:
                recent.append(post)
            for tag in post.tags:
                named = self._tags.get(tag)
                if named is not None and post not in named:
                    named.append(post)

    def finish(self) -> None:
        """Gives the trends called after the last answer their sources."""
        while self._waiting:
            self._source(self._waiting.popleft())

    def _source(self, trend: PlannedTrend) -> None:
        rng = self._rng
        fitting = [post for post in self._tags[trend.tag] if trend.platform in (None, post.platform)]
        chosen = rng.sample(fitting, min(len(fitting), rng.randint(5, 14)))
        strays = [post for post in self._niches[trend.niche] if trend.tag not in post.tags]
        careful = trend.execution.lead == BEST_AGENT
        for post in chosen:
            self._add(trend, post, _relevance(rng, post, trend.created_at, careful))
        for post in rng.sample(strays, min(len(strays), rng.randint(0, 2))):
            self._add(trend, post, 0.0)

    @staticmethod
    def _add(trend: PlannedTrend, post: Post, relevance: float | None) -> None:
        trend.sources.append(post_id(post.platform, post.external_id))
        trend.platforms.append(post.platform)
        trend.relevance.append(relevance)


def _relevance(rng: Random, post: Post, when: datetime, careful: bool) -> float | None:
    """A careful agent's score follows how much the post will still grow; anyone else's says nothing."""
    if rng.random() < 0.1:
        return None
    if not careful:
        return round(rng.uniform(0.2, 1), 2)
    second = when.timestamp()
    coming = 1 - post.reach(second) / post.reach(second + _LATER)
    return round(min(1.0, max(0.05, 0.35 + 0.6 * coming + rng.gauss(0, 0.05))), 2)

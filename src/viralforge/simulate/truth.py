"""What is true of a simulated world, kept while it is told: what the warehouse's answers are held to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from viralforge.model.ids import post_id
from viralforge.simulate.catalogue import TRENDING_TAGS, PlantedTag
from viralforge.simulate.crews import BEST_AGENT, BEST_CREW, PlannedExecution
from viralforge.simulate.curves import posting_peak
from viralforge.simulate.jobs import PlannedJob
from viralforge.simulate.planted import PlantedPost
from viralforge.simulate.post import Counts
from viralforge.simulate.trends import PlannedTrend
from viralforge.simulate.visits import STAGES
from viralforge.simulate.world import Answer, World

_DAY = timedelta(days=1)


@dataclass(slots=True)
class Yield:
    """What a crew type or an agent came to: the runs it had part in, their trends, and the money.

    `run_usd` sums the known costs of these runs, `own_usd` the known costs of its own calls; `unpriced`
    counts runs whose cost is unknown. `trends` counts rows, not what runs logged.
    """

    runs: int = 0
    completed: int = 0
    failed: int = 0
    trends: int = 0
    calls: int = 0
    unpriced: int = 0
    run_usd: Decimal = Decimal(0)
    own_usd: Decimal = Decimal(0)


@dataclass(slots=True)
class Track:
    """The path of one post: when it was first seen, its reach then, a week ago, a day ago and last.

    Reach is views, or likes + comments + shares where the platform tells no views; `day_ago` and `week_ago`
    are those of the last sighting at or before the world's end minus that time, 0 where there was none.
    """

    platform: str
    author_id: str
    first_seen: datetime
    last_seen: datetime
    sightings: int
    last: Counts
    reach: int
    day_ago: int
    week_ago: int


@dataclass(slots=True)
class Truth:
    """Everything known beforehand about a simulated world, and counted while it was told.

    Periods end at `end`, the last full hour before the world's now. Sightings keep away from the edges of
    periods of whole days by at least two hours, so a clock up to two hours later gives the same answers.
    """

    seed: int
    end: datetime
    planted: list[PlantedPost]
    tracks: dict[UUID, Track] = field(default_factory=dict)
    sightings: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    histories: dict[UUID, list[tuple[datetime, Counts]]] = field(default_factory=dict)
    tag_posts: Counter[tuple[str, str]] = field(default_factory=Counter)
    scraped: Counter[tuple[date, str]] = field(default_factory=Counter)
    posting_hours: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    jobs: list[PlannedJob] = field(default_factory=list)
    executions: list[PlannedExecution] = field(default_factory=list)
    trends: list[PlannedTrend] = field(default_factory=list)
    rejections: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    traced: Counter[tuple[str, int]] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    sessions: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    latest: dict[tuple[str, str], datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World) -> Truth:
        """The truth of a world before it is told."""
        return cls(world.plan.seed, world.plan.end, world.planted)

    def watch(self, answers: Iterable[Answer]) -> Iterator[Answer]:
        """Passes answers on, keeping what is true of them."""
        stories = {post_id(found.post.platform, found.post.external_id) for found in self.planted}
        ids: dict[tuple[str, str], UUID] = {}
        for answer in answers:
            self.pages += 1
            self.sightings[answer.platform] += len(answer.seen)
            for post, counts in answer.seen:
                key = (post.platform, post.external_id)
                known = ids.get(key)
                if known is None:
                    known = ids[key] = post_id(*key)
                    self._first(known, post.author.author_id, post.published_at.hour, post.tags, answer)
                self._seen(known, counts, answer.observed_at)
                if known in stories:
                    self.histories.setdefault(known, []).append((answer.observed_at, counts))
            yield answer

    def _first(self, known: UUID, author_id: str, hour: int, tags: tuple[str, ...], answer: Answer) -> None:
        unknown: Counts = (None,) * 6
        seen = answer.observed_at
        self.tracks[known] = Track(answer.platform, author_id, seen, seen, 0, unknown, 0, 0, 0)
        self.scraped[seen.date(), answer.platform] += 1
        self.posting_hours[answer.platform][hour] += 1
        if seen > self.end - 7 * _DAY:
            self.tag_posts.update((answer.platform, tag) for tag in tags)

    def _seen(self, known: UUID, counts: Counts, moment: datetime) -> None:
        track = self.tracks[known]
        track.sightings += 1
        track.last, track.last_seen, track.reach = counts, moment, reach(counts)
        if moment <= self.end - _DAY:
            track.day_ago = track.reach
        if moment <= self.end - 7 * _DAY:
            track.week_ago = track.reach

    def note(self, events: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Passes events on, keeping what is true of them."""
        for event in events:
            name, user, when = event["event_name"], event["user_id"], event["created_at"]
            self.events[name] += 1
            self.countries[event["country"]] += 1
            if trend := event["properties"].get("trend_id"):
                self.traced[name, trend] += 1
            if user is not None and name in STAGES:
                stages = self.sessions.setdefault(user, {stage: set() for stage in STAGES})
                stages[name].add(event["session_id"])
                self.latest[user, name] = max(when, self.latest.get((user, name), when))
            yield event

    def viral(self, platform: str | None = None, *, days: float = 7) -> set[UUID]:
        """The posts planted to go viral in the last `days` days: among the top 1% of their platform by reach
        gained in that time, and past 10× their author's median. Few others, if any, are both.
        """
        since = self.end - timedelta(days=days)
        return {
            post_id(found.post.platform, found.post.external_id)
            for found in self.planted
            if found.kind == "viral"
            and found.takes_off_at > since
            and platform in (None, found.post.platform)
        }

    def gained(self, times: float = 10) -> dict[UUID, float]:
        """The posts whose reach is now at least `times` what it was a day ago, and by how much: exact.

        For 10 these are the planted surges and nothing else.
        """
        return {
            known: track.reach / track.day_ago
            for known, track in self.tracks.items()
            if track.day_ago and track.reach >= times * track.day_ago
        }

    @property
    def trending(self) -> tuple[PlantedTag, ...]:
        """The hashtags that trend now, each on three or four platforms: the five most used of the last 7 days
        in a world of 10,000 posts or more; `tag_posts` has the exact counts by (platform, hashtag).
        """
        return TRENDING_TAGS

    def posting_peak(self, platform: str) -> int:
        """The UTC hour in which most posts of a platform are to be published; chance moves it a little."""
        return posting_peak(platform)

    best_crew = BEST_CREW
    best_agent = BEST_AGENT

    def cost_of_trend(self, trend: PlannedTrend) -> Decimal | None:
        """Its execution's cost shared among the trends of that execution; None if unknown."""
        cost = trend.execution.cost_usd
        return None if cost is None else cost / trend.execution.trends

    def crew_yields(self) -> dict[str, Yield]:
        """What each crew type came to."""
        found: dict[str, Yield] = defaultdict(Yield)
        for run in self.executions:
            self._add(found[run.crew.crew_type], run)
        return dict(found)

    def agent_yields(self) -> dict[str, Yield]:
        """What each agent came to, by the runs in which it made a call."""
        found: dict[str, Yield] = defaultdict(Yield)
        for run in self.executions:
            for agent in run.agents():
                self._add(found[agent], run, agent)
        return dict(found)

    @staticmethod
    def _add(found: Yield, run: PlannedExecution, agent: str | None = None) -> None:
        calls = [call for call in run.calls if agent in (None, call["agent"])]
        found.runs += 1
        found.completed += run.status == "completed"
        found.failed += run.status == "failed"
        found.trends += run.trends
        found.calls += len(calls)
        found.unpriced += run.cost_usd is None
        found.run_usd += run.cost_usd or 0
        found.own_usd += sum((call["cost_usd"] or Decimal(0) for call in calls), Decimal(0))

    def funnel(self, *, days: float | None = None) -> dict[str, int]:
        """How many users reached each stage, in the last `days` days or ever."""
        since = None if days is None else self.end - timedelta(days=days)
        return {
            stage: sum(
                1 for (_, name), when in self.latest.items() if name == stage and (not since or when > since)
            )
            for stage in STAGES
        }

    def user_funnel(self) -> dict[str, tuple[int, ...]]:
        """For each user the distinct sessions with each stage, as `v_user_engagement_funnel` has them."""
        return {user: tuple(len(stages[name]) for name in STAGES) for user, stages in self.sessions.items()}

    def collecting_usd(self) -> Decimal:
        """The known money spent on scrape jobs."""
        return sum((job.cost_usd or Decimal(0) for job in self.jobs), Decimal(0))

    def crews_usd(self) -> Decimal:
        """The known money spent on executions."""
        return sum((run.cost_usd or Decimal(0) for run in self.executions), Decimal(0))

    def error_rate(self, platform: str | None = None) -> float:
        """Failed requests ÷ requests of the scrape jobs."""
        jobs = [job for job in self.jobs if platform in (None, job.platform)]
        return sum(job.errors for job in jobs) / sum(job.requests for job in jobs)


def reach(counts: Counts) -> int:
    """Views, or likes + comments + shares where there are none; what is unknown counts as nothing.

    >>> reach((None, 5, None, None, None, None)), reach((120, 5, 1, 0, None, None))
    (5, 120)
    """
    views, likes, comments, shares = counts[:4]
    return views if views is not None else (likes or 0) + (comments or 0) + (shares or 0)

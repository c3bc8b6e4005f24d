"""A crowd at one warehouse: writers of every kind that share posts, and what they must leave."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.store.oracle import Oracle
from tests.store.reading import SOURCES, assert_equal, assert_rollups_exact
from viralforge.db.pool import Database
from viralforge.model.post import ScrapedPost
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC).replace(microsecond=0)
MOMENTS = [NOW - timedelta(hours=5 * n) for n in range(1, 40)]
SHARED = [f"{number:011}" for number in range(60)]

COUNTS = b"""
SELECT (SELECT count(*) FROM viralforge.crew_executions WHERE status = 'completed' AND cost_usd = 0.01),
       (SELECT count(*) FROM viralforge.crew_calls), (SELECT count(*) FROM viralforge.scrape_jobs),
       (SELECT count(*) FROM viralforge.app_events WHERE user_id LIKE 'keeper%%')
"""


def sighting(chance: random.Random, name: str) -> ScrapedPost:
    """Numbers that follow from the moment and one draw: no order of writing differs from another."""
    at, more = chance.choice(MOMENTS), chance.randrange(3)
    views = MOMENTS.index(at) * 100 + more
    return ScrapedPost(
        platform="youtube", external_id=name, title=f"{at}/{more}", views=views, likes=views // 7,
        comments=more, shares=0, hashtags=[f"tag{more}"], observed_at=at,
    )  # fmt: skip


class Writer:
    """One thread's work: it shares some posts with all others, and deletes only its own."""

    def __init__(self, warehouse: DataWarehouse, number: int, trend: int) -> None:
        self.warehouse = warehouse
        self.chance = random.Random(number)
        self.number = number
        self.trend = trend
        self.taken: list[ScrapedPost] = []
        self.linked: dict[UUID, float | None] = {}
        self.events = 0
        self.done: Counter[str] = Counter()
        self.verbs: list[Callable[[], None]] = [
            self.save, self.save, self.save_many, self.save_many, self.snapshot, self.own, self.link,
            self.track, self.track, self.run_crew, self.scrape, self.upkeep, self.forget_user,
        ]  # fmt: skip

    def work(self, on: Callable[[], bool]) -> None:
        while on():
            self.step()

    def step(self) -> None:
        verb = self.chance.choice(self.verbs)
        verb()
        self.done[verb.__name__] += 1

    def save(self) -> None:
        post = sighting(self.chance, self.chance.choice(SHARED))
        self.taken.append(post)
        self.warehouse.save_scraped_post(post)

    def save_many(self) -> None:
        size = self.chance.choice([2, 20, 150])
        posts = [sighting(self.chance, self.chance.choice(SHARED)) for _ in range(size)]
        self.taken += posts
        assert len(self.warehouse.bulk_save_scraped_posts(posts)) == size

    def snapshot(self) -> None:
        post = sighting(self.chance, self.chance.choice(SHARED))
        self.taken.append(post)
        self.warehouse.save_scraped_post(post)
        numbers = {"views": post.views, "likes": post.likes, "comments": post.comments, "shares": post.shares}
        self.warehouse.record_metrics_snapshot(post.id, numbers | {"recorded_at": post.observed_at})

    def own(self) -> None:
        post = sighting(self.chance, f"own{self.number}{self.chance.randrange(10**7):07}")
        self.warehouse.bulk_save_scraped_posts([post, sighting(self.chance, post.external_id)])
        self.warehouse.link_trend_to_sources(self.trend, [post.id])
        assert self.warehouse.delete_post(post.id)

    def link(self) -> None:
        posts = [sighting(self.chance, name) for name in self.chance.sample(SHARED, 3)]
        self.taken += posts
        ids = list(self.warehouse.bulk_save_scraped_posts(posts))
        scores = [0, 0.5, None]
        self.warehouse.link_trend_to_sources(self.trend, ids, scores)
        for known, score in zip(ids, scores, strict=True):
            self.linked[known] = self.linked.get(known) if score is None else score

    def track(self) -> None:
        """Every second event is of a user whom nobody forgets."""
        mine = self.chance.random() < 0.5
        user = f"keeper{self.number}" if mine else f"user{self.chance.randrange(4)}"
        event = {"event_name": "trend_action", "event_type": "click", "session_id": f"{self.number}"}
        self.warehouse.track_event(event | {"user_id": user, "ip_address": "192.0.2.7"})
        self.events += mine

    def run_crew(self) -> None:
        run = {"crew_type": "discovery", "start_time": NOW, "user_id": f"keeper{self.number}"}
        done = self.warehouse.log_crew_execution(run)
        self.warehouse.update_crew_execution(done, {"status": "completed", "cost_usd": "0.01"})
        call = {"crew_execution_id": done, "kind": "llm", "name": "gpt", "started_at": NOW}
        assert self.warehouse.log_crew_calls([call, call]) == 2

    def scrape(self) -> None:
        self.warehouse.log_scrape_job({"platform": "youtube", "operation": "search", "started_at": NOW})

    def upkeep(self) -> None:
        self.warehouse.rollups.fold()
        assert self.warehouse.rollups.check() == []

    def forget_user(self) -> None:
        self.warehouse.delete_user(f"user{self.chance.randrange(4)}")


def assert_exact(database: Database, writers: Sequence[Writer]) -> None:
    """Nothing that the writers did is missing, done twice or counted wrongly."""
    assert_posts_exact(database, [post for writer in writers for post in writer.taken])
    sources = [(writer.trend, *link) for writer in writers for link in writer.linked.items()]
    assert sorted(database.read(SOURCES)) == sorted(sources)
    done = sum((writer.done for writer in writers), Counter[str]())
    events = sum(writer.events for writer in writers)
    counts = database.read(COUNTS)
    assert counts == [(done["run_crew"], 2 * done["run_crew"], done["scrape"], events)]


def assert_posts_exact(database: Database, taken: list[ScrapedPost]) -> None:
    """Posts, their history and the rollups are as these sightings leave them.

    All but scraped_at, which is whoever came first, one of the moments there were.
    """
    oracle = Oracle()
    oracle.save(sorted(taken, key=lambda post: post.observed_at or NOW), NOW)
    first = dict(database.read(b"SELECT id, scraped_at FROM viralforge.scraped_posts"))
    for known, seen in oracle.posts.items():
        assert first[known] in seen.history
        seen.scraped_at = first[known]
    assert_equal(database, oracle)
    assert_rollups_exact(database)

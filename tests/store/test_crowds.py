"""Many threads at one warehouse: nobody sees an error, and at the end everything is exact."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import UUID

from tests.conftest import UNSAFE
from tests.store.oracle import Oracle
from tests.store.reading import assert_equal, assert_rollups_exact
from viralforge.db import embedded
from viralforge.db.pool import Database
from viralforge.model.post import ScrapedPost
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse

SECONDS = 4
WRITERS = 8
NOW = datetime.now(UTC).replace(microsecond=0)
MOMENTS = [NOW - timedelta(hours=5 * n) for n in range(1, 40)]
SHARED = [f"{number:011}" for number in range(60)]


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
        self.events = 0
        self.verbs: list[Callable[[], None]] = [
            self.save, self.save, self.save_many, self.save_many, self.snapshot, self.own, self.link,
            self.track, self.track, self.run_crew, self.scrape, self.upkeep, self.forget_user,
        ]  # fmt: skip

    def work(self) -> None:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            self.chance.choice(self.verbs)()

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
        ids = self.warehouse.bulk_save_scraped_posts(posts)
        self.warehouse.link_trend_to_sources(self.trend, list(ids), [0, 0.5, None])

    def track(self) -> None:
        self.events += 1
        user = f"user{self.chance.randrange(4)}"
        event = {"event_name": "trend_action", "event_type": "click", "session_id": f"{self.number}"}
        self.warehouse.track_event(event | {"user_id": user, "ip_address": "192.0.2.7"})

    def run_crew(self) -> None:
        run = {"crew_type": "discovery", "start_time": NOW, "user_id": f"user{self.chance.randrange(4)}"}
        done = self.warehouse.log_crew_execution(run | {"user_id": f"keeper{self.number}"})
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


def test_eight_writers_of_every_kind_see_no_error_and_leave_everything_exact(warehouse, database) -> None:
    writers = [Writer(warehouse, n, warehouse.create_trend({"title": f"trend {n}"})) for n in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as threads:
        for done in [threads.submit(writer.work) for writer in writers]:
            done.result()
    oracle = Oracle()
    oracle.save(sorted((post for writer in writers for post in writer.taken), key=when), NOW)
    assert_history(database, oracle)
    assert_rollups_exact(database)
    runs = database.read(b"SELECT status, count(*) FROM viralforge.crew_executions GROUP BY 1")
    calls = database.read(b"SELECT count(*) FROM viralforge.crew_calls")[0][0]
    assert [name for name, _count in runs] == ["completed"]
    assert calls == 2 * runs[0][1]


def when(post: ScrapedPost) -> datetime:
    assert post.observed_at
    return post.observed_at


def assert_history(database: Database, oracle: Oracle) -> None:
    """All but scraped_at, which is whoever came first, one of the moments there were."""
    first = dict(database.read(b"SELECT id, scraped_at FROM viralforge.scraped_posts"))
    for known, seen in oracle.posts.items():
        assert first[known] in seen.history
        seen.scraped_at = first[known]
    assert_equal(database, oracle)


def test_more_threads_than_connections_all_get_their_turn(database_url) -> None:
    database = Database.open(database_url, pool_size=2)
    with DataWarehouse(database, Settings(pool_size=2)) as warehouse:
        waits: list[float] = []
        lock = Lock()

        def work(number: int) -> set[UUID]:
            chance, saved = random.Random(number), set()
            for _ in range(15):
                begun = time.monotonic()
                saved.add(warehouse.save_scraped_post(sighting(chance, f"{chance.randrange(10**11):011}")))
                with lock:
                    waits.append(time.monotonic() - begun)
            return saved

        with ThreadPoolExecutor(40) as threads:
            ids = set().union(*threads.map(work, range(40)))
    assert len(ids) == 600
    # Whoever comes first is served first: nobody waits much longer than 40 saves take on 2 connections.
    waits.sort()
    assert waits[-1] < max(20 * waits[len(waits) // 2], 2)


def test_a_server_with_few_connections_makes_writers_wait_not_fail(short_dir) -> None:
    few = UNSAFE | {"max_connections": "5", "superuser_reserved_connections": "0"}
    with (
        embedded.start(short_dir / "few", settings=few) as server,
        DataWarehouse.open(server.url, migrate=True) as warehouse,
    ):

        def work(number: int) -> int:
            chance = random.Random(number)
            names = [f"{number:05}{chance.randrange(10**6):06}" for _ in range(12)]
            return sum(warehouse.bulk_save_scraped_posts([sighting(chance, name)]).new for name in names)

        with ThreadPoolExecutor(24) as threads:
            assert sum(threads.map(work, range(24))) == 24 * 12
        assert warehouse.rollups.check() == []

"""Two writers at the same posts in the same moment: what remains is what one after the other would leave."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

from tests.store.oracle import Oracle
from tests.store.reading import assert_equal, assert_rollups_exact
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.errors import UnknownPosts
from viralforge.model.post import ScrapedPost
from viralforge.model.snapshot import MetricsSnapshot
from viralforge.store.posts import PostStore
from viralforge.store.rollups import RollupStore

ROUNDS = 1_000
CHECKED_EVERY = 50
NOW = datetime.now(UTC).replace(microsecond=0)
START = NOW - timedelta(days=2)
Act = tuple[str, Any]


class Round:
    """One race: posts of its own, some known beforehand, and what each of two writers does."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)
        self.names = [f"{number:05}{letter}aaaaa" for letter in "abcd"]
        self.known = [self._post(name) for name in self.names[: self.random.randrange(5)]]
        self.acts: tuple[Act, Act] = (self._act(), self._act())

    def _post(self, name: str | None = None) -> ScrapedPost:
        pick = self.random.choice
        return ScrapedPost(
            platform="youtube", external_id=name or pick(self.names), title=pick([None, "a", "b"]),
            views=pick([None, 0, 10, 500, 10**9]), likes=pick([None, 0, 3, 7]), comments=pick([None, 2]),
            hashtags=pick([None, ["ai"], ["soup"]]),
            observed_at=START + pick([0, 0, 1, 2, 3]) * timedelta(hours=11),
        )  # fmt: skip

    def _act(self) -> Act:
        kind = self.random.choice(["save", "save", "bulk", "bulk", "copy", "snapshot", "delete"])
        if kind == "save":
            return kind, self._post()
        if kind in ("bulk", "copy"):
            return kind, [self._post() for _ in range(self.random.randrange(2, 9))]
        if kind == "snapshot" and self.known:
            at = START + self.random.choice([1, 2, 3]) * timedelta(hours=11)
            known = self.random.choice(self.known).id
            return kind, (known, MetricsSnapshot(views=self.random.randrange(900), recorded_at=at))
        if kind == "delete" and self.known:
            return kind, self.random.choice(self.known).id
        return "save", self._post(self.names[0])

    @property
    def ids(self) -> list[Any]:
        return [self._post(name).id for name in self.names]


def do(store: PostStore, act: Act) -> None:
    kind, given = act
    if kind == "save":
        store.save(given)
    elif kind == "snapshot":
        with suppress(UnknownPosts):  # the other one has just deleted the post
            store.snapshot(*given)
    elif kind == "delete":
        store.delete(given)
    else:
        store.save_many(given)


def foretell(oracle: Oracle, act: Act) -> None:
    kind, given = act
    if kind == "snapshot":
        if given[0] in oracle.posts:
            oracle.snapshot(*given, NOW)
    elif kind == "delete":
        oracle.delete_post(given)
    else:
        oracle.save([given] if kind == "save" else given, NOW)


def matches(database: Database, race: Round) -> None:
    """One of the two orders explains what is there."""
    first, second = race.acts
    before = Oracle()
    before.save(race.known, NOW)
    told = []
    for order in ((first, second), (second, first)):
        oracle = before.copy()
        for act in order:
            foretell(oracle, act)
        try:
            assert_equal(database, oracle, race.ids)
            return
        except AssertionError as error:
            told.append(f"{order}: {error}")
    raise AssertionError("neither order explains it:\n" + "\n".join(told))


@contextmanager
def two_writers(url: str) -> Iterator[Callable[[Act, Act], None]]:
    """Runs two acts at once, each on a connection of its own."""
    barrier = Barrier(2)
    databases = [Database.open(url, pool_size=2) for _ in range(2)]
    stores = [PostStore(database, Months(database)) for database in databases]

    def start(number: int, act: Act) -> None:
        barrier.wait(30)
        do(stores[number], act)

    with ThreadPoolExecutor(2) as threads:

        def race(first: Act, second: Act) -> None:
            running = [threads.submit(start, number, act) for number, act in enumerate((first, second))]
            for each in running:
                each.result(60)

        yield race
    for database in databases:
        database.close()


def test_two_writers_at_the_same_posts_leave_what_one_after_the_other_would(
    database, database_url, monkeypatch
) -> None:
    # From 4 rows on a batch is copied, so that both ways in race with each other and with themselves.
    monkeypatch.setattr("viralforge.store.posts.SMALL", 3)
    store, rollups = PostStore(database, Months(database)), RollupStore(database)
    with two_writers(database_url) as race:
        for number in range(ROUNDS):
            this = Round(number)
            store.save_many(this.known)
            race(*this.acts)
            matches(database, this)
            if number % CHECKED_EVERY == 0:
                assert_rollups_exact(database)
                rollups.fold()
    assert_rollups_exact(database)

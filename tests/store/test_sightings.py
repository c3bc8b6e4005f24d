"""Whatever is saved, in whatever order and however batched, the warehouse holds what the oracle holds."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.store import sightings
from tests.store.oracle import Oracle
from tests.store.reading import assert_all_equal
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.errors import UnknownPosts
from viralforge.model.ids import post_id
from viralforge.model.trend import Trend
from viralforge.store import posts as posts_module
from viralforge.store.posts import HISTORY, PostStore
from viralforge.store.rollups import RollupStore
from viralforge.store.trends import TrendStore

EXAMPLES = int(os.environ.get("VIRALFORGE_STRESS", "40"))
"""How many random stories are told; hundreds or thousands where the writers have been changed."""
EMPTY = (
    b"DELETE FROM viralforge.scraped_posts", b"DELETE FROM viralforge.trends",
    b"DELETE FROM viralforge.daily_rollup", b"DELETE FROM viralforge.post_deltas",
    b"DELETE FROM viralforge.hashtag_rollup", b"DELETE FROM viralforge.hashtag_across_rollup",
    b"DELETE FROM viralforge.growth_spans",
    b"UPDATE viralforge.rollup_edges SET edge = 'infinity'",
)  # fmt: skip
CLOCK = b"SELECT set_config('viralforge.now', %(now)s, false)"


class Story(RuleBasedStateMachine):
    """Writes to a warehouse with one connection, and to the oracle."""

    database: Database
    months: Months

    @initialize()
    def begin(self) -> None:
        with self.database.connection() as connection:
            for statement in EMPTY:
                connection.execute(statement)
        self.oracle = Oracle()
        self.rollups = RollupStore(self.database)
        self.trends = TrendStore(self.database)
        self.store = PostStore(self.database, self.months)
        self.now = sightings.START + timedelta(days=3)
        self.time_passes(0)

    @rule(hours=st.integers(0, 30) | st.integers(0, 6) | st.sampled_from([24 * 5, 24 * 8]))
    def time_passes(self, hours: int) -> None:
        """Posts leave the windows of a day, a week and two; then the clock is set back."""
        self.now += timedelta(hours=hours)
        if self.now > sightings.START + timedelta(days=18):
            self.now = sightings.START + timedelta(days=2)
        with self.database.connection() as connection:
            connection.execute(CLOCK, {"now": self.now.isoformat()})

    @rule(post=sightings.posts())
    def save(self, post) -> None:
        assert self.store.save(post) == post.id
        self.oracle.save([post], self.now)
        self.latest = post

    @rule(
        posts=st.lists(sightings.posts(), max_size=12), batch_size=st.sampled_from([1, 2, 5, 100]),
        copied=st.booleans(),
    )  # fmt: skip
    def save_many(self, posts, batch_size: int, copied: bool) -> None:
        # Small batches take the same merge over prepared VALUES; both ways must end alike.
        with pytest.MonkeyPatch.context() as patch:
            if copied:
                patch.setattr(posts_module, "SMALL", 1)
            saved = PostStore(self.database, self.months, batch_size).save_many(posts)
        assert list(saved) == [post.id for post in posts]
        counts = self.oracle.save(posts, self.now, batch_size)
        assert (saved.new, saved.updated, saved.unchanged) == counts.all

    @precondition(lambda self: hasattr(self, "latest"))
    @rule()
    def save_again(self) -> None:
        saved = self.store.save_many([self.latest])
        counts = self.oracle.save([self.latest], self.now)
        assert (saved.new, saved.updated, saved.unchanged) == counts.all

    @rule(key=sightings.keys, snapshot=sightings.snapshots)
    def snapshot(self, key: tuple[str, str], snapshot) -> None:
        known = post_id(*key)
        if known in self.oracle.posts:
            self.store.snapshot(known, snapshot)
            self.oracle.snapshot(known, snapshot, self.now)
        else:
            with pytest.raises(UnknownPosts) as told:
                self.store.snapshot(known, snapshot)
            assert told.value.ids == [known]

    @rule(key=sightings.keys)
    def delete_post(self, key: tuple[str, str]) -> None:
        assert self.store.delete(post_id(*key)) == self.oracle.delete_post(post_id(*key))

    @rule()
    def create_trend(self) -> None:
        self.oracle.trends[self.trends.create(Trend(title="AI tools"))] = {}

    @precondition(lambda self: self.oracle.trends)
    @rule(
        data=st.data(),
        scores=st.dictionaries(sightings.keys, st.sampled_from([None, 0.0, 0.25, 1.0]), max_size=4),
    )
    def link(self, data, scores: dict[tuple[str, str], float | None]) -> None:
        trend = data.draw(st.sampled_from(sorted(self.oracle.trends)))
        given = {post_id(*key): score for key, score in scores.items()}
        unknown = [known for known in given if known not in self.oracle.posts]
        if unknown:
            with pytest.raises(UnknownPosts) as told:
                self.trends.link(trend, list(given), list(given.values()))
            assert told.value.ids == unknown
        else:
            self.trends.link(trend, list(given), list(given.values()))
            self.oracle.link(trend, given)

    @precondition(lambda self: self.oracle.trends)
    @rule(data=st.data())
    def delete_trend(self, data) -> None:
        trend = data.draw(st.sampled_from(sorted(self.oracle.trends)))
        assert self.trends.delete(trend)
        del self.oracle.trends[trend]

    @rule()
    def fold(self) -> None:
        assert self.rollups.fold() is not None
        assert self.rollups.backlog() == 0

    @rule()
    def rebuild(self) -> None:
        assert self.rollups.rebuild() == 0

    @invariant()
    def the_warehouse_holds_what_the_oracle_holds(self) -> None:
        if hasattr(self, "oracle"):
            assert_all_equal(self.database, self.oracle)


@pytest.mark.timeout(60 + EXAMPLES * 5)
def test_any_story_of_saves_snapshots_links_and_deletions_ends_as_the_oracle_says(database_url) -> None:
    database = Database.open(database_url, pool_size=1)
    Story.database, Story.months = database, Months(database)
    Story.months.ensure(HISTORY, [sightings.START + timedelta(days=30 * n) for n in range(4)])
    told = settings(
        max_examples=EXAMPLES, stateful_step_count=20, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
        print_blob=True,
    )  # fmt: skip
    try:
        run_state_machine_as_test(Story, settings=told)
    finally:
        database.close()

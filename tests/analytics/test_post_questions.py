"""Questions about single posts, and the lists of the best."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from tests.analytics.rows import DAY, HOUR, NOW, Post, Reading, Rows, random_posts, velocity
from viralforge.db.pool import Database
from viralforge.errors import InvalidInput

SEEDS = (1, 2, 3)
A_DAY_AGO = NOW - DAY


def ids(found) -> list[UUID]:
    return [row.id for row in found]


def by_rate(posts: list[Post]) -> list[UUID]:
    rated = [post for post in posts if post.rate is not None]
    return [post.id for post in sorted(rated, key=lambda post: (-post.rate, post.id))]


def by_reach(posts: list[Post]) -> list[UUID]:
    reached = [post for post in posts if post.reach is not None]
    return [post.id for post in sorted(reached, key=lambda post: (-post.reach, post.id))]


def test_a_post_is_found_by_its_id_with_all_there_is_to_know(rows: Rows, ask: SimpleNamespace):
    readings = (Reading(NOW - 3 * HOUR, 100, 5), Reading(NOW - HOUR, 300, 9, 0, 1))
    columns = {"title": "Soup", "hashtags": ["ai"], "published_at": NOW - DAY, "raw_json": {"a": [1, None]}}
    saved = rows.post("youtube", *readings, external_id="dQw4w9WgXcQ", **columns)
    found = ask.posts.get(str(saved.id))
    assert found == ask.posts.get(saved.id)
    assert (found.views, found.likes, found.comments, found.shares) == (300, 9, 0, 1)
    assert (found.reach, found.engagement_rate) == (300, Decimal("0.033333"))
    assert found.velocity_score == 1.0
    assert (found.title, found.hashtags, found.raw_json) == ("Soup", ["ai"], {"a": [1, None]})
    assert (found.scraped_at, found.last_scraped_at, found.sightings) == (NOW - 3 * HOUR, NOW - HOUR, 2)
    assert found.description is None


def test_a_post_is_found_by_what_its_platform_calls_it(rows: Rows, ask: SimpleNamespace):
    saved = rows.post("reddit", external_id="18wabcd")
    assert ask.posts.find("reddit", "t3_18wabcd").id == saved.id
    assert ask.posts.find("x", "18") is None


def test_a_post_that_was_never_saved_is_none(ask: SimpleNamespace):
    assert ask.posts.get(uuid4()) is None
    assert len(ask.posts.history(uuid4())) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_the_top_posts_are_those_with_the_highest_rate(rows: Rows, ask: SimpleNamespace, seed: int):
    rows.save(*random_posts(seed))
    assert ids(ask.posts.top(limit=1000)) == by_rate(rows.posts)
    assert ids(ask.posts.top(limit=7)) == by_rate(rows.posts)[:7]
    for platform in ("youtube", "reddit"):
        expected = by_rate([post for post in rows.posts if post.platform == platform])
        assert ids(ask.posts.top(platform, limit=1000)) == expected


def test_the_top_posts_are_the_rows_of_their_view(rows: Rows, ask: SimpleNamespace, still: Database):
    rows.save(*random_posts(4))
    viewed = still.read(b"SELECT * FROM v_top_posts_by_platform")
    assert [tuple(row) for row in ask.posts.top(limit=1000)] == viewed
    best = next(post for post in rows.posts if post.id == viewed[0][0])
    top = ask.posts.top(limit=1)[0]
    assert (top.engagement_rate, top.views, top.likes) == (best.rate, best.views, best.number("likes"))


@pytest.mark.parametrize("seed", SEEDS)
def test_by_reach_every_post_with_a_known_number_has_its_place(rows: Rows, ask: SimpleNamespace, seed: int):
    rows.save(*random_posts(seed))
    found = ask.posts.top_by_reach(limit=1000)
    assert ids(found) == by_reach(rows.posts)
    reaches = {post.id: post.reach for post in rows.posts}
    assert all(row.reach == reaches[row.id] for row in found)
    reddit = [post for post in rows.posts if post.platform == "reddit"]
    assert ids(ask.posts.top_by_reach("reddit", limit=1000)) == by_reach(reddit)
    recent = [post for post in rows.posts if post.scraped_at > NOW - 7 * DAY]
    assert ids(ask.posts.top_by_reach(days=7, limit=1000)) == by_reach(recent)


@pytest.mark.parametrize("seed", SEEDS)
def test_popular_posts_are_of_the_last_24_hours_with_many_views(rows: Rows, ask: SimpleNamespace, seed: int):
    rows.save(*random_posts(seed, count=200, days=2))
    refresh(rows.database)
    recent = [post for post in rows.posts if post.scraped_at > A_DAY_AGO]
    expected = by_rate([post for post in recent if (post.views or 0) > 1000])
    assert len(expected) > 3
    assert ids(ask.posts.popular(limit=1000)) == expected
    assert ids(ask.posts.popular_by_reach(limit=1000)) == by_reach(recent)


def test_popular_ends_at_24_hours_and_begins_above_1000_views(rows: Rows, ask: SimpleNamespace):
    just = timedelta(microseconds=1)
    edge = rows.post("youtube", Reading(A_DAY_AGO, 5000, 5))
    inside = rows.post("youtube", Reading(A_DAY_AGO + just, 5000, 5))
    few = rows.post("youtube", Reading(NOW, 1000, 5))
    enough = rows.post("youtube", Reading(NOW, 1001, 100))
    rows.post("youtube", Reading(NOW, 5000))
    rows.post("reddit", Reading(NOW, None, 5000))
    refresh(rows.database)
    assert ids(ask.posts.popular()) == [enough.id, inside.id]
    assert edge.id not in ids(ask.posts.popular_by_reach())
    assert few.id in ids(ask.posts.popular_by_reach())


def test_popular_stays_as_of_its_refresh(rows: Rows, ask: SimpleNamespace):
    rows.post("youtube", Reading(NOW, 5000, 5))
    assert len(ask.posts.popular()) == 0
    refresh(rows.database)
    assert len(ask.posts.popular()) == 1


def test_a_rate_of_exactly_the_least_asked_for_is_popular(rows: Rows, ask: SimpleNamespace):
    rows.post("youtube", Reading(NOW, 10_000, 1000))
    refresh(rows.database)
    assert len(ask.posts.popular(min_rate=0.1)) == 1
    assert len(ask.posts.popular(min_rate=0.1000001)) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_the_history_is_every_reading_in_the_order_of_time(rows: Rows, ask: SimpleNamespace, seed: int):
    rows.save(*random_posts(seed, count=20))
    for post in rows.posts:
        found = ask.posts.history(post.id)
        seen = [Reading(r.recorded_at, r.views, r.likes, r.comments, r.shares) for r in found]
        assert seen == post.readings
        assert [row.reach for row in found] == [reading.reach for reading in post.readings]
        assert [row.engagement_rate for row in found] == [
            replace(post, readings=[reading]).rate for reading in post.readings
        ]
        before = [None, *post.readings]
        expected = [velocity(*pair) for pair in zip(before, post.readings, strict=False)]
        assert [row.velocity_score for row in found] == pytest.approx(expected)


def refresh(database: Database) -> None:
    database.read(b"SELECT refresh_popular_content()")


@pytest.mark.parametrize("seed", [1, 2])
def test_the_latest_readings_are_the_end_of_the_history(rows: Rows, ask: SimpleNamespace, seed: int):
    rows.save(*random_posts(seed, count=20))
    for post in rows.posts:
        whole = list(ask.posts.history(post.id))
        for limit in (1, 3, 500):
            assert list(ask.posts.latest_readings(post.id, limit=limit)) == whole[-limit:]
    assert len(ask.posts.latest_readings(uuid4())) == len(ask.posts.latest_readings(post.id, limit=0)) == 0
    for limit in (-1, "9", True):
        with pytest.raises(InvalidInput, match="limit"):
            ask.posts.latest_readings(uuid4(), limit=limit)

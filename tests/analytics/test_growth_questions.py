"""Questions about growth, against plain Python: what gained, what went viral, when to post, how posts age."""

from __future__ import annotations

import statistics
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from tests.analytics.conftest import subjects
from tests.analytics.rows import DAY, HOUR, NOW, Post, Reading, Rows, random_posts, velocity
from viralforge.errors import InvalidInput
from viralforge.settings import Settings

SEEDS = (1, 2, 3)
START = NOW - DAY
JUST = timedelta(microseconds=1)
AGES = (0, 1, 3, 6, 12, 24, 48, 96, 168, 336, 720)


def gained(posts: list[Post], times: Fraction, start: datetime) -> list:
    """The formula: reach now ÷ reach at the last sighting at or before `start` is `times` or more."""
    found = []
    for post in posts:
        before = post.before(start)
        if before is not None and post.readings[-1].at > start and post.on_basis(before):
            grown = Fraction(post.reach, post.on_basis(before))
            if grown >= times:
                found.append((grown, post.id))
    return sorted(found, key=lambda pair: (-pair[0], pair[1]))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_gained_so_many_times_its_reach(rows: Rows, ask: SimpleNamespace, seed: int):
    rows.save(*random_posts(seed))
    for times, hours in ((10, 24), (1.1, 24), (2, 168), (1, 3)):
        expected = gained(rows.posts, Fraction(str(times)), NOW - timedelta(hours=hours))
        found = ask.posts.gained(times, hours=hours, limit=1000)
        assert expected
        assert [row.id for row in found] == [post for _, post in expected]
        for row, (grown, _) in zip(found, expected, strict=True):
            assert Fraction(row.reach, row.reach_before) == grown
            assert row.times == round(Decimal(row.reach) / row.reach_before, 3)


def test_exactly_tenfold_is_gained_and_one_view_less_is_not(rows: Rows, ask: SimpleNamespace):
    exactly = rows.post("youtube", Reading(START, 7), Reading(NOW, 70))
    rows.post("youtube", Reading(START, 7), Reading(NOW, 69))
    assert [row.id for row in ask.posts.gained(10)] == [exactly.id]


def test_a_sighting_at_the_start_of_the_window_is_before_it(rows: Rows, ask: SimpleNamespace):
    at_start = rows.post("youtube", Reading(START, 10), Reading(START + JUST, 50), Reading(NOW, 100))
    rows.post("youtube", Reading(START + JUST, 10), Reading(NOW, 100))
    [found] = ask.posts.gained(10)
    assert (found.id, found.seen_before_at, found.reach_before, found.reach) == (at_start.id, START, 10, 100)


def test_no_multiple_of_nothing_and_of_the_unknown(rows: Rows, ask: SimpleNamespace):
    rows.post("youtube", Reading(START, 0), Reading(NOW, 100))
    rows.post("youtube", Reading(START), Reading(NOW, 100))
    rows.post("youtube", Reading(START, None, 1), Reading(NOW, 100, 50))
    assert len(ask.posts.gained(1)) == 0


def test_a_sighting_without_the_number_is_passed_over(rows: Rows, ask: SimpleNamespace):
    rows.post("youtube", Reading(START - DAY, 5), Reading(START, None, 3), Reading(NOW, 100))
    assert ask.posts.gained(10)[0].reach_before == 5


def test_without_views_interactions_are_what_grows(rows: Rows, ask: SimpleNamespace):
    rows.post("reddit", Reading(START, None, 1, 1), Reading(NOW, None, 10, 10, 1))
    [found] = ask.posts.gained(10, platform="reddit")
    assert (found.reach_before, found.reach, found.times) == (2, 21, Decimal("10.5"))
    assert len(ask.posts.gained(10, platform="youtube")) == 0


def went_viral(posts: list[Post], start: datetime, share: Fraction, times: int, known: int) -> set:
    """The formula: fewer than 1% of the platform's posts grew more, and 10× the author's median."""
    by_author, growth = defaultdict(list), defaultdict(dict)
    for post in posts:
        if post.reach is not None:
            by_author[author(post)].append(post.reach)
        if post.readings[-1].at > start and (grown := growth_since(post, start)) is not None:
            growth[post.platform][post.id] = grown
    return {
        post.id
        for post in posts
        if (grown := growth[post.platform].get(post.id, 0)) > 0
        and sum(more > grown for more in growth[post.platform].values()) < share * len(growth[post.platform])
        and author(post)[1] is not None
        and len(reaches := by_author[author(post)]) >= known
        and post.reach >= times * statistics.median(reaches)
    }


def author(post: Post) -> tuple[str, str | None]:
    named = post.columns.get("author_id")
    return post.platform, post.columns.get("author") if named is None else named


def growth_since(post: Post, start: datetime) -> int | None:
    known = [post.on_basis(found) for found in post.readings if post.on_basis(found) is not None]
    if not known:
        return None
    before, published = post.before(start), post.columns.get("published_at")
    if before is not None:
        return post.reach - post.on_basis(before)
    return post.reach if published is not None and published > start else post.reach - known[0]


@pytest.mark.parametrize("seed", [*SEEDS, 4, 5])
def test_what_went_viral_is_by_the_formula(rows: Rows, seed: int):
    rows.save(*random_posts(seed, count=150))
    for share, times, known in (("0.01", 10, 5), ("0.2", 3, 2), ("0.25", 2, 1)):
        settings = Settings(
            viral_percentile=1 - float(share), viral_author_multiple=times, viral_author_posts=known
        )
        posts = subjects(rows.database, settings).posts
        found = posts.went_viral(limit=1000)
        assert {row.id for row in found} == went_viral(
            rows.posts, NOW - 7 * DAY, Fraction(share), times, known
        )
        assert [(-row.growth, row.id) for row in found] == sorted((-row.growth, row.id) for row in found)
        tiktok = [row for row in found if row.platform == "tiktok"]
        assert posts.went_viral("tiktok", limit=1000) == tiktok
    assert found


def usual(rows: Rows, number: int, author_id: str = "a", views: int = 10) -> None:
    rows.save(
        *(
            Post("youtube", f"{author_id}{at}", [Reading(NOW, views)], {"author_id": author_id})
            for at in range(number)
        )
    )


def test_a_surge_past_its_authors_median_is_viral_and_says_by_how_much(rows: Rows, ask: SimpleNamespace):
    usual(rows, 4)
    surge = rows.post("youtube", Reading(NOW - 8 * DAY, 50), Reading(NOW, 100), author_id="a")
    [found] = ask.posts.went_viral()
    assert (found.id, found.reach, found.growth) == (surge.id, 100, 50)
    assert (found.author_posts, found.author_median, found.author_times) == (5, 10, 10)


@pytest.mark.parametrize(("others", "reach"), [(3, 100), (4, 99)])
def test_with_four_posts_of_its_author_or_below_ten_times_it_is_not(
    rows: Rows, ask: SimpleNamespace, others: int, reach: int
):
    usual(rows, others)
    rows.post("youtube", Reading(NOW - 8 * DAY, 50), Reading(NOW, reach), author_id="a")
    assert len(ask.posts.went_viral()) == 0


def test_an_old_post_seen_for_the_first_time_has_gained_nothing_yet(rows: Rows, ask: SimpleNamespace):
    usual(rows, 5)
    rows.post("youtube", Reading(NOW, 10**9), author_id="a", published_at=NOW - 4000 * DAY)
    rows.post("youtube", Reading(NOW, 10**9), author_id="a")
    assert len(ask.posts.went_viral()) == 0


def test_a_post_published_in_the_period_has_gained_all_its_reach(rows: Rows, ask: SimpleNamespace):
    usual(rows, 5)
    rows.post("youtube", Reading(NOW, 1000), author_id="a", published_at=NOW - DAY)
    assert ask.posts.went_viral()[0].growth == 1000


def fresh(rows: Rows, author_id: str, views: int) -> Post:
    return rows.post("youtube", Reading(NOW, views), author_id=author_id, published_at=NOW - DAY)


def test_the_second_of_a_hundred_is_not_in_the_top_hundredth(rows: Rows, ask: SimpleNamespace):
    usual(rows, 48, "a")
    usual(rows, 50, "b")
    first, _second = fresh(rows, "a", 2000), fresh(rows, "b", 1999)
    assert [row.id for row in ask.posts.went_viral()] == [first.id]


def test_three_that_grew_alike_are_all_first_and_the_next_is_fourth(rows: Rows, ask: SimpleNamespace):
    usual(rows, 96, "a")
    usual(rows, 100, "b")
    alike = {fresh(rows, author_id, 2000).id for author_id in ("a", "b", "b")}
    fresh(rows, "b", 1999)
    assert {row.id for row in ask.posts.went_viral()} == alike


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu"])
def test_posting_times_are_hours_and_weekdays_of_the_zone(rows: Rows, ask: SimpleNamespace, zone: str):
    rows.save(*random_posts(6))
    times = defaultdict(list)
    for post in rows.posts:
        if (published := post.columns["published_at"]) is not None:
            local = published.astimezone(ZoneInfo(zone))
            times[local.isoweekday(), local.hour].append(post)
    found = ask.posts.posting_times(zone=zone)
    assert [(row.weekday, row.hour) for row in found] == sorted(times)
    for row in found:
        posts = times[row.weekday, row.hour]
        reaches = [post.reach for post in posts if post.reach is not None]
        rates = [post.rate for post in posts if post.rate is not None]
        assert row.posts == len(posts)
        assert row.median_reach == (statistics.median(reaches) if reaches else None)
        assert row.avg_engagement_rate == (pytest.approx(statistics.mean(rates)) if rates else None)


def test_a_zone_that_is_none_is_refused(ask: SimpleNamespace):
    with pytest.raises(InvalidInput, match="write UTC"):
        ask.posts.posting_times(zone="Mars/Phobos")
    with pytest.raises(InvalidInput, match="write UTC"):
        ask.crews.peak_times(zone="")


@pytest.mark.parametrize("seed", SEEDS)
def test_performance_by_age_is_the_median_of_readings(rows: Rows, ask: SimpleNamespace, seed: int):
    rows.save(*random_posts(seed))
    for days in (30, 5, None):
        check_performance(rows.posts, ask.posts.performance(days=days), days)


def check_performance(posts: list[Post], found, days: int | None) -> None:
    shares, velocities, readings = defaultdict(list), defaultdict(list), defaultdict(int)
    for post in posts:
        published = post.columns["published_at"]
        if published is None or len(post.readings) < 2 or (days and published <= NOW - days * DAY):
            continue
        for last, reading in zip([None, *post.readings], post.readings, strict=False):
            if reading.at < published:
                continue
            age = max(bound for bound in AGES if (reading.at - published) >= bound * HOUR)
            readings[age] += 1
            if post.reach and post.on_basis(reading) is not None:
                shares[age].append(post.on_basis(reading) / post.reach)
            if (speed := velocity(last, reading)) is not None:
                velocities[age].append(speed)
    assert [row.from_hours for row in found] == sorted(readings)
    for row in found:
        assert row.to_hours == next((bound for bound in AGES if bound > row.from_hours), None)
        assert row.readings == readings[row.from_hours]
        assert row.median_share == median(shares[row.from_hours])
        assert row.median_velocity == median(velocities[row.from_hours])


def median(values: list[float]):
    return pytest.approx(statistics.median(values)) if values else None


def test_a_post_gained_since_a_reading_that_was_its_last_to_tell_anything(rows: Rows, ask: SimpleNamespace):
    readings = Reading(NOW - 3 * DAY, None, 999), Reading(NOW - 2 * DAY, None, None, 1), Reading(NOW)
    post = rows.post("reddit", *readings)
    (found,) = ask.posts.gained(10, hours=24)
    assert (found.id, found.reach_before, found.reach, found.times) == (post.id, 1, 1000, 1000)

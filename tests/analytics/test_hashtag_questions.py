"""Questions about hashtags, against plain Python."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tests.analytics.rows import DAY, NOW, Post, Reading, Rows, random_posts
from viralforge.db.pool import Database

WEEK = NOW - 7 * DAY


def uses(posts: list[Post]) -> dict[tuple[str, str], list[Post]]:
    found = defaultdict(list)
    for post in posts:
        for tag in post.columns.get("hashtags") or []:
            found[tag, post.platform].append(post)
    return found


def numbers(posts: list[Post]) -> tuple:
    views = [post.views for post in posts if post.views is not None]
    rates = [post.rate for post in posts if post.rate is not None]
    return len(posts), sum(views) if views else None, mean(rates)


def mean(values: list[Decimal]):
    return pytest.approx(sum(values) / len(values), abs=Decimal("1e-12")) if values else None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_trending_hashtags_are_counted_by_platform_over_seven_days(
    rows: Rows, ask: SimpleNamespace, still: Database, seed: int
):
    rows.save(*random_posts(seed))
    expected = uses([post for post in rows.posts if post.scraped_at > WEEK])
    found = ask.hashtags.trending(limit=1000)
    order = sorted(expected, key=lambda key: (-len(expected[key]), key))
    assert [(row.hashtag, row.platform) for row in found] == order
    for row in found:
        assert row[2:] == numbers(expected[row.hashtag, row.platform])
    assert still.read(b"SELECT * FROM v_trending_hashtags") == [tuple(row) for row in found]
    youtube = [row for row in found if row.platform == "youtube"]
    assert ask.hashtags.trending("youtube", limit=1000) == youtube
    assert ask.hashtags.trending(limit=2) == found[:2]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hashtags_across_platforms_are_held_against_the_week_before(
    rows: Rows, ask: SimpleNamespace, seed: int
):
    rows.save(*random_posts(seed))
    now, before = defaultdict(list), defaultdict(int)
    for (tag, _), posts in uses(rows.posts).items():
        now[tag] += [post for post in posts if post.scraped_at > WEEK]
        before[tag] += sum(NOW - 14 * DAY < post.scraped_at <= WEEK for post in posts)
    across = {tag: posts for tag, posts in now.items() if len({post.platform for post in posts}) > 1}
    found = ask.hashtags.across_platforms()
    assert [row.hashtag for row in found] == sorted(across, key=lambda tag: (-len(across[tag]), tag))
    for row in found:
        posts = across[row.hashtag]
        assert row.platforms == sorted({post.platform for post in posts})
        assert (row.post_count, row.total_views, row.avg_engagement_rate) == numbers(posts)
        assert row.post_count_before == before[row.hashtag]
        grown = round(Decimal(len(posts)) / before[row.hashtag] - 1, 4) if before[row.hashtag] else None
        assert row.change == grown


def test_a_post_first_seen_exactly_a_week_ago_trends_no_more(rows: Rows, ask: SimpleNamespace):
    rows.post("youtube", Reading(WEEK, 5), Reading(NOW, 500), hashtags=["ai"])
    assert len(ask.hashtags.trending()) == 0


def test_a_hashtag_on_one_platform_is_not_across_platforms(rows: Rows, ask: SimpleNamespace):
    rows.post("youtube", hashtags=["soup"])
    rows.post("tiktok", Reading(WEEK), hashtags=["soup"])
    assert len(ask.hashtags.across_platforms()) == 0


def test_unknown_views_and_rates_stay_unknown(rows: Rows, ask: SimpleNamespace):
    rows.post("reddit", Reading(NOW, None, 5), hashtags=["ai"])
    assert tuple(ask.hashtags.trending()[0]) == ("ai", "reddit", 1, None, None)
    rows.post("reddit", Reading(NOW, 0, 5), hashtags=["ai"])
    assert tuple(ask.hashtags.trending()[0]) == ("ai", "reddit", 2, 0, None)

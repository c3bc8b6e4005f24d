"""What a model reads of the warehouse is short, and says where it comes from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from viralforge.agents import brief
from viralforge.warehouse import DataWarehouse


@pytest.fixture
def told(warehouse: DataWarehouse) -> DataWarehouse:
    """A hundred posts, of which the last took off."""
    now = datetime.now(UTC)
    long = "soup " * 100
    posts = [
        {"platform": "x", "external_id": f"{n}", "title": f"{n} {long}", "author": "somebody" * 10,
         "views": 10 * n, "likes": n, "hashtags": ["soup", f"tag{n}"],
         "observed_at": now - timedelta(hours=30),
         "published_at": now - timedelta(days=1)}
        for n in range(1, 101)
    ]  # fmt: skip
    warehouse.bulk_save_scraped_posts(posts)
    warehouse.bulk_save_scraped_posts(
        [posts[-1] | {"views": 50_000, "observed_at": now - timedelta(hours=1)}]
    )
    return warehouse


def test_every_answer_is_short_and_names_its_sources(told) -> None:
    answers = [
        brief.trending_hashtags(told, limit=100), brief.top_posts(told, limit=100), brief.took_off(told),
        brief.search_posts(told, "soup", limit=100), brief.post_history(told, ("x", "100")),
    ]  # fmt: skip
    for answer in answers:
        assert len(answer) < 4_300
        assert all(len(line) <= 170 for line in answer.splitlines())
    assert "#soup (twitter): 100 posts" in answers[0]
    assert "[twitter 100]" in answers[1] and "50.0k reach" in answers[1]
    assert "50.0× to 50.0k" in answers[2]
    assert answers[3].endswith("- …")
    assert answers[4].startswith("2 readings of 100 soup")


def test_what_is_known_says_how_fresh_it_is(told) -> None:
    assert brief.what_is_known(told, "soup") == (
        "Stored about “soup”:\n"
        "- twitter: 100 posts, 99.5k reach in all, newest 24 hours ago, read last 1 hours ago"
    )
    assert brief.what_is_known(told, "bread") == "Stored about “bread”: nothing: ask the platforms."


def test_what_is_not_there_is_said(warehouse) -> None:
    assert brief.post_history(warehouse, ("x", "1")) == "This post is not in the warehouse."
    assert brief.top_posts(warehouse) == "Widest reach of the last 7 days: nothing."

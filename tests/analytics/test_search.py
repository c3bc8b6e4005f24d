"""Search finds posts by their words, in a language's forms, by hashtag, platform and time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from viralforge.errors import InvalidInput
from viralforge.warehouse import DataWarehouse

POSTS = [
    {"platform": "x", "external_id": "1", "title": "Running in the rain", "views": 10, "language": "en"},
    {"platform": "x", "external_id": "2", "title": "She runs a soup kitchen", "views": 90,
     "hashtags": ["soup"]},
    {"platform": "reddit", "external_id": "abc", "title": "Soup soup soup", "likes": 5,
     "published_at": "2026-01-02T00:00Z"},
    {"platform": "reddit", "external_id": "abd", "title": "Brot", "description": "Die Suppe war gut",
     "language": "de", "published_at": "2026-02-02T00:00Z"},
]  # fmt: skip


@pytest.fixture
def searched(warehouse: DataWarehouse) -> DataWarehouse:
    warehouse.bulk_save_scraped_posts(POSTS)
    return warehouse


@pytest.mark.parametrize(
    ("query", "filters", "found"),
    [
        ("soup", {}, ["abc", "2"]), ("SOUP", {}, ["abc", "2"]), ("soup -kitchen", {}, ["abc"]),
        ('"soup kitchen"', {}, ["2"]), ("rain or brot", {}, ["1", "abd"]), ("running", {}, ["1"]),
        ("running", {"forms": "en"}, ["2", "1"]), ("soups", {"forms": "en"}, ["abc", "2"]),
        ("suppen", {"forms": "de"}, ["abd"]), ("suppen", {}, []), ("the", {"forms": "en", "limit": 1}, ["2"]),
        ("soup", {"platform": "x"}, ["2"]), ("", {"hashtag": "#SOUP"}, ["2"]),
        ("", {"language": "de"}, ["abd"]),
        ("", {"since": datetime(2026, 2, 1, tzinfo=UTC)}, ["abd"]),
        ("", {"until": datetime(2026, 2, 1, tzinfo=UTC)}, ["abc"]), ("nowhere", {}, []),
        ("it's & | ! ( ' :* \\x00", {}, []), ("o'clock's", {"forms": "en"}, []),
    ],
)  # fmt: skip
def test_posts_are_found_by_words_and_filters(searched, query, filters, found) -> None:
    assert [post.external_id for post in searched.search.posts(query, **filters)] == found


def test_what_was_erased_is_not_found(searched, database) -> None:
    database.change(b"UPDATE viralforge.scraped_posts SET erased_at = now() WHERE external_id = '2'")
    assert [post.external_id for post in searched.search.posts("soup")] == ["abc"]


def test_what_is_known_of_a_topic_is_told_with_its_age(searched) -> None:
    known = {row.platform: (row.posts, row.reach) for row in searched.search.known("#soup")}
    assert known == {"twitter": (1, 90), "reddit": (1, 5)}
    assert searched.search.known("bread") == []


def test_a_search_that_cannot_be_is_refused(searched) -> None:
    for wrong in (
        {"query": "x" * 1_001}, {"query": "x", "forms": "xx"}, {"query": "x", "platform": "myspace"},
        {"query": "x", "limit": -1},
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            searched.search.posts(**wrong)

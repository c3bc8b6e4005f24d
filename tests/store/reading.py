"""What the warehouse holds, read with plain SQL and set beside what an oracle says it must hold."""

from __future__ import annotations

import time
from collections.abc import Collection
from fractions import Fraction
from typing import Any
from uuid import UUID

from tests.store import plain
from tests.store.oracle import CONTENT, Oracle, engagement_rate
from viralforge.db.pool import Database
from viralforge.store.rollups import RollupStore

POSTS = f"""
SELECT id, {", ".join(CONTENT)}, engagement_rate, scraped_at, last_scraped_at, sightings
FROM viralforge.scraped_posts WHERE %(ids)s::uuid[] IS NULL OR id = ANY(%(ids)s)
"""
HISTORY = b"""
SELECT scraped_post_id, recorded_at, ARRAY[views, likes, comments, shares, retweets, saves],
       engagement_rate, velocity_score
FROM viralforge.post_metrics_history WHERE %(ids)s::uuid[] IS NULL OR scraped_post_id = ANY(%(ids)s)
ORDER BY scraped_post_id, recorded_at
"""
PACES = b"""
SELECT id, growth, velocity_score FROM viralforge.v_posts WHERE %(ids)s::uuid[] IS NULL OR id = ANY(%(ids)s)
"""
SOURCES = b"SELECT trend_id, scraped_post_id, relevance_score FROM viralforge.trend_sources"
WAITING = b"""
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
DAILY = b"""
SELECT date, platform, posts_scraped, total_views, avg_views, avg_engagement_rate
FROM viralforge.v_daily_scraping_stats
"""


def assert_equal(database: Database, oracle: Oracle, ids: Collection[UUID] | None = None) -> None:
    """Holds posts and their history, those of `ids` or all, against the oracle's."""
    given = {"ids": None if ids is None else list(ids)}
    found, wanted = _posts(database, given), _wanted_posts(oracle)
    assert found.keys() == wanted.keys()
    for known, post in wanted.items():
        assert {name: (found[known][name], it) for name, it in post.items() if found[known][name] != it} == {}
    history: dict[UUID, list[Any]] = {}
    for known, at, numbers, rate, pace in database.read(HISTORY, given):
        history.setdefault(known, []).append((at, tuple(numbers), _exact(rate), pace))
    assert history == {known: seen.readings() for known, seen in oracle.posts.items()}
    paces = {known: tuple(pace) for known, *pace in database.read(PACES, given)}
    assert paces == {known: (seen.growth(), seen.readings()[-1][3]) for known, seen in oracle.posts.items()}


def _posts(database: Database, given: dict[str, Any]) -> dict[UUID, dict[str, Any]]:
    names = ("id", *CONTENT, "engagement_rate", "scraped_at", "last_scraped_at", "sightings")
    found = {}
    for row in database.read(POSTS.encode(), given):
        post = dict(zip(names, row, strict=True))
        post["engagement_rate"] = _exact(post["engagement_rate"])
        found[post.pop("id")] = post
    return found


def _wanted_posts(oracle: Oracle) -> dict[UUID, dict[str, Any]]:
    return {
        known: seen.content
        | {
            "engagement_rate": engagement_rate(seen.numbers), "scraped_at": seen.scraped_at,
            "last_scraped_at": max(seen.history), "sightings": len(seen.history),
        }
        for known, seen in oracle.posts.items()
    }  # fmt: skip


def assert_all_equal(database: Database, oracle: Oracle) -> None:
    """Holds all there is against the oracle's: posts, history, sources and the daily view."""
    assert_equal(database, oracle)
    sources: dict[int, dict[UUID, float | None]] = {}
    for trend, post, score in database.read(SOURCES):
        sources.setdefault(trend, {})[post] = score
    assert sources == {trend: found for trend, found in oracle.trends.items() if found}
    daily = {(row[0], row[1]): row[2:] for row in database.read(DAILY)}
    wanted = oracle.daily()
    assert {key: (row[0], _exact(row[1])) for key, row in daily.items()} == {
        key: row[:2] for key, row in wanted.items()
    }
    for key, row in daily.items():
        for mean, exact in zip(row[2:], wanted[key][2:], strict=True):
            assert (mean is None) == (exact is None)
            assert mean is None or abs(Fraction(mean) - exact) <= abs(exact) / 10**12
    assert_rollups_exact(database)


def assert_rollups_exact(database: Database) -> None:
    """Holds the views and questions on rollups against what they mean, and asks the check as well."""
    plain.assert_post_views_plain(database)
    plain.assert_event_views_plain(database)
    assert RollupStore(database).check() == []


def _exact(number: Any) -> Any:
    return None if number is None else Fraction(number)


def everything(database: Database) -> str:
    """All rows of all our tables as text."""
    tables = database.read(
        b"SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'viralforge'::regnamespace"
        b" AND relkind IN ('r', 'm')"
    )
    asked = " UNION ALL ".join(f"SELECT kept::text FROM viralforge.{name} AS kept" for (name,) in tables)
    return "\n".join(row[0] for row in database.read(asked.encode()))


def wait_for_a_lock(database: Database, waiters: int = 1) -> None:
    """Returns once so many in this database wait for what another holds."""
    deadline = time.monotonic() + 30
    while database.read(WAITING)[0][0] < waiters:
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.01)

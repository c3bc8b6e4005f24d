"""The growth of sources since their trends were called, also once the readings of then have left."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from tests.analytics.rows import DAY, HOUR, NOW, Post, Reading, Rows, random_posts
from viralforge.store.trends import TrendStore


def remove(rows: Rows, first: datetime, last: datetime) -> None:
    """Takes readings away as the archive does, with their months."""
    with rows.database.connection() as connection:
        connection.execute(
            "DELETE FROM post_metrics_history WHERE recorded_at >= %s AND recorded_at < %s", [first, last]
        )


def kept(rows: Rows) -> dict[tuple[int, Any], int | None]:
    found = rows.database.read(b"SELECT trend_id, scraped_post_id, reach_then FROM trend_sources")
    return {(trend, post): reach for trend, post, reach in found}


def called(rows: Rows, seed: int) -> list[tuple[int, datetime, Post]]:
    """Sources of trends that were called before, between and after the readings of their posts."""
    rng, links = Random(seed), []
    rows.save(*random_posts(seed))
    for number in range(8):
        run = rows.execution(rng.choice("ab"))
        rows.call(run, rng.choice(("scout", "critic")))
        at = rng.choice([NOW - rng.randrange(1, 20) * DAY + rng.random() * HOUR, NOW])
        trend = rows.trend(str(number), crew_execution_id=run, created_at=at)
        for post in rng.sample(rows.posts, 12):
            rows.source(trend, post, rng.choice((None, 0.25, 0.5, 1.0)))
            links.append((trend, at, post))
    return links


@pytest.mark.parametrize("seed", range(4))
def test_growth_is_the_same_once_what_was_reached_is_kept_and_the_readings_are_gone(
    rows: Rows, ask: SimpleNamespace, seed: int
) -> None:
    links, store = called(rows, seed), TrendStore(rows.database)

    def answers() -> list[Any]:
        trends = sorted({trend for trend, _at, _post in links})
        asked = (ask.trends.quality(), ask.crews.agents(), ask.impact.relevance(days=30))
        return [
            tuple(round(value, 9) if isinstance(value, float) else value for value in row)
            for rows in (*asked, *map(ask.impact.sources, trends))
            for row in rows
        ]

    before = answers()
    assert ask.trends.quality()[0].measured_sources > 40
    edges = [NOW - 60 * DAY, NOW - 12 * DAY, NOW - 5 * DAY, NOW + HOUR]
    for first, last in pairwise(edges):
        then = {
            (trend, post.id): reading
            for trend, at, post in links
            if (reading := post.before(at)) and first <= reading.at < last
        }
        wanted = {key: reach for key, reach in kept(rows).items() if reach is not None}
        assert store.keep_reach_then(first, last) == len(then)
        wanted |= {(trend, post.id): post.on_basis(then[trend, post.id]) for trend, _at, post in links
                   if (trend, post.id) in then}  # fmt: skip
        assert {key: reach for key, reach in kept(rows).items() if reach is not None} == wanted
        assert store.keep_reach_then(first, last) == 0
        remove(rows, first, last)
        assert answers() == before


def test_what_was_kept_goes_before_a_reading_that_is_there(rows: Rows, ask: SimpleNamespace) -> None:
    trend = rows.trend(created_at=NOW)
    rows.source(trend, rows.post("youtube", Reading(NOW - DAY, 100), Reading(NOW + HOUR, 300)))
    rows.database.change(b"UPDATE trend_sources SET reach_then = 50")
    assert ask.impact.sources(trend)[0].times == 6
    remove(rows, NOW - DAY, NOW)
    assert ask.impact.sources(trend)[0].times == 6


def test_a_reading_that_does_not_tell_the_reach_is_passed_over(rows: Rows, ask: SimpleNamespace) -> None:
    trend = rows.trend(created_at=NOW)
    known, silent = Reading(NOW - 2 * DAY, likes=10), Reading(NOW - DAY)
    rows.source(trend, rows.post("reddit", known, silent, Reading(NOW + HOUR, likes=30)), 0.5)
    assert (ask.impact.sources(trend)[0].reach_then, ask.impact.sources(trend)[0].times) == (10, 3)
    assert ask.trends.quality()[0].median_growth == 3

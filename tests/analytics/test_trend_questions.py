"""Questions about trends: their sources, their cost, their quality."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest

from tests.analytics.rows import DAY, HOUR, NOW, Reading, Rows, random_posts
from viralforge.errors import UnknownRecord


def test_the_latest_trends_come_first_with_their_sources_counted(rows: Rows, ask: SimpleNamespace):
    old = rows.trend("Soup", created_at=NOW - DAY)
    new = rows.trend("AI tools", hashtags=["ai"], hotness=83)
    rows.source(new, rows.post(), 0.95)
    rows.source(new, rows.post(), 0.0)
    rows.source(new, rows.post(), None)
    found = ask.trends.list()
    assert [trend.id for trend in found] == [new, old]
    assert (found[0].sources, found[0].avg_relevance, found[0].hotness) == (3, Decimal("0.475"), 83)
    assert (found[1].sources, found[1].avg_relevance, found[1].hotness) == (0, None, None)
    assert ask.trends.get(new) == found[0]
    assert ask.trends.get(new + 100) is None


@pytest.mark.parametrize("query", ["tool", "AI T", "#Ai", "ai", "100%", "GADGET"])
def test_trends_are_found_by_part_of_a_text_or_by_hashtag(rows: Rows, ask: SimpleNamespace, query: str):
    wanted = rows.trend("AI tools", hashtags=["ai"], description="100% gadgets", category="tech")
    rows.trend("Soup", hashtags=["chairs"], description="1000 recipes")
    assert [trend.id for trend in ask.trends.list(query=query)] == [wanted]


def test_trends_of_a_platform_leave_out_those_across_platforms(rows: Rows, ask: SimpleNamespace):
    wanted = rows.trend(platform="youtube")
    rows.trend(platform=None)
    assert [trend.id for trend in ask.trends.list("YouTube")] == [wanted]


def test_why_a_trend_was_called_the_most_relevant_source_first(rows: Rows, ask: SimpleNamespace):
    trend = rows.trend("AI tools")
    posts = [rows.post("youtube", Reading(NOW, views)) for views in (1, 2, 3, 4)]
    reddit = rows.post("reddit", Reading(NOW, None, 5))
    for post, relevance in zip([*posts, reddit], (0.5, 0.95, None, 0.0, 0.5), strict=True):
        rows.source(trend, post, relevance)
    found = ask.trends.sources(trend)
    assert [row.relevance_score for row in found] == [0.95, 0.5, 0.5, 0.0, None]
    assert [row.id for row in found] == [posts[1].id, reddit.id, posts[0].id, posts[3].id, posts[2].id]
    assert ask.trends.sources("ai TOOLS ", platform="youtube") == [
        row for row in found if row.platform == "youtube"
    ]
    assert ask.trends.sources(rows.trend("Soup")) == []


def test_a_trend_that_is_not_there_is_said_so(rows: Rows, ask: SimpleNamespace):
    with pytest.raises(UnknownRecord, match="no trend is called 'AI'"):
        ask.trends.sources("AI")
    with pytest.raises(UnknownRecord, match="no trend with id 7"):
        ask.trends.sources(7)


def test_a_title_that_stands_for_several_trends_names_their_ids(rows: Rows, ask: SimpleNamespace):
    ids = [rows.trend("AI tools"), rows.trend("ai tools")]
    with pytest.raises(UnknownRecord, match=f"2 trends .* by its id: {ids[0]}, {ids[1]}"):
        ask.trends.sources("AI Tools")


def test_the_cost_of_a_trend_is_its_executions_shared_out(rows: Rows, ask: SimpleNamespace):
    three = rows.execution(cost_usd=Decimal("0.01"), trends_discovered=9)
    shared = [rows.trend(crew_execution_id=three) for _ in range(3)]
    unpriced = rows.trend(crew_execution_id=rows.execution(cost_usd=None))
    orphan = rows.trend(crew_execution_id=999)
    free = rows.trend(crew_execution_id=rows.execution(cost_usd=0))
    unnamed = rows.trend()
    found = {trend.id: trend for trend in ask.trends.costs()}
    assert {found[trend].cost_usd for trend in shared} == {Decimal("0.003333333")}
    assert {found[trend].execution_trends for trend in shared} == {3}
    assert [found[trend].cost_usd for trend in (unpriced, orphan, unnamed)] == [None, None, None]
    assert found[free].cost_usd == 0
    assert list(found) == sorted(found, reverse=True)


def test_the_mean_cost_counts_rows_and_the_logged_number_only_without_rows(rows: Rows, ask: SimpleNamespace):
    two = rows.execution("discovery", cost_usd=Decimal("0.5"), trends_discovered=50)
    for _ in range(2):
        rows.trend(crew_execution_id=two)
    rows.execution("discovery", cost_usd=Decimal("0.3"), trends_discovered=2)
    rows.execution("discovery", cost_usd=Decimal("7"), trends_discovered=0)
    rows.trend(crew_execution_id=rows.execution("creation", cost_usd=None))
    rows.trend(crew_execution_id=None)
    everything, *crews = ask.trends.cost_summary()
    assert everything == (True, None, 6, 2, Decimal("0.8"), Decimal("0.2"))
    assert crews == [
        (False, "discovery", 4, 0, Decimal("0.8"), Decimal("0.2")),
        (False, "creation", 1, 1, None, None),
        (False, None, 1, 1, None, None),
    ]


def test_the_cost_of_a_free_run_is_zero_and_not_unknown(rows: Rows, ask: SimpleNamespace):
    rows.execution(cost_usd=0, trends_discovered=2)
    assert ask.trends.cost_summary()[0].cost_per_trend == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_quality_holds_relevance_against_later_growth(rows: Rows, ask: SimpleNamespace, seed: int):
    rng = Random(seed)
    rows.save(*random_posts(seed))
    trends, links = defaultdict(set), defaultdict(list)
    for number in range(8):
        crew = rng.choice(("discovery", "creation", None))
        called = NOW - timedelta_days(rng)
        execution = rows.execution(crew) if crew else None
        trend = rows.trend(str(number), crew_execution_id=execution, created_at=called)
        trends[crew].add(trend)
        for post in rng.sample(rows.posts, rng.randrange(12)):
            relevance = rng.choice((None, 0.0, 0.25, 0.5, 1.0))
            rows.source(trend, post, relevance)
            before = post.before(called)
            known = before is not None and post.on_basis(before)
            links[crew].append((relevance, post.reach / post.on_basis(before) if known else None))
    everything, *crews = ask.trends.quality()
    assert everything.overall
    together = [pair for each in links.values() for pair in each]
    check_quality(everything, set().union(*trends.values()), together)
    assert {row.crew_type for row in crews} == set(trends)
    for row in crews:
        check_quality(row, trends[row.crew_type], links[row.crew_type])


def timedelta_days(rng: Random):
    return rng.choice((1, 3, 9)) * DAY + rng.random() * HOUR


def check_quality(row, trends: set[int], links: list[tuple]) -> None:
    scored = [relevance for relevance, _ in links if relevance is not None]
    grown = [growth for _, growth in links if growth is not None]
    pairs = [(relevance, math.log(growth)) for relevance, growth in links if relevance is not None and growth]
    assert (row.trends, row.measured_sources) == (len(trends), len(grown))
    assert float(row.avg_sources) == pytest.approx(len(links) / len(trends), abs=0.001)
    assert row.avg_relevance == (pytest.approx(Decimal(statistics.mean(scored))) if scored else None)
    assert row.median_growth == (pytest.approx(statistics.median(grown)) if grown else None)
    if len({relevance for relevance, _ in pairs}) > 1 and len({growth for _, growth in pairs}) > 1:
        assert row.relevance_fit == pytest.approx(statistics.correlation(*zip(*pairs, strict=True)))


def test_a_relevance_that_foretells_growth_fits_and_its_reverse_does_not(rows: Rows, ask: SimpleNamespace):
    well, badly = (rows.trend(crew_execution_id=rows.execution(crew)) for crew in ("good", "poor"))
    for relevance, times in ((0.1, 1), (0.5, 10), (0.9, 100)):
        post = rows.post("youtube", Reading(NOW - HOUR, 10), Reading(NOW + HOUR, 10 * times))
        rows.source(well, post, relevance)
        rows.source(badly, post, 1 - relevance)
    fits = {row.crew_type: row.relevance_fit for row in ask.trends.quality()}
    assert fits["good"] == pytest.approx(1)
    assert fits["poor"] == pytest.approx(-1)

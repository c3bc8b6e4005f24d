"""What is planted holds by the formulas, computed here in plain Python from the stream alone."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from viralforge.model.crew import CrewCall, CrewExecution, ScrapeJob
from viralforge.model.event import AppEvent
from viralforge.model.ids import PLATFORMS, post_id
from viralforge.model.trend import Trend
from viralforge.simulate.damaged import damaged
from viralforge.simulate.truth import Truth, reach
from viralforge.simulate.visits import STAGES
from viralforge.simulate.world import World

NOW = datetime(2025, 6, 15, 12, 30, tzinfo=UTC)
END = NOW.replace(minute=0)
WEEK = END - timedelta(days=7)


def went_viral(truth: Truth, platform: str) -> set:
    """The formula: top 1% by reach gained in the week, and 10× the author's median of five or more posts."""
    posts = {known: track for known, track in truth.tracks.items() if track.platform == platform}
    by_author = defaultdict(list)
    for track in posts.values():
        by_author[track.author_id].append(track.reach)
    growth = {known: track.reach - track.week_ago for known, track in posts.items() if track.last_seen > WEEK}
    top = sorted(growth, key=growth.__getitem__, reverse=True)[: len(growth) // 100]
    return {
        known
        for known in top
        if len(reaches := by_author[posts[known].author_id]) >= 5
        and posts[known].reach >= 10 * statistics.median(reaches)
    }


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_posts_planted_to_go_viral_did_by_the_formula(told: Any, platform: str):
    planted = told.truth.viral(platform)
    assert planted <= went_viral(told.truth, platform)
    assert len(planted) == (4 if platform == "youtube" else 2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hardly_any_other_post_went_viral(seed: int):
    world = World(8_200, seed=seed, now=NOW)
    truth = Truth.of(world)
    for _answer in truth.watch(world.answers()):
        pass
    found = set().union(*(went_viral(truth, platform) for platform in PLATFORMS))
    assert truth.viral() <= found
    assert len(found - truth.viral()) <= 3


def test_earlier_viral_posts_are_known_too(told: Any):
    assert len(told.truth.viral("reddit", days=60)) == 4


def test_only_planted_surges_gained_tenfold_in_a_day(told: Any):
    surges = {
        post_id(found.post.platform, found.post.external_id)
        for found in told.truth.planted
        if found.kind == "surge"
    }
    gained = told.truth.gained(10)
    assert gained.keys() == surges
    assert all(12 < times < 30 for times in gained.values())


def test_surges_take_off_within_the_last_day_and_are_seen_before_and_after(told: Any):
    for found in told.truth.planted:
        history = told.truth.histories[post_id(found.post.platform, found.post.external_id)]
        assert history[0][0] < found.takes_off_at < history[-1][0]
        if found.kind == "surge":
            assert END - timedelta(days=1) < found.takes_off_at
            assert history[-1][0] > END - timedelta(minutes=30)


def test_the_planted_hashtags_are_the_five_most_used_of_the_last_week(told: Any):
    uses: Counter[str] = Counter()
    for (_platform, tag), count in told.truth.tag_posts.items():
        uses[tag] += count
    assert {tag for tag, _ in uses.most_common(5)} == {planted.tag for planted in told.truth.trending}


def test_each_planted_hashtag_trends_on_its_platforms_and_nowhere_else(told: Any):
    for planted in told.truth.trending:
        found = {platform for platform in PLATFORMS if told.truth.tag_posts[platform, planted.tag]}
        assert found == set(planted.platforms)
        assert len(found) >= 3


@pytest.mark.parametrize("platform", PLATFORMS)
def test_most_is_posted_in_the_planted_hour(told: Any, platform: str):
    assert told.truth.posting_hours[platform].most_common(1)[0][0] == told.truth.posting_peak(platform)


def test_enough_authors_have_five_posts_and_sizes_have_a_heavy_tail(told: Any):
    posts = Counter((track.platform, track.author_id) for track in told.truth.tracks.values())
    assert sum(count >= 5 for count in posts.values()) > 0.4 * len(posts)
    views = sorted(track.reach for track in told.truth.tracks.values() if track.platform == "youtube")
    assert sum(views[-len(views) // 100 :]) > 0.2 * sum(views)


def test_reach_is_never_zero_so_that_growth_is_always_defined(told: Any):
    assert all(track.reach >= 1 for track in told.truth.tracks.values())
    assert reach((None, None, None, None, None, None)) == 0


def test_jobs_say_what_the_stream_brought(told: Any):
    daily = [job for job in told.truth.jobs if job.day >= 0]
    for platform in PLATFORMS:
        jobs = [job for job in daily if job.platform == platform]
        assert sum(job.found for job in jobs) == told.truth.sightings[platform]
        assert sum(job.new for job in jobs) == sum(
            track.platform == platform for track in told.truth.tracks.values()
        )
        assert all(job.errors <= job.requests for job in jobs)
    assert sum(job.requests - job.errors for job in daily) == told.truth.pages
    assert {job.cost_usd is None for job in daily} == {True, False}
    assert 0.005 < told.truth.error_rate() < 0.05


def test_the_best_crew_and_agent_are_best_per_run_and_per_dollar(told: Any):
    crews, agents = told.truth.crew_yields(), told.truth.agent_yields()
    best = crews[told.truth.best_crew]
    for name, other in crews.items():
        if name != told.truth.best_crew:
            assert best.trends / best.runs > 3 * other.trends / other.runs
            assert best.trends / best.run_usd > 3 * other.trends / other.run_usd
    best = agents[told.truth.best_agent]
    for name, other in agents.items():
        if name != told.truth.best_agent:
            assert best.trends / best.runs > 1.3 * other.trends / other.runs
            assert best.trends / best.run_usd > 13 * other.trends / (10 * other.run_usd)
            assert best.trends / best.own_usd > 13 * other.trends / (10 * other.own_usd)


def test_executions_have_every_status_and_some_unknown_costs(told: Any):
    runs = told.truth.executions
    assert {run.status for run in runs} == {"running", "completed", "failed", "stale"}
    unknown = sum(run.cost_usd is None for run in runs)
    assert 0 < unknown < len(runs) // 5
    assert any(not call["ok"] for run in runs for call in run.calls)
    assert any(run.logged_trends and not run.trends for run in runs)
    costs = [told.truth.cost_of_trend(trend) for trend in told.truth.trends]
    assert any(cost for cost in costs)


def test_every_trend_belongs_to_a_run_that_counts_it(told: Any):
    rows = Counter(id(trend.execution) for trend in told.truth.trends)
    assert all(rows[id(run)] == run.trends for run in told.truth.executions)
    assert len({trend.title for trend in told.truth.trends}) == len(told.truth.trends)


def test_sources_were_seen_before_the_trend_was_called(told: Any):
    scores = []
    for trend in told.truth.trends:
        assert len(trend.sources) == len(trend.relevance) == len(set(trend.sources))
        scores += trend.relevance
        assert all(told.truth.tracks[known].first_seen < trend.created_at for known in trend.sources)
    assert None in scores
    assert 0.0 in scores
    assert all(score is None or 0 <= score <= 1 for score in scores)
    assert any(trend.planted for trend in told.truth.trends)


def test_the_funnel_is_the_planted_one_and_nested(told: Any):
    assert told.truth.funnel() == dict(zip(STAGES, (184, 124, 76, 36), strict=True))
    assert told.truth.funnel(days=30) == told.truth.funnel()
    for counts in told.truth.user_funnel().values():
        assert list(counts) == sorted(counts, reverse=True)


def test_events_stay_in_the_period_and_away_from_its_edges(told: Any):
    assert 0.8 * 15_000 < len(told.events) < 1.2 * 15_000
    for event in told.events:
        assert END - timedelta(days=60) < event["created_at"] < END
        for days in (1, 7, 30):
            away = event["created_at"] - (END - timedelta(days=days))
            assert not timedelta(0) <= away < timedelta(hours=2)
    assert len({event["event_id"] for event in told.events}) == len(told.events)


def test_traced_events_name_a_trend_that_was_already_called(told: Any):
    created = {trend.trend_id: trend.created_at for trend in told.truth.trends}
    traced = [event for event in told.events if "trend_id" in event["properties"]]
    assert all(created[event["properties"]["trend_id"]] < event["created_at"] for event in traced)
    assert len(traced) == told.truth.traced.total() > 1_000
    assert {"clip_generation", "trend_action"} <= {name for name, _trend in told.truth.traced}


def test_users_who_refuse_analytics_never_enter_the_funnel(told: Any):
    refusing = {user.user_id for user in told.people if not user.analytics}
    assert refusing
    assert refusing.isdisjoint(told.truth.sessions)


def test_there_are_countries_platforms_and_anonymous_visitors(told: Any):
    assert len(told.truth.countries) >= 10
    assert {event["platform"] for event in told.events} == {"web", "ios", "android"}
    assert any(event["user_id"] is None for event in told.events)


def test_everything_planted_is_valid_in_the_model(told: Any):
    for job in told.truth.jobs:
        ScrapeJob.read(job.record())
    for run in told.truth.executions:
        CrewExecution.read(run.record())
        for call in run.calls:
            CrewCall.read(call | {"crew_execution_id": 1})
    for trend in told.truth.trends:
        Trend.read(trend.record())
    for event in told.events[:2_000]:
        AppEvent.read(event)


def test_damaged_pages_are_each_damaged_in_one_known_way(told: Any):
    reasons = Counter(reason for reason, _page in damaged(told.world))
    assert reasons == {"damaged_id": 3, "missing_id": 3, "bad_number": 3, "number_out_of_range": 3}
    pages = [repr(page) for _reason, page in damaged(told.world)]
    assert len(set(pages)) == 12

"""The answers of a filled warehouse are what was planted there: every formula is held to the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

import pytest
from psycopg import Connection

from tests.conftest import new_database, with_database
from viralforge.errors import InvalidInput
from viralforge.model.ids import PLATFORMS, post_id
from viralforge.simulate.run import fill, filled, posts
from viralforge.simulate.truth import Truth
from viralforge.simulate.visits import STAGES
from viralforge.warehouse import DataWarehouse

POSTS = 8_500


@dataclass
class Filled:
    """A warehouse that was filled, and what is true of it."""

    warehouse: DataWarehouse
    truth: Truth


@pytest.fixture(scope="module")
def world(server_url: str, admin: Connection, template: str) -> Iterator[Filled]:
    """A filled warehouse that no test changes."""
    with (
        new_database(admin, template) as name,
        DataWarehouse.open(with_database(server_url, name)) as warehouse,
    ):
        yield Filled(warehouse, fill(warehouse, posts=POSTS))


def test_every_post_and_every_sighting_is_there(world: Filled):
    query = "SELECT platform, count(*), sum(sightings) FROM scraped_posts GROUP BY platform"
    rows = world.warehouse.sql(query)
    assert {row[0]: int(row[2]) for row in rows} == dict(world.truth.sightings)
    assert sum(row[1] for row in rows) == len(world.truth.tracks) == POSTS
    readings = world.warehouse.sql("SELECT count(*) FROM post_metrics_history")[0][0]
    assert readings == world.truth.sightings.total()


def test_every_post_has_the_numbers_of_its_last_sighting(world: Filled):
    stored = {
        row[0]: tuple(row[1:])
        for row in world.warehouse.sql(
            "SELECT id, views, likes, comments, shares, retweets, saves, last_scraped_at, sightings "
            "FROM scraped_posts"
        )
    }
    assert stored == {
        known: (*track.last, track.last_seen, track.sightings) for known, track in world.truth.tracks.items()
    }


def test_planted_histories_are_stored_reading_by_reading(world: Filled):
    for known, history in world.truth.histories.items():
        readings = world.warehouse.posts.history(known)
        found = [(row.recorded_at, (row.views, row.likes, row.comments, row.shares)) for row in readings]
        assert found == [(moment, counts[:4]) for moment, counts in history]
        assert readings[0].velocity_score is None
        assert all(row.velocity_score is not None for row in readings[1:])


def test_what_was_planted_to_go_viral_did(world: Filled):
    for platform in PLATFORMS:
        found = {row.id for row in world.warehouse.posts.went_viral(platform)}
        assert world.truth.viral(platform) <= found
        assert len(found) <= len(world.truth.viral(platform)) + 3


def test_exactly_the_planted_surges_gained_tenfold_in_a_day(world: Filled):
    found = {row.id: float(row.times) for row in world.warehouse.posts.gained(10, hours=24)}
    assert found == pytest.approx(world.truth.gained(10), abs=0.0005)  # three places are shown
    assert found


def test_hashtags_trend_as_counted_by_hand(world: Filled):
    rows = world.warehouse.get_trending_hashtags(limit=100_000)
    assert {(row.platform, row.hashtag): row.post_count for row in rows} == dict(world.truth.tag_posts)
    uses: Counter[str] = Counter()
    for (_platform, tag), count in world.truth.tag_posts.items():
        uses[tag] += count
    across = world.warehouse.hashtags.across_platforms(limit=5)
    assert {row.hashtag for row in across} == {planted.tag for planted in world.truth.trending}
    assert all(row.post_count == uses[row.hashtag] for row in across)


def test_each_day_has_the_posts_first_scraped_on_it(world: Filled):
    rows = world.warehouse.scraping.daily(days=90)
    assert {(row.date, row.platform): row.posts_scraped for row in rows} == dict(world.truth.scraped)


def test_most_is_posted_in_the_planted_hour(world: Filled):
    for platform in PLATFORMS:
        hours: Counter[int] = Counter()
        for row in world.warehouse.posts.posting_times(platform):
            hours[row.hour] += row.posts
        assert hours == world.truth.posting_hours[platform]
        most = max(hours.values())
        # Neighbouring hours are planted nearly as high, so chance may put one of them in front.
        assert most - hours[world.truth.posting_peak(platform)] < 3 * sqrt(most)
        assert most > 1.5 * sum(hours.values()) / 24


def test_each_trend_costs_its_share_of_its_execution(world: Filled):
    costs = {row.id: row.cost_usd for row in world.warehouse.trends.costs(limit=10_000)}
    assert len(costs) == len(world.truth.trends)
    for trend in world.truth.trends:
        expected = world.truth.cost_of_trend(trend)
        if expected is None:
            assert costs[trend.trend_id] is None
        else:
            assert costs[trend.trend_id] == pytest.approx(expected, abs=Decimal("1e-9"))


def test_a_trend_shows_the_posts_that_revealed_it(world: Filled):
    trend = max(world.truth.trends, key=lambda found: len(found.sources))
    rows = world.warehouse.trends.sources(trend.title)
    assert {row.id: row.relevance_score for row in rows} == {
        known: score if score is None else pytest.approx(score, abs=1e-6)
        for known, score in zip(trend.sources, trend.relevance, strict=True)
    }


def test_crew_types_and_agents_are_ranked_as_planted(world: Filled):
    crews = world.warehouse.crews.success()
    for row in crews:
        planted = world.truth.crew_yields()[row.crew_type]
        assert (row.runs, row.completed, row.failed) == (planted.runs, planted.completed, planted.failed)
        assert (row.cost_usd or 0) == planted.run_usd
    assert max(crews, key=lambda row: row.trends_per_run).crew_type == world.truth.best_crew
    agents = world.warehouse.crews.agents()
    for row in agents:
        planted = world.truth.agent_yields()[row.agent]
        # Where a run has no trends of its own, what it logged is all there is to count.
        runs = [run for run in world.truth.executions if row.agent in run.agents() and not run.trends]
        logged = sum(run.logged_trends for run in runs)
        assert (row.runs, row.calls, row.trends) == (planted.runs, planted.calls, planted.trends + logged)
        assert (row.own_cost_usd or 0) == planted.own_usd
    finders = [row for row in agents if row.trends]
    assert max(finders, key=lambda row: row.trends_per_dollar or 0).agent == world.truth.best_agent
    assert finders[0].agent == world.truth.best_agent


def test_the_funnel_is_the_planted_one(world: Filled):
    stages = world.warehouse.funnel.conversion(days=30)
    assert [row.users for row in stages] == list(world.truth.funnel(days=30).values())
    users = world.warehouse.funnel.users(limit=10_000)
    found = {row.user_id: (row.discoveries, row.interactions, row.analyses, row.generations) for row in users}
    assert found == world.truth.user_funnel()


def test_every_event_is_there_and_known_by_its_country(world: Filled):
    rows = world.warehouse.sql("SELECT event_name, count(*) FROM app_events GROUP BY event_name")
    assert dict(rows) == dict(world.truth.events)
    rows = world.warehouse.sql("SELECT country, count(*) FROM app_events GROUP BY country")
    assert dict(rows) == dict(world.truth.countries)
    assert set(STAGES) <= set(world.truth.events)


def test_money_errors_and_traced_events_add_up(world: Filled):
    returns = world.warehouse.scraping.returns()
    traced = world.truth.traced
    actions = sum(count for (name, _trend), count in traced.items() if name == "trend_action")
    assert returns.interactions == actions
    assert returns.generations == sum(n for (name, _t), n in traced.items() if name == "clip_generation")
    assert returns.value_usd is None
    assert returns.spent_usd == world.truth.collecting_usd() + world.truth.crews_usd()
    rates = {row.platform: float(row.error_rate) for row in world.warehouse.scraping.error_rates()}
    assert rates == pytest.approx({name: world.truth.error_rate(name) for name in PLATFORMS}, abs=1e-6)


def test_what_was_damaged_is_kept_by_reason(world: Filled):
    rows = world.warehouse.scrapes.rejections_by_reason()
    assert {row.reason: row.rejections for row in rows} == dict(world.truth.rejections)


def test_rollups_agree_with_the_posts(world: Filled):
    assert world.warehouse.rollups.check() == []


def test_all_seven_questions_have_an_answer(world: Filled):
    answers = world.warehouse.answers.all()
    assert len(answers) == 7
    assert all(answer.rows and answer.sentence.endswith(".") for answer in answers)


def test_a_filled_warehouse_is_not_filled_again(world: Filled):
    assert filled(world.warehouse)
    with pytest.raises(InvalidInput, match="nothing was changed"):
        fill(world.warehouse, posts=10)


def test_load_of_any_size_streams_in_through_the_same_door(warehouse: DataWarehouse):
    report = warehouse.ingest_payloads(posts(400, seed=3))
    assert report.read == report.new + report.updated
    assert (report.new, report.rejected) == (400, 0)
    again = warehouse.ingest_payloads(posts(400, seed=3))
    assert (again.new, again.updated, again.unchanged) == (0, 0, report.read)
    found = warehouse.posts.top("youtube", limit=1)[0]
    assert found.id == post_id("youtube", found.external_id)

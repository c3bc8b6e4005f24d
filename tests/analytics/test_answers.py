"""The seven questions: honest sentences over an empty warehouse, over a partial one, and over a full one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import psycopg
import pytest
from psycopg import sql

from tests.analytics.conftest import subjects
from tests.analytics.rows import DAY, HOUR, NOW, Reading, Rows
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.errors import InvalidInput
from viralforge.settings import Settings
from viralforge.store.posts import PostStore


def test_an_empty_warehouse_is_said_to_be_empty(ask: SimpleNamespace):
    assert [answer.sentence for answer in ask.answers.all()] == [
        "Nothing went viral on YouTube in the last 7 days.",
        "No hashtag was used on two platforms or more in the last 7 days.",
        "No trend has been discovered yet.",
        "No known user discovered a trend in the last 30 days.",
        "No agent has found a trend yet.",
        "No post of the last 30 days has been seen often enough to tell.",
        "Collecting and crews cost $0.00; 0 interactions and 0 generations came of the trends found, "
        "which are not priced (set VIRALFORGE_EVENT_VALUES).",
    ]


def test_the_questions_are_the_seven(ask: SimpleNamespace):
    assert [answer.question for answer in ask.answers.all()] == [
        "What content went viral on YouTube last week?",
        "Which hashtags are trending across platforms?",
        "How much does each discovered trend cost us?",
        "What is our user engagement funnel conversion rate?",
        "Which AI agents are most effective at finding trends?",
        "How does content performance change over time?",
        "What is the ROI of our scraping infrastructure?",
    ]


@pytest.fixture
def world(rows: Rows) -> Rows:
    for number in range(4):
        rows.post("youtube", Reading(NOW - 8 * DAY, 10), author_id="a", external_id=f"usual{number}")
    surge = (Reading(NOW - 8 * DAY, 10), Reading(NOW - DAY, 600), Reading(NOW, 1010))
    rows.post("youtube", *surge, author_id="a", title="Soup\nin \x1b[1m5 minutes", published_at=NOW - 9 * DAY)
    rows.post("youtube", hashtags=["ai"])
    rows.post("tiktok", hashtags=["ai"])
    run = rows.execution(cost_usd=Decimal("0.25"))
    rows.call(run, "scout")
    trend = rows.trend(crew_execution_id=run)
    rows.trend(crew_execution_id=run)
    rows.trend(crew_execution_id=rows.execution(cost_usd=None))
    rows.event("trend_discovery", "u1")
    rows.event("trend_discovery", "u2")
    rows.event("clip_generation", "u1", properties={"trend_id": trend})
    rows.job(cost_usd=Decimal(1))
    rows.job(cost_usd=None)
    return rows


def test_a_full_one_is_answered_with_numbers(world: Rows, ask: SimpleNamespace):
    assert [answer.sentence for answer in ask.answers.all()] == [
        "1 post went viral on YouTube in the last 7 days; “Soup in [1m5 minutes” gained most: 1,000 of "
        "its reach of 1,010, 101 times its author's median.",
        "#ai leads with 2 posts on 2 platforms in the last 7 days, after 0 in the 7 days before.",
        "A discovered trend has cost $0.1250 on average so far, over 2 trends; "
        "the cost of 1 more is not known.",
        "2 users discovered a trend in the last 30 days and 1 user generated a clip: 50.0%.",
        "scout is the most effective agent: 2.00 trends a run in 1 run, 8.0 a dollar.",
        "A typical post has half of its last known reach 7 to 14 days after publication.",
        "Collecting and crews cost $1.25 (without 1 scrape job and 1 execution of unknown cost); "
        "0 interactions and 1 generation came of the trends found, which are not priced "
        "(set VIRALFORGE_EVENT_VALUES).",
    ]
    assert [len(answer.rows) for answer in ask.answers.all()] == [1, 1, 3, 4, 1, 2, 1]


def test_priced_events_give_a_return(world: Rows):
    priced = subjects(world.database, Settings(event_values={"clip_generation": Decimal("2.5")}))
    assert priced.answers.returns().sentence.endswith("worth $2.50, $2.00 for each dollar spent.")


def test_unknown_costs_are_called_unknown(rows: Rows, ask: SimpleNamespace):
    rows.trend(crew_execution_id=rows.execution(cost_usd=None))
    assert ask.answers.trend_costs().sentence == "What discovering 1 trend cost is not known."
    assert ask.answers.returns().sentence.startswith("What collecting and crews cost is not known (")


def test_another_platform_is_called_by_its_own_name(ask: SimpleNamespace):
    answer = ask.answers.went_viral("twitter")
    assert answer.question == "What content went viral on X last week?"
    assert answer.sentence == "Nothing went viral on X in the last 7 days."
    assert ask.answers.went_viral("reddit").sentence == "Nothing went viral on Reddit in the last 7 days."


def test_the_age_at_which_half_is_reached_is_named(rows: Rows, ask: SimpleNamespace):
    published = NOW - 40 * HOUR
    readings = [Reading(published + hours * HOUR, views) for hours, views in ((1, 10), (4, 55), (30, 100))]
    rows.post("youtube", *readings, published_at=published)
    assert ask.answers.performance().sentence == (
        "A typical post has half of its last known reach 3 to 6 hours after publication, and 90% of it "
        "1 to 2 days after."
    )


def test_an_answer_is_kept_for_those_to_whom_it_may_be_so_old(
    world: Rows, ask: SimpleNamespace, still: Database
):
    first = ask.answers.all(max_age=HOUR)
    assert [answer.as_of for answer in first] == [NOW, None, None, None, NOW, NOW, None]
    again = ask.answers.all(max_age=HOUR)
    assert again == first
    for kept, worked_out in zip(again, ask.answers.all(), strict=True):
        assert (worked_out.as_of, worked_out.sentence) == (None, kept.sentence)
        assert (kept.rows, kept.rows.columns) == (worked_out.rows, worked_out.rows.columns)
        assert [list(map(type, row)) for row in kept.rows] == [
            list(map(type, row)) for row in worked_out.rows
        ]
    still.change(b"DELETE FROM viralforge.scraped_posts")
    assert ask.answers.went_viral(max_age=HOUR).sentence == first[0].sentence
    assert ask.answers.went_viral().sentence == "Nothing went viral on YouTube in the last 7 days."
    still.change(b"UPDATE viralforge.kept_answers SET worked_out_at = worked_out_at - interval '61 minutes'")
    assert (
        ask.answers.went_viral(max_age=HOUR).sentence == "Nothing went viral on YouTube in the last 7 days."
    )


def test_a_deleted_post_stands_in_no_answer_that_is_kept(world: Rows, ask: SimpleNamespace, still: Database):
    (viral,) = ask.answers.went_viral(max_age=HOUR).rows
    assert PostStore(still, Months(still)).delete(viral.id)
    assert ask.answers.went_viral(max_age=HOUR).rows == []


def test_who_only_reads_gets_an_answer_that_is_not_kept(world: Rows, ask: SimpleNamespace, still: Database):
    with psycopg.connect(still.url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
    reader = Database.open(still.url)
    found = subjects(reader, Settings()).answers.went_viral(max_age=HOUR)
    assert (found.as_of, found.rows) == (None, ask.answers.went_viral().rows)
    reader.close()


@pytest.mark.parametrize("max_age", [60, "1h", timedelta(-1), timedelta.max])
def test_an_age_that_is_none_is_refused(ask: SimpleNamespace, max_age):
    with pytest.raises(InvalidInput, match=r"^max_age: .* give a timedelta"):
        ask.answers.all(max_age=max_age)
    with pytest.raises(InvalidInput, match=r"^user_id: 5 is no text"):
        ask.funnel.users(user_id=5)

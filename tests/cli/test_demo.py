"""The demo fills a warehouse with a simulated world once, never among posts of the user's own."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from tests.cli.conftest import POSTS, Run
from viralforge.simulate import run as simulation
from viralforge.warehouse import DataWarehouse

QUESTIONS = 7
NOW = datetime.now(UTC)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the demo world small: the same simulator, fewer posts."""
    monkeypatch.setattr(simulation, "fill", partial(simulation.fill, posts=POSTS))


def test_the_demo_says_that_it_is_simulated_and_answers_seven_questions(
    run: Run, empty_world: str, small: None
) -> None:
    ran = run("demo")
    assert ran.code == 0, ran.err
    assert "simulated" in ran.err
    assert [f"\n{number}. " in ran.out for number in range(1, QUESTIONS + 1)] == [True] * QUESTIONS
    assert "viralforge --data-dir DIR ingest PATH" in ran.out
    before = counts(empty_world)
    again = run("demo", "--json")
    assert "nothing was changed" in again.err
    assert again.document["filled_now"] is False
    assert len(again.document["answers"]) == QUESTIONS
    assert counts(empty_world) == before


def test_each_answer_has_its_sentence_and_its_table(run: Run, read_world: str) -> None:
    document = run("answers", "--json").document
    said = run("answers").out
    assert len(document) == QUESTIONS
    for number, answer in enumerate(document, 1):
        assert f"{number}. {answer['question']}\n{answer['sentence']}\n" in said
    for heading in (
        "gained",
        "hashtag",
        "crew",
        "of the stage before",
        "a dollar",
        "of last reach",
        "collecting",
    ):
        assert heading in said


def test_simulated_posts_do_not_go_among_posts_of_ones_own_unless_asked_to(
    run: Run, empty_world: str, small: None
) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.save_scraped_post({"platform": "youtube", "externalId": "aaaaaaaaaa1"})
    before = counts(empty_world)
    for command in (("demo",), ("demo", "--posts", "100")):
        ran = run(*command)
        assert (ran.code, ran.out) == (1, "")
        assert "--mix" in ran.err
    assert counts(empty_world) == before
    assert run("demo", "--mix").code == 0


def test_a_demo_that_was_broken_off_is_done_over_as_if_it_had_never_begun(
    run: Run, empty_world: str, monkeypatch: pytest.MonkeyPatch, small: None
) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        own = warehouse.log_crew_execution({"crew_type": "own", "start_time": NOW})
        warehouse.create_trend({"title": "own", "crew_execution_id": own})
        warehouse.log_scrape_job({"platform": "x", "operation": "own", "started_at": NOW})
        warehouse.track_event({"event_name": "own", "event_type": "click", "user_id": "own"})

    monkeypatch.setattr(simulation, "fill", partial(simulation.fill, now=NOW))

    def broken(self: DataWarehouse) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        # The last thing before the mark: all is written, and nothing says so.
        patch.setattr(DataWarehouse, "refresh_popular_content", broken)
        assert run("demo").code == 130
    before = counts(empty_world)
    assert before["executions"] > 1
    assert run("demo").code == 0
    assert counts(empty_world) == before


def test_the_demo_makes_load_of_a_size(run: Run, empty_world: str) -> None:
    ran = run("demo", "--posts", "1_000", "--json")
    assert ran.code == 0, ran.err
    report = ran.document
    assert report["new"] == 1_000
    assert report["read"] > 5_000
    assert report["rejected"] == 0
    assert counts(empty_world)["posts"] == 1_000
    assert counts(empty_world)["trends"] == 0


def counts(url: str) -> dict[str, int]:
    """Rows of the tables that a demo fills."""
    tables = {
        "posts": "scraped_posts", "trends": "trends", "history": "post_metrics_history",
        "events": "app_events", "executions": "crew_executions", "calls": "crew_calls",
        "jobs": "scrape_jobs", "links": "trend_sources", "users": "users",
    }  # fmt: skip
    query = ", ".join(f"(select count(*) from {table}) as {name}" for name, table in tables.items())
    with DataWarehouse.open(url) as warehouse:
        return warehouse.sql(f"select {query}").to_dicts()[0]

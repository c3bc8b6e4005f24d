"""A question that takes too long is cut short by the database, and the page says calmly what to do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.web.running import wait_for
from viralforge.errors import CutShort
from viralforge.web.dashboard import keeper as module
from viralforge.web.dashboard import limits
from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.keeper import Keeper
from viralforge.web.dashboard.tiles import Question

TOLD = "This takes longer than the {} seconds that a page gives to one question."
EVENTS = Question("usage", "features")


@contextmanager
def locked(database_url: str, table: str) -> Iterator[None]:
    """Lets nobody read a table: whoever asks it waits."""
    with psycopg.connect(database_url) as connection:
        connection.execute(f"LOCK TABLE viralforge.{table} IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.fixture
def hasty(monkeypatch):
    """Pages that give little time."""
    monkeypatch.setattr(limits, "QUESTION_SECONDS", 0.15)
    monkeypatch.setattr(limits, "BEHIND_SECONDS", 0.3)


def test_a_slow_question_spoils_no_page_and_is_told_where_its_answer_would_stand(
    server, warehouse, database_url, hasty
) -> None:
    warehouse.save_scraped_post({"platform": "x", "external_id": "20", "title": "A post"})
    with server.client() as client, locked(database_url, "scraped_posts"):
        begun = time.monotonic()
        answer = client.get("/content?sort=reach")
        assert (answer.status_code, time.monotonic() - begun < 15) == (200, True)
        found = LexborHTMLParser(answer.text).css_first("#found .empty")
        assert TOLD.format(0.15) in found.text() and "viralforge --help" in found.text()
        assert "bad" not in found.attributes["class"]
        wait_for(lambda: TOLD.format(0.3) in client.get("/tiles/content/viral").text)
    with server.client() as client:
        assert "A post" in client.get("/content?sort=reach").text


def test_a_page_of_one_thing_that_takes_too_long_is_a_refusal(server, warehouse, database_url, hasty) -> None:
    trend = warehouse.create_trend({"title": "Soup"})
    with server.client() as client:
        with locked(database_url, "trends"):
            answer = client.get(f"/trends/{trend}")
            assert answer.status_code == 504
            assert "It took too long" in answer.text and TOLD.format(0.15) in answer.text
            assert client.get("/export/hashtags/trends.csv").status_code == 504
        assert client.get(f"/trends/{trend}").status_code == 200


def test_python_the_api_and_the_command_line_are_not_limited(
    server, warehouse, database_url, hasty, run_cli
) -> None:
    with ThreadPoolExecutor() as threads, server.client() as client:
        with locked(database_url, "trends"):
            asked = [
                threads.submit(warehouse.trends.list), threads.submit(client.get, "/v1/trends"),
                threads.submit(run_cli, "trend", "--json"),
            ]  # fmt: skip
            assert client.get("/trends/1").status_code == 504
            time.sleep(1)
            assert not any(each.done() for each in asked)
        python, answer, command = (each.result() for each in asked)
    assert (list(python), answer.status_code, command.returncode) == ([], 200, 0), command.stderr


def test_what_took_too_long_behind_a_page_is_told_and_not_begun_again_at_once(
    warehouse, database_url, hasty, monkeypatch
) -> None:
    keeper, begun = Keeper(warehouse), []
    given = EVENTS.given(Asked())
    ask = Question.ask
    monkeypatch.setattr(Question, "ask", lambda *all_of: begun.append(1) or ask(*all_of))

    def rows():
        return keeper.rows(EVENTS, given, time.monotonic() + 5).rows

    with locked(database_url, "app_events"):
        for _ in range(3):
            with pytest.raises(CutShort, match=r"longer than 0\.3 seconds"):
                rows()
    assert len(begun) == 1
    monkeypatch.setattr(module, "FRESH", module.timedelta(0))
    assert list(rows()) == [] and len(begun) == 2
    keeper.close()


def test_an_old_answer_stays_where_a_new_one_takes_too_long(
    warehouse, database_url, hasty, monkeypatch
) -> None:
    warehouse.track_event({"event_name": "soup", "event_type": "click", "session_id": "s"})
    keeper, given = Keeper(warehouse), EVENTS.given(Asked())
    first = keeper.rows(EVENTS, given, time.monotonic() + 5).rows
    monkeypatch.setattr(module, "FRESH", module.timedelta(seconds=0.5))
    time.sleep(0.5)
    with locked(database_url, "app_events"):
        assert keeper.rows(EVENTS, given, time.monotonic() + 5).rows == first
        wait_for(lambda: keeper._cut_short)
        assert keeper.rows(EVENTS, given, time.monotonic() + 5).rows == first
    keeper.close()

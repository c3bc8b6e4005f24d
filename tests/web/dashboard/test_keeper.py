"""What takes long is shown as it was last, and worked out anew, once, behind the page's back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.web.running import wait_for
from viralforge.web.dashboard import keeper as module
from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.keeper import Keeper
from viralforge.web.dashboard.tiles import Question

EVENTS = Question("usage", "features")
MONTH = EVENTS.given(Asked())


@pytest.fixture
def slow(warehouse, monkeypatch):
    """A keeper whose question takes as long as the test wants."""
    gate, asked = threading.Event(), []

    class Slow(Question):
        def ask(self, warehouse, given):
            asked.append(given["days"])
            gate.wait(30)
            return super().ask(warehouse, given)

    keeper = Keeper(warehouse)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)
    yield SimpleNamespace(keeper=keeper, question=Slow("usage", "features"), gate=gate, asked=asked)
    gate.set()
    keeper.close()


def event(warehouse, number: int) -> None:
    warehouse.track_event({"event_name": f"event_{number}", "event_type": "click", "session_id": "s"})


def test_what_was_never_worked_out_is_awaited_for_a_moment_only(warehouse, slow) -> None:
    event(warehouse, 1)
    assert slow.keeper.rows(slow.question, MONTH).rows is None
    assert slow.keeper.rows(slow.question, MONTH).rows is None
    assert len(slow.asked) == 1
    slow.gate.set()
    wait_for(lambda: slow.keeper.rows(slow.question, MONTH).rows is not None)
    assert [row.event_name for row in slow.keeper.rows(slow.question, MONTH).rows] == ["event_1"]
    assert len(slow.asked) == 1


def test_what_is_old_is_shown_while_it_is_worked_out_anew(warehouse, slow) -> None:
    slow.gate.set()
    event(warehouse, 1)
    first = slow.keeper.rows(slow.question, MONTH)
    assert first.as_of is None or datetime.now(UTC) - first.as_of < timedelta(seconds=60)
    event(warehouse, 2)
    warehouse.sql("UPDATE kept_answers SET worked_out_at = now() - interval '1 hour'")
    old = slow.keeper.rows(slow.question, MONTH)
    assert (len(old.rows), datetime.now(UTC) - old.as_of > timedelta(minutes=50)) == (1, True)
    wait_for(lambda: len(slow.keeper.rows(slow.question, MONTH).rows) == 2)
    assert len(slow.asked) == 2


def test_another_range_is_another_question(warehouse, slow) -> None:
    slow.gate.set()
    event(warehouse, 1)
    for days in (7, 30, 7):
        assert len(slow.keeper.rows(slow.question, MONTH | {"days": days}).rows) == 1
    assert slow.asked == [7, 30]


def test_rows_that_were_kept_come_back_as_they_were(warehouse) -> None:
    event(warehouse, 1)
    keeper = Keeper(warehouse)
    for question in (
        EVENTS,
        Question("usage", "by_day"),
        Question("usage", "hours"),
        Question("posts", "went_viral"),
    ):
        given = question.given(Asked())
        wanted = list(question.ask(warehouse, given))
        assert list(keeper.rows(question, given).rows) == wanted
        assert list(keeper.rows(question, given).rows) == wanted
    keeper.close()


def test_what_was_kept_long_ago_is_forgotten(warehouse) -> None:
    keeper = Keeper(warehouse)
    keeper.rows(EVENTS, MONTH)
    assert warehouse.kept.forget(timedelta(days=1)) == 0
    assert warehouse.kept.forget(timedelta(seconds=0)) == 1
    keeper.close()

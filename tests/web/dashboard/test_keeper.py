"""What takes long is shown as it was last, and worked out anew, once, behind the page's back."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.web.running import wait_for
from viralforge.analytics.usage import FeatureUse
from viralforge.db.rows import Rows
from viralforge.web.dashboard import keeper as module
from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.keeper import Keeper
from viralforge.web.dashboard.pages import BY_NAME
from viralforge.web.dashboard.tiles import Question
from viralforge.web.dashboard.views import Viewer

EVENTS = Question("usage", "features")
MONTH = EVENTS.given(Asked())


@pytest.fixture
def slow(warehouse):
    """A keeper whose question takes as long as the test wants."""
    gate, asked = threading.Event(), []

    class Slow(Question):
        def ask(self, warehouse, given):
            asked.append(given["days"])
            gate.wait(30)
            return super().ask(warehouse, given)

    keeper = Keeper(warehouse)
    yield SimpleNamespace(keeper=keeper, question=Slow("usage", "features"), gate=gate, asked=asked)
    gate.set()
    keeper.close()


def soon() -> float:
    """A fifth of a second from now; a minute where the gate is open, on a busy machine."""
    return time.monotonic() + 0.2


def event(warehouse, number: int) -> None:
    warehouse.track_event({"event_name": f"event_{number}", "event_type": "click", "session_id": "s"})


def test_what_was_never_worked_out_is_awaited_for_a_moment_only(warehouse, slow) -> None:
    event(warehouse, 1)
    assert slow.keeper.rows(slow.question, MONTH, soon()).rows is None
    assert slow.keeper.rows(slow.question, MONTH, soon()).rows is None
    assert len(slow.asked) == 1
    slow.gate.set()
    wait_for(lambda: slow.keeper.rows(slow.question, MONTH, soon()).rows is not None)
    assert [row.event_name for row in slow.keeper.rows(slow.question, MONTH, soon()).rows] == ["event_1"]
    assert len(slow.asked) == 1


def test_what_is_old_is_shown_while_it_is_worked_out_anew(warehouse, slow, monkeypatch) -> None:
    slow.gate.set()
    event(warehouse, 1)
    first = slow.keeper.rows(slow.question, MONTH, soon())
    assert datetime.now(UTC) - first.as_of < timedelta(seconds=60)
    event(warehouse, 2)
    assert slow.keeper.rows(slow.question, MONTH, soon()) == first
    monkeypatch.setattr(module, "FRESH", timedelta(0))
    assert len(slow.keeper.rows(slow.question, MONTH, soon()).rows) == 1
    wait_for(lambda: len(slow.keeper.rows(slow.question, MONTH, soon()).rows) == 2)


def test_another_server_shows_what_this_one_has_worked_out(warehouse, slow) -> None:
    slow.gate.set()
    event(warehouse, 1)
    wanted = slow.keeper.rows(slow.question, MONTH, soon())
    other = Keeper(warehouse)
    assert list(other.rows(slow.question, MONTH, soon()).rows) == list(wanted.rows)
    assert len(slow.asked) == 1
    other.close()


def test_what_was_worked_out_yesterday_is_not_shown_as_today(warehouse, slow) -> None:
    slow.gate.set()
    event(warehouse, 1)
    slow.keeper.rows(slow.question, MONTH, soon())
    warehouse.sql("UPDATE kept_answers SET worked_out_at = now() - interval '1 day'")
    slow.gate.clear()
    other = Keeper(warehouse)
    assert other.rows(slow.question, MONTH, soon()).rows is None
    slow.gate.set()
    wait_for(lambda: other.rows(slow.question, MONTH, soon()).rows is not None)
    other.close()


def test_a_page_waits_for_the_longest_of_its_questions_only(warehouse, slow, monkeypatch) -> None:
    monkeypatch.setattr(Question, "ask", lambda *_: time.sleep(0.6) or Rows(FeatureUse._fields, []))
    viewer = Viewer(warehouse, slow.keeper)
    begun = time.monotonic()
    viewer.begin(BY_NAME["users"], Asked())
    viewer.figures(BY_NAME["users"], Asked())
    viewer.tiles(BY_NAME["users"], Asked())
    assert time.monotonic() - begun < module.PATIENCE_SECONDS + 1.5


def test_another_range_is_another_question(warehouse, slow) -> None:
    slow.gate.set()
    event(warehouse, 1)
    for days in (7, 30, 7):
        assert len(slow.keeper.rows(slow.question, MONTH | {"days": days}, soon()).rows) == 1
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
        assert list(keeper.rows(question, given, soon()).rows) == wanted
        assert list(keeper.rows(question, given, soon()).rows) == wanted
    keeper.close()


def test_what_was_kept_long_ago_is_forgotten(warehouse) -> None:
    keeper = Keeper(warehouse)
    keeper.rows(EVENTS, MONTH, soon())
    assert warehouse.kept.forget(timedelta(days=1)) == 0
    assert warehouse.kept.forget(timedelta(seconds=0)) == 1
    keeper.close()

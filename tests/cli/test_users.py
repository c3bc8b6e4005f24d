"""Erasing a user from the command line."""

from __future__ import annotations

from tests.cli.conftest import Run, in_terminal
from viralforge.warehouse import DataWarehouse

EVENT = {"event_name": "page_viewed", "event_type": "view", "user_id": "u1"}


def test_an_erasure_ends_with_a_receipt(run: Run, empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.track_events([EVENT, EVENT])
    found = run("erase-user", "u1", "--json", "--yes").document
    assert found["rows"] == found["rows"] | {"app_events": 2, "users": 1, "crew_executions": 0}
    assert found["total"] == 3
    assert "u1" not in found["reference"] + found["erased_at"]
    said = run("erase-user", "u1", "--yes").out
    assert found["reference"] in said
    assert said.split()[-2:] == ["all", "0"]


def test_a_person_is_asked_before_a_user_is_erased(empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.track_event(EVENT)
        asked = in_terminal("erase-user", "u1", typed="n\n")
        assert asked.code == 1
        assert "for good?" in asked.out
        assert list(warehouse.sql("SELECT count(*) FROM app_events")) == [(1,)]
        assert in_terminal("erase-user", "u1", typed="y\n").code == 0
        assert list(warehouse.sql("SELECT count(*) FROM app_events")) == [(0,)]


def test_a_user_without_an_id_is_told_so(run: Run, empty_world: str) -> None:
    ran = run("erase-user", " ", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert "user_id" in ran.err


def test_where_nobody_can_be_asked_nobody_is_erased(run: Run, empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.track_event(EVENT)
        refused = run("erase-user", "u1")
        assert (refused.code, "say --yes" in refused.err) == (1, True)
        assert list(warehouse.sql("SELECT count(*) FROM app_events")) == [(1,)]

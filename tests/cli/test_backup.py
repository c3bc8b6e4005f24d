"""Backups and restores from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, in_terminal
from viralforge.warehouse import DataWarehouse


@pytest.fixture
def filled(empty_world: str) -> str:
    """A warehouse of one post and one user."""
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.save_scraped_post({"platform": "x", "externalId": "20", "views": 7})
        warehouse.add_user("u1")
    return empty_world


def posts(url: str) -> int:
    with DataWarehouse.open(url) as warehouse:
        return int(warehouse.sql("SELECT count(*) FROM scraped_posts")[0][0])


def test_a_backup_says_what_is_in_it_and_a_pipe_gets_no_bar(run: Run, filled: str, tmp_path: Path) -> None:
    said = run("backup", tmp_path / "one")
    assert (said.code, said.err) == (0, "")
    assert "left out  granted_roles, ip_salts, web_sessions" in said.out
    found = run("backup", tmp_path / "two", "--json").document
    assert found["folder"] == str(tmp_path / "two")
    assert (found["tables"]["scraped_posts"], found["tables"]["users"]) == (1, 1)
    assert found["bytes"] == (tmp_path / "two" / "database.dump").stat().st_size
    again = run("backup", tmp_path / "two")
    assert (again.code, "is there already" in again.err) == (1, True)


def test_what_was_backed_up_is_restored_elsewhere(
    run: Run, filled: str, empty_database_url: str, tmp_path: Path
) -> None:
    assert run("backup", tmp_path / "b").code == 0
    checked = run("restore", tmp_path / "b", "--check")
    assert (checked.code, "whole; nothing was touched" in checked.out) == (0, True)
    found = run("--database-url", empty_database_url, "restore", tmp_path / "b", "--json").document
    assert (found["restored"], found["migrated"], found["absent"]) == (True, [], [])
    assert "granted_roles" in found["backup"]["left_out"]
    assert found["backup"]["tables"]["scraped_posts"] == 1
    assert posts(empty_database_url) == 1


def test_a_person_is_asked_before_a_warehouse_is_replaced(filled: str, tmp_path: Path) -> None:
    assert in_terminal("backup", str(tmp_path / "b")).code == 0
    with DataWarehouse.open(filled) as warehouse:
        warehouse.save_scraped_post({"platform": "x", "externalId": "21"})
    asked = in_terminal("restore", str(tmp_path / "b"), "--replace", typed="n\n")
    assert (asked.code, "for good, and restore" in asked.out) == (1, True)
    assert posts(filled) == 2
    done = in_terminal("restore", str(tmp_path / "b"), "--replace", typed="y\n")
    assert (done.code, "grant them again" in done.out) == (0, True)
    assert posts(filled) == 1


def test_nothing_is_replaced_unasked(run: Run, filled: str, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "b").code == 0
    for options, said in (((), "--replace"), (("--replace",), "say --yes")):
        refused = run("restore", tmp_path / "b", *options)
        assert (refused.code, said in refused.err) == (1, True)
    assert run("restore", tmp_path / "b", "--replace", "--yes").code == 0


def test_a_folder_that_is_no_backup_is_told_so(run: Run, filled: str, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        refused = run("restore", place)
        assert (refused.code, refused.err.count("\n")) == (1, 1)
        assert f"{place}: is no backup" in refused.err

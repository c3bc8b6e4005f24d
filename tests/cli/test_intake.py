"""Posts come in from files with a report that adds up, and what is turned away can be seen and read again."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, in_terminal
from viralforge.warehouse import DataWarehouse

GOOD = {"source": "youtube", "id": "aaaaaaaaaa1", "title": "One", "metrics": {"views": 10, "likes": 1}}
BAD = {"source": "youtube", "id": "aaaaaaaaaa2", "title": "Two", "metrics": {"views": -5}}


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """A file of a good post, the same again and a bad one."""
    file = tmp_path / "posts.ndjson"
    file.write_text("\n".join(json.dumps(each) for each in (GOOD, GOOD, BAD)) + "\n")
    return file


def test_the_report_adds_up_and_a_second_run_adds_nothing(run: Run, empty_world: str, posts: Path) -> None:
    first = run("ingest", posts, "--json")
    assert (first.code, first.err) == (0, "")
    report = first.document
    assert report["files"] == 1
    assert report["read"] == 3 == report["new"] + report["updated"] + report["unchanged"] + report["rejected"]
    assert report["rejected_by_reason"] == {"bad_number": 1}
    assert report["posts_by_platform"] == {"youtube": 2}
    second = run("ingest", posts, "--json").document
    assert (second["new"], second["updated"], second["rejected"]) == (0, 0, 1)


def test_a_person_reads_the_same_report(run: Run, empty_world: str, posts: Path) -> None:
    ran = run("ingest", posts)
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0][:6] == ["Read", "3", "records", "in", "1", "file"]
    assert ["new", "1"] in lines
    assert ["rejected", "1"] in lines
    assert ["youtube", "2"] in lines
    assert any(line[:2] == ["bad_number", "1"] for line in lines)
    assert "viralforge rejections" in ran.err


def test_a_run_that_takes_nothing_in_fails(run: Run, empty_world: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(json.dumps(BAD))
    (tmp_path / "cut.json").write_text('{"source": "you')
    ran = run("ingest", tmp_path, "--json")
    assert ran.code == 1
    assert ran.document["read"] == ran.document["rejected"] == 2


def test_an_unknown_shape_is_told_before_anything_is_taken_in(
    run: Run, empty_world: str, posts: Path
) -> None:
    ran = run("ingest", posts, "--shape", "myspace.v1")
    assert (ran.code, ran.out) == (1, "")
    assert "myspace.v1" in ran.err
    assert run("top", "--json").document == []


def test_standard_input_is_read(run: Run, empty_world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode())))
    assert run("ingest", "-", "--json").document["new"] == 1


def test_observed_at_gives_history_its_time(run: Run, empty_world: str, posts: Path) -> None:
    assert run("ingest", posts, "--observed-at", "2024-06-01T14:00+02:00").code == 0
    found = run("post", "youtube", "aaaaaaaaaa1", "--json").document
    assert found["post"]["scraped_at"] == "2024-06-01T12:00:00Z"
    assert [reading["views"] for reading in found["history"]] == [10]


def test_rejections_are_listed_with_their_payload(run: Run, empty_world: str, posts: Path) -> None:
    run("ingest", posts)
    found = run("rejections", "--json").document
    assert [(row["reason"], row["payload"]["id"]) for row in found] == [("bad_number", "aaaaaaaaaa2")]
    assert run("rejections", "--reason", "truncated", "--json").document == []
    assert run("rejections", "--platform", "tiktok", "--json").document == []
    said = in_terminal("rejections", NO_COLOR="1", width=120).out
    assert "a number is not one, or is negative" in said


def test_a_replay_takes_in_what_has_become_a_post(run: Run, empty_world: str, posts: Path) -> None:
    run("ingest", posts)
    again = run("rejections", "--replay", "--json")
    assert (again.document["read"], again.document["rejected"]) == (1, 1)
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.sql("update rejections set payload = jsonb_set(payload, '{metrics,views}', '7')")
    assert run("rejections", "--replay", "--json").document["new"] == 1
    assert run("rejections", "--json").document == []
    assert run("rejections").err == "Nothing was turned away.\n"


def test_a_terminal_shows_how_far_it_is(empty_world: str, posts: Path) -> None:
    assert "reading" in in_terminal("ingest", str(posts)).out

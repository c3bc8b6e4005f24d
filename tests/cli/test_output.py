"""What commands print: one JSON document, whole rows in a pipe, and lines that fit a terminal."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest
from rich.cells import cell_len

from tests.cli.conftest import BIN, Run, in_terminal
from viralforge.cli import output
from viralforge.warehouse import DataWarehouse

READ = [
    ("top",), ("top", "--by", "reach"), ("popular",), ("popular", "--by", "reach"),
    ("viral", "--days", "60"), ("gained", "1.01", "--hours", "72"), ("times",), ("times", "--by", "rate"),
    ("post", "youtube", "dQw4w9WgXcQ"), ("trending",), ("trending", "--across"), ("trend",), ("trend", "1"),
    ("stats",), ("funnel",), ("crews",), *(("crews", "--by", by) for by in (
        "type", "agent", "hour", "tool", "model", "execution", "call"
    )), ("costs",), *(("costs", "--by", by) for by in (
        "type", "day", "agent", "model", "tool", "platform"
    )), ("answers",), ("rejections",), ("status",), ("recollect", "--plan"), ("migrate", "--plan"),
    ("rollups", "check"),
    ("sql", "select * from v_top_posts_by_platform limit 3"),
]  # fmt: skip
ESCAPE = "\x1b"
HOSTILE = "\x1b]0;owned\x07\x1b[31m[bold]red[/bold] \u202egnp.exe [link=http://evil]x"


@pytest.mark.parametrize("command", READ, ids=" ".join)
def test_json_is_one_document_and_nothing_else(command: tuple[str, ...], run: Run, read_world: str) -> None:
    ran = run(*command, "--json")
    assert ran.code == 0, ran.err
    assert ran.document or command == ("rollups", "check")
    assert ran.err == ""


@pytest.mark.parametrize("command", READ, ids=" ".join)
def test_a_pipe_gets_neither_colours_nor_a_word_that_is_cut(
    command: tuple[str, ...], run: Run, read_world: str
) -> None:
    ran = run(*command)
    assert ran.code == 0, ran.err
    assert ran.out.strip()
    assert ESCAPE not in ran.out


@pytest.mark.parametrize("width", [80, 120])
def test_every_line_fits_a_terminal(width: int, read_world: str) -> None:
    for command in (
        ("answers",),
        ("top",),
        ("viral", "--days", "60"),
        ("trend", "1"),
        ("crews",),
        ("stats",),
    ):
        ran = in_terminal(*command, width=width)
        assert ran.code == 0, ran.out
        lines = re.sub(r"\x1b\[[\d;]*m", "", ran.out).splitlines()
        assert [line for line in lines if cell_len(line) > width] == [], command


def test_a_terminal_gets_colours_unless_no_color_is_set(read_world: str) -> None:
    assert ESCAPE in in_terminal("funnel").out
    assert ESCAPE not in in_terminal("funnel", NO_COLOR="1").out
    assert ESCAPE not in in_terminal("funnel", TERM="dumb").out


def test_a_pipe_gets_whole_values_under_the_terminals_headings(
    run: Run, read_world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = run("top", "--limit", "3", "--json").document
    heading, *lines = run("top", "--limit", "3").out.splitlines()
    assert heading.split("\t") == ["platform", "title", "author", "views", "rate", "published", "post"]
    for row, line in zip(rows, lines, strict=True):
        cells = line.split("\t")
        assert cells[3:5] == [str(row["views"]), f"{row['engagement_rate']:.6f}"]
        assert cells[1] == " ".join(row["title"].split())
    shown = in_terminal("top", "--limit", "3", width=160, NO_COLOR="1").out.splitlines()[0]
    assert shown.split() == heading.split("\t")


def test_scraped_text_cannot_command_the_terminal(empty_world: str, run: Run) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        post = {
            "platform": "youtube",
            "externalId": "aaaaaaaaaa1",
            "title": HOSTILE,
            "author": HOSTILE,
            "views": 10,
        }
        warehouse.save_scraped_post(
            {**post, "likes": 1, "hashtags": ["a\x1b[31mb"], "url": "javascript:alert(1)"}
        )
    for command in (
        ("top",),
        ("post", "youtube", "aaaaaaaaaa1"),
        ("trending",),
        ("sql", "table scraped_posts"),
    ):
        for said in (in_terminal(*command, NO_COLOR="1", width=200).out, run(*command).out):
            assert not set(said) & {ESCAPE, "\x07", "\u202e"}, command
    shown = in_terminal("post", "youtube", "aaaaaaaaaa1", NO_COLOR="1").out
    assert "[bold]red[/bold]" in shown
    assert "javascript" not in shown
    assert run("top", "--json").document[0]["title"] == HOSTILE


def test_what_sql_finds_cannot_steer_a_terminal_and_stays_whole_in_a_pipe(run: Run, read_world: str) -> None:
    hostile = "a\x1b[31mb\x9b31mc\u202ed\x7fe  f\rg"
    query = "select e'a\\x1b[31mb\\u009b31mc\\u202ed\\x7fe  f\\rg' as title"
    assert run("sql", query, "--json").document == [{"title": hostile}]
    assert hostile in run("sql", query, "--csv").out
    for shown in ("--json", "--csv"):
        said = in_terminal("sql", query, shown).out
        assert [letter for letter in said if not letter.isprintable() and letter != "\n"] == [], shown
    document = in_terminal("sql", query, "--json").out
    assert json.loads(document) == [{"title": hostile}]


def test_wide_letters_are_counted_as_wide(empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        for number, title in enumerate(("汤" * 60, "soup" * 20)):
            post = {"platform": "youtube", "externalId": f"aaaaaaaaaa{number}", "title": title}
            warehouse.save_scraped_post({**post, "author": "me", "views": 10, "likes": 1 + number})
    lines = in_terminal("top", NO_COLOR="1").out.splitlines()
    assert [cell_len(line[: line.index("me")]) for line in lines[1:]] == [
        cell_len(lines[0].partition("author")[0])
    ] * 2


def test_json_keeps_numbers_exact_and_moments_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    moment = datetime.fromisoformat("2026-03-01T13:00:00+01:00")
    output.json(
        {"money": Decimal("0.123456789012345678901"), "none": Decimal("NaN"), "id": UUID(int=1), "at": moment}
    )
    said = capsys.readouterr().out
    assert '"money": 0.123456789012345678901' in said
    assert '"none": null' in said
    assert '"id": "00000000-0000-0000-0000-000000000001"' in said
    assert '"at": "2026-03-01T12:00:00Z"' in said or '"at": "2026-03-01T13:00:00+01:00"' in said


def test_sql_speaks_json_and_csv(run: Run, read_world: str) -> None:
    query = "select 1.50 as money, null as nothing, 'a,b' as text, array[1, 2] as several, true as yes"
    row = {"money": 1.5, "nothing": None, "text": "a,b", "several": [1, 2], "yes": True}
    assert run("sql", query, "--json").document == [row]
    assert run("sql", query, "--csv").out.splitlines() == [
        "money,nothing,text,several,yes",
        '1.50,,"a,b","1, 2",true',
    ]
    assert run("sql", query).out.splitlines()[1] == "1.50\t\ta,b\t1, 2\ttrue"
    assert (
        run("sql", "refresh materialized view concurrently mv_popular_content_24h", "--json").document == []
    )
    twice = run("sql", "select 1 as a, 2 as a", "--json")
    assert (twice.code, twice.out) == (1, "")


def test_a_reader_that_has_seen_enough_is_no_error(read_world: str) -> None:
    ran = subprocess.run(
        ["bash", "-c", "set -o pipefail; viralforge sql 'select generate_series(1, 200000)' | head -n 1"],
        env={"PATH": f"{BIN}:/usr/bin:/bin", "DATABASE_URL": read_world},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "generate_series\n", "")


def test_a_terminal_that_knows_no_bars_is_no_error(read_world: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "viralforge", "funnel", "--days", "60"], capture_output=True, check=False,
        env={"PYTHONIOENCODING": "ascii", "DATABASE_URL": read_world, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr

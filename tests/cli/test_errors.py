"""What goes wrong is told in one sentence on standard error, with an exit code and no traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Run
from viralforge.warehouse import DataWarehouse

RUNNING = "select 1 from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("top", "--platform", "myspace"), "myspace"),
        (("top", "--limit", "-1"), "limit"),
        (("stats", "--days", "0"), "days"),
        (("gained", "0"), "times"),
        (("times", "--zone", "Mars/Olympus"), "Mars/Olympus"),
        (("post", "nonsense"), "nonsense"),
        (("post", "youtube", "bbbbbbbbbb1"), "bbbbbbbbbb1"),
        (("post", "a", "b", "c"), "one post"),
        (("trend", "999999"), "999999"),
        (("trend", "call"), "name one by its id"),
        (("trending", "--across", "-p", "youtube"), "--across"),
        (("rejections", "--reason", "bad_luck"), "bad_luck"),
        (("rejections", "-n", "-1"), "limit: -1 is not a number of rows"),
        (("rejections", "--replay", "-p", "youtube"), "--replay"),
        (("rejections", "-p", "zz"), "'zz' is not one of youtube"),
        (("funnel", "-p", "youtube"), "youtube is where posts stand; here it is web, ios or android"),
        (("ingest", ""), "a path is empty"),
        (("--data-dir", "", "top"), "VIRALFORGE_DATA_DIR: is empty; name a directory"),
        (("ingest", "no/such/file.json"), "no/such/file.json"),
        (("ingest", "pyproject.toml", "--observed-at", "yesterday"), "--observed-at"),
        (("sql", "select nothing from nowhere"), "nowhere"),
        (("sql", "selec 1"), "syntax error"),
        (("sql", "select 1", "--json", "--csv"), "--csv"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_told_in_one_sentence(
    command: tuple[str, ...], told: str, run: Run, read_world: str
) -> None:
    ran = run(*command)
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith("Error: ")
    assert told in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_question_makes_no_warehouse_where_there_is_none(run: Run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ran = run("--data-dir", tmp_path / "mistyped", "top")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"Error: there is no warehouse in {tmp_path / 'mistyped'}: fill one")
    assert not (tmp_path / "mistyped").exists()


def test_an_empty_answer_says_why(run: Run, database_url: str, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert "There is no post yet" in run("top").err
    with DataWarehouse.open(database_url) as warehouse:
        warehouse.save_scraped_post({"platform": "reddit", "externalId": "18soup1", "likes": 5})
    assert "Rank by reach instead: --by reach" in run("top").err
    assert "18soup1" in run("top", "--by", "reach").out
    assert "There is no post of tiktok; there are posts of reddit." in run("top", "-p", "tiktok").err
    assert "No post has gained 10× in 24 hours" in run("gained").err
    assert "No post went viral in the last 7 days" in run("viral").err
    assert "No post says when it was published" in run("times").err
    assert "--refresh" in run("popular").err
    assert run("top", "--json").document == []
    assert run("top", "--limit", "0").err == ""
    assert "has what the list asks for" in run("popular", "--refresh").err


@pytest.mark.parametrize(
    "command", [("topp",), ("top", "--no-such-option"), ("top", "--by", "luck"), ("ingest",)]
)
def test_a_wrong_call_exits_with_2(command: tuple[str, ...], run: Run) -> None:
    ran = run(*command)
    assert ran.code == 2
    assert ran.out == ""
    assert "Try 'viralforge" in ran.err


def test_a_password_is_never_printed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (
        "postgresql://me:s3cr3t@localhost:1/db", "postgresql://me:s3cr3t@no-such-host.invalid/db",
        "host=localhost port=1 password=s3cr3t", "host=localhost port=1 password=my s3cr3t",
        "mysql://me:s3cr3t@localhost/db", "postgresql://me:s3cr3t@h/db?x=y", "s3cr3t",
        "postgresql://me:my@s3cr3t@localhost:1/db", "postgresql://me:my/s3cr3t@localhost:1/db",
        "postgresql://me:my#s3cr3t@localhost:1/db", "postgresql://me:%zzs3cr3t@localhost/db",
    ):  # fmt: skip
        ran = run("--database-url", url, "status")
        assert ran.code == 1
        assert ran.err.startswith("Error: ")
        assert "s3cr3t" not in ran.err + ran.out
        assert "Traceback" not in ran.err


def test_a_data_directory_beside_a_database_url_is_a_contradiction(
    run: Run, read_world: str, tmp_path: Path
) -> None:
    ran = run("--data-dir", tmp_path, "status")
    assert ran.code == 1
    assert "unset it first" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_the_option_goes_before_the_environment(
    run: Run, read_world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@localhost:1/nothing")
    assert run("--database-url", read_world, "top", "-n", "1").code == 0


def test_an_interrupt_ends_quietly_with_130(read_world: str) -> None:
    command = [sys.executable, "-m", "viralforge", "sql", "select pg_sleep(60)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with psycopg.connect(read_world, autocommit=True) as watching:
            while process.poll() is None and not watching.execute(RUNNING).fetchone():
                time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")


def test_an_output_that_cannot_be_written_is_an_error(read_world: str) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "viralforge", "top"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 1
    assert ran.stderr == "Error: No space left on device\n"

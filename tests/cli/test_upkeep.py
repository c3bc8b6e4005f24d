"""Schema, rollups, status and psql from the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.conftest import Run
from viralforge.warehouse import DataWarehouse


def test_a_plan_changes_nothing_and_a_migration_is_done_once(
    run: Run, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    plan = run("migrate", "--plan", "--json").document
    assert (plan["from"], plan["done"]) == (None, False)
    assert plan["missing"]
    assert "Would bring the database from nothing" in run("migrate", "--plan").out
    done = run("migrate", "--json").document
    assert done == plan | {"done": True}
    assert "nothing to do" in run("migrate").out


def test_status_counts_exactly_and_names_the_server(run: Run, read_world: str) -> None:
    found = run("status", "--json").document
    assert found["embedded"] is False
    assert found["posts"] == run("sql", "select count(*) as n from scraped_posts", "--json").document[0]["n"]
    assert (
        found["rejections"] == run("sql", "select count(*) as n from rejections", "--json").document[0]["n"]
    )
    assert {"scraped_posts", "trends"} <= {table["name"] for table in found["tables"]}
    assert "PostgreSQL" in run("status").out


def test_status_of_the_embedded_server_names_its_directory(
    run: Run, short_dir: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    DataWarehouse.open(data_dir=f"{short_dir}/cli").close()
    found = run("--data-dir", f"{short_dir}/cli", "status", "--json").document
    assert found["embedded"] is True
    assert found["address"]["data"] == f"{short_dir}/cli"
    assert f"embedded, in {short_dir}/cli" in run("--data-dir", f"{short_dir}/cli", "status").out


def test_rollups_are_checked_and_mended(run: Run, own_world: str) -> None:
    assert (run("rollups", "check").code, run("rollups", "check", "--json").document) == (0, [])
    with DataWarehouse.open(own_world) as warehouse:
        warehouse.sql("delete from scraped_posts where platform = 'tiktok'")
    drift = run("rollups", "check", "--json")
    assert drift.code == 1
    assert {row["key"].split()[-1] for row in drift.document if row["rollup"] == "daily"} == {"tiktok"}
    assert run("rollups", "check").code == 1
    assert run("rollups", "rebuild", "--json").document["rows_mended"] == len(drift.document)
    assert run("rollups", "check").code == 0


def test_rollups_are_folded(run: Run, own_world: str) -> None:
    run("rollups", "fold")
    with DataWarehouse.open(own_world) as warehouse:
        warehouse.save_scraped_post({"platform": "youtube", "external_id": "dQw4w9WgXcQ", "views": 7})
    assert run("rollups", "fold", "--json").document == {"deltas_folded": 1}
    assert run("rollups", "fold").out == "0 deltas folded.\n"
    assert run("rollups", "check").code == 0


def test_psql_finds_the_views_and_keeps_the_exit_code(read_world: str) -> None:
    ran = psql("-At", "-c", "select count(*) > 0 from v_trending_hashtags")
    assert (ran.returncode, ran.stdout) == (0, "t\n"), ran.stderr
    assert psql("-c", "selec").returncode == 1


def test_psql_says_how_to_connect_without_the_password(
    run: Run, read_world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", with_password(read_world))
    ran = run("psql", "--json")
    assert ran.document["dbname"] == urlsplit(read_world).path[1:]
    assert "s3cr3t" not in ran.out
    assert "s3cr3t" not in run("status", "--json").out + run("status").out


def test_psql_gets_secrets_where_no_other_user_sees_them(
    run: Run, read_world: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = tmp_path / "psql"
    asked.write_text('#!/bin/sh\necho "$@"; echo "$PGPASSWORD"; cat "$PGSERVICEFILE"; exit 3\n')
    asked.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    separator = "&" if "?" in read_world else "?"
    monkeypatch.setenv("DATABASE_URL", f"{with_password(read_world)}{separator}sslpassword=w0rd")
    ran = subprocess.run(
        [sys.executable, "-m", "viralforge", "psql", "--", "-At"], capture_output=True, text=True, check=False
    )
    arguments, password, *service = ran.stdout.splitlines()
    assert ran.returncode == 3, ran.stderr
    assert arguments.endswith(" -At")
    assert "s3cr3t" not in arguments
    assert "w0rd" not in arguments
    assert (password, service) == ("s3cr3t", ["[viralforge]", "sslpassword=w0rd"])
    assert "w0rd" not in run("psql", "--json").out + run("status", "--json").out
    monkeypatch.setenv("PATH", os.environ["PATH"].partition(":")[2])
    assert psql("-At", "-c", "select 1").stdout == "1\n"


def test_without_any_psql_it_says_how_to_connect(
    run: Run, read_world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr("viralforge.db.cluster.find_spec", lambda _name: None)
    ran = run("psql")
    assert ran.code == 1
    assert "psql is not installed" in ran.err
    assert f"dbname={urlsplit(read_world).path[1:]}" in ran.err


def psql(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What psql says when it is started by us."""
    command = [sys.executable, "-m", "viralforge", "psql", "--", *arguments]
    return subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)


def with_password(url: str) -> str:
    """The URL with a password that a server with peer authentication does not ask for."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}:s3cr3t@{host}").geturl()

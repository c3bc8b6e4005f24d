"""Who may do what in SQL, said on the command line."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import Connection, sql

from tests.cli.conftest import Run
from viralforge.db.grants import MAY


@pytest.fixture
def prefix(role_names: list[str], empty_world: str) -> str:
    """What the roles of this test's own warehouse begin with."""
    with psycopg.connect(empty_world) as connection:
        name = connection.info.dbname
    role_names += [f"{name}_login", *(f"{name}_{kind}" for kind in MAY)]
    return name


def test_roles_are_made_given_and_taken(run: Run, prefix: str, admin: Connection) -> None:
    login = f"{prefix}_login"
    admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(login)))
    said = run("grants", "--prefix", prefix).out
    assert [f"{prefix}_{kind}" for kind in MAY] == [line.split()[0] for line in said.splitlines()[1:]]
    made = run("grants", "--prefix", prefix, "--json").document["roles"]
    assert [role["may"] for role in made] == list(MAY.values())
    given = run("grants", "--to", login, "--with-users", "--json").document
    assert given["role"]["members"] == [login]
    assert f"{login} is in {prefix}_writer" in run("grants", "--to", login, "--role", "writer").out
    taken = run("grants", "--from", login, "--json").document["taken"]
    assert taken == [f"{prefix}_writer"]  # one role at a time
    assert "in no role any more" in run("grants", "--from", login).out


def test_a_plan_prints_sql_and_makes_nothing(run: Run, prefix: str) -> None:
    lines = run("grants", "--plan", "--prefix", prefix).out.splitlines()
    assert all(line.endswith(";") for line in lines)
    assert f'CREATE ROLE "{prefix}_reader" NOLOGIN;' in lines
    assert run("grants", "--sql", "--prefix", prefix, "--json").document["statements"][0] == lines[0][:-1]
    assert "run viralforge grants first" in run("grants", "--to", "somebody").err


def test_what_contradicts_itself_or_is_not_there_is_told(run: Run, prefix: str) -> None:
    assert "take one of them" in run("grants", "--to", "a", "--from", "b").err
    run("grants", "--prefix", prefix)
    for arguments, said in (
        (("--to", "nobody_here"), "no role 'nobody_here'"),
        (("--to", "a", "--role", "boss"), "reader, writer or"),
        (("--to", "a", "--role", "admin", "--with-users"), "sees users anyway"),
    ):  # fmt: skip
        ran = run("grants", *arguments)
        assert (ran.code, said in ran.err) == (1, True), ran.err

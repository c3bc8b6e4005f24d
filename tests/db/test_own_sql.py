"""SQL of the user's own: its rows, and its mistakes told as such."""

from __future__ import annotations

import pytest

from viralforge.db.pool import Database
from viralforge.errors import InvalidInput


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT 1 FROM v_top_post", 'relation "v_top_post" does not exist'),
        ("SELEKT 1", "syntax error"),
        ("SELECT 1 / 0", "division by zero"),
        ("SELECT titel FROM scraped_posts", "Perhaps you meant"),
    ],
)
def test_a_mistake_in_sql_of_the_users_own_is_told_as_such(database: Database, statement: str, said: str):
    with pytest.raises(InvalidInput, match=said):
        database.query(statement)


def test_of_several_statements_the_last_rows_are_shown(database: Database):
    found = database.query(
        "SELECT 1 AS a; CREATE TABLE mine (x int); SELECT 2 AS b; INSERT INTO mine VALUES (1)"
    )
    assert (found.columns, list(found)) == (("b",), [(2,)])
    assert list(database.query("SELECT count(*) FROM mine")) == [(1,)]


@pytest.mark.parametrize("ends", ["FROM STDIN", "TO STDOUT"])
def test_copy_is_left_to_psql_in_one_sentence(
    database: Database, ends: str, caplog: pytest.LogCaptureFixture
):
    database.query("CREATE TABLE large AS SELECT repeat('soup', 99) AS page FROM generate_series(1, 99999)")
    for before in ("", "SELECT 1; "):
        with pytest.raises(InvalidInput, match="needs psql"):
            database.query(f"{before}COPY large {ends}")
    assert caplog.text == ""
    assert database.read(b"SELECT 1") == [(1,)]


def test_sql_of_the_users_own_may_hold_percent_signs(database: Database):
    assert database.query("SELECT 'soup' LIKE 's%'")[0] == (True,)

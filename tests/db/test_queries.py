"""Every named query is one that PostgreSQL understands, on the schema as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime
from itertools import product

import pytest

from viralforge.db.queries import SQL, Queries, Statement, subjects
from viralforge.store import posts

NOT_PLANNED = (b"SET TRANSACTION", b"VACUUM", b"LOCK", b"TRUNCATE")
NOT_EXPLAINED = re.compile(rb"^(ANALYZE|CREATE|ALTER|DROP|TRUNCATE|LOCK|SET|REFRESH|COPY)\b")
CATALOG = """
CREATE SCHEMA viralforge_lake
CREATE TABLE iceberg_tables (metadata_location text)
CREATE TABLE iceberg_namespace_properties (
    catalog_name text, namespace text, property_key text, property_value text,
    PRIMARY KEY (catalog_name, namespace, property_key))
"""
"""What the archive's library makes by itself."""
COMMENTS = re.compile(rb"\A(?:--.*\n)+")
STAGED = re.compile(rb"\b(?:FROM|JOIN) staged\b")


def statements(subject: str) -> dict[str, Statement]:
    """The subject's queries as they are run, but for those over staged rows."""
    return {
        name: Statement.of(query.decode())
        for name, query in Queries(subject).items()
        if not STAGED.search(query)
    }


@pytest.mark.parametrize("subject", subjects())
def test_every_query_can_be_planned(database, subject):
    queries = Queries(subject)
    unknown = defaultdict(lambda: None)
    with database.connection() as connection:
        connection.execute(CATALOG)
        for query in queries.values():
            if COMMENTS.sub(b"", query).startswith(b"CREATE TEMP"):
                connection.execute(query)
        composed = {
            f"{step}, {source}": it for step, some in posts._SQL.items() for source, it in some.items()
        }
        composed |= {"new": posts._NEW, "known": posts._KNOWN, "numbers": posts._NUMBERS}
        for name, query in {**statements(subject), **(composed if subject == "store/posts" else {})}.items():
            statement = COMMENTS.sub(b"", query.text)
            if statement.startswith(NOT_PLANNED):
                continue
            explain = b"" if NOT_EXPLAINED.match(statement) else b"EXPLAIN "
            with connection.transaction(force_rollback=True):
                try:
                    if statement.startswith(b"COPY"):
                        with connection.cursor().copy(statement):
                            pass
                    else:
                        query._replace(text=explain + statement).execute(connection, unknown)
                except Exception as error:
                    error.add_note(f"in query {name} of {subject}.sql")
                    raise


def test_every_query_has_a_name_of_its_own():
    for subject in subjects():
        text = (SQL / "queries" / f"{subject}.sql").read_text(encoding="utf-8")
        assert text.startswith("-- name: "), f"{subject}.sql begins with a query that has no name"
        assert len(re.findall(r"^-- name: \w+$", text, re.MULTILINE)) == len(Queries(subject)), subject


def test_a_query_over_staged_rows_begins_with_them():
    class Two(Queries):
        def __init__(self):
            self._queries = {
                "plain": b"SELECT id FROM staged",
                "with": b"-- Why.\nWITH more AS (SELECT id FROM staged) SELECT id FROM more",
            }

    assert (
        Two().staged("plain", b"SELECT 1 AS id").text
        == b"WITH staged AS (SELECT 1 AS id)\nSELECT id FROM staged"
    )
    assert (
        Two()
        .staged("with", b"SELECT 1 AS id")
        .text.startswith(b"WITH staged AS (SELECT 1 AS id),\nmore AS (")
    )


def test_numbers_of_any_size_are_one_statement_to_the_server(database):
    statement = Statement.of("SELECT %(a)s::bigint + %(b)s::bigint, %(c)s::boolean, %(d)s::timestamptz")
    moment = datetime(2025, 3, 1, 12, 30, 1, 2, tzinfo=UTC)
    known = [None, 0, 7, -70_000, 2**40]
    with database.connection() as connection:
        for a, b in product(known, known):
            given = {"a": a, "b": b, "c": b is None, "d": moment}
            total = None if a is None or b is None else a + b
            assert statement.execute(connection, given).fetchone() == (total, b is None, moment)
        prepared = connection.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["SELECT $1::bigint +%"]
        )
        assert prepared.fetchone() == (1,)


def test_a_post_saved_alone_takes_over_what_one_of_a_batch_does():
    batch, alone = (re.findall(rb"(?m)^        (\w+) = (.*?),?$", text) for text in (
        posts.QUERIES["merge"], posts.ONE["see_known"]
    ))  # fmt: skip
    # What stands before the latest, and how many there are, is of what the batch has of the post.
    counted = {b"sightings", b"prev_last_scraped_at", b"prev_reach", b"prev_reach_is_views"}
    assert len(batch) > 30
    assert [it for it in batch if it[0] not in counted] == [it for it in alone if it[0] not in counted]
    columns = rb"INSERT INTO viralforge.scraped_posts AS post \((.*?)\)"
    into, one = (re.search(columns, text, re.DOTALL)[1].replace(b"\n", b" ").split(b",") for text in (
        posts.QUERIES["merge"], posts.ONE["save_new"]
    ))  # fmt: skip
    assert {name.strip() for name in into} - counted == {name.strip() for name in one} - counted

"""docs/schema.sql says what the migrations make."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import psycopg

from viralforge.db.migrate import objects

schema_page = runpy.run_path(str(Path(__file__).with_name("schema_page.py")))["schema_page"]
PAGE = Path(__file__).parents[2] / "docs" / "schema.sql"


def functions_made() -> list[str]:
    """The functions that are objects, as a migrated database remembers them."""
    return [
        f"FUNCTION {name}"
        for text in objects()
        for name in re.findall(r"^CREATE FUNCTION ([\w.]+)", text, re.M)
    ]


def test_the_page_is_what_the_migrations_make(database):
    assert schema_page(database.url) == PAGE.read_text(encoding="utf-8"), "run: make schema"


def test_the_page_makes_the_same_schema(empty_database_url):
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(PAGE.read_bytes())
        connection.execute("INSERT INTO viralforge.schema_state VALUES (1, '', %s)", [functions_made()])
    assert schema_page(empty_database_url) == PAGE.read_text(encoding="utf-8")

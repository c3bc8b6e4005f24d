"""Which URLs name a database, and what is said of the others."""

from __future__ import annotations

import pytest

from viralforge.db.urls import as_libpq
from viralforge.errors import ConfigurationError


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("postgresql://me@db:5433/app", "postgresql://me@db:5433/app"),
        (
            "postgres://me:se%40cret@db/app?sslmode=require",
            "postgresql://me:se%40cret@db/app?sslmode=require",
        ),
        ("postgresql+psycopg://me@db/app", "postgresql://me@db/app"),
        ("postgresql+asyncpg:///app?host=%2Frun", "postgresql:///app?host=%2Frun"),
        ("host=db dbname=app", "host=db dbname=app"),
    ],
)
def test_urls_are_taken_as_people_write_them(given, taken):
    assert as_libpq(given) == taken


@pytest.mark.parametrize(
    "given",
    [
        "",
        "app.db",
        "sqlite:///x",
        "mysql://me:secret@db/app",
        "postgres://me:secret@db:port/app",
        "postgresql://me:pa/sec@db/app",
        "postgresql://me:pa@sec@db/app",
        "postgresql://me:sec%ret@db/app",
        "postgresql://me:secret@db/app?pgbouncer=true",
    ],
)
def test_other_urls_are_refused_without_repeating_the_password(given):
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as raised:
        as_libpq(given)
    assert "sec" not in str(raised.value)

"""A warehouse whose clock stands still, with rows in it, and those who answer questions about them."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import psycopg
import pytest
from psycopg import sql

from tests.analytics.rows import NOW, Rows
from viralforge.analytics.answers import Answers
from viralforge.analytics.crews import Crews
from viralforge.analytics.funnel import Funnel
from viralforge.analytics.hashtags import Hashtags
from viralforge.analytics.impact import Impact
from viralforge.analytics.posts import Posts
from viralforge.analytics.runs import Runs
from viralforge.analytics.scraping import Scraping
from viralforge.analytics.trends import Trends
from viralforge.analytics.usage import Usage
from viralforge.db.pool import Database
from viralforge.settings import Settings


@pytest.fixture
def still(database_url: str) -> Iterator[Database]:
    """A migrated database in which it is always NOW."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        statement = sql.SQL("ALTER DATABASE {} SET viralforge.now = {}")
        name = sql.Identifier(connection.info.dbname)
        connection.execute(statement.format(name, sql.Literal(NOW.isoformat())))
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def rows(still: Database) -> Rows:
    """Writes rows."""
    return Rows(still)


@pytest.fixture
def ask(still: Database) -> SimpleNamespace:
    """Whom to ask, by subject."""
    return subjects(still, Settings())


def subjects(database: Database, settings: Settings) -> SimpleNamespace:
    return SimpleNamespace(
        posts=Posts(database, settings), hashtags=Hashtags(database), trends=Trends(database),
        scraping=Scraping(database, settings), funnel=Funnel(database), crews=Crews(database),
        answers=Answers(database, settings), runs=Runs(database), impact=Impact(database),
        usage=Usage(database),
    )  # fmt: skip

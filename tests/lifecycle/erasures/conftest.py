"""What the tests of erasures share: a warehouse with its directories, and a search through all it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from tests.store.reading import everything
from viralforge.db.pool import Database
from viralforge.db.urls import place_of
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with all that can wait on a disk."""
    return Settings(
        spool_dir=tmp_path / "spool", facts_dir=tmp_path / "facts", posthog_host="https://posthog.example",
        posthog_key="phc_1",
    )  # fmt: skip


@pytest.fixture
def kept(database_url: str, settings: Settings) -> Iterator[DataWarehouse]:
    """A warehouse with these settings."""
    with DataWarehouse(Database.open(database_url), settings) as opened:
        yield opened


@pytest.fixture
def facts(database_url: str, settings: Settings) -> Path:
    """Where facts about runs wait."""
    return settings.facts_dir / place_of(database_url)


@pytest.fixture
def held(database: Database, settings: Settings) -> Callable[[], str]:
    """All that is held in the tables and on disk, packed answers unpacked, in lower case."""

    def read() -> str:
        answers = database.read(b"SELECT answer FROM viralforge.cached_answers")
        files = [
            path.read_text()
            for folder in (settings.spool_dir, settings.facts_dir)
            for path in folder.rglob("*")
            if path.is_file()
        ]
        unpacked = [zstandard.decompress(row[0]).decode() for row in answers]
        return "\n".join([everything(database), *unpacked, *files]).lower()

    return read

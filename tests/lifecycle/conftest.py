"""What the tests of the lifecycle share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from viralforge.warehouse import DataWarehouse


@pytest.fixture
def archived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every warehouse opened has an archive in a folder of this test's own."""
    monkeypatch.setenv("VIRALFORGE_ARCHIVE_URL", str(tmp_path / "the archive"))


@pytest.fixture
def little(archived: None, warehouse: DataWarehouse) -> DataWarehouse:
    """A warehouse with a small past, for tests that archive it over and over."""
    from tests.lifecycle import old

    old.fill(warehouse, 20, 8)
    return warehouse


@pytest.fixture
def past(archived: None, warehouse: DataWarehouse) -> Iterator[DataWarehouse]:
    """A warehouse with a past that is due for the archive."""
    from tests.lifecycle import old

    old.fill(warehouse)
    return warehouse

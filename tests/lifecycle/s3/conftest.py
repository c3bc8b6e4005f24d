"""An S3 server for the tests here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lifecycle import old
from tests.lifecycle.s3.store import ACCESS, SECRET, WEED, Way, running
from viralforge.warehouse import DataWarehouse


@pytest.fixture(scope="session")
def s3_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an S3 server with the bucket `archive`."""
    if not WEED.is_file():
        pytest.skip("SeaweedFS is not installed for this platform")
    with running(tmp_path_factory.mktemp("s3")) as port:
        yield port


@pytest.fixture
def way(s3_port: int) -> Iterator[Way]:
    """The way to it."""
    found = Way(s3_port)
    yield found
    found.close()


@pytest.fixture
def on_s3(way: Way, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every warehouse opened has an archive there."""
    settings = {
        "URL": f"s3://archive/{tmp_path.name}", "S3_ENDPOINT": way.url, "S3_ACCESS_KEY": ACCESS,
        "S3_SECRET_KEY": SECRET,
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(f"VIRALFORGE_ARCHIVE_{name}", value)


@pytest.fixture
def far(on_s3: None, warehouse: DataWarehouse) -> DataWarehouse:
    """A warehouse with a past that is due for the archive there."""
    old.fill(warehouse, 20, 8)
    return warehouse

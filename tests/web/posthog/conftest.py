"""A server whose log can be read, for clients of PostHog."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.running import Running, running


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Running]:
    """A server of this test's own warehouse."""
    with running(database_url, tmp_path) as server:
        yield server

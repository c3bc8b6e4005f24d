"""What the tests of runs share: their figures, as they are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from viralforge.warehouse import DataWarehouse

Figures = dict[str, Any]


@pytest.fixture
def figures(warehouse: DataWarehouse) -> Callable[..., list[Figures]]:
    """The named columns of all executions, in their order, once all that was told is stored."""

    def told(*columns: str) -> list[Figures]:
        warehouse.accounts.flush()
        rows = warehouse.sql("SELECT * FROM crew_executions ORDER BY id").to_dicts()
        return [{name: row[name] for name in columns} for row in rows]

    return told

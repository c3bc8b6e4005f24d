"""What the tests of runs share: their figures, as they are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from viralforge.warehouse import DataWarehouse

Figures = dict[str, Any]
USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 200}}
PRICED = {"kind": "model", "name": "house", "input_usd": 1, "output_usd": 10, "cached_usd": 0}


@pytest.fixture
def figures(warehouse: DataWarehouse) -> Callable[..., list[Figures]]:
    """The named columns of all executions, in their order, once all that was told is stored."""

    def told(*columns: str) -> list[Figures]:
        warehouse.accounts.flush()
        rows = warehouse.sql("SELECT * FROM crew_executions ORDER BY id").to_dicts()
        return [{name: row[name] for name in columns} for row in rows]

    return told


@pytest.fixture
def priced(warehouse):
    """A model of the house whose call with `USAGE` costs 0.0018 USD."""
    warehouse.prices.set(own(**PRICED))
    return warehouse


def own(**given):
    from viralforge.model.price import OwnPrice

    return OwnPrice.read(given)

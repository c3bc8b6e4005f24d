"""CrewAI as it is, without network: its models are fakes that keep a ledger of what they did."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import Any

import pytest

OFFLINE = {
    "CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_DISABLE_VERSION_CHECK": "true",
    "CREWAI_STORAGE_DIR": tempfile.mkdtemp(prefix="viralforge-crewai-"),
}  # fmt: skip
os.environ.update(OFFLINE)  # CrewAI reads them when it is imported

from viralforge.integrations.crewai import record  # noqa: E402
from viralforge.model.price import OwnPrice  # noqa: E402
from viralforge.warehouse import DataWarehouse  # noqa: E402


@pytest.fixture
def recorded(warehouse: DataWarehouse) -> DataWarehouse:
    """A warehouse that records all of CrewAI, and knows what the fakes cost."""
    warehouse.prices.set(OwnPrice.read({"kind": "model", "name": "fake/*", "input_usd": 1, "output_usd": 10}))
    record(warehouse)
    return warehouse


@pytest.fixture
def executions(recorded: DataWarehouse) -> Callable[[], dict[str, dict[str, Any]]]:
    """All executions by their crew type, once all that was told is stored."""

    def told() -> dict[str, dict[str, Any]]:
        recorded.accounts.flush()
        rows = recorded.sql("SELECT * FROM crew_executions ORDER BY id").to_dicts()
        assert len({row["crew_type"] for row in rows}) == len(rows)
        return {row["crew_type"]: row for row in rows}

    return told

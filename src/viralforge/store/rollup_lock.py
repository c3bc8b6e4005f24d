"""Who takes away what rollups stand on holds them still, and lets those start again who began before."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from viralforge.db.queries import Queries

QUERIES = Queries("store/rollup_lock")
ROLLUPS_LOCK = {"lock": 0x5646_0003}
"""The advisory lock of whoever changes what is rolled up."""


def hold_rollups(connection: Connection[Any]) -> None:
    """Waits until nobody folds or rebuilds the rollups, and keeps others from it until the commit."""
    connection.execute(QUERIES["hold_rollups"], ROLLUPS_LOCK)


def touch_rollups(connection: Connection[Any]) -> None:
    """Makes who waits to rebuild them fail, and try again: an older state is in view there."""
    connection.execute(QUERIES["touch_rollups"])

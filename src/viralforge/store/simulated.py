"""The end of a simulation."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.store.rollup_lock import hold_rollups

QUERIES = Queries("store/simulated")


def delete_simulated(database: Database) -> None:
    """Deletes what a simulation made, but its posts."""

    def work(connection: Connection[Any]) -> None:
        hold_rollups(connection)
        connection.execute(QUERIES["delete_simulated"])

    database.write(work)

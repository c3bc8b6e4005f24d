"""The end of a simulation."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.store.users import ROLLUPS_LOCK

QUERIES = Queries("store/simulated")


def delete_simulated(database: Database) -> None:
    """Deletes what a simulation made, but its posts."""

    def work(connection: Connection[Any]) -> None:
        connection.execute(QUERIES["hold_rollups"], {"lock": ROLLUPS_LOCK})
        connection.execute(QUERIES["delete_simulated"])

    database.write(work)

"""How the database itself is: its server, its tables and their sizes."""

from __future__ import annotations

from typing import NamedTuple

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows

QUERIES = Queries("db/status")


class Server(NamedTuple):
    """The PostgreSQL, the database in it, and its size in bytes."""

    version: str
    name: str
    bytes: int


class TableSize(NamedTuple):
    """A table with its months (0: not partitioned): rows as last estimated, bytes with indexes."""

    name: str
    rows: int
    bytes: int
    months: int


def server(database: Database) -> Server:
    """The server and the database."""
    return database.rows(Server, QUERIES["server"])[0]


def tables(database: Database) -> Rows[TableSize]:
    """Every table of ours, the largest first."""
    return database.rows(TableSize, QUERIES["tables"])


def gather_statistics(database: Database) -> None:
    """Tells the planner of the partitioned tables as wholes, which PostgreSQL does for their months alone."""
    database.change(QUERIES["gather_statistics"])

"""The PostgreSQL that everybody is measured on: embedded, safe, a quarter of the memory for buffers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from viralforge.db import embedded
from viralforge.db.migrate import migrate
from viralforge.db.partitions import Months
from viralforge.db.pool import Database

_numbers = count(1)


class Server:
    """A running server and a migrated database that others are copied from."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.template = self.create()
        database = Database.open(self.at(self.template))
        migrate(database)
        Months(database).ensure_ahead()
        database.close()

    def at(self, name: str) -> str:
        """The URL of one of its databases."""
        conninfo = psycopg.conninfo.conninfo_to_dict(self.url) | {"dbname": name}
        query = "&".join(
            f"{key}={str(value).replace('/', '%2F')}"
            for key, value in conninfo.items()
            if key not in ("user", "dbname")
        )
        return f"postgresql://{conninfo['user']}@/{name}?{query}"

    def create(self, template: str | None = None) -> str:
        """A new database, empty or a copy of another; says its name."""
        name = f"bench_{next(_numbers)}"
        with psycopg.connect(self.url, autocommit=True) as admin:
            made = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {} STRATEGY file_copy")
            admin.execute(made.format(sql.Identifier(name), sql.Identifier(template or "template0")))
            admin.execute("CHECKPOINT")
        return name

    def drop(self, name: str) -> None:
        """Removes a database."""
        with psycopg.connect(self.url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The URL of a database of its own for one run, a copy of the migrated one or of another."""
        name = self.create(template or self.template)
        yield self.at(name)
        self.drop(name)


@contextmanager
def running() -> Iterator[Server]:
    """A server in a temporary directory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {"shared_buffers": f"{memory // 4}MB", "max_wal_size": "8GB", "max_connections": "60"}
    with tempfile.TemporaryDirectory(prefix="vfb-") as place:
        Path(place).chmod(0o755)
        with embedded.start(Path(place), settings=settings) as server:
            yield Server(server.url)

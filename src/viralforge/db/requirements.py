"""What a PostgreSQL must be for us: a version we know, UTF8, and a session of one's own."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import Connection

from viralforge.errors import ConfigurationError

SUPPORTED = range(15, 19)


def check_server(connection: Connection[Any]) -> None:
    """Raises ConfigurationError unless this is PostgreSQL 15 to 18 with UTF8."""
    major = connection.info.server_version // 10_000
    if major not in SUPPORTED:
        supported = f"{SUPPORTED[0]} to {SUPPORTED[-1]}"
        raise ConfigurationError(f"PostgreSQL {major} is not supported; use {supported}")
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise ConfigurationError(f"the database's encoding is {encoding}; create it with ENCODING 'UTF8'")


def check_session_mode(connection: Connection[Any], url: str) -> None:
    """Raises ConfigurationError behind a pooler that hands a server out for one transaction only.

    Temporary tables and session locks need a session. Such a pooler gives the server that is free now to
    the next client, so two open connections meet in one server process.
    """
    connection.rollback()
    pid = _server_pid(connection)
    with psycopg.connect(url, connect_timeout=15) as second:
        if _server_pid(second) == pid:
            raise ConfigurationError(
                "DATABASE_URL goes through a pooler in transaction mode; use the direct or session-mode port"
            )


def _server_pid(connection: Connection[Any]) -> int:
    pid: int = connection.execute("SELECT pg_backend_pid()").fetchone()[0]  # type: ignore[index]
    connection.rollback()
    return pid

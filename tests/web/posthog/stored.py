"""The events in a warehouse, as tests of PostHog's clients look at them; and a database that goes away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, sql

from viralforge.warehouse import DataWarehouse


def events(warehouse: DataWarehouse) -> list[dict[str, Any]]:
    return warehouse.sql(
        "SELECT app_events.*, user_agent FROM app_events LEFT JOIN user_agents ON id = user_agent_id "
        "ORDER BY created_at, event_name"
    ).to_dicts()


def named(warehouse: DataWarehouse, name: str) -> list[dict[str, Any]]:
    return [event for event in events(warehouse) if event["event_name"] == name]


@contextmanager
def away(admin: Connection, warehouse: DataWarehouse) -> Iterator[None]:
    """A database that lets nobody in, for as long as the block lasts."""
    name = warehouse.sql("SELECT current_database()")[0][0]
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    admin.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
    admin.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", (name,))
    try:
        yield
    finally:
        admin.execute(allow.format(sql.Identifier(name), sql.SQL("true")))

"""How a warehouse gets to its database: started where it is embedded, migrated where that is wanted."""

from __future__ import annotations

from contextlib import ExitStack

from viralforge.db import embedded, migrate
from viralforge.db.pool import Database
from viralforge.settings import Settings


def connected(settings: Settings, stack: ExitStack, *, create: bool = True) -> Database:
    """The database of the settings, given back with the stack."""
    server = None
    if settings.database_url is None:
        server = stack.enter_context(embedded.start(settings.data_dir, create=create))
        url = server.url
    else:
        url = settings.database_url.get_secret_value()
    database = Database.open(url, pool_size=settings.pool_size, timeout=settings.pool_wait_seconds)
    if server is not None:
        database.revive = server.revive
    stack.callback(database.close)
    return database


def prepare(database: Database, wanted: bool) -> None:
    """Migrates an empty database, and any other where that is `wanted`; else it must be up to date."""
    plan = migrate.plan(database)
    if plan.nothing_to_do:
        return
    if wanted or plan.current is None:
        migrate.migrate(database)
    else:
        migrate.require_current(database)

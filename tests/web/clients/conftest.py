"""A served world to ask, and clients to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import Connection

from tests.conftest import new_database, with_database
from tests.web.conftest import Served, served
from viralforge import RemoteWarehouse, connect
from viralforge.simulate.run import fill
from viralforge.warehouse import DataWarehouse


@pytest.fixture(scope="module")
def world(server_url: str, admin: Connection, template: str) -> Iterator[str]:
    """The URL of a database that holds a small simulated world, for questions only."""
    with new_database(admin, template) as name:
        url = with_database(server_url, name)
        with DataWarehouse.open(url) as warehouse:
            fill(warehouse, posts=600)
            warehouse.refresh_popular_content()
        yield url


@pytest.fixture(scope="module")
def here(world: str) -> Iterator[DataWarehouse]:
    """The world, asked on the spot."""
    with DataWarehouse.open(world) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def there(world: str) -> Iterator[RemoteWarehouse]:
    """The same world, asked over HTTP by whoever may see users."""
    with served(world) as server, connect(server.url, key=server.keys["read:users"]) as remote:
        yield remote


@pytest.fixture
def remote(server: Served) -> Iterator[RemoteWarehouse]:
    """An empty warehouse, spoken to over HTTP by whoever may do everything."""
    with connect(server.url, key=server.keys["admin"]) as found:
        yield found

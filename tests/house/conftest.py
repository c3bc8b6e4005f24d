"""A warehouse filled with the simulated world, copied for each page of the documents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import Connection

from tests.conftest import new_database, with_database
from viralforge.simulate.run import fill
from viralforge.warehouse import DataWarehouse

POSTS = 2_000


@pytest.fixture(scope="session")
def world(server_url: str, admin: Connection, template: str) -> Iterator[str]:
    """The name of a database that holds the simulated world."""
    with new_database(admin, template) as name:
        with DataWarehouse.open(with_database(server_url, name)) as warehouse:
            fill(warehouse, posts=POSTS)
        yield name


@pytest.fixture
def world_url(server_url: str, admin: Connection, world: str) -> Iterator[str]:
    """The URL of a copy of the simulated world."""
    with new_database(admin, world) as name:
        yield with_database(server_url, name)

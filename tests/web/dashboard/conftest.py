"""A simulated world that is served, and its pages as a reader without scripts gets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import new_database, with_database
from tests.web.conftest import Served, served
from viralforge.simulate.run import fill
from viralforge.warehouse import DataWarehouse

POSTS = 6_000


class Shown(NamedTuple):
    """A simulated world, the server over it, and the same opened here."""

    server: Served
    warehouse: DataWarehouse
    client: httpx.Client


@pytest.fixture(scope="session")
def world_name(admin, server_url, template) -> Iterator[str]:
    """The name of a database with a simulated world in it."""
    with new_database(admin, template) as name:
        with DataWarehouse.open(with_database(server_url, name)) as warehouse:
            fill(warehouse, posts=POSTS)
        yield name


@pytest.fixture(scope="session")
def world(admin, server_url, world_name) -> Iterator[Shown]:
    """The world, served."""
    with new_database(admin, world_name) as name:
        url = with_database(server_url, name)
        with DataWarehouse.open(url) as warehouse, served(url) as server, server.client("admin") as client:
            yield Shown(server, warehouse, client)


@pytest.fixture(scope="session")
def read(world: Shown) -> Callable[..., LexborHTMLParser]:
    """A page of the world, once nothing on it is being worked out any more."""

    def page(path: str) -> LexborHTMLParser:
        for _ in range(60):
            answer = world.client.get(path)
            assert answer.status_code == 200, (path, answer.text[:500])
            if "Being worked out" not in answer.text:
                return LexborHTMLParser(answer.text)
        raise AssertionError(f"{path} is never worked out")

    return page

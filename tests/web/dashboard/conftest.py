"""The pages of a simulated world, as a reader without scripts gets them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.web.conftest import ShownWorld


@pytest.fixture(scope="session")
def world(shown_world: ShownWorld) -> ShownWorld:
    """The world, served."""
    return shown_world


@pytest.fixture(scope="session")
def read(world: ShownWorld) -> Callable[..., LexborHTMLParser]:
    """A page of the world, once nothing on it is being worked out any more."""

    def page(path: str) -> LexborHTMLParser:
        for _ in range(60):
            answer = world.client.get(path)
            assert answer.status_code == 200, (path, answer.text[:500])
            if "Being worked out" not in answer.text:
                return LexborHTMLParser(answer.text)
        raise AssertionError(f"{path} is never worked out")

    return page

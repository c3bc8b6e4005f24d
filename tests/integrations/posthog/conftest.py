"""A warehouse that forwards to a stand-in of PostHog."""

from __future__ import annotations

import pytest

from tests.integrations.posthog.stand_in import StandIn
from viralforge.integrations.posthog import Forwarder
from viralforge.settings import read_settings
from viralforge.warehouse import DataWarehouse


@pytest.fixture
def server(monkeypatch):
    with StandIn() as found:
        monkeypatch.setenv("VIRALFORGE_POSTHOG_HOST", found.url)
        monkeypatch.setenv("VIRALFORGE_POSTHOG_KEY", "phc_key")
        yield found
        found.shutdown()


@pytest.fixture
def warehouse(server, database_url):
    with DataWarehouse.open(database_url) as opened:
        yield opened


@pytest.fixture
def forwarder(warehouse):
    made = Forwarder(warehouse, read_settings())
    yield made
    made.close()

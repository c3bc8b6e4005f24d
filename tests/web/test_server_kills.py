"""Killed under load, the server or its PostgreSQL: what was acknowledged is stored, and nothing twice."""

from __future__ import annotations

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from threading import Event

import httpx
import pytest

from tests.conftest import UNSAFE
from tests.web.running import EVENT, Running, free_port, running, wait_for
from viralforge.db import embedded
from viralforge.db.pool import Database
from viralforge.model.event import new_event_id

# What was committed must outlive the server's processes, though not the machine.
DURABLE = UNSAFE | {"synchronous_commit": "on"}
CLIENTS = 8


class Client:
    """Sends events with ids of its own until they are acknowledged, and remembers which were."""

    def __init__(self, url: str, over: Event) -> None:
        self.url, self.over = f"{url}/v1/events", over
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self.tries = 0

    def run(self) -> None:
        with httpx.Client(timeout=30) as client:
            while not self.over.is_set():
                ids = [str(new_event_id(datetime.now(UTC))) for _ in range(random.choice((1, 10)))]
                self.sent.update(ids)
                body = [
                    EVENT | {"eventId": event_id, "userId": f"u{random.randint(1, 50)}"} for event_id in ids
                ]
                while not self.acknowledged.issuperset(ids) and not self.over.is_set():
                    self.send(client, body, ids)

    def send(self, client: httpx.Client, body: list[dict[str, str]], ids: list[str]) -> None:
        self.tries += 1
        try:
            answer = client.post(self.url, json=body)
        except httpx.TransportError:
            time.sleep(0.05)
            return
        if answer.status_code == 200:
            self.acknowledged.update(answer.json()["event_ids"])
        else:
            assert answer.status_code in (503, 504), answer.text  # nothing was kept, or that is in doubt
            time.sleep(0.05)


@pytest.mark.parametrize("victim", ["server", "PostgreSQL"])
def test_what_was_acknowledged_outlives_a_kill(victim, short_dir, tmp_path, stress) -> None:
    place, port, over = short_dir / f"killed-{victim}", free_port(), Event()
    kills = stress.measure(2, 20)
    database = embedded.start(place, settings=DURABLE)
    with ThreadPoolExecutor(CLIENTS) as threads, ExitStack() as stack:
        stack.callback(over.set)
        server: Running = stack.enter_context(running(database.url, tmp_path, port=port))
        clients = [Client(server.url, over) for _ in range(CLIENTS)]
        working = [threads.submit(client.run) for client in clients]

        def acknowledged() -> int:
            assert not any(each.done() for each in working)
            return sum(len(client.acknowledged) for client in clients)

        for _ in range(kills):
            goal = acknowledged() + random.randint(50, 300)
            wait_for(lambda: acknowledged() >= goal, 120)  # noqa: B023 - used before it changes
            if victim == "server":
                server.kill()
                server = stack.enter_context(running(database.url, tmp_path, port=port))
            else:
                os.kill(int((place / "pg18" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
                database = embedded.start(place, settings=DURABLE)
        goal = acknowledged() + 100
        wait_for(lambda: acknowledged() >= goal, 120)
        over.set()
        for each in working:
            each.result(60)
        assert_each_is_stored_once(database.url, clients)
    tries = sum(client.tries for client in clients)
    stress.tell(
        f"{kills} kills of the {victim}: {acknowledged_by(clients)} events acknowledged in {tries} requests"
    )
    database.stop()


def acknowledged_by(clients: list[Client]) -> int:
    return sum(len(client.acknowledged) for client in clients)


def assert_each_is_stored_once(url: str, clients: list[Client]) -> None:
    opened = Database.open(url)
    rows = [row[0] for row in opened.read(b"SELECT event_id::text FROM viralforge.app_events")]
    opened.close()
    stored = set(rows)
    assert len(rows) == len(stored)
    assert set().union(*(client.acknowledged for client in clients)) <= stored
    assert stored <= set().union(*(client.sent for client in clients))

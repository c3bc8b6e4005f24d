"""Groups of events: each caller is told of its own, and nobody waits for a database that is away."""

from __future__ import annotations

import asyncio
import threading

import pytest

from viralforge.errors import DatabaseUnavailable, InvalidInput, StorageFull
from viralforge.lifecycle.spool import Spool
from viralforge.web.capture import writer as module
from viralforge.web.capture.writer import CaptureWriter
from viralforge.web.problems import Problem


class Database:
    """Where rows go to: slow, away or refusing some as the test says."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.refused: set[int] = set()

    def ping(self) -> None:
        self.gate.wait(30)
        if self.error:
            raise self.error

    def insert(self, rows) -> int:
        self.gate.wait(30)
        numbers = [row["n"] for row in rows]
        if self.error:
            raise self.error
        if self.refused & set(numbers):
            raise InvalidInput("cannot be stored")
        self.groups.append(numbers)
        return len(rows)


def rows(*numbers: int) -> list[dict[str, int]]:
    return [{"n": number} for number in numbers]


def with_writer(story, **more):
    """Runs a story with a writer, which is closed after it."""

    async def told():
        database = Database()
        writer = CaptureWriter(database.insert, database.ping, **({"max_waiting": 1_000} | more))
        try:
            return await story(writer, database)
        finally:
            database.gate.set()
            await writer.close()

    return asyncio.run(told())


def test_what_comes_while_a_group_is_committed_is_the_next_group() -> None:
    async def story(writer, database):
        database.gate.clear()
        first = [asyncio.create_task(writer.store(rows(number))) for number in range(module._COMMITS)]
        await asyncio.sleep(0.05)
        later = [asyncio.create_task(writer.store(rows(number))) for number in range(100, 200)]
        await asyncio.sleep(0.05)
        database.gate.set()
        assert await asyncio.gather(*first, *later) == [True] * (len(first) + 100)
        assert sorted(number for group in database.groups for number in group)[-100:] == list(range(100, 200))
        assert len(database.groups) <= module._COMMITS + 2

    with_writer(story)


def test_who_cannot_be_stored_is_told_alone() -> None:
    async def story(writer, database):
        database.refused = {3}
        database.gate.clear()
        tasks = [asyncio.create_task(writer.store(rows(number))) for number in range(8)]
        await asyncio.sleep(0.05)
        database.gate.set()
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert [number for number, each in enumerate(told) if each is not True] == [3]
        assert isinstance(told[3], InvalidInput)

    with_writer(story)


def test_too_many_that_wait_are_refused_at_once_and_room_comes_again() -> None:
    async def story(writer, database):
        database.gate.clear()
        busy = []
        for number in range(module._COMMITS):
            busy.append(asyncio.create_task(writer.store(rows(number))))
            await asyncio.sleep(0.05)
        waiting = asyncio.create_task(writer.store(rows(*range(10))))
        await asyncio.sleep(0.05)
        with pytest.raises(Problem) as raised:
            await writer.store(rows(99))
        assert (raised.value.status, raised.value.wait) == (503, 1)
        database.gate.set()
        await asyncio.gather(*busy, waiting)
        assert await writer.store(rows(99))

    with_writer(story, max_waiting=10)


def test_while_the_database_is_away_nobody_waits_and_it_is_found_again(monkeypatch) -> None:
    monkeypatch.setattr(module, "_AWAY_SECONDS", 0.2)

    async def story(writer, database):
        database.error = DatabaseUnavailable("gone")
        with pytest.raises(DatabaseUnavailable):
            await writer.store(rows(1))
        database.gate.clear()  # whoever asked it now would wait
        with pytest.raises(Problem) as raised:
            await asyncio.wait_for(writer.store(rows(2)), 0.1)
        assert raised.value.status == 503
        database.gate.set()
        database.error = None
        await asyncio.sleep(0.6)
        assert await writer.store(rows(3))
        assert database.groups == [[3]]

    with_writer(story)


def test_with_a_spool_what_the_database_does_not_take_is_on_disk(tmp_path) -> None:
    async def story(writer, database):
        database.error = DatabaseUnavailable("gone")
        assert await writer.store(rows(1, 2)) is False
        assert await writer.store(rows(3)) is False
        database.error = StorageFull("full")
        assert await writer.store(rows(4)) is False

    spool = Spool(tmp_path)
    with_writer(story, spool=spool)
    database = Database()
    assert spool.drain(database.insert) == 4
    assert [number for group in database.groups for number in group] == [1, 2, 3, 4]


def test_closing_commits_what_was_accepted_and_takes_no_more() -> None:
    async def story(writer, database):
        database.gate.clear()
        tasks = [asyncio.create_task(writer.store(rows(number))) for number in range(20)]
        await asyncio.sleep(0.05)
        closing = asyncio.create_task(writer.close())
        await asyncio.sleep(0.05)
        with pytest.raises(Problem):
            await writer.store(rows(99))
        database.gate.set()
        await closing
        assert await asyncio.gather(*tasks) == [True] * 20
        assert sum(map(len, database.groups)) == 20

    with_writer(story)


def test_a_caller_who_has_gone_disturbs_nobody() -> None:
    async def story(writer, database):
        database.gate.clear()
        gone, stays = (asyncio.create_task(writer.store(rows(number))) for number in (1, 2))
        await asyncio.sleep(0.05)
        gone.cancel()
        database.gate.set()
        assert await stays

    with_writer(story)

"""The drill in full: a warehouse with an archive is lost, database and files, in the middle of its work."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from psycopg import Connection

from tests.conftest import Stress, new_database, with_database
from tests.lifecycle import old
from viralforge.warehouse import DataWarehouse

ANSWERS = (
    "SELECT id, title, views, likes, engagement_rate, growth, velocity_score, sightings FROM v_posts"
    " WHERE platform <> 'twitter'",
    "SELECT * FROM v_daily_scraping_stats WHERE platform <> 'twitter'", "SELECT * FROM v_executions",
)  # fmt: skip
ALL_TIME = (
    "SELECT id, title, raw_json, description, media_urls FROM posts WHERE platform <> 'twitter' ORDER BY id",
    "SELECT CAST(month(recorded_at) AS VARCHAR), count(*), sum(history.views), sum(history.likes)"
    " FROM history JOIN posts ON posts.id = scraped_post_id WHERE platform <> 'twitter'"
    " GROUP BY ALL ORDER BY ALL",
    "SELECT user_id, event_name, count(*) FROM events GROUP BY ALL ORDER BY ALL",
    "SELECT count(*), sum(tokens_in), sum(cost_usd) FROM calls",
)


class Writer(threading.Thread):
    """Saves one post after the other; says which were acknowledged, and which it began."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__()
        self._url, self._number = url, number
        self.begun = self.acknowledged = 0
        self.done = threading.Event()

    def run(self) -> None:
        with DataWarehouse.open(self._url) as warehouse:
            while not self.done.is_set():
                self.begun += 1
                identity = str(self._number * 10**9 + self.begun)
                warehouse.save_scraped_post({"platform": "twitter", "externalId": identity, "views": 1})
                self.acknowledged = self.begun

    def stored(self, warehouse: DataWarehouse) -> int:
        """How many of its posts there are, which are the first ones."""
        found = warehouse.sql(
            "SELECT external_id::bigint %% 1000000000 FROM scraped_posts"
            " WHERE platform = 'twitter' AND external_id::bigint / 1000000000 = %s ORDER BY 1",
            [self._number],
        )
        assert [row[0] for row in found] == list(range(1, len(found) + 1))
        return len(found)


@contextmanager
def at_work(warehouse: DataWarehouse, numbers: range) -> Iterator[list[Writer]]:
    """Writers save and months leave for the archive for as long as the block lasts."""
    writers = [Writer(warehouse.url, number) for number in numbers]
    failed: list[Exception] = []

    def archive() -> None:
        try:
            warehouse.archive.run()
        except Exception as error:
            failed.append(error)

    archiving = threading.Thread(target=archive)
    with ExitStack() as after:
        for thread in (*writers, archiving):
            thread.start()
            after.callback(thread.join)
        for writer in writers:
            after.callback(writer.done.set)
        yield writers
    assert failed == []


def told(warehouse: DataWarehouse) -> tuple[Any, ...]:
    """What no writer changes: every row, hot or cold, and the answers to questions of both.

    Of posts it is what they are in both together: the archive keeps them as they were when they last left.
    """
    rows = {name: set(found) for name, found in old.held(warehouse).items() if name != "posts"}
    ours = {row[0] for row in warehouse.sql("SELECT id::text FROM scraped_posts WHERE platform <> 'twitter'")}
    rows["history"] = {row for row in rows["history"] if row[0] in ours}
    hot = [sorted(map(repr, warehouse.sql(query))) for query in ANSWERS]
    return rows, hot, [list(warehouse.cold.sql(query).rows) for query in ALL_TIME]


def test_a_warehouse_lost_in_the_middle_of_its_work_comes_back_with_its_archive(
    past: DataWarehouse, server_url: str, admin: Connection, tmp_path: Path, stress: Stress
) -> None:
    """Over and over: each round goes on with what the one before brought back."""
    rounds, writers = stress.measure(2, 25), stress.measure(2, 6)
    saved = 0
    with ExitStack() as databases:
        warehouse = past
        for number in range(rounds):
            ago = timedelta(days=60 * number, minutes=number + 1)
            warehouse.bulk_save_scraped_posts([old.post(n, 7, old.NOW - ago) for n in range(0, 60, 3)])
            before = told(warehouse)
            with at_work(warehouse, range(number * writers, (number + 1) * writers)) as busy:
                while not all(writer.acknowledged or not writer.is_alive() for writer in busy):
                    time.sleep(0.01)
                kept = [writer.acknowledged for writer in busy]
                assert all(kept)
                warehouse.backup(tmp_path / f"backup {number}", with_archive=True)
                begun = [writer.begun for writer in busy]
            warehouse.close()
            shutil.rmtree(tmp_path / "the archive", ignore_errors=True)
            url = with_database(server_url, databases.enter_context(new_database(admin)))
            DataWarehouse.restore(tmp_path / f"backup {number}", url)
            warehouse = databases.enter_context(DataWarehouse.open(url))
            if warehouse.archive.lake.is_begun():
                warehouse.archive.lake.adopt()
            for writer, least, most in zip(busy, kept, begun, strict=True):
                assert least <= writer.stored(warehouse) <= most
                saved += writer.stored(warehouse)
            assert told(warehouse) == before
            warehouse.archive.run()
            assert told(warehouse) == before
            assert list(warehouse.rollups.check()) == []
    stress.tell(f"lost and restored {rounds} times, {saved} posts saved meanwhile")

"""A load that is the same each time, to be written again after it was broken off, also by its own process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.model import values
from viralforge.model.post import ScrapedPost
from viralforge.store.posts import PostStore
from viralforge.warehouse import DataWarehouse

BATCH = 500
BATCHES = 24
START = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=20)


def posts() -> Iterator[ScrapedPost]:
    """Batches whose posts tell by their niche which one they are from; every second sees the last again."""
    for batch in range(BATCHES):
        for number in range(BATCH):
            yield ScrapedPost(
                platform="youtube", external_id=f"{batch // 2:05}{number:06}", title=f"post {number}",
                views=100 * batch + number, likes=number, niche=str(batch), raw_json={"text": "word " * 60},
                observed_at=START + timedelta(hours=batch * 7),
            )  # fmt: skip


def store(database: Database) -> PostStore:
    return PostStore(database, Months(database), BATCH)


if __name__ == "__main__":
    task, url, *rest = sys.argv[1:]
    print("begun", flush=True)
    if task == "save":
        store(Database.open(url)).save_many(posts())
    else:
        with DataWarehouse.open(url) as warehouse:
            warehouse.ingest(rest[0], observed_at=values.moment(rest[1] or None))

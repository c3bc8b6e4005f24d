"""Much and big: memory stays bounded, whatever an iterator yields and however large a payload is."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from viralforge.model.rejection import Rejection
from viralforge.store.scrapes import MAX_PAYLOAD, ScrapeStore, rejection_row

ROOT = Path(__file__).parents[2]
POST = {"platform": "youtube", "external_id": "dQw4w9WgXcQ", "views": 5}
LOAD = """
import resource, sys
from viralforge.warehouse import DataWarehouse

def posts(start, count, letters):
    for number in range(start, start + count):
        text = f"{number} " * (letters // len(f"{number} "))
        post = {"platform": "youtube", "external_id": f"{number:011}", "views": number}
        yield post | {"raw_json": {"text": text}}

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

with DataWarehouse.open(sys.argv[1]) as warehouse:
    warehouse.bulk_save_scraped_posts(posts(0, 20_000, 200))
    before = peak()
    saved = warehouse.bulk_save_scraped_posts(posts(20_000, COUNT, LETTERS))
    print(len(saved), saved.new, round(peak() - before))
"""
# A batch ends at 32 MB of payload, and while one is written the next is read.
MOST = 250


def grown(url: str, count: int, letters: int) -> int:
    """By how many MB a process of its own grows while it saves so many posts with so long payloads."""
    code = LOAD.replace("COUNT", str(count)).replace("LETTERS", str(letters))
    run = subprocess.run(
        [sys.executable, "-c", code, url], cwd=ROOT, capture_output=True, text=True, check=True
    )
    saved, new, growth = map(int, run.stdout.split())
    assert saved == new == count
    return growth


def test_many_posts_from_an_iterator_take_no_more_memory_than_two_batches(database_url) -> None:
    # All payloads together are 300 MB.
    assert grown(database_url, 60_000, 5_000) < MOST


def test_long_payloads_make_short_batches(database_url) -> None:
    # A batch of all of them would hold 400 MB.
    assert grown(database_url, 400, 1_000_000) < MOST


def test_a_payload_of_20_mb_is_kept_whole(warehouse, database) -> None:
    big = {"text": "größer " * 3_000_000, "end": True}
    for posts in ([POST], [POST | {"external_id": f"{number:011}"} for number in range(101)]):
        posts[-1] = posts[-1] | {"raw_json": big}
        saved = warehouse.bulk_save_scraped_posts(posts)
        query = b"SELECT raw_json FROM viralforge.scraped_posts WHERE id = %(id)s"
        assert database.read(query, {"id": saved[-1]}) == [(big,)]


def test_many_long_rejections_are_kept_shortened_and_found_again(database) -> None:
    scrapes = ScrapeStore(database)
    text = "é" * 5_000_000
    rows = [
        rejection_row(Rejection("not_json", "no", f"{number}{text}", f"f:{number}")) for number in range(4)
    ]
    assert max(len(row["payload"]) for row in rows) <= MAX_PAYLOAD + 10
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (scrapes.reject(rows), scrapes.reject(rows)) == (4, 0)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MOST

"""Saves posts for some seconds, one and then a hundred, and prints how long each took: URL SECONDS FIRST."""

from __future__ import annotations

import json
import sys
import time

from viralforge.warehouse import DataWarehouse


def main(url: str, seconds: float, first: int) -> None:
    """Prints the milliseconds of single saves and of saves of a hundred."""
    took: dict[str, list[float]] = {"one": [], "hundred": []}
    number = first
    with DataWarehouse.open(url) as warehouse:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for name, count in (("one", 1), ("hundred", 100)):
                given = [_post(number + each) for each in range(count)]
                number += count
                started = time.perf_counter()
                warehouse.bulk_save_scraped_posts(given)
                took[name].append((time.perf_counter() - started) * 1_000)
            time.sleep(0.01)
    print(json.dumps(took))


def _post(number: int) -> dict[str, object]:
    return {
        "platform": "tiktok", "externalId": str(number), "title": f"post {number}", "views": number % 10_000,
        "likes": number % 500, "hashtags": ["soup"], "raw_json": {"text": "soup " * 60},
    }  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))

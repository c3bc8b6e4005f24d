"""`python -m bench NAME [--rows N] [--rounds N] [--json]`."""

from __future__ import annotations

import argparse

from bench import growth, ingest, reads, singles
from bench.server import running

BENCHES = {
    "new-posts": ingest.new_posts, "re-sightings": ingest.sightings_again,
    "one-writer": singles.one_at_a_time, "eight-writers": singles.eight_at_once,
    "growth": growth.growth, "reads": reads.reads,
}  # fmt: skip


def main() -> None:
    """Runs one benchmark, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=[*BENCHES, "all"])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with running() as server:
        for name, bench in BENCHES.items():
            if given.name in (name, "all"):
                bench(server, given.rows, given.rounds).show(given.json)


if __name__ == "__main__":
    main()

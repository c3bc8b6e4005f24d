"""`python -m bench NAME [--rows N] [--rounds N] [--json]`."""

from __future__ import annotations

import argparse
import json

from bench import agents, events, growth, ingest, lifecycle, pages, reads, singles
from bench.contest import table
from bench.server import running

BENCHES = {
    "new-posts": ingest.new_posts, "re-sightings": ingest.sightings_again,
    "one-writer": singles.one_at_a_time, "eight-writers": singles.eight_at_once,
    "growth": growth.growth, "reads": reads.reads, "events": events.events, "agents": agents.agents,
    "pages": pages.pages, "lifecycle": lifecycle.lifecycle,
}  # fmt: skip


LOADED = 30_000
"""So many posts are written by the ingest benches when all are run: in the others, so many are there."""


def main() -> None:
    """Runs one benchmark, or all, and prints one table or the outcome of each as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=[*BENCHES, "all"])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    lines = []
    with running() as server:
        for name, bench in BENCHES.items():
            if given.name in (name, "all"):
                few = given.name == "all" and bench.__module__ == ingest.__name__
                found = bench(server, min(given.rows, LOADED) if few else given.rows, given.rounds)
                lines += found.lines()
                if given.json:
                    print(json.dumps(found.document()))
    if not given.json:
        table(lines)


if __name__ == "__main__":
    main()

"""Taking posts in: new ones and re-sightings, on one connection and two, against the limit and the rivals."""

from __future__ import annotations

import gc
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench import rivals
from bench.contest import Bar, Contest
from bench.posts import Post, pages, posts, seen_again
from bench.server import Server
from bench.together import together
from viralforge.warehouse import DataWarehouse

_SLOW = 2_000
"""Rows of the rivals that would take minutes for all."""


def new_posts(server: Server, rows: int, rounds: int) -> Contest:
    """New posts."""
    given = posts(rows)
    with server.database() as url:
        blocks = rivals.copied(url, given)
    bars = [
        Bar("ours, two connections", "COPY", 0.5), Bar("ours, one connection", "COPY", 0.33),
        Bar("ours, one connection", "100 rows a statement", 2.5),
        Bar("ours, one connection", "SQLAlchemy", 8),
        Bar("ours, one connection", "dlt", 5), Bar("ours, one connection", "look up, then insert"),
        Bar("ours, ingest of NDJSON", "COPY", 0.35),
    ]  # fmt: skip
    contest = Contest("ingest: new posts", rows, bars=bars, rounds=rounds)
    contest.enter("COPY", _on(server, partial(rivals.copy, blocks=blocks, rows=rows)))
    contest.enter("ours, one connection", _on(server, partial(one, given=given)))
    contest.enter("ours, two connections", _on(server, partial(two, given=given)))
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        for page in pages(rows):
            file.write(json.dumps(page) + "\n")
        file.flush()
        contest.enter("ours, ingest of NDJSON", _on(server, partial(ingest, file=Path(file.name))))
        _enter_rivals(contest, server, None, given)
        contest.hold()
    return contest


def sightings_again(server: Server, rows: int, rounds: int) -> Contest:
    """The same posts with other numbers."""
    known = posts(rows)
    given = seen_again(known)
    with server.database() as url:
        blocks = rivals.copied(url, known)
    template = server.create(server.template)
    one(server.at(template), known)
    bars = [
        Bar("ours, two connections", "COPY", 0.35), Bar("ours, one connection", "COPY", 0.25),
        Bar("ours, one connection", "100 rows a statement", 2.5),
        Bar("ours, one connection", "SQLAlchemy", 8),
        Bar("ours, one connection", "look up, then update"),
    ]  # fmt: skip
    contest = Contest("ingest: re-sightings", rows, bars=bars, rounds=rounds)
    contest.enter("COPY", _on(server, partial(rivals.copy, blocks=blocks, rows=rows)))
    contest.enter("ours, one connection", _on(server, partial(one, given=given), template))
    contest.enter("ours, two connections", _on(server, partial(two, given=given), template))
    _enter_rivals(contest, server, template, given)
    contest.hold()
    server.drop(template)
    return contest


def _enter_rivals(contest: Contest, server: Server, template: str | None, given: list[Post]) -> None:
    some = given[: max(_SLOW, len(given) // 5)]
    contest.enter("100 rows a statement", _on(server, partial(rivals.values, posts=given), template))
    contest.enter("SQLAlchemy", _on(server, partial(rivals.sqlalchemy, posts=some), template))
    if template is None:
        contest.enter("dlt", _on(server, partial(rivals.dlt, posts=given), template))
    verb = "look up, then insert" if template is None else "look up, then update"
    contest.enter(verb, _on(server, partial(rivals.look_up, posts=given[:_SLOW]), template))


def _on(server: Server, work: Callable[[str], float], template: str | None = None) -> Callable[[], float]:
    """The work on a database of its own each time."""

    def run() -> float:
        gc.collect()
        with server.database(template) as url:
            return work(url)

    return run


def one(url: str, given: list[Post]) -> float:
    """`bulk_save_scraped_posts` with everything on: validation, dedupe, history, deltas, ids back."""
    with DataWarehouse.open(url) as warehouse:
        started = time.perf_counter()
        saved = warehouse.bulk_save_scraped_posts(given)
        spent = time.perf_counter() - started
    assert len(saved) == len(given) == saved.new + saved.updated
    return len(given) / spent


def two(url: str, given: list[Post]) -> float:
    """The same by two processes at once, half of the posts each."""
    half = len(given) // 2
    return len(given) / together([partial(_saving, url, part) for part in (given[:half], given[half:])])


@contextmanager
def _saving(url: str, given: list[Post]) -> Iterator[Callable[[], None]]:
    with DataWarehouse.open(url) as warehouse:

        def save() -> None:
            warehouse.bulk_save_scraped_posts(given)

        yield save


def ingest(url: str, file: Path) -> float:
    """`viralforge ingest`: a file of pages as the platforms send them, parsed and mapped."""
    with DataWarehouse.open(url) as warehouse:
        report = warehouse.ingest(file)
    assert report.read == report.new
    return report.read / report.seconds

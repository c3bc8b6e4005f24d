"""One post, event or snapshot at a time, each committed: against a bare INSERT and commit of the same row."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from bench import rivals
from bench.contest import Bar, Contest
from bench.posts import LATER, Post, posts
from bench.server import Server
from bench.together import together
from viralforge.model.ids import post_id
from viralforge.warehouse import DataWarehouse

_INSERT = f"INSERT INTO {rivals.TABLE} ({rivals._LIST}) VALUES {rivals._ROW}".encode()
_EVENT = b"""
INSERT INTO viralforge.app_events
    (event_id, user_id, session_id, event_name, event_type, platform, properties, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, now())
"""
_READING = b"""
INSERT INTO viralforge.post_metrics_history (scraped_post_id, recorded_at, views, likes)
VALUES (%s, %s, %s, %s)
"""
_USERS = b"""
INSERT INTO viralforge.users (id, created_at)
SELECT 'user-' || number, now() FROM generate_series(0, 99) AS number
"""
_WRITERS = 8
Work = Callable[[Any], None]
Way = Callable[[str], Any]
"""Opens a database; a context that gives what does one piece of work."""


@contextmanager
def _bare(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@contextmanager
def save_bare(url: str) -> Iterator[Work]:
    with _bare(url) as connection:
        yield lambda post: connection.execute(_INSERT, rivals.row(post))


@contextmanager
def save_ours(url: str) -> Iterator[Work]:
    with DataWarehouse.open(url) as warehouse:
        yield warehouse.save_scraped_post


@contextmanager
def track_bare(url: str) -> Iterator[Work]:
    with _bare(url) as connection:
        connection.execute(_USERS)
        yield lambda post: connection.execute(_EVENT, [
            uuid4(), _user(post), "session-1", "trend_action", "interaction", "web", Jsonb(_properties(post)),
        ])  # fmt: skip


@contextmanager
def track_ours(url: str) -> Iterator[Work]:
    with DataWarehouse.open(url) as warehouse:
        for number in range(100):
            warehouse.add_user(f"user-{number}")
        yield lambda post: warehouse.track_event({
            "user_id": _user(post), "session_id": "session-1", "event_name": "trend_action",
            "event_type": "interaction", "platform": "web", "properties": _properties(post),
        })  # fmt: skip


@contextmanager
def snapshot_bare(url: str) -> Iterator[Work]:
    with _bare(url) as connection:
        yield lambda post: connection.execute(
            _READING,
            [post_id(post["platform"], post["external_id"]), LATER, post.get("views"), post.get("likes")],
        )


@contextmanager
def snapshot_ours(url: str) -> Iterator[Work]:
    with DataWarehouse.open(url) as warehouse:
        yield lambda post: warehouse.record_metrics_snapshot(
            post_id(post["platform"], post["external_id"]),
            {"views": post.get("views"), "likes": post.get("likes", 1), "recorded_at": LATER},
        )


def _user(post: Post) -> str:
    return f"user-{len(post['external_id']) * 7 % 100}"


def _properties(post: Post) -> dict[str, Any]:
    return {"trend_id": 7, "post": post["external_id"], "position": 3, "screen": "discover"}


def one_at_a_time(server: Server, rows: int, rounds: int) -> Contest:
    """One writer: how long the middle one takes, as how many such there are in a second."""
    count = min(rows, 2_000)
    given = posts(count * 2)[:count]
    known = server.create(server.template)
    with DataWarehouse.open(server.at(known)) as warehouse:
        warehouse.bulk_save_scraped_posts(given)
    bars = [
        Bar(f"{what}, ours", f"{what}, bare INSERT", 0.5) for what in ("a post", "an event", "a snapshot")
    ]
    contest = Contest("singles: one writer", count, unit="at the median's pace/s", bars=bars, rounds=rounds)
    for name, way, template in (
        ("a post, bare INSERT", save_bare, None), ("a post, ours", save_ours, None),
        ("an event, bare INSERT", track_bare, None), ("an event, ours", track_ours, None),
        ("a snapshot, bare INSERT", snapshot_bare, known), ("a snapshot, ours", snapshot_ours, known),
    ):  # fmt: skip
        contest.enter(name, lambda way=way, template=template: _median_pace(server, way, given, template))
    contest.hold()
    server.drop(known)
    return contest


def eight_at_once(server: Server, rows: int, rounds: int) -> Contest:
    """Eight processes, each one post at a time."""
    count = min(rows, 8_000)
    given = posts(count)
    contest = Contest("singles: eight writers", count, bars=[Bar("ours", "bare INSERT", 0.8)], rounds=rounds)
    contest.enter("bare INSERT", lambda: _together(server, save_bare, given))
    contest.enter("ours", lambda: _together(server, save_ours, given))
    contest.hold()
    return contest


def _median_pace(server: Server, way: Way, given: list[Post], template: str | None) -> float:
    gc.collect()
    with server.database(template) as url, way(url) as work:
        return 1 / statistics.median(_timed(work, given))


def _timed(work: Work, given: Iterable[Post]) -> Iterator[float]:
    for post in given:
        started = time.perf_counter()
        work(post)
        yield time.perf_counter() - started


def _together(server: Server, way: Way, given: list[Post]) -> float:
    with server.database() as url:
        parts = [given[at::_WRITERS] for at in range(_WRITERS)]
        return len(given) / together([partial(_each, url, way, part) for part in parts])


@contextmanager
def _each(url: str, way: Way, given: list[Post]) -> Iterator[Callable[[], None]]:
    with way(url) as work:

        def everything() -> None:
            for post in given:
                work(post)

        yield everything

"""Other ways of writing the same posts into the same table: the limit, and what such services usually do."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import insert

from bench.posts import Post
from viralforge.model.ids import post_id
from viralforge.store.stage import CONTENT

TABLE = "viralforge.scraped_posts"
COLUMNS = ("id", *CONTENT, "raw_json", "scraped_at", "last_scraped_at")
_LIST = ", ".join(COLUMNS)
_ROW = f"({', '.join(['%s'] * len(COLUMNS))})"
_SET = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in ("id", "scraped_at"))
_UPSERT = f"INSERT INTO {TABLE} ({_LIST}) VALUES {{}} ON CONFLICT (id) DO UPDATE SET {_SET}"
_AT_ONCE, _COMMIT_EVERY = 100, 10_000


def row(post: Post) -> list[Any]:
    """A post as a row of the table, as a program that knows its own schema has it."""
    seen = post["observed_at"]
    known = post_id(post["platform"], post["external_id"])
    return [known, *(post.get(name) for name in CONTENT), Jsonb(post["raw_json"]), seen, seen]


def copied(url: str, posts: list[Post]) -> list[bytes]:
    """The posts as PostgreSQL itself writes them out, ready for a COPY of no other cost than the server's."""
    with psycopg.connect(url) as connection:
        with connection.cursor().copy(f"COPY {TABLE} ({_LIST}) FROM STDIN") as copy:
            for post in posts:
                copy.write_row(row(post))
        with connection.cursor().copy(f"COPY {TABLE} ({_LIST}) TO STDOUT") as copy:
            lines = [bytes(line) for line in copy]
    return [b"".join(lines[at : at + 1000]) for at in range(0, len(lines), 1000)]


def copy(url: str, blocks: list[bytes], rows: int) -> float:
    """The limit: COPY of ready-made rows straight into the table with all its indexes."""
    with psycopg.connect(url) as connection:
        started = time.perf_counter()
        with connection.cursor().copy(f"COPY {TABLE} ({_LIST}) FROM STDIN") as into:
            for block in blocks:
                into.write(block)
        connection.commit()
        return rows / (time.perf_counter() - started)


def values(url: str, posts: list[Post]) -> float:
    """INSERT … VALUES of 100 rows … ON CONFLICT DO UPDATE, a commit every 10,000."""
    with psycopg.connect(url) as connection:
        started = time.perf_counter()
        for number, some in enumerate(_slices(posts, _AT_ONCE), 1):
            given = [value for post in some for value in row(post)]
            connection.execute(_UPSERT.format(", ".join([_ROW] * len(some))).encode(), given)
            if number * _AT_ONCE % _COMMIT_EVERY == 0:
                connection.commit()
        connection.commit()
        return len(posts) / (time.perf_counter() - started)


def look_up(url: str, posts: list[Post]) -> float:
    """For each post a SELECT, then an INSERT or an UPDATE, and a commit: how such services usually do it."""
    changes = ", ".join(f"{name} = %s" for name in COLUMNS)
    with psycopg.connect(url) as connection:
        started = time.perf_counter()
        for post in posts:
            given = row(post)
            found = connection.execute(
                f"SELECT id FROM {TABLE} WHERE platform = %s AND external_id = %s AND id = %s",
                [post["platform"], post["external_id"], given[0]],
            ).fetchone()
            if found:
                connection.execute(f"UPDATE {TABLE} SET {changes} WHERE id = %s".encode(), [*given, found[0]])
            else:
                connection.execute(f"INSERT INTO {TABLE} ({_LIST}) VALUES {_ROW}".encode(), given)
            connection.commit()
        return len(posts) / (time.perf_counter() - started)


def sqlalchemy(url: str, posts: list[Post]) -> float:
    """SQLAlchemy's upsert of many rows, 10,000 a transaction."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    table = sa.Table("scraped_posts", sa.MetaData(schema="viralforge"), autoload_with=engine)
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in COLUMNS if name not in ("id", "scraped_at")}
    statement = statement.on_conflict_do_update(index_elements=["id"], set_=changed)
    started = time.perf_counter()
    for some in _slices(posts, _COMMIT_EVERY):
        given = [dict(zip(COLUMNS, row(post), strict=True)) for post in some]
        for each in given:
            each["raw_json"] = each["raw_json"].obj
        with engine.begin() as connection:
            connection.execute(statement, given)
    rate = len(posts) / (time.perf_counter() - started)
    engine.dispose()
    return rate


def dlt(url: str, posts: list[Post]) -> float:
    """dlt's merge with the strategy upsert, into a table of its own: it has no index but that of its key."""
    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
    import dlt as library  # it takes seconds to import

    where = psycopg.conninfo.conninfo_to_dict(url)
    credentials = f"postgresql://{where['user']}:none@localhost/{where['dbname']}?host={where['host']}"
    folder = tempfile.TemporaryDirectory(prefix="vfb-dlt-")
    pipeline = library.pipeline(
        "bench", pipelines_dir=folder.name, dataset_name="rival",
        destination=library.destinations.postgres(credentials),
    )  # fmt: skip

    def rows() -> Iterator[dict[str, Any]]:
        for post in posts:
            yield {"id": str(post_id(post["platform"], post["external_id"]))} | post

    started = time.perf_counter()
    pipeline.run(
        library.resource(
            rows, name="posts", primary_key="id", max_table_nesting=0,
            write_disposition={"disposition": "merge", "strategy": "upsert"},
        )
    )  # fmt: skip
    return len(posts) / (time.perf_counter() - started)


def _slices(posts: list[Post], size: int) -> Iterator[list[Post]]:
    for at in range(0, len(posts), size):
        yield posts[at : at + size]

"""Answering questions: ours against DuckDB and ClickHouse (chDB), who hold the same rows."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import chdb.session
import duckdb
import psycopg

from bench import world
from bench.contest import Line
from bench.questions import Question, questions
from bench.server import Server
from viralforge.warehouse import DataWarehouse

RECENT = 1_000_000
"""So many posts at most were first seen in the last 7 days."""
_TABLES = {
    "posts": "SELECT id, platform, title, views, likes, comments, shares, array_to_json(hashtags), "
    "engagement_rate, scraped_at, last_scraped_at FROM viralforge.scraped_posts ORDER BY platform, id",
    "history": "SELECT scraped_post_id, recorded_at, views, likes, comments, shares, velocity_score "
    "FROM viralforge.post_metrics_history ORDER BY 1, 2",
    "events": "SELECT user_id, session_id, event_name, platform, created_at FROM viralforge.app_events "
    "ORDER BY event_name, created_at",
    "sources": "SELECT trend_id, scraped_post_id, relevance_score FROM viralforge.trend_sources "
    "ORDER BY 1, 2",
}
_KINDS = {
    "posts": "id text, platform text, title text, views int, likes int, comments int, shares int, "
    "hashtags tags, engagement_rate rate, scraped_at time, last_scraped_at time",
    "history": "scraped_post_id text, recorded_at time, views int, likes int, comments int, shares int, "
    "velocity_score real",
    "events": "user_id text, session_id text, event_name text, platform text, created_at time",
    "sources": "trend_id int, scraped_post_id text, relevance_score real",
}
_DUCK = {
    "text": "VARCHAR", "int": "BIGINT", "real": "DOUBLE", "rate": "DECIMAL(38, 6)", "time": "TIMESTAMP",
}  # fmt: skip
_CLICK = {
    "text": "String", "int": "Nullable(Int64)", "real": "Nullable(Float64)",
    "rate": "Nullable(Decimal(38, 6))", "time": "DateTime64(6, 'UTC')",
}  # fmt: skip
_KEYS = {
    "posts": "(platform, id)", "history": "(scraped_post_id, recorded_at)",
    "events": "(event_name, created_at)", "sources": "(assumeNotNull(trend_id), scraped_post_id)",
}  # fmt: skip
Asked = Callable[[str], Any]


@dataclass
class Reads:
    """Milliseconds at the median, by question and by who was asked; None where a rival was not."""

    rows: int
    asked: list[Question]
    spent: dict[str, dict[str, float]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The outcome as JSON takes it: a ratio is how many times faster ours is."""
        rivals = {name: given for name, given in self.spent.items() if name != "ours"}
        return {
            "bench": "reads", "rows": self.rows, "unit": "ms", "ours": rounded(self.spent["ours"]),
            "rivals": {name: rounded(given) for name, given in rivals.items()},
            "ratios": {
                f"{name}: {question}": round(spent / self.spent["ours"][question], 2)
                for name, given in rivals.items() for question, spent in given.items()
            },
        }  # fmt: skip

    def lines(self) -> list[Line]:
        """Every question against its bar in milliseconds, and against each rival."""
        found = []
        for question in self.asked:
            ours = self.spent["ours"][question.name]
            said, bar = f"{question.name}: {ours:.2f} ms", question.bar
            if bar is not None:
                found.append(Line("reads", said, f"{bar:g} ms", bar / ours, "≥ 1", ours <= bar))
            for rival in ("DuckDB", "chDB"):
                if (spent := self.spent[rival].get(question.name)) is not None:
                    ratio = spent / ours
                    found.append(Line("reads", said, f"{rival}: {spent:.1f} ms", ratio, "≥ 5", ratio >= 5))
        return found


def rounded(given: dict[str, float]) -> dict[str, float]:
    return {name: round(spent, 3) for name, spent in given.items()}


def reads(server: Server, rows: int, rounds: int) -> Reads:
    """Every question, of a world with `rows` posts."""
    name = world.make(server, rows, min(rows, RECENT))
    url = server.at(name)
    with tempfile.TemporaryDirectory(prefix="vfb-rivals-") as place, DataWarehouse.open(url) as warehouse:
        now = datetime.now(UTC)
        duck, click = _rivals(url, Path(place), now)
        post = warehouse.sql("SELECT id FROM scraped_posts WHERE sightings = 3 LIMIT 1")[0][0]
        found = Reads(rows, questions(str(post)), {"ours": {}, "DuckDB": {}, "chDB": {}})
        warehouse.refresh_popular_content()
        for question in found.asked:
            world.say(question.name)
            warehouse.rollups.fold()
            took: dict[str, list[float]] = {"ours": [], "DuckDB": [], "chDB": []}
            for _ in range(rounds):
                for _ in range(5 if question.bar else 1):
                    took["ours"].append(_timed(lambda: question.ours(warehouse)))  # noqa: B023
                for rival, ask, text in (
                    ("DuckDB", duck, question.duckdb), ("chDB", click, question.clickhouse),
                ):  # fmt: skip
                    if text is not None:
                        took[rival].append(_timed(lambda: ask(text)))  # noqa: B023
            for who, times in took.items():
                if times:
                    found.spent[who][question.name] = statistics.median(times)
    server.drop(name)
    return found


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _rivals(url: str, place: Path, now: datetime) -> tuple[Asked, Asked]:
    """DuckDB and ClickHouse with the same rows, on disk; how to ask them."""
    duck = duckdb.connect(str(place / "duck.db"))
    click = chdb.session.Session(str(place / "click"))
    click.query("CREATE DATABASE bench ENGINE = Atomic")
    click.query("USE bench")
    for table, select in _TABLES.items():
        world.say(f"{table} for the rivals")
        file = place / f"{table}.csv"
        with psycopg.connect(url) as connection, file.open("wb") as out:
            connection.execute("SET TIME ZONE 'UTC'")
            with connection.cursor().copy(f"COPY ({select}) TO STDOUT (FORMAT csv)".encode()) as copy:
                for block in copy:
                    out.write(bytes(block).replace(b"+00", b""))
        columns = [each.split() for each in _KINDS[table].split(", ")]
        _load_duck(duck, table, columns, file)
        _load_click(click, table, columns, file)
        file.unlink()
    moment = now.replace(tzinfo=None).isoformat(sep=" ")
    duck_now, click_now = f"TIMESTAMP '{moment}'", f"toDateTime64('{moment}', 6, 'UTC')"
    return (
        lambda text: duck.execute(text.replace("{now}", duck_now)).fetchall(),
        lambda text: click.query(text.replace("{now}", click_now), "JSONCompact").data(),
    )


def _load_duck(duck: Any, table: str, columns: list[list[str]], file: Path) -> None:
    kinds = ", ".join(f"'{name}': '{_DUCK.get(kind, 'VARCHAR')}'" for name, kind in columns)
    given = ", ".join(
        f"CAST(CAST({name} AS JSON) AS VARCHAR[]) AS {name}" if kind == "tags" else name
        for name, kind in columns
    )
    read = f"read_csv('{file}', header=false, columns={{{kinds}}})"
    duck.execute(f"CREATE TABLE {table} AS SELECT {given} FROM {read}")


def _load_click(click: Any, table: str, columns: list[list[str]], file: Path) -> None:
    kept = ", ".join(f"{name} {_CLICK.get(kind, 'Array(String)')}" for name, kind in columns)
    kinds = ", ".join(f"{name} {_CLICK.get(kind, 'String')}" for name, kind in columns).replace("'", "\\'")
    given = ", ".join(
        f"JSONExtract({name}, 'Array(String)')" if kind == "tags" else name for name, kind in columns
    )
    click.query(f"CREATE TABLE {table} ({kept}) ENGINE = MergeTree ORDER BY {_KEYS[table]}")
    click.query(f"INSERT INTO {table} SELECT {given} FROM file('{file}', 'CSV', '{kinds}')")

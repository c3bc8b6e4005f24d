"""Rows written straight into the tables, kept in Python too: what the oracles of these tests compute from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql
from psycopg.types.json import Jsonb

from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.model.ids import PLATFORMS, post_id
from viralforge.store.rollups import RollupStore

NOW = datetime(2025, 6, 15, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NUMBERS = ("views", "likes", "comments", "shares")


@dataclass
class Reading:
    """What one sighting told; None is unknown."""

    at: datetime
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None

    @property
    def interactions(self) -> int | None:
        return interactions(self.likes, self.comments, self.shares)

    @property
    def reach(self) -> int | None:
        return self.interactions if self.views is None else self.views

    @property
    def is_views(self) -> bool | None:
        return None if self.reach is None else self.views is not None


@dataclass
class Post:
    """A post and its readings in the order of time; its numbers are the latest known ones."""

    platform: str
    external_id: str
    readings: list[Reading]
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return post_id(self.platform, self.external_id)

    def number(self, name: str) -> int | None:
        known = [getattr(reading, name) for reading in self.readings]
        return next((value for value in reversed(known) if value is not None), None)

    @property
    def views(self) -> int | None:
        return self.number("views")

    @property
    def reach(self) -> int | None:
        return interactions(*map(self.number, NUMBERS[1:])) if self.views is None else self.views

    @property
    def rate(self) -> Decimal | None:
        done = interactions(*map(self.number, NUMBERS[1:]))
        return round(Decimal(done) / self.views, 6) if self.views and done is not None else None

    @property
    def scraped_at(self) -> datetime:
        return self.columns.get("scraped_at", self.readings[0].at)

    def on_basis(self, reading: Reading) -> int | None:
        """The reach of a reading, measured as the post's reach is."""
        return reading.interactions if self.views is None else reading.views

    def before(self, moment: datetime) -> Reading | None:
        """The last reading at or before a moment that tells the post's reach."""
        told = [found for found in self.readings if found.at <= moment and self.on_basis(found) is not None]
        return told[-1] if told else None


def jsonb(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value


def interactions(*parts: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


class Rows:
    """Writes rows, behind the library's back but for its rollups, and keeps the posts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.posts: list[Post] = []
        self.rollups = RollupStore(database)
        self._months = Months(database)

    def insert(self, table: str, *rows: dict[str, Any]) -> list[Any]:
        """Inserts rows; the ids where the table has such a column."""
        names = sorted(set().union(*rows)) or ["id"]
        with_id = table in ("crew_executions", "trends")
        statement = sql.SQL("INSERT INTO viralforge.{} ({}) VALUES ({}) RETURNING {}").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names)),
            sql.SQL(", ").join(map(sql.Placeholder, names)), sql.SQL("id" if with_id else "1"),
        )  # fmt: skip
        values = [{name: jsonb(row.get(name)) for name in names} for row in rows]
        with self.database.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(statement, values, returning=with_id)
            return [row[0] for _ in cursor.results() for row in cursor] if with_id else []

    def post(self, platform: str = "youtube", *readings: Reading, **columns: Any) -> Post:
        """A post with these readings, one now with no number if there are none."""
        external_id = columns.pop("external_id", f"post{len(self.posts):05d}")
        ordered = sorted(readings or (Reading(NOW),), key=lambda reading: reading.at)
        post = Post(platform, external_id, ordered, columns)
        self.save(post)
        return post

    def save(self, *posts: Post) -> None:
        """Inserts posts with their readings."""
        self._months.ensure("post_metrics_history", {found.at for post in posts for found in post.readings})
        saved = []
        for post in posts:
            row = {
                "id": post.id, "platform": post.platform, "external_id": post.external_id,
                "scraped_at": post.scraped_at, "last_scraped_at": post.readings[-1].at,
                "sightings": len(post.readings), **last_two(post),
            }  # fmt: skip
            saved.append(row | {name: post.number(name) for name in NUMBERS} | post.columns)
        self.insert("scraped_posts", *saved)
        self.insert("post_metrics_history", *(row for post in posts for row in history(post)))
        self.posts += posts
        self.rollups.rebuild()

    def event(self, name: str, user: str | None = None, **columns: Any) -> None:
        """An event now, unless `created_at` says otherwise."""
        row = {
            "event_id": uuid4(),
            "event_name": name,
            "event_type": "click",
            "created_at": NOW,
            "user_id": user,
        }
        self.events([row | columns])

    def events(self, rows: Iterable[dict[str, Any]]) -> None:
        """Events, and the users they name."""
        rows = list(rows)
        self._months.ensure("app_events", {row["created_at"] for row in rows})
        with self.database.connection() as connection:
            for user in {row["user_id"] for row in rows} - {None}:
                connection.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [user])
        self.insert("app_events", *rows)
        self.rollups.rebuild()

    def execution(self, crew_type: str = "discovery", **columns: Any) -> int:
        """An execution that completed now."""
        row = {"crew_type": crew_type, "status": "completed", "start_time": NOW}
        return self.insert("crew_executions", row | columns)[0]

    def call(self, execution: int, agent: str | None = "scout", **columns: Any) -> None:
        """A call of an agent."""
        row = {"crew_execution_id": execution, "agent": agent, "kind": "llm", "name": "m", "started_at": NOW}
        self.insert("crew_calls", row | columns)

    def trend(self, title: str = "AI tools", **columns: Any) -> int:
        """A trend called now."""
        return self.insert("trends", {"title": title, "created_at": NOW} | columns)[0]

    def source(self, trend: int, post: Post, relevance: float | None = None) -> None:
        """A post as the source of a trend."""
        row = {"trend_id": trend, "scraped_post_id": post.id, "relevance_score": relevance}
        self.insert("trend_sources", row)

    def job(self, platform: str = "youtube", **columns: Any) -> None:
        """A scrape job."""
        row = {"platform": platform, "operation": "search", "started_at": NOW}
        self.insert("scrape_jobs", row | columns)


def last_two(post: Post) -> dict[str, Any]:
    """What a post's row keeps of its last reading and of the one before."""
    *_, before, last = None, None, *post.readings
    row = {"last_reach": last.reach, "last_reach_is_views": last.is_views}
    if before is not None:
        row |= {
            "prev_reach": before.reach, "prev_reach_is_views": before.is_views,
            "prev_last_scraped_at": before.at,
        }  # fmt: skip
    return row


def history(post: Post) -> list[dict[str, Any]]:
    """The rows of a post's readings with their velocity."""
    rows, last = [], None
    for reading in post.readings:
        row = {"scraped_post_id": post.id, "recorded_at": reading.at}
        row |= {name: getattr(reading, name) for name in NUMBERS}
        row["velocity_score"] = velocity(last, reading)
        rows.append(row)
        last = reading
    return rows


def velocity(before: Reading | None, reading: Reading) -> float | None:
    """Relative growth per hour since the reading before."""
    if before is None or before.reach is None or reading.reach is None:
        return None
    if (before.views is None) != (reading.views is None):
        return None
    return (reading.reach - before.reach) / max(before.reach, 1) / ((reading.at - before.at) / HOUR)


def random_posts(seed: int, count: int = 120, days: float = 20) -> list[Post]:
    """Posts of few authors with any number unknown, 0 or equal to others, seen up to eight times."""
    rng = Random(seed)
    return [_random_post(rng, number, days) for number in range(count)]


def _random_post(rng: Random, number: int, days: float) -> Post:
    platform = rng.choice(PLATFORMS)
    with_views = platform != "reddit" and rng.random() < 0.9
    first = NOW - timedelta(days=rng.choice((1, 7, rng.uniform(0.01, days))))
    counts = {name: rng.choice((0, 1, 5, rng.randrange(1, 5000))) for name in NUMBERS}
    readings, at = [], first
    for _ in range(rng.randint(1, 8)):
        told = {name: None if rng.random() < 0.15 else counts[name] for name in NUMBERS}
        readings.append(Reading(at, **(told if with_views else told | {"views": None})))
        at += timedelta(hours=rng.choice((1, 3, 24, rng.uniform(0.1, 60))))
        if at > NOW:
            break
        boost = rng.choice((1, 1, 2, 30))
        counts = {name: value * boost + rng.choice((0, 3)) for name, value in counts.items()}
    published = rng.choice((None, first - timedelta(hours=rng.uniform(0, 300)), readings[-1].at + HOUR))
    columns = {
        "author_id": rng.choice((None, "a", "b", "c")), "author": rng.choice((None, "Ann", "Ben")),
        "published_at": published, "title": f"Post {number}",
        "hashtags": rng.choice((None, [], ["ai"], ["ai", "soup"], ["soup", "cats", "ai"])),
    }  # fmt: skip
    return Post(platform, f"random{number:05d}", readings, columns)

"""What the archive keeps: its tables with their columns, by which month they are parted, how sorted."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class ColdTable(NamedTuple):
    """A table of the archive. `columns` are names with types of Apache Iceberg (`strings` is a list of them).

    A row belongs to the month (UTC) of its `moment`; `key` tells rows apart, and is what files are sorted by
    within a month; the first of its columns is never NULL.
    """

    name: str
    columns: dict[str, str]
    moment: str
    key: tuple[str, ...]


NUMBERS = ("views", "likes", "comments", "shares", "retweets", "saves")
CONTENT = (
    "title", "description", "author", "author_id", "language", "thumbnail_url", "video_url", "media_urls",
    "hashtags", "mentions", "keywords", "duration_seconds", "category", "detected_topics",
)  # fmt: skip
"""What a post says and who says it, as platforms' terms see it."""
_NUMBERS = dict.fromkeys(NUMBERS, "long")

POSTS = ColdTable(
    "posts",
    {
        "id": "string", "platform": "string", "external_id": "string", "url": "string", "title": "string",
        "description": "string", "author": "string", "author_id": "string", "published_at": "timestamptz",
        "content_type": "string", "language": "string", **_NUMBERS, "thumbnail_url": "string",
        "video_url": "string", "media_urls": "strings", "hashtags": "strings", "mentions": "strings",
        "keywords": "strings", "duration_seconds": "float", "category": "string", "niche": "string",
        "detected_topics": "strings", "raw_json": "string", "scraped_at": "timestamptz",
        "last_scraped_at": "timestamptz", "sightings": "long", "scrape_source": "string",
        "scrape_job_id": "long", "fetched_via": "string",
    },
    "scraped_at", ("id", "last_scraped_at"),
)  # fmt: skip
GIVEN_UP = ("raw_json", "description", "video_url", "media_urls")
"""What a post gives up once it is in the archive."""
HISTORY = ColdTable(
    "history",
    {"scraped_post_id": "string", "recorded_at": "timestamptz", **_NUMBERS, "velocity_score": "double"},
    "recorded_at", ("scraped_post_id", "recorded_at"),
)  # fmt: skip
EVENTS = ColdTable(
    "events",
    {
        "created_at": "timestamptz", "event_id": "string", "received_at": "timestamptz",
        "user_agent": "string", "user_id": "string", "session_id": "string", "event_name": "string",
        "event_type": "string", "platform": "string", "country": "string", "properties": "string",
    },
    "created_at", ("created_at", "event_id"),
)  # fmt: skip
CALLS = ColdTable(
    "calls",
    {
        "crew_execution_id": "long", "id": "long", "started_at": "timestamptz", "kind": "string",
        "name": "string", "crew": "string", "agent": "string", "task": "string", "provider": "string",
        "model": "string", "duration_ms": "long", "tokens_in": "long", "tokens_out": "long",
        "tokens_cached": "long", "tokens_cache_write": "long", "tokens_reasoning": "long",
        "cost_usd": "decimal", "price_source": "string", "from_cache": "boolean", "ok": "boolean",
        "error": "string", "call_key": "string",
    },
    "started_at", ("crew_execution_id", "id"),
)  # fmt: skip
TABLES = {table.name: table for table in (POSTS, HISTORY, EVENTS, CALLS)}


class ColdFile(NamedTuple):
    """A file of the archive: where, of which month, with how many rows and bytes."""

    path: str
    month: date
    rows: int
    bytes: int


class ArchiveStep(NamedTuple):
    """One way of a range to the archive: `month` is None for posts, who go by when they were last seen.

    `state` is planned, exporting, uploaded, verified, removed, done or restored; `leaves` what stays in the
    database: nothing, daily (one reading a day) or stub. `bytes` is the size in the archive, `hot_bytes` in
    the database, each None until it is known.
    """

    id: int
    table_name: str
    month: date | None
    until: datetime
    state: str
    leaves: str
    rows: int | None
    bytes: int | None
    hot_bytes: int | None
    error: str | None
    planned_at: datetime
    changed_at: datetime

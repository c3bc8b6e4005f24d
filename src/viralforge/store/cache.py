"""Answers of platforms, kept for whoever asks the same again."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
import zstandard
from psycopg import Connection, errors

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows

QUERIES = Queries("store/cache")
MAX_ANSWER = 16 * 2**20
"""Bytes of JSON an answer may have to be kept."""
_PLAIN = (str, int, float, bool, type(None))


class Found(NamedTuple):
    """An answer that is kept: not `is_fresh`, it may be given while a fresh one is fetched.

    `error` is what was raised in its place, None for an answer.
    """

    is_fresh: bool
    fetched_at: datetime
    error: str | None
    answer: Any


class Saving(NamedTuple):
    """What the answers of one operation have saved: how often one was given, USD and units of quota."""

    platform: str | None
    operation: str | None
    answers: int
    hits: int
    saved_usd: Decimal
    saved_units: int
    bytes: int


class CacheStore:
    """Writes answers, and reads them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def look(self, key: str) -> Found | None:
        """The answer to this question, counted as given; None where there is none that may be."""

        def work(connection: Connection[Any]) -> tuple[Any, ...] | None:
            return connection.execute(QUERIES["look"], {"key": key}).fetchone()

        row = self._database.write(work, autocommit=True)
        if row is None:
            return None
        is_fresh, fetched_at, error, answer = row
        return Found(is_fresh, fetched_at, error, None if answer is None else _unpacked(answer))

    def is_fresh(self, key: str) -> bool:
        """Whether a fresh answer is there; it is not counted as given."""
        return bool(self._database.value(QUERIES["is_fresh"], {"key": key}))

    def keep(
        self, key: str, answer: Any, *, platform: str, operation: str, ttl: timedelta, stale: timedelta,
        fetched_at: datetime, cost_usd: Decimal | None = None, quota_units: int | None = None,
        error: str | None = None,
    ) -> bool:  # fmt: skip
        """Keeps an answer, or the error in its place; whether it can be kept: as JSON, and not too large."""
        packed = None if error is not None else _packed(answer)
        if packed is None and error is None:
            return False
        given = {
            "key": key, "platform": platform, "operation": operation, "error": error, "answer": packed,
            "hash": packed and sha256(packed).digest(), "ttl": ttl, "stale": stale,
            "fetched_at": fetched_at, "cost_usd": cost_usd, "quota_units": quota_units,
        }  # fmt: skip

        def work(connection: Connection[Any]) -> None:
            try:
                connection.execute(QUERIES["keep"], given)
            except errors.ForeignKeyViolation as error:
                raise errors.SerializationFailure("an answer was evicted while being kept") from error

        self._database.write(work)
        return True

    def evict(self, most: int) -> int:
        """Drops what has expired, and of the rest what was used the longest ago; says how many answers."""

        def work(connection: Connection[Any]) -> int:
            dropped = connection.execute(QUERIES["drop_expired"]).rowcount
            dropped += connection.execute(QUERIES["drop_least_used"], {"most": most}).rowcount
            try:
                connection.execute(QUERIES["drop_unasked"])
            except errors.ForeignKeyViolation as error:
                raise errors.SerializationFailure("an answer was kept while being evicted") from error
            return dropped

        return self._database.write(work)

    def savings(self) -> Rows[Saving]:
        """What each operation's answers have saved, the most first."""
        return self._database.rows(Saving, QUERIES["savings"])


def _packed(answer: Any) -> bytes | None:
    """The answer as compressed JSON; None where it would not come back as it is."""
    if not _is_json(answer):
        return None
    try:
        text = orjson.dumps(answer)
    except (TypeError, orjson.JSONEncodeError):
        return None
    return zstandard.compress(text) if len(text) <= MAX_ANSWER else None


def _unpacked(packed: bytes) -> Any:
    return orjson.loads(zstandard.decompress(packed))


def unpacked(packed: bytes) -> str:
    """The JSON of an answer as it is kept."""
    return zstandard.decompress(packed).decode()


def _is_json(value: Any) -> bool:
    if type(value) is dict:
        return all(type(name) is str and _is_json(each) for name, each in value.items())
    if type(value) is list:
        return all(map(_is_json, value))
    # Numbers that are none become null in JSON.
    return type(value) in _PLAIN and value == value and value not in (float("inf"), float("-inf"))

"""Discovered trends, and the posts that revealed them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, errors

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import InvalidInput, UnknownPosts, UnknownRecord
from viralforge.model import values
from viralforge.model.trend import Trend

QUERIES = Queries("store/trends")
_DISCOVERIES_LOCK = 0x5646_0005
"""Held by whoever creates or renews a trend of an execution."""


class TrendStore:
    """Writes trends and their sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, trend: Trend) -> int:
        """Stores a trend; says its id."""
        given = trend.model_dump() | {"hashtags": list(trend.hashtags)}
        return int(self._database.value(QUERIES["create_trend"], given))

    def link(self, trend_id: int, post_ids: Sequence[UUID], scores: Sequence[float | None] | None) -> None:
        """Makes posts the sources of a trend. Raises UnknownRecord, UnknownPosts, InvalidInput."""
        scored = _scored(post_ids, None if scores is None else list(scores))
        given = {"trend_id": _trend_id(trend_id), "ids": list(scored), "scores": list(scored.values())}

        def work(connection: Connection[Any]) -> None:
            unknown = [row[0] for row in connection.execute(QUERIES["unknown_posts"], given)]
            if unknown:
                raise UnknownPosts(unknown)
            try:
                connection.execute(QUERIES["link"], given)
            except errors.ForeignKeyViolation as error:
                if error.diag.constraint_name == "trend_sources_post_fkey":
                    raise errors.SerializationFailure("a post was deleted while being linked") from error
                raise UnknownRecord(f"no trend with id {trend_id}; create it first") from None

        self._database.write(work)

    def discover(self, trend: Trend, post_ids: Sequence[UUID], scores: Sequence[float | None] | None) -> int:
        """The trend of this title that its execution discovered, made unless it is there, linked to posts.

        All of it or nothing. Raises UnknownPosts, InvalidInput.
        """
        given = trend.model_dump() | {"hashtags": list(trend.hashtags), "lock": _DISCOVERIES_LOCK}

        def work(connection: Connection[Any]) -> int:
            connection.execute(QUERIES["hold_discoveries"], given)
            row = connection.execute(QUERIES["renew_trend"], given).fetchone()
            row = row or connection.execute(QUERIES["create_trend"], given).fetchone()
            assert row is not None
            with self._database.shared(connection):
                self.link(row[0], post_ids, scores)
            return int(row[0])

        return self._database.write(work)

    def keep_reach_then(self, first: datetime, last: datetime) -> int:
        """Keeps what sources had reached when their trends were called, before the readings of then go.

        Those are the readings from `first` up to `last`, which is none of them. Says how many were kept now.
        """
        return self._database.change(QUERIES["keep_reach_then"], {"first": first, "last": last})

    def delete(self, trend_id: int) -> bool:
        """Deletes a trend and its links; whether it was there."""
        return self._database.change(QUERIES["delete_trend"], {"trend_id": _trend_id(trend_id)}) == 1


def _trend_id(given: int) -> int:
    if (found := values.record_id(given, "trend_id")) is None:
        raise InvalidInput("trend_id: None is no trend; give the id that create_trend returned")
    return found


def _scored(post_ids: Sequence[UUID], scores: Sequence[float | None] | None) -> dict[UUID, float | None]:
    """The score of each post; of a post that is given twice the last score that is known."""
    if scores is not None and len(scores) != len(post_ids):
        raise InvalidInput(f"{len(post_ids)} posts but {len(scores)} scores; give one a post, or none at all")
    found: dict[UUID, float | None] = {}
    for number, known in enumerate(post_ids):
        score = None if scores is None or scores[number] is None else _score(number, scores[number])
        if score is not None or known not in found:
            found[known] = score
    return found


def _score(number: int, given: Any) -> float:
    try:
        score = float(given)
    except (TypeError, ValueError, OverflowError):
        score = -1
    if not 0 <= score <= 1:
        raise InvalidInput(f"relevance score {number} is {given!r:.80}; it must be from 0 to 1, or None")
    return values.not_too_small(score)

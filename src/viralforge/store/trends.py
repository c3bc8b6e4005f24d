"""Discovered trends, and the posts that revealed them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection, errors

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import InvalidInput, UnknownPosts, UnknownRecord, WarehouseError
from viralforge.model.trend import Trend

QUERIES = Queries("store/trends")


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
        scored = _scored(post_ids, scores)
        given = {"trend_id": trend_id, "ids": list(scored), "scores": list(scored.values())}

        def work(connection: Connection[Any]) -> None:
            unknown = [row[0] for row in connection.execute(QUERIES["unknown_posts"], given)]
            if unknown:
                raise UnknownPosts(unknown)
            connection.execute(QUERIES["link"], given)

        try:
            self._database.write(work)
        except WarehouseError as error:
            if not isinstance(error.__cause__, errors.ForeignKeyViolation):
                raise
            if error.__cause__.diag.constraint_name == "trend_sources_post_fkey":
                raise UnknownPosts(list(scored)) from None
            raise UnknownRecord(f"no trend with id {trend_id}; create it first") from None

    def delete(self, trend_id: int) -> bool:
        """Deletes a trend and its links; whether it was there."""
        return self._database.change(QUERIES["delete_trend"], {"trend_id": trend_id}) == 1


def _scored(post_ids: Sequence[UUID], scores: Sequence[float | None] | None) -> dict[UUID, float | None]:
    """The score of each post; of a post that is given twice the last score that is known."""
    if scores is not None and len(scores) != len(post_ids):
        raise InvalidInput(f"{len(post_ids)} posts but {len(scores)} scores; give one a post, or none at all")
    found: dict[UUID, float | None] = {}
    for number, known in enumerate(post_ids):
        score = None if scores is None else scores[number]
        if score is not None and not (math.isfinite(score) and 0 <= score <= 1):
            raise InvalidInput(f"relevance score {number} is {score}; it must be from 0 to 1, or None")
        if score is not None or known not in found:
            found[known] = score
    return found

"""What is held about one person, as one JSON document that is never whole in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import InvalidInput
from viralforge.model import values
from viralforge.model.ids import platform_name
from viralforge.store.erasures import ErasureStore

QUERIES = Queries("lifecycle/export")
_OF_USER = ("events", "executions", "funnel_sessions", "funnel_users", "sealed_funnel", "outbox")
_AT_ONCE = 500


class Export:
    """Reads what is held, all of one moment."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_user(self, user_id: str) -> Iterator[str]:
        """The profile, events, executions with their calls, the funnel's rows, and what is to be forwarded.

        Raises InvalidInput for a blank id; a user who is not known has an empty profile.
        """
        if values.text(user_id, "user_id") is None:
            raise InvalidInput("user_id: a user has an id that is not blank")
        return self._document({"user": user_id}, ("profile", "funnel"), _OF_USER)

    def of_author(self, platform: str, author: str) -> Iterator[str]:
        """The posts with their histories. Raises InvalidInput where several authors go by the name."""
        subject = ErasureStore(self._database).author(platform_name(platform), author)
        given = {
            "platform": subject.platform, "author_id": subject.author_id, "names": list(subject.names),
        }  # fmt: skip
        return self._document(given, (), ("posts",))

    def _document(
        self, given: Mapping[str, Any], ones: tuple[str, ...], lists: tuple[str, ...]
    ) -> Iterator[str]:
        with self._database.connection() as connection:
            connection.execute(QUERIES["one_snapshot"])
            told = {name: value for name, value in given.items() if name != "names"}
            yield orjson.dumps(told).decode()[:-1]
            for name in ones:
                row = connection.execute(QUERIES[name], given).fetchone()
                yield f',\n"{name}":{"null" if row is None else row[0]}'
            for name in lists:
                yield f',\n"{name}":['
                yield from _rows(connection, name, given)
                yield "]"
            yield "}\n"


def _rows(connection: Connection[Any], name: str, given: Mapping[str, Any]) -> Iterator[str]:
    before = "\n"
    with connection.cursor(f"export_{name}") as cursor:
        cursor.itersize = _AT_ONCE
        for (row,) in cursor.execute(QUERIES[name], given):
            yield before + row
            before = ",\n"

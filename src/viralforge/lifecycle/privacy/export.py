"""What is held about one person, as one JSON document that is never whole in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson
from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import InvalidInput
from viralforge.lifecycle.archive.cold import Cold
from viralforge.model import values
from viralforge.model.ids import platform_name
from viralforge.store.erasures import ErasureStore

QUERIES = Queries("lifecycle/export")
_OF_USER = ("events", "executions", "funnel_sessions", "funnel_users", "sealed_funnel", "outbox")
_AT_ONCE = 500
Archived = Iterator[tuple[str, Iterable[Mapping[str, Any]]]]
"""What the archive has, list by list."""


class Export:
    """Reads what is held, all of one moment."""

    def __init__(self, database: Database, cold: Cold | None = None) -> None:
        self._database, self._cold = database, cold

    def of_user(self, user_id: str) -> Iterator[str]:
        """The profile, events, executions with their calls, the funnel's rows, and what is to be forwarded.

        Raises InvalidInput for a blank id; a user who is not known has an empty profile.
        """
        if values.text(user_id, "user_id") is None:
            raise InvalidInput("user_id: a user has an id that is not blank")
        return self._document({"user": user_id}, ("profile", "funnel"), _OF_USER, self._archived_of_user)

    def of_author(self, platform: str, author: str) -> Iterator[str]:
        """The posts with their histories. Raises InvalidInput where several authors go by the name."""
        subject = ErasureStore(self._database).author(platform_name(platform), author)
        given = {
            "platform": subject.platform, "author_id": subject.author_id, "names": list(subject.names),
        }  # fmt: skip
        return self._document(given, (), ("posts",), self._archived_of_author)

    def _archived_of_user(self, connection: Connection[Any], given: Mapping[str, Any]) -> Archived:
        if self._cold is not None:
            runs = [row[0] for row in connection.execute(QUERIES["runs_of_user"], given)]
            yield "archived_events", self._cold.events_of(given["user"])
            yield "archived_calls", self._cold.calls_of(runs)

    def _archived_of_author(self, connection: Connection[Any], given: Mapping[str, Any]) -> Archived:
        if self._cold is not None:
            ids = [row[0] for row in connection.execute(QUERIES["posts_of_author"], given)]
            yield "archived_posts", self._cold.posts_of("posts", ids)
            yield "archived_history", self._cold.posts_of("history", ids)

    def _document(
        self, given: Mapping[str, Any], ones: tuple[str, ...], lists: tuple[str, ...],
        archived: Callable[[Connection[Any], Mapping[str, Any]], Archived],
    ) -> Iterator[str]:  # fmt: skip
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
            for name, rows in archived(connection, given):
                yield f',\n"{name}":['
                for number, row in enumerate(rows):
                    yield ("\n" if number == 0 else ",\n") + orjson.dumps(row, default=str).decode()
                yield "]"
            yield "}\n"


def _rows(connection: Connection[Any], name: str, given: Mapping[str, Any]) -> Iterator[str]:
    before = "\n"
    with connection.cursor(f"export_{name}") as cursor:
        cursor.itersize = _AT_ONCE
        for (row,) in cursor.execute(QUERIES[name], given):
            yield before + row
            before = ",\n"

"""Requests that may come again under the same key: done once, and answered the same each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import orjson
from psycopg import Connection, errors

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import InvalidInput

QUERIES = Queries("store/requests")
KEPT_FOR = timedelta(hours=24)
MAX_KEY = 255


class Outcome(NamedTuple):
    """What a request came to, as JSON; `replayed` where only the answer of before came again."""

    answer: Any
    replayed: bool


class RequestStore:
    """Does what is asked once for each key, however often and from however many sides it is asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def once(self, owner: int, key: str, request_hash: bytes, verb: Callable[[], Any]) -> Outcome:
        """What `verb` returned under this key of this owner, now or in the last 24 hours.

        What it writes and the note that it did are one transaction; who comes meanwhile waits for it. A verb
        that raises leaves no note. Raises InvalidInput where the key stands for another request.
        """
        if not 0 < len(key) <= MAX_KEY or not key.isprintable():
            raise InvalidInput(f"Idempotency-Key: 1 to {MAX_KEY} printable characters, such as a UUID")
        given: dict[str, Any] = {
            "owner": owner, "key": key, "request_hash": request_hash, "kept_for": KEPT_FOR,
        }  # fmt: skip

        def work(connection: Connection[Any]) -> Outcome:
            if connection.execute(QUERIES["claim"], given).fetchone() is None:
                return _again(connection.execute(QUERIES["find"], given).fetchone(), request_hash)
            with self._database.shared(connection):
                answer = verb()
            connection.execute(QUERIES["keep"], given | {"answer": orjson.dumps(answer).decode()})
            connection.execute(QUERIES["forget_old"], given)
            return Outcome(answer, False)

        return self._database.write(work)


def _again(found: Any, request_hash: bytes) -> Outcome:
    if found is None:
        raise errors.SerializationFailure("the key was forgotten in this very moment")
    if bytes(found[0]) != request_hash:
        raise InvalidInput(
            "Idempotency-Key: it was used for another request in the last 24 hours; draw a new one, "
            "or send the same request again"
        )
    return Outcome(found[1], True)

"""The queue of events to be forwarded: taken in order, by one sender at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput
from viralforge.model.outbox import Backlog, DeadLetter, WaitingEvent

QUERIES = Queries("store/outbox")
SENDER_LOCK = 0x5646_0005
"""The advisory lock of whoever sends."""


class Turn:
    """The head of the queue, in the hands of one sender; what is done holds once the turn has ended well."""

    def __init__(self, connection: Connection[Any], events: Sequence[WaitingEvent]) -> None:
        self._connection = connection
        self.events = events

    def remove(self, events: Sequence[WaitingEvent]) -> None:
        """Takes events out that were sent, or are not to be."""
        self._connection.execute(QUERIES["remove"], {"ids": [event.id for event in events]})

    def postpone(self, event: WaitingEvent, seconds: float, error: str) -> None:
        """Leaves an event, and with it all behind, for later."""
        self._connection.execute(QUERIES["postpone"], {"id": event.id, "seconds": seconds, "error": error})

    def bury(self, event: WaitingEvent, error: str) -> None:
        """Sets an event apart that was refused for good."""
        self._connection.execute(QUERIES["bury"], {"id": event.id, "error": error})


class Outbox:
    """Reads and settles what is to be forwarded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def turn(self, limit: int) -> Iterator[Turn | None]:
        """The first events of the queue, for the length of a `with` block; None while another has them.

        It is one transaction: whoever dies in it leaves everything as it was.
        """
        with self._database.connection() as connection:
            held = connection.execute(QUERIES["hold"], {"lock": SENDER_LOCK}).fetchone()
            if not held or not held[0]:
                yield None
                return
            rows = connection.execute(QUERIES["head"], {"limit": limit})
            yield Turn(connection, [WaitingEvent(*row) for row in rows])

    def dead_letters(self, limit: int = 50) -> Rows[DeadLetter]:
        """The events that were refused for good, the latest first."""
        if not 0 <= limit < 2**63:
            raise InvalidInput(f"limit: {limit} is not a number of rows; write 0 or more")
        return self._database.rows(DeadLetter, QUERIES["dead"], {"limit": limit})

    def revive(self, ids: Sequence[int] | None = None) -> int:
        """Gives dead letters another try, all or those with these ids; says how many."""
        return self._database.change(QUERIES["revive"], {"ids": None if ids is None else list(ids)})

    def forget_gone(self) -> int:
        """Removes dead letters whose events were deleted since; says how many."""
        return self._database.change(QUERIES["forget_gone"])

    def backlog(self) -> Backlog:
        """How much waits."""
        (found,) = self._database.rows(Backlog, QUERIES["backlog"])
        return found

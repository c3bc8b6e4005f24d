"""The salts of the days and the database's clock, remembered, so that no event waits for either."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from threading import Lock, Thread

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import ViralForgeError

QUERIES = Queries("store/events")
FRESH_SECONDS, AGAIN_SECONDS, FIRST_SECONDS = 60, 5, 2
"""How long what is known is good, until a database that was away is asked again, and for the first."""


class Salts:
    """The salts of today and tomorrow, asked for in the background; else what is known serves."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[date, bytes] = {}
        self._ahead = timedelta(0)
        self._ask_at = 0.0
        self._asking = Lock()

    def now(self) -> datetime:
        """The database's time, as far as it is known."""
        if time.monotonic() >= self._ask_at:
            self._ask()
        return datetime.now(UTC) + self._ahead

    def of(self, day: date) -> bytes | None:
        """The salt of a UTC day; None where it is not known."""
        return self._known.get(day)

    def refresh(self) -> None:
        """Asks the database now. Raises as it does."""
        fresh = {"fresh": secrets.token_bytes(32), "fresh_next": secrets.token_bytes(32)}
        rows = self._database.read(QUERIES["salts"], fresh)
        if len(rows) < 2:  # another drew one in the same moment: the next statement sees it
            rows = self._database.read(QUERIES["salts"], fresh)
        self._ahead = rows[0][0] - datetime.now(UTC)
        self._known = {day: bytes(salt) for _now, day, salt in rows}
        self._ask_at = time.monotonic() + FRESH_SECONDS

    def _ask(self) -> None:
        """Sees to an answer; only the first one is waited for, a little."""
        with self._asking:
            if time.monotonic() < self._ask_at:
                return
            self._ask_at = time.monotonic() + AGAIN_SECONDS
            thread = Thread(target=self._try, name="viralforge-salts", daemon=True)
            thread.start()
            if not self._known:
                thread.join(FIRST_SECONDS)

    def _try(self) -> None:
        with suppress(ViralForgeError):
            self.refresh()

"""Locks across processes: PostgreSQL gives them back when their process dies, however it does."""

from __future__ import annotations

from threading import Lock
from typing import Any

import psycopg
from psycopg import Connection

from viralforge.db.faults import faults_translated
from viralforge.db.pool import configure


class SessionLocks:
    """Any number of locks on one connection of its own, which is made when the first is asked for.

    The connection knows who holds a lock by itself alone: within a process callers must come one at a time.
    """

    def __init__(self, url: str) -> None:
        self._url, self._mutex = url, Lock()
        self._connection: Connection[Any] | None = None

    def take(self, key: int) -> bool:
        """Takes the lock unless another process has it; whether it did. Raises DatabaseUnavailable."""
        return bool(self._asked("SELECT pg_try_advisory_lock(%s)", key))

    def give_back(self, key: int) -> None:
        """Gives a lock back; with a connection that was lost it is back already."""
        if self._connection is not None and not self._connection.closed:
            self._asked("SELECT pg_advisory_unlock(%s)", key)

    def close(self) -> None:
        """Gives all back."""
        with self._mutex:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _asked(self, query: str, key: int) -> Any:
        with self._mutex, faults_translated():
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(
                    self._url, autocommit=True, application_name="viralforge", connect_timeout=5,
                    keepalives=1, keepalives_idle=30,
                )  # fmt: skip
                configure(self._connection)
                # Locks are held for as long as work takes, without another word.
                self._connection.execute("SELECT set_config('idle_session_timeout', '0', false)")
            try:
                row = self._connection.execute(query.encode(), [key]).fetchone()
            except psycopg.OperationalError:
                self._connection.close()
                raise
        return None if row is None else row[0]

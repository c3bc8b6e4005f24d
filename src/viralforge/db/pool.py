"""Connections: one pool a process, each transaction retried where a retry helps.

They stand in autocommit: a single statement is a transaction by itself, without a word more to the server.

Psycopg's pool finds lost connections one by one, each after twice the pause: after a restart of the server
callers would wait in vain for minutes. Here one lost connection takes with it all that were opened before,
and the pauses stay short while somebody waits.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from threading import Lock
from typing import Any, NamedTuple, Self, TypeVar

import psycopg
from psycopg import Connection, errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool, PoolTimeout

from viralforge.db.faults import CONFLICTS, faults_translated, first_line, translated
from viralforge.db.limits import limit_kept
from viralforge.db.requirements import check_server, check_session_mode
from viralforge.db.rows import Rows
from viralforge.db.urls import as_libpq
from viralforge.errors import InvalidInput

T = TypeVar("T")
R = TypeVar("R", bound="NamedTuple")
ATTEMPTS = 10
TRUSTED_SECONDS = 0.5
"""For so long after its last use a connection is taken to be well."""
PAUSE_SECONDS = 1
"""So long the pool waits between its tries to connect while the server is away or full."""
_SESSION = (
    "SELECT set_config('search_path', 'viralforge, public', false), set_config('timezone', 'UTC', false),"
    " set_config('jit', 'off', false), set_config('random_page_cost', '1.1', false)"
)


_SHARED: ContextVar[tuple[Database, Connection[Any]] | None] = ContextVar("shared", default=None)
"""The transaction that this thread's writes are part of, and whose."""


def configure(connection: Connection[Any]) -> None:
    """Sets what every connection of ours has set."""
    connection.execute(_SESSION)
    connection.commit()


class _Pooled(Connection[Any]):
    """A connection that remembers when it was given back."""

    used = 0.0


def _check(connection: _Pooled) -> None:
    """Asks the server whether it is there, unless it was a moment ago and has said or shut nothing since.

    The question is a round trip; a look at the socket is none, and sees a server that went.
    """
    lately = time.monotonic() - connection.used < TRUSTED_SECONDS
    if not lately or _has_spoken(connection.fileno()):
        ConnectionPool.check_connection(connection)


def _has_spoken(descriptor: int) -> bool:
    """Whether the server has sent something, or shut the line."""
    if not hasattr(select, "poll"):  # Windows, where any descriptor may be asked for so
        return bool(select.select([descriptor], [], [], 0)[0])
    asked = select.poll()
    asked.register(descriptor, select.POLLIN)
    return bool(asked.poll(0))


def _go_on(pool: ConnectionPool[Any]) -> None:
    """Lets a pool that has given up connecting try again, for it would leave alone who waits already."""
    if pool.get_stats()["requests_waiting"]:
        pool.check()


class Database:
    """A PostgreSQL and a pool of connections to it, at most `pool_size`."""

    def __init__(self, url: str, *, pool_size: int = 20, timeout: float = 30) -> None:
        self.url = url
        self.revive: Callable[[], None] = lambda: None
        """Starts the server again if it is ours and died."""
        self._asking, self._asked, self._said = Lock(), 0.0, ""
        self._pool = ConnectionPool(
            url, min_size=0, max_size=pool_size, timeout=timeout, open=False, configure=configure,
            kwargs={"application_name": "viralforge", "autocommit": True}, check=self._checked,
            connection_class=_Pooled, name="viralforge",
            reconnect_timeout=PAUSE_SECONDS, reconnect_failed=_go_on,
        )  # fmt: skip

    @classmethod
    def open(cls, url: str, *, pool_size: int = 20, timeout: float = 30) -> Self:
        """Connects; raises our errors where the server is away, refuses or is not one we support."""
        url = as_libpq(url)
        with faults_translated(), psycopg.connect(url, connect_timeout=15) as connection:
            check_server(connection)
            check_session_mode(connection, url)
        database = cls(url, pool_size=pool_size, timeout=timeout)
        database._pool.open()
        return database

    def close(self) -> None:
        """Gives all connections back."""
        self._pool.close()

    def figures(self) -> list[tuple[str, int]]:
        """What the pool counts: connections it has, those that are free, callers that wait."""
        counted = self._pool.get_stats()
        return [(name, counted.get(name, 0)) for name in ("pool_size", "pool_available", "requests_waiting")]

    @contextmanager
    def connection(self) -> Iterator[Connection[Any]]:
        """A connection in one transaction: committed at the end of the block, rolled back on an error."""
        with faults_translated(), self._lent() as connection, connection.transaction():
            yield connection

    @contextmanager
    def _lent(self) -> Iterator[Connection[Any]]:
        """A connection of the pool, in no transaction unless there is a limit of time.

        The pool rolls back one that is left open.

        The time of use is noted here: a `reset` of the pool's gives every connection back in another thread,
        which costs more than a small statement, and makes one writer go from connection to connection.
        """
        connection = self._taken()
        try:
            with limit_kept(connection):
                yield connection
        finally:
            connection.used = time.monotonic()
            if connection.closed:
                self._pool.drain()
            self._pool.putconn(connection)

    def _taken(self) -> _Pooled:
        """A connection. Raises what the server says where it gives none, else PoolTimeout with the reason."""
        try:
            return self._pool.getconn()
        except PoolTimeout:
            if said := self._refusal():
                raise psycopg.OperationalError(said) from None
            to, pool = conninfo_to_dict(self.url), self._pool
            where = " at ".join(str(to[part]) for part in ("dbname", "host") if part in to)
            raise PoolTimeout(
                f"no connection to {where or 'PostgreSQL'} came free in {pool.timeout:g} s: "
                f"other threads of this process keep all {pool.max_size} that it may have"
            ) from None

    def _refusal(self) -> str:
        """What the server says to one more connection; nothing where it gives one, or always gave them.

        One caller asks for all: hundreds who gave up in the same moment would be too many once more.
        """
        if not self._pool.get_stats().get("connections_errors"):
            return ""
        with self._asking:
            if time.monotonic() > self._asked + PAUSE_SECONDS:
                self._said = ""
                try:
                    psycopg.connect(self.url, connect_timeout=5).close()
                except psycopg.OperationalError as error:
                    self._said = str(error)
                self._asked = time.monotonic()
            return self._said

    def _checked(self, connection: _Pooled) -> None:
        try:
            _check(connection)
        finally:
            if connection.closed:
                self._pool.drain()

    def write(self, work: Callable[[Connection[Any]], T], *, autocommit: bool = False) -> T:
        """What `work` returns, done in one transaction, done again after a deadlock with another writer.

        With `autocommit` every statement is a transaction of its own: two round trips less. Inside of
        `shared` it is part of that transaction instead.
        """
        if (shared := _SHARED.get()) and shared[0] is self:
            return _within(shared[1], work)
        with faults_translated():
            for attempt in range(ATTEMPTS):
                try:
                    with (
                        self._lent() as connection,
                        nullcontext() if autocommit else connection.transaction(),
                    ):
                        return work(connection)
                except CONFLICTS:
                    if attempt == ATTEMPTS - 1:
                        raise
                    time.sleep(0.01 * 2**attempt)
        raise AssertionError("unreachable")

    @contextmanager
    def shared(self, connection: Connection[Any]) -> Iterator[None]:
        """Makes all that this thread writes in the block part of the transaction that `connection` is in."""
        token = _SHARED.set((self, connection))
        try:
            yield
        finally:
            _SHARED.reset(token)

    def change(self, query: bytes, values: Mapping[str, Any] | None = None) -> int:
        """Runs one statement in its own transaction; how many rows it changed."""
        return self.write(lambda connection: connection.execute(query, values).rowcount, autocommit=True)

    def value(self, query: bytes, values: Mapping[str, Any] | None = None) -> Any:
        """Runs one statement in its own transaction; the first value of its first row, None without a row."""
        row = self.write(lambda connection: connection.execute(query, values).fetchone(), autocommit=True)
        return None if row is None else row[0]

    def rows(self, kind: type[R], query: bytes, values: Mapping[str, Any] | None = None) -> Rows[R]:
        """All rows of a query as `kind`, a NamedTuple whose fields are the query's columns in order."""
        with faults_translated(), self._lent() as connection:
            cursor = connection.execute(query, values or {})
            found = tuple(column.name for column in cursor.description or ())
            if found != kind._fields:
                raise AssertionError(f"the query yields {found}, not the fields of {kind.__name__}")
            return Rows(found, map(kind._make, cursor))

    def query(
        self, text: str, values: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> Rows[tuple[Any, ...]]:
        """Runs statements of the user's own; the rows of the last that yields any, none where none does.

        Raises InvalidInput with what PostgreSQL finds wrong in them, and for COPY from or to the client.
        """
        with self.connection() as connection:
            try:
                cursor = connection.execute(text.encode(), values)
            except (psycopg.ProgrammingError, psycopg.DataError) as error:
                if isinstance(error, errors.InsufficientPrivilege):
                    raise
                if connection.info.transaction_status == TransactionStatus.ACTIVE:
                    _end_copy(connection)
                    said = "SQL: COPY from stdin or to stdout needs psql: viralforge psql"
                    raise InvalidInput(said) from None
                hint = f" ({error.diag.message_hint})" if error.diag.message_hint else ""
                raise InvalidInput(f"SQL: {first_line(error)}{hint}") from None
            found: Rows[tuple[Any, ...]] = Rows((), ())
            for result in cursor.results():
                if columns := result.description:
                    found = Rows([column.name for column in columns], result.fetchall())
            return found

    def read(self, query: bytes, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with faults_translated(), self._lent() as connection:
            return connection.execute(query, values or {}).fetchall()


def _within(connection: Connection[Any], work: Callable[[Connection[Any]], T]) -> T:
    """What `work` returns, done in the transaction of another, who tries all of it again on conflicts."""
    try:
        with connection.transaction():
            return work(connection)
    except CONFLICTS:
        raise
    except psycopg.Error as error:
        raise translated(error) from error


def _end_copy(connection: Connection[Any]) -> None:
    """Ends a COPY that nobody will serve, so that the connection can go on."""
    libpq = connection.pgconn
    try:
        libpq.put_copy_end(b"not from here")
    except psycopg.OperationalError:  # it sends
        connection.cancel_safe()
        with suppress(psycopg.Error):
            while libpq.get_copy_data(0)[0] > 0:
                pass
    while libpq.get_result():
        pass


def is_missing_month(error: BaseException) -> bool:
    """Whether a row found no partition for its month (PostgreSQL names no constraint then)."""
    return isinstance(error, errors.CheckViolation) and error.diag.constraint_name is None

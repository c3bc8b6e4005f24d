"""What PostgreSQL's errors mean to a user: each becomes one of ours, with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors as pg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from viralforge.errors import (
    AccessDenied,
    ConfigurationError,
    DatabaseUnavailable,
    SchemaBehind,
    StorageFull,
    ViralForgeError,
    WarehouseError,
)

_LIMITS = ("55000", "55006", "55P02", "57014", "25P03")
"""Refusals of a server that is well: a limit was reached, or a statement took too long."""
_SHUT_DOWN = ("57P01", "57P02")
CONFLICTS = (pg.DeadlockDetected, pg.SerializationFailure)
"""What a transaction may simply be tried again after."""

# libpq reports whatever happens before the session as a plain OperationalError: only the text tells.
_REFUSED = re.compile(r'authentication failed|no password supplied|no pg_hba.conf entry|FATAL:  role ".*" ')
_FULL = re.compile(r"FATAL:  (sorry, too many clients|remaining connection slots|too many connections for)")
_NEVER_THERE = re.compile(r"connection (failed|timeout|is bad)|failed to resolve|\[Errno")
_NO_DATABASE = re.compile(r'FATAL:  database ".*" does not exist')


def first_line(error: BaseException) -> str:
    """What went wrong in one line, without connection strings, which may hold a password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]


@contextmanager
def faults_translated() -> Iterator[None]:
    """Raises our errors in place of psycopg's; errors of ours pass through."""
    try:
        yield
    except (psycopg.Error, PoolTimeout, PoolClosed, TooManyRequests) as error:
        raise translated(error) from error


def translated(error: BaseException) -> ViralForgeError:
    """The error of ours that says what `error` means."""
    said = first_line(error)
    if isinstance(error, pg.InvalidAuthorizationSpecification) or _REFUSED.search(said):
        return AccessDenied(f"PostgreSQL refuses the login: {said}. Check user and password in DATABASE_URL")
    if _NO_DATABASE.search(said):
        return ConfigurationError(f"{said}. Create it (createdb -E UTF8), or name another in DATABASE_URL")
    if _FULL.search(said):
        return DatabaseUnavailable(
            f"PostgreSQL has no connection left: {said}. Try again when others have closed theirs, "
            "set VIRALFORGE_POOL_SIZE lower in each process, or raise max_connections on the server"
        )
    if isinstance(error, pg.InsufficientPrivilege):
        return AccessDenied(f"PostgreSQL refuses: {said}. Grant the right to this user, or use another")
    if isinstance(error, pg.DiskFull):
        return StorageFull(f"the database has no space left: {said}. Nothing was kept; free some, try again")
    if isinstance(error, pg.ReadOnlySqlTransaction):
        return AccessDenied(f"this database only reads: {said}. Use the primary server")
    if isinstance(error, (pg.UndefinedTable, pg.UndefinedColumn, pg.UndefinedFunction, pg.InvalidSchemaName)):
        return SchemaBehind(f"{said}. Run: viralforge migrate")
    if getattr(error, "sqlstate", None) in _LIMITS or str(getattr(error, "sqlstate", "")).startswith("54"):
        return WarehouseError(said)
    if isinstance(error, PoolClosed):
        return WarehouseError("this warehouse is closed; open it again")
    if isinstance(error, CONFLICTS):
        return DatabaseUnavailable(f"other writers at the same rows came first each time: {said}. Try again")
    if isinstance(error, PoolTimeout):
        return DatabaseUnavailable(f"{said}. Try again, or set VIRALFORGE_POOL_SIZE higher")
    if isinstance(error, (psycopg.OperationalError, TooManyRequests)):
        away = DatabaseUnavailable(f"the database does not answer: {said}. Try again when it does")
        away.in_doubt = _is_lost(error)
        return away
    return WarehouseError(said)


def _is_lost(error: BaseException) -> bool:
    """Whether the connection was there, and was lost; a statement that was cut short left nothing."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    if error.sqlstate is None:
        return not _NEVER_THERE.match(first_line(error))
    return error.sqlstate.startswith("08") or error.sqlstate in _SHUT_DOWN

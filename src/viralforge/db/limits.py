"""How long a question may take: whoever asks sets it, PostgreSQL keeps it and is well afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from psycopg import Connection, errors

from viralforge.errors import CutShort

_SECONDS: ContextVar[float | None] = ContextVar("seconds", default=None)
# A shorter limit that this user or database has already stays.
_SET = """
SELECT most / 1000, set_config('statement_timeout', most::integer::text, true)
FROM (SELECT least(%(most)s::float8, nullif(
          1000 * extract(epoch FROM current_setting('statement_timeout')::interval), 0))) AS limits (most)
"""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Cuts short what is asked in the block, here and in threads that take over its context, after so long.

    Each statement may take `seconds`, waiting for locks included; then CutShort is raised. Whoever asks
    elsewhere meanwhile, over the same connections, is not limited.
    """
    token = _SECONDS.set(seconds)
    try:
        yield
    finally:
        _SECONDS.reset(token)


@contextmanager
def limit_kept(connection: Connection[Any]) -> Iterator[None]:
    """Makes the block a transaction that keeps the limit, which goes with it; nothing where there is none."""
    seconds = _SECONDS.get()
    if seconds is None:
        yield
        return
    try:
        with connection.transaction():
            for most, _set in connection.execute(_SET, {"most": max(1, seconds * 1000)}):
                seconds = most
            yield
    except errors.QueryCanceled as error:
        raise CutShort(seconds) from error

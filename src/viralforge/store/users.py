"""The app's users: made as they are named, deleted with all that hangs on them, and erased for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

from psycopg import Connection, errors

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import InvalidInput, UserErased
from viralforge.model import private, values
from viralforge.model.erasure import Subject
from viralforge.store.erasures import counted, requested
from viralforge.store.rollup_lock import hold_rollups

QUERIES = Queries("store/users")
NAMES = list(private.NAMING)
_TAKEN_OUT = (
    "delete_posthog_outbox", "delete_app_events", "delete_crew_calls", "delete_crew_executions",
    "delete_funnel_deltas", "delete_funnel_rollup", "delete_funnel_sessions", "delete_funnel_users",
    "delete_sealed_funnel", "delete_users",
)  # fmt: skip
_MOVED = (
    "make_pseudonym", "move_app_events", "move_crew_executions", "move_funnel_deltas", "move_funnel_rollup",
    "move_funnel_sessions", "move_funnel_users", "move_sealed_funnel",
)  # fmt: skip
USER_STORES = tuple(step.removeprefix("delete_") for step in _TAKEN_OUT)
"""The tables with rows of a user, in the order in which they are taken out."""


class UserStore:
    """Writes users, and takes them out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, user_id: str, display_name: str | None, analytics: bool) -> None:
        """Makes or changes a user; without `analytics` no event or execution names the user from now on.

        Raises UserErased.
        """
        given = {"id": _user_id(user_id), "display_name": values.text(display_name), "analytics": analytics}

        def work(connection: Connection[Any]) -> None:
            connection.execute(QUERIES["add_user"], given)
            if connection.execute(QUERIES["was_erased"], given).fetchone() == (True,):
                raise UserErased("user_id: this user was erased; who comes back needs a new id")

        self._database.write(work)

    def delete(self, user_id: str) -> bool:
        """Deletes a user and all that hangs on the user; whether there was one."""
        given = {"id": _user_id(user_id)}
        return self._database.write(lambda connection: _removed(connection, given)["users"] == 1)

    def erase(self, user_id: str) -> int:
        """Deletes a user, seen or not, so that nothing that comes later names the user; the erasure's id."""
        return self._database.write(partial(_erased, Subject("user", _user_id(user_id))))

    def anonymise(self, user_id: str) -> int:
        """Moves all rows of a user to an id that nobody can derive, and forgets whose; the erasure's id."""
        pseudonym = f"anonymous-{uuid4()}"
        return self._database.write(
            partial(_erased, Subject("anonymous user", _user_id(user_id), pseudonym=pseudonym))
        )


def _erased(subject: Subject, connection: Connection[Any]) -> int:
    given = {"id": subject.key, "pseudonym": subject.pseudonym, "naming": NAMES}
    hold_rollups(connection)
    made = connection.execute(QUERIES["claim_user"], given).rowcount
    (key,) = connection.execute(QUERIES["leave_tombstone"], given).fetchone()  # type: ignore[misc]
    if subject.pseudonym is None:
        rows = _removed(connection, given)
    else:
        rows = _moved(connection, given, is_there=not made)
    rows["users"] -= made
    erasure = requested(connection, subject, key)
    counted(connection, erasure, rows)
    return erasure


def _moved(connection: Connection[Any], given: dict[str, Any], *, is_there: bool) -> dict[str, int]:
    """Gives a user's rows to the pseudonym; says how many of each table."""
    connection.execute(QUERIES["hold_user"], given)
    rows = {
        step.partition("_")[2]: connection.execute(QUERIES[step], given).rowcount
        for step in ("delete_posthog_outbox", *(_MOVED if is_there else ()), "delete_users")
    }
    rows.pop("pseudonym", None)
    return rows


def known_users(connection: Connection[Any], ids: Iterable[str | None]) -> set[str]:
    """Makes the users that are missing; says which of them nobody may name."""
    given = sorted({known for known in ids if known is not None})
    if not given:
        return set()
    return set(connection.execute(QUERIES["know_users"], {"ids": given}).fetchone()[0] or ())  # type: ignore[index]


@contextmanager
def users_kept() -> Iterator[None]:
    """Makes a conflict, which is tried again, of the deletion of a user who is named in this very moment."""
    try:
        yield
    except errors.ForeignKeyViolation as error:
        raise errors.SerializationFailure("a user was deleted while being named") from error


def _removed(connection: Connection[Any], given: dict[str, Any]) -> dict[str, int]:
    """Takes a user out of every table; says how many rows of each. The rollups stay exact."""
    hold_rollups(connection)
    for step in ("hold_user", "uncount_user"):
        connection.execute(QUERIES[step], given)
    return {
        step.removeprefix("delete_"): connection.execute(QUERIES[step], given).rowcount for step in _TAKEN_OUT
    }


def _user_id(given: str) -> str:
    found = values.text(given, "user_id")
    if found is None:
        raise InvalidInput("user_id: a user needs an id that is not blank")
    return found

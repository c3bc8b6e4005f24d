"""What the app's users do: events and the users themselves, with addresses hashed and never kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection, errors

from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import InvalidInput
from viralforge.model import values
from viralforge.model.event import AppEvent, new_event_id, time_in

QUERIES = Queries("store/events")
TABLE = "app_events"
ROLLUPS_LOCK = 0x5646_0003
"""The advisory lock of whoever changes what is rolled up."""
EARLIEST, LATEST = timedelta(days=30), timedelta(hours=1)
"""How far from now a live event's time may lie."""
LAST_YEAR = 9999
"""Written where a time is not known; there is no month after its last."""
_AT_ONCE = 5_000


class EventStore:
    """Writes users and events."""

    def __init__(self, database: Database, months: Months) -> None:
        self._database = database
        self._months = months

    def add_user(self, user_id: str, display_name: str | None, analytics: bool) -> None:
        """Makes or changes a user; without `analytics` no event or execution names the user from now on."""
        given = {"id": _user_id(user_id), "display_name": values.text(display_name), "analytics": analytics}
        self._database.change(QUERIES["add_user"], given)

    def delete_user(self, user_id: str) -> bool:
        """Deletes a user and, by cascade, all that hangs on the user; whether there was one."""
        given = {"id": _user_id(user_id), "lock": ROLLUPS_LOCK}

        def work(connection: Connection[Any]) -> bool:
            for step in ("hold_rollups", "hold_user", "untrace_user", "uncount_user"):
                connection.execute(QUERIES[step], given)
            return connection.execute(QUERIES["delete_user"], given).rowcount == 1

        return self._database.write(work)

    def track(self, event: AppEvent) -> UUID:
        """Stores one event as it happens, by one statement; says its id.

        Raises InvalidInput for one out of its time.
        """
        chance = f"{secrets.randbits(12):03x}{8 | secrets.randbits(2):x}{secrets.randbits(60):015x}"
        row = _row(event, None) | {"chance": chance, "earliest": EARLIEST, "latest": LATEST}
        row["properties"] = None if event.properties is None else values.json_text(event.properties)[0]

        def work(connection: Connection[Any]) -> tuple[UUID, datetime, bool]:
            if event.ip_address is not None:
                row["ip_hash"] = _hashed(event.ip_address, _salt(connection))
            with users_kept():
                return connection.execute(QUERIES["track"], row).fetchone()  # type: ignore[return-value]

        event_id, created_at, is_live = self._months.write(TABLE, (), work, autocommit=True)
        if not is_live:
            raise InvalidInput(
                f"AppEvent: created_at: {created_at.isoformat()} is more than 30 days ago or more than 1 "
                "hour ahead; import older events with track_events"
            )
        return event_id

    def prepare(self, event: AppEvent) -> dict[str, Any]:
        """The row of one live event."""
        return _row(event, datetime.now(UTC))

    def insert(self, rows: Sequence[dict[str, Any]]) -> int:
        """The row of one live event."""
        rows = list(rows)

        def work(connection: Connection[Any]) -> int:
            known_users(connection, (row["user_id"] for row in rows))
            rows_json = orjson.dumps(rows).decode()
            with users_kept():
                found = connection.execute(QUERIES["insert_events"], {"rows": rows_json}).fetchone()
            return int(found[0])  # type: ignore[index]

        return self._months.write(TABLE, (), work)

    def track_many(self, events: Iterable[AppEvent]) -> int:
        """Imports events of any time; says how many were not there yet. A batch is one transaction."""
        given, added = iter(events), 0
        while some := list(islice(given, _AT_ONCE)):
            now: datetime = self._database.value(QUERIES["clock"])
            rows = [_row(event, now) for event in some]
            moments = [row["created_at"] for row in rows]
            added += self._months.write(TABLE, moments, partial(_insert, rows=rows, events=some))
        return added


def known_users(connection: Connection[Any], ids: Iterable[str | None]) -> set[str]:
    """Makes the users that are missing; says which of them refuse to be named."""
    given = sorted({known for known in ids if known is not None})
    return {row[0] for row in connection.execute(QUERIES["know_users"], {"ids": given})} if given else set()


@contextmanager
def users_kept() -> Iterator[None]:
    """Makes a conflict, which is tried again, of the deletion of a user who is named in this very moment."""
    try:
        yield
    except errors.ForeignKeyViolation as error:
        raise errors.SerializationFailure("a user was deleted while being named") from error


def _row(event: AppEvent, now: datetime | None) -> dict[str, Any]:
    """The event's row; its id and its time are None where `now`, which is not known, makes both."""
    event_id, moment = event.event_id, event.created_at or now
    if event_id is None and moment is not None:
        event_id = new_event_id(moment)
    created_at = event.created_at if event_id is None else time_in(event_id) or event.created_at
    settled: dict[str, Any] = {"event_id": event_id, "created_at": created_at, "ip_hash": None}
    if event.properties is not None:
        settled["properties"] = orjson.Fragment(values.json_text(event.properties)[0])
    row = event.model_dump(exclude={"ip_address", "properties"}) | settled
    if event_id is None:
        return row
    if created_at is None:
        raise InvalidInput(
            "AppEvent: created_at: is needed beside an event_id that is no UUIDv7, so that the event "
            "sent again is the same one"
        )
    if created_at.year == LAST_YEAR:
        raise InvalidInput(f"AppEvent: created_at: {created_at.isoformat()} stands for no time at all")
    return row


def _user_id(given: str) -> str:
    found = values.text(given, "user_id")
    if found is None:
        raise InvalidInput("user_id: a user needs an id that is not blank")
    return found


def _insert(connection: Connection[Any], rows: list[dict[str, Any]], events: list[AppEvent]) -> int:
    refusing = known_users(connection, (row["user_id"] for row in rows))
    salt: bytes | None = None
    written = []
    for row, event in zip(rows, events, strict=True):
        if row["user_id"] in refusing:
            row = row | {"user_id": None}
        elif event.ip_address is not None:
            salt = salt or _salt(connection)
            row = row | {"ip_hash": _hashed(event.ip_address, salt)}
        written.append(row)
    rows_json = orjson.dumps(written).decode()
    with users_kept():
        found = connection.execute(QUERIES["insert_events"], {"rows": rows_json}).fetchone()
    return int(found[0])  # type: ignore[index]


def _hashed(address: str, salt: bytes) -> str:
    return hmac.new(salt, address.encode(), hashlib.sha256).hexdigest()


def _salt(connection: Connection[Any]) -> bytes:
    """The day's salt: known to nobody once its row is destroyed."""
    row = connection.execute(QUERIES["salt"], {"fresh": secrets.token_bytes(32)}).fetchone()
    # Another drew it in the same moment: it is visible to the next statement.
    row = row or connection.execute(QUERIES["salt"], {"fresh": secrets.token_bytes(32)}).fetchone()
    return bytes(row[1])  # type: ignore[index]

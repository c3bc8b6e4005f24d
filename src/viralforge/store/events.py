"""What the app's users do: each event once, with addresses hashed and never kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Self
from uuid import UUID

import orjson
from psycopg import Connection

from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.db.queries import Queries, Statement
from viralforge.errors import InvalidInput
from viralforge.model import private, values
from viralforge.model.event import AppEvent, new_event_id, time_in
from viralforge.settings import Settings
from viralforge.store.addresses import Addresses
from viralforge.store.agents import UserAgents
from viralforge.store.salts import Salts
from viralforge.store.users import known_users, users_kept

QUERIES = Queries("store/events")
TABLE = "app_events"
EARLIEST, LATEST = timedelta(days=30), timedelta(hours=1)
"""How far from now a live event's time may lie."""
LAST_YEAR = 9999
"""Written where a time is not known; there is no month after its last."""
FORGOTTEN_DAYS = 30
AT_ONCE = 5_000
_ADD = Statement.of(QUERIES["add_events"].decode())
_NAMING = f"{{{','.join(private.NAMING)}}}"


class EventStore:
    """Makes rows of events, and stores them."""

    def __init__(self, database: Database, months: Months, settings: Settings) -> None:
        self._database = database
        self._months = months
        self._forwards = settings.posthog_host is not None
        self._addresses = Addresses(settings.country_table)
        self._agents = UserAgents(database)
        self.salts = Salts(database)

    def prepare(self, event: AppEvent, *, live: bool = True, forward: bool = True) -> dict[str, Any]:
        """The event's row as `insert` takes it and orjson writes it: no address in it, nothing that is None.

        Its id and its time are settled; without both it gets a UUIDv7 of now. Never waits for the database,
        but for a moment when the first event comes. `forward=False` is for what came from PostHog.
        Raises InvalidInput for a time that is none, and for a `live` event out of its time.
        """
        now = self.salts.now()
        event_id, created_at = _settled(event, now)
        if live and created_at > now + LATEST:
            said = f"{created_at.isoformat()} is more than 1 hour ahead; is the clock right?"
            raise InvalidInput(f"AppEvent: created_at: {said}")
        if live and created_at < now - EARLIEST:
            said = f"{created_at.isoformat()} is more than 30 days ago; import older events (track_events)"
            raise InvalidInput(f"AppEvent: created_at: {said}")
        row = {"created_at": created_at, "event_id": event_id} | _told(event)
        if event.ip_address is not None:
            salt = None if event.do_not_track else self.salts.of(now.date())
            country, ip_hash = self._addresses.told(event.ip_address, salt)
            if country is not None:
                row.setdefault("country", country)
            if ip_hash is not None:
                row["ip_hash"] = ip_hash
        if self._forwards and forward and not event.do_not_track:
            row["forward"] = True
        return row

    def insert(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Stores rows of `prepare`, also read back from JSON, in one transaction; how many were new."""
        if not rows:
            return 0
        agents = self._agents.ids({row["user_agent"] for row in rows if "user_agent" in row})
        given = {
            "events": orjson.dumps([_with_agent(row, agents) for row in rows]).decode(),
            "forwards": any("forward" in row for row in rows), "settled": False, "naming": _NAMING,
        }  # fmt: skip
        moments = {_moment(row) for row in rows}
        new, strangers = self._months.write(TABLE, moments, partial(_added, given=given), autocommit=True)
        if strangers is None:
            return new

        def work(connection: Connection[Any]) -> int:
            known_users(connection, strangers)
            return _added(connection, given | {"settled": True})[0]

        return self._months.write(TABLE, moments, work)

    def track(self, event: AppEvent) -> UUID:
        """Stores one event as it happens; says its id. Raises InvalidInput for one out of its time."""
        row = self.prepare(event)
        self.insert([row])
        event_id: UUID = row["event_id"]
        return event_id

    def track_many(self, events: Iterable[AppEvent]) -> int:
        """Imports events of any time; says how many were not there yet. A batch is one transaction."""
        given, added = iter(events), 0
        while some := list(islice(given, AT_ONCE)):
            added += self.insert([self.prepare(event, live=False) for event in some])
        return added

    def batch(self) -> EventBatch:
        """Takes events one by one in a `with` block and stores them 5,000 at a time, the rest at its end."""
        return EventBatch(self)

    def forget_addresses(self) -> int:
        """Destroys the salts of 30 days ago and before, and the hashes under them; says how many hashes.

        To be run daily, soon after midnight UTC: a salt of its day's first moment is 30 days old then.
        """
        given = {"days": FORGOTTEN_DAYS}
        if self._database.value(QUERIES["has_old_salts"], given):
            self._database.write(_destroy_salts)
        forgotten = 0
        while some := self._database.change(QUERIES["forget_hashes"], given):
            forgotten += some
        return forgotten


class EventBatch:
    """Events on their way, of any time; `added` says how many of those stored so far were new.

    What was tracked did happen: it is stored also when the block ends by an error. A wrong event raises
    InvalidInput at its own `track`.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._rows: list[dict[str, Any]] = []
        self.added = 0

    def track(self, event: AppEvent | Mapping[str, Any]) -> UUID:
        """Takes an event and says its id; it is stored with the others."""
        row = self._store.prepare(AppEvent.read(event), live=False)
        self._rows.append(row)
        if len(self._rows) >= AT_ONCE:
            self._write()
        event_id: UUID = row["event_id"]
        return event_id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write()

    def _write(self) -> None:
        self.added += self._store.insert(self._rows)
        self._rows = []


def _added(connection: Connection[Any], given: Mapping[str, Any]) -> tuple[int, list[str] | None]:
    """Runs the statement: how many events were new, and who must be known before anything is stored."""
    with users_kept():
        return _ADD.execute(connection, given).fetchone()  # type: ignore[return-value]


def _destroy_salts(connection: Connection[Any]) -> None:
    connection.execute(QUERIES["hold_salts"])
    kept = connection.execute(QUERIES["young_salts"], {"days": FORGOTTEN_DAYS}).fetchall()
    connection.execute(QUERIES["empty_salts"])
    given = {"days": [day for day, _salt in kept], "salts": [salt for _day, salt in kept]}
    connection.execute(QUERIES["put_back_salts"], given)


def _settled(event: AppEvent, now: datetime) -> tuple[UUID, datetime]:
    """The event's id and time: the time in the id, else the one beside it; where both are missing, now."""
    event_id, created_at = event.event_id, event.created_at
    if event_id is None:
        created_at = created_at or now.replace(microsecond=now.microsecond // 1000 * 1000)
        event_id = new_event_id(created_at)
    else:
        created_at = time_in(event_id) or created_at
    if created_at is None:
        raise InvalidInput(
            "AppEvent: created_at: is needed beside an event_id that is no UUIDv7, so that the event "
            "sent again is the same one"
        )
    if created_at.year == LAST_YEAR:
        raise InvalidInput(f"AppEvent: created_at: {created_at.isoformat()} stands for no time at all")
    return event_id, created_at


def _told(event: AppEvent) -> dict[str, Any]:
    """What the event says of itself, as far as it may be kept."""
    kept, properties = event.properties, None
    if kept is not None:
        kept = private.without_addresses(kept)
        kept = private.without_names(kept) if event.do_not_track else kept
        properties = orjson.Fragment(values.json_text(kept)[0])
    found = {
        "event_name": event.event_name, "event_type": event.event_type, "session_id": event.session_id,
        "user_id": None if event.do_not_track else event.user_id, "platform": event.platform,
        "country": event.country, "user_agent": event.user_agent, "properties": properties,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _with_agent(row: Mapping[str, Any], agents: Mapping[str, int]) -> Mapping[str, Any]:
    """The row with its user agent's id in place of the text."""
    if "user_agent" not in row:
        return row
    changed = dict(row)
    changed["user_agent_id"] = agents[changed.pop("user_agent")]
    return changed


def _moment(row: Mapping[str, Any]) -> datetime:
    moment = row["created_at"]
    return moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)

"""What a user of the app did."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool

from viralforge.model.record import JsonObject, Moment, Name, Record, Text


class AppEvent(Record):
    """One event of the app: `event_name` says what (`trend_discovery`), `event_type` of which kind (`click`).

    `event_id=None` draws a UUIDv7. `created_at` of a client's UUIDv7 is the id's own time, else the
    timestamp given, else now. `ip_address` tells the country, is hashed under the day's salt and never
    stored. `do_not_track` (what `Sec-GPC` and `DNT` say) leaves out the user and the hash.

    >>> AppEvent.read({"userId": "u1", "eventName": "trend_discovery", "eventType": "api_call"}).user_id
    'u1'
    """

    event_name: Name
    event_type: Name
    event_id: UUID | None = None
    user_id: Name | None = None
    session_id: Annotated[Text, Field(max_length=200)] | None = None
    platform: Annotated[Text, Field(max_length=200)] | None = None
    properties: JsonObject | None = None
    user_agent: Annotated[Text, Field(max_length=2000)] | None = None
    ip_address: Annotated[Text, Field(max_length=100)] | None = None
    country: Annotated[Text, Field(max_length=100)] | None = None
    created_at: Moment | None = None
    do_not_track: StrictBool = False


def new_event_id(now: datetime) -> UUID:
    """A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then chance.

    >>> time_in(new_event_id(datetime(2026, 3, 1, tzinfo=UTC)))
    datetime.datetime(2026, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    milliseconds = max(0, int(now.timestamp() * 1000))
    chance = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62 | chance & (1 << 62) - 1)


def time_in(event_id: UUID) -> datetime | None:
    """The moment in a UUIDv7, to the millisecond; None in a UUID of another kind, or beyond the calendar."""
    if event_id.version != 7:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=event_id.int >> 80)
    except OverflowError:
        return None

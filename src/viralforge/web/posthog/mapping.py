"""An event as PostHog's clients send it, to an event of ours; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson

from viralforge.errors import InvalidInput, InvalidPost
from viralforge.model import private, values
from viralforge.model.event import AppEvent, time_in

_KNOWN = {
    "$pageview": ("page_view", "page_view"), "$pageleave": ("page_leave", "page_view"),
    "$screen": ("screen_view", "page_view"), "$autocapture": ("click", "click"),
    "$rageclick": ("rage_click", "click"), "$dead_click": ("dead_click", "click"),
    "$exception": ("exception", "error"),
}  # fmt: skip
"""PostHog's own events, each with the name and the type it has here."""
_PLATFORMS = {"web": "web", "js": "web", "posthog-ios": "ios", "posthog-android": "android"}
_SYSTEMS = {"ios": "ios", "ipados": "ios", "android": "android"}
_IN_COLUMNS = ("$session_id", "$raw_user_agent", "$user_agent", "$ip")
_BESIDE = ("$set", "$set_once", "$unset")
"""What clients say beside the properties, of the person."""
_MERGES = frozenset({"$create_alias", "$merge_dangerously"})
_OF_A_GROUP = "$groupidentify"
"""Comes with an id that is drawn, or the group's, or a user's: of no user, as it tells of a group."""
_NAMESPACE = UUID("6f2d63ab-8f0c-5ac5-a3a2-6e2d0e1f7c54")
_LONGEST_AGENT = 2_000
_SAME_MOMENT = timedelta(seconds=1)


def app_event(given: Any, about: Mapping[str, Any], key: str | None = None) -> AppEvent:
    """The event of ours, with what the request says `about` the visitor; `key` is kept nowhere.

    Its id is the client's. Without one it is drawn from what the event says, as long as that includes a time:
    an event that is sent again is the same one. Raises InvalidInput where it is no event.

    >>> event = app_event({"event": "$pageview", "distinct_id": "u1", "properties": {"$lib": "web"}}, {})
    >>> event.event_name, event.user_id, event.platform
    ('page_view', 'u1', 'web')
    """
    if not isinstance(given, dict):
        raise InvalidInput("an event is an object")
    properties = given.get("properties")
    properties = dict(properties) if isinstance(properties, dict) else {}
    name, kind = _name_and_type(given, properties)
    client_id, moment = given.get("uuid"), _moment(given, properties)
    if client_id is None and moment is not None:
        client_id = _drawn(given, moment)
    address = properties.get("$ip")
    fields = {
        "event_id": client_id, "event_name": name, "event_type": kind, "created_at": moment,
        "user_id": user_of(given, properties),
        "session_id": _text(given.get("session_id") or properties.get("$session_id")),
        "platform": _platform(properties),
        "user_agent": _agent(properties),
        "ip_address": address if isinstance(address, str) and address else None,
    }  # fmt: skip
    fields["properties"] = _kept(given, properties, fields, key) or None
    return AppEvent.read({**about, **{field: value for field, value in fields.items() if value is not None}})


def user_of(given: Mapping[str, Any], properties: Mapping[str, Any]) -> str | None:
    """The user, None where the client says that nobody has signed in: its id then names a device or nothing.

    >>> user_of({"distinct_id": "0190f6a0"}, {"$is_identified": False}) is None
    True
    """
    found = _text(_distinct_id(given, properties))
    options = given.get("options")
    options = options if isinstance(options, dict) else {}
    is_anonymous = (
        properties.get("$is_identified") is False
        or properties.get("$process_person_profile", options.get("process_person_profile")) is False
        or found == properties.get("$device_id")
        or given.get("event") == _OF_A_GROUP
    )
    return None if is_anonymous else found


def remains_of(given: Any, key: str | None) -> Any:
    """What may be kept of an event that cannot be stored: nothing that tells who or where, and no key."""
    if not isinstance(given, dict):
        return None
    kept = {name: given[name] for name in ("event", "uuid", "timestamp") if name in given}
    if isinstance(properties := given.get("properties"), dict):
        kept["properties"] = private.without_names(private.without_addresses(_without_key(properties, key)))
    return kept


def _name_and_type(given: Mapping[str, Any], properties: Mapping[str, Any]) -> tuple[Any, str]:
    name = given.get("event")
    if name is None and ("$set" in given or "$set_once" in given):  # /engage/ tells of persons without a name
        return "$identify", "api_call"
    if name == "$autocapture":  # change and submit are captured too
        return _text(properties.get("$event_type")) or "click", "click"
    if isinstance(name, str) and name in _KNOWN:
        return _KNOWN[name]
    return name, "api_call" if _platform(properties) is None else "custom"


def _moment(given: Mapping[str, Any], properties: Mapping[str, Any]) -> datetime | None:
    """When it was, by what stays the same when it is sent again, as an offset to now does not."""
    for said in (given.get("timestamp"), properties.get("$time")):
        try:
            if found := values.moment(said):
                return found
        except InvalidPost as error:
            raise InvalidInput(f"timestamp: {error.detail}") from None
    return None


def _drawn(given: Mapping[str, Any], moment: datetime) -> UUID:
    said = [moment, *(given.get(name) for name in ("event", "distinct_id", "$distinct_id", "properties"))]
    return uuid5(_NAMESPACE, orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode())


def _kept(
    given: Mapping[str, Any], properties: Mapping[str, Any], fields: Mapping[str, Any], key: str | None
) -> dict[str, Any]:
    """The properties without what stands in columns, and without the key, which clients send along.

    An id that names a device stays there. Who refuses to be named, or was erased, is left out by the store.
    """
    kept = {name: given[name] for name in _BESIDE if name in given} | dict(properties)
    for name in (*_IN_COLUMNS, "distinct_id", "$user_id"):
        kept.pop(name, None)
    device = _text(_distinct_id(given, properties))
    if fields["user_id"] is None and device and given.get("event") != _OF_A_GROUP:
        kept["distinct_id"] = device
    if given.get("event") in _MERGES:  # the other name of the user would outlive the user's erasure
        kept.pop("alias", None)
    if (window := given.get("window_id")) is not None:
        kept["$window_id"] = window
    if (moment := fields["created_at"]) and _is_elsewhere(fields["event_id"], moment):
        kept["$timestamp"] = moment.isoformat()
    return _without_key(kept, key)


def _is_elsewhere(client_id: Any, moment: datetime) -> bool:
    """Whether the event's id holds another time than the client gave it."""
    try:
        drawn = time_in(client_id if isinstance(client_id, UUID) else UUID(str(client_id)))
    except ValueError:
        return False
    return drawn is not None and abs(moment - drawn) > _SAME_MOMENT


def _without_key(properties: Mapping[str, Any], key: str | None) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if key is None or value != key}


def _distinct_id(given: Mapping[str, Any], properties: Mapping[str, Any]) -> Any:
    places = (given.get("distinct_id"), given.get("$distinct_id"), properties.get("distinct_id"))
    return next((found for found in places if found is not None), None)


def _platform(properties: Mapping[str, Any]) -> str | None:
    library, system = properties.get("$lib"), properties.get("$os")
    if isinstance(library, str) and library in _PLATFORMS:
        return _PLATFORMS[library]
    is_app = isinstance(library, str) and library in ("posthog-react-native", "posthog-flutter")
    return _SYSTEMS.get(system.lower()) if is_app and isinstance(system, str) else None


def _agent(properties: Mapping[str, Any]) -> str | None:
    found = _text(properties.get("$raw_user_agent")) or _text(properties.get("$user_agent"))
    return found and found[:_LONGEST_AGENT]


def _text(value: Any) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return (value.strip() or None) if isinstance(value, str) else None

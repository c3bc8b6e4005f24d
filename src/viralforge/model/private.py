"""What of an event's properties tells where somebody is, or who: nothing of that is kept beyond need."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

NAMING = (
    "distinct_id", "$distinct_id", "$anon_distinct_id", "$device_id", "$user_id", "user_id", "userId",
    "alias", "email", "$email", "$set", "$set_once",
)  # fmt: skip
"""Properties that say who somebody is; they go where the user may not be named."""
_ADDRESSES = frozenset((
    "ip", "ips", "ipaddress", "ipaddr", "ipv4", "ipv6", "currentip", "initialip", "clientip",
    "clientipaddress", "userip", "useripaddress", "lastip", "lastloginip", "lastseenip", "realip", "xrealip",
    "remoteip", "remoteaddr", "remoteaddress", "httpclientip", "httpxforwardedfor", "xforwardedfor",
    "xclientip", "cfconnectingip", "trueclientip", "fastlyclientip", "sourceip", "peerip", "hostip",
    "publicip", "ipoverride",
))  # fmt: skip
_LOCATED = ("geoip", "initialgeoip")
_COARSE = ("country", "continent", "disable")
_MARKS = re.compile(r"[^0-9a-z]+")


def without_addresses(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties without addresses, and without what was derived from them but the country; at any depth.

    >>> without_addresses({"$ip": "192.0.2.7", "plan": "pro", "$set": {"$geoip_city_name": "Bonn"}})
    {'plan': 'pro', '$set': {}}
    """
    return {key: _cleaned(value) for key, value in properties.items() if not _is_address(key)}


def without_names(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties without those that say who somebody is.

    >>> without_names({"distinct_id": "u1", "plan": "pro"})
    {'plan': 'pro'}
    """
    return {key: value for key, value in properties.items() if key not in NAMING}


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return without_addresses(value)
    return [_cleaned(each) for each in value] if isinstance(value, list | tuple) else value


@lru_cache(maxsize=10_000)
def _is_address(key: object) -> bool:
    """Whether values under this key are an address or tell a place; `$ip`, `IP-Address` alike."""
    plain = _MARKS.sub("", str(key).lower())
    return plain in _ADDRESSES or (
        plain.startswith(_LOCATED) and not any(coarse in plain for coarse in _COARSE)
    )

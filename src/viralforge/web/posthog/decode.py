"""What a client of PostHog sends, in whichever packing: the events in it and the key it came with."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import orjson
import zstandard

from viralforge.web.body import inflated
from viralforge.web.problems import Problem

_KEYS = ("api_key", "token", "$token")
_GZIP, _ZSTD, _ZLIB = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78"
_PACKED_TWICE = 4
"""So many layers a body may have: a form around base64 around gzip is three."""


class Delivery(NamedTuple):
    """The events of one request, as they came; `key` is None where none stands in the body."""

    events: list[Any]
    key: str | None


def delivery(body: bytes, content_type: str, query: Mapping[str, str], most: int) -> Delivery:
    """The events in a body, whatever it is packed in.

    Clients say the packing in a header, in the query, or not at all: posthog-js calls gzip text/plain. So the
    first bytes tell. Raises Problem where it cannot be read, or grows beyond `most` bytes.

    >>> delivery(b'{"api_key": "vf_x", "batch": [{"event": "seen"}]}', "application/json", {}, 1000)
    Delivery(events=[{'event': 'seen'}], key='vf_x')
    """
    if not body and "data" in query:  # an image's address carries the event
        body = query["data"].encode()
    elif content_type.startswith("application/x-www-form-urlencoded"):
        body = _field(body)
    document = _read(_unwrapped(body, most))
    key = next((query[name] for name in _KEYS if name in query), None)
    if isinstance(document, dict):
        key = _key_in(document) or key
        if isinstance(document.get("batch"), list):
            return Delivery(document["batch"], key)
        document = [document]
    if not isinstance(document, list):
        raise Problem("unreadable", "the body is neither an event nor a list of events")
    keys = (_key_in(event) for event in document if isinstance(event, dict))
    return Delivery(document, key or next(filter(None, keys), None))


def _field(body: bytes) -> bytes:
    if body.lstrip()[:1] in (b"{", b"["):  # curl calls whatever it sends a form
        return body
    try:
        fields = parse_qs(body.decode(), max_num_fields=20)
    except ValueError:
        raise Problem("unreadable", "the body is no form, though its Content-Type says so") from None
    return fields.get("data", [""])[0].encode()


def _unwrapped(body: bytes, most: int) -> bytes:
    for _ in range(_PACKED_TWICE):
        if body.lstrip()[:1] in (b"{", b"[", b""):
            break
        if body.startswith((_GZIP, _ZLIB)):
            body = inflated(body, most)
        elif body.startswith(_ZSTD):
            body = _unzstd(body, most)
        else:
            body = _unbase64(body)
    return body


def _unzstd(body: bytes, most: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=2**23).stream_reader(body) as stream:
            found = stream.read(most + 1)
    except zstandard.ZstdError:
        raise Problem("unreadable", "the body begins like zstd and is none") from None
    if len(found) > most:
        raise _too_large(most)
    return found


def _unbase64(body: bytes) -> bytes:
    # A plus that was not escaped in a form came out as a blank.
    text = body.strip().replace(b" ", b"+").replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    try:
        return b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise Problem(
            "unreadable", "the body is neither JSON nor gzip, zlib, zstd or base64 of it; lz64 is not read"
        ) from None


def _too_large(most: int) -> Problem:
    return Problem("too-large", f"unpacked, at most {most:,} bytes are taken; send it in parts")


def _read(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem("unreadable", f"the body is no JSON: {error.msg} at byte {error.pos}") from None


def _key_in(document: Mapping[str, Any]) -> str | None:
    properties = document.get("properties")
    places = (document, properties if isinstance(properties, dict) else {})
    found = (place.get(name) for place in places for name in _KEYS)
    return next((key for key in found if isinstance(key, str) and key), None)

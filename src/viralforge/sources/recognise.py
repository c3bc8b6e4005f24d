"""From any decoded payload to posts and rejections: envelopes unfolded, shapes recognised, adapters run."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from viralforge.errors import InvalidInput, InvalidPost
from viralforge.model import values
from viralforge.model.ids import PLATFORMS
from viralforge.model.post import ScrapedPost
from viralforge.model.rejection import Rejection
from viralforge.sources import (
    instagram,
    reddit,
    tiktok,
    twitter,
    twitter_csv,
    twitter_v2,
    twitter_web,
    unified,
    youtube,
    youtube_csv,
    yt_dlp,
)
from viralforge.sources.pick import a_dict, dig, first, has
from viralforge.sources.shape import Envelope, Payload, Shape
from viralforge.sources.youtube_csv import columns_of_headerless

__all__ = ["SHAPES", "SHAPE_NAMES", "columns_of_headerless", "read_payload"]

MAX_DEPTH = 12
"""No real answer nests more envelopes; what does was made to exhaust the stack."""
MAX_BODY = 64 * 2**20
"""Bytes a compressed recorded body may unpack to."""
_FAULTS = (
    TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What an adapter may raise at a value of a type nobody expected: the payload's fault, not the program's."""


@dataclass(frozen=True, slots=True)
class _Captured:
    """A document whose envelope knows when it was captured."""

    document: Any
    at: Any


def _is_collected(payload: Payload) -> bool:
    return "timestamp_collected" in payload and isinstance(payload.get("data"), dict)


def _collected(item: Payload) -> Iterable[Any]:
    yield _Captured(item["data"], item["timestamp_collected"])


def _is_cassette(payload: Payload) -> bool:
    exchanges = first(payload, "http_interactions", "interactions")
    return isinstance(exchanges, list) and dig(exchanges, 0, "response") is not None


def _exchanges(cassette: Payload) -> Iterable[Any]:
    """The JSON bodies of recorded answers; what is no JSON, or a key to somebody's account, is not read."""
    for exchange in first(cassette, "http_interactions", "interactions"):
        body = _body(a_dict(dig(exchange, "response", "body")))
        try:
            document = orjson.loads(body) if body.strip() else None
        except orjson.JSONDecodeError:
            continue
        if document and "access_token" not in document:
            yield _Captured(document, dig(exchange, "recorded_at"))


def _body(body: Payload) -> bytes:
    if isinstance(text := body.get("string"), str):
        return text.encode("utf-8", "surrogatepass")
    try:
        packed = base64.b64decode(body.get("base64_string") or "", validate=True)
        if packed[:2] != b"\x1f\x8b":
            return packed
        unpacking = zlib.decompressobj(wbits=31)
        unpacked = unpacking.decompress(packed, MAX_BODY)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"the recorded body cannot be unpacked: {error}") from None
    if not unpacking.eof:
        raise ValueError(f"the recorded body ends early or is larger than {MAX_BODY} bytes")
    return unpacked


def _is_plain_page(payload: Payload) -> bool:
    data = payload.get("data")
    return isinstance(data, list | dict) and all(key in _BESIDE_DATA for key in payload)


def _listed(data: Any) -> Iterable[Any]:
    return data if isinstance(data, list) else (data,)


_BESIDE_DATA = frozenset(("data", "paging", "meta", "errors", "success", "status", "count", "total"))
_ENVELOPES: tuple[Envelope, ...] = (
    Envelope("zeeschuimer.item", "timestamp_collected", _is_collected, _collected),
    Envelope("recorded.cassette", "http_interactions interactions", _is_cassette, _exchanges),
    *unified.ENVELOPES, *yt_dlp.ENVELOPES, *youtube.ENVELOPES, *twitter_v2.ENVELOPES, *twitter.ENVELOPES,
    *instagram.ENVELOPES, *tiktok.ENVELOPES, *reddit.ENVELOPES,
    Envelope("plain.page", "data", _is_plain_page, lambda page: _listed(page["data"])),
)  # fmt: skip


def _is_error(payload: Payload) -> bool:
    return ("error" in payload or "errors" in payload) and not has(payload, "id") and len(payload) < 8


SHAPES: tuple[Shape, ...] = (
    *unified.SHAPES, *yt_dlp.SHAPES, *youtube.SHAPES, *youtube_csv.SHAPES, *twitter_web.SHAPES,
    *twitter.SHAPES, *twitter_csv.SHAPES, *twitter_v2.SHAPES, *instagram.SHAPES, *tiktok.SHAPES,
    *reddit.SHAPES,
    Shape("answer.error", "error errors", _is_error, None),
)  # fmt: skip
"""Every known shape, the narrower before the wider."""
SHAPE_NAMES = tuple(shape.name for shape in SHAPES)
_BY_NAME = {shape.name: shape for shape in SHAPES}


def read_payload(
    document: Any, *, shape: str | None = None, origin: str | None = None
) -> Iterator[ScrapedPost | Rejection]:
    """The posts in a payload, and a rejection with its reason for every record that is none.

    `document` is one decoded JSON value or CSV row. Envelopes (lists, API pages, listings, recorded
    exchanges) are unfolded lazily; each record's shape is recognised by its keys, or is `shape` where that
    is given. Raises InvalidInput if there is no such shape; nothing else is raised for any payload.

    >>> row = {"video_id": "abcdefghijk", "title": "Soup", "likes": "3", "views": "12", "date": "13.09"}
    >>> [post.views for post in read_payload(row)]
    [12]
    """
    if shape is not None and shape not in _BY_NAME:
        raise InvalidInput(f"there is no shape {shape!r}; known are {', '.join(SHAPE_NAMES)}")
    return _read(document, None if shape is None else _BY_NAME[shape], origin)


def _read(document: Any, named: Shape | None, origin: str | None) -> Iterator[ScrapedPost | Rejection]:
    if isinstance(document, Mapping) and not isinstance(document, dict):
        document = dict(document)
    for record, captured in _unfold(document, None, 0):
        if isinstance(record, InvalidPost):
            yield Rejection(record.reason, record.detail, captured, origin)
        elif not isinstance(record, dict):
            empty = record is None or record == ""
            reason = "empty" if empty else "unknown_shape"
            yield Rejection(reason, f"a {type(record).__name__} is no record of a post", record, origin)
        else:
            found = _adapt(record, named or _shape_of(record), captured, origin)
            if captured is not None and isinstance(found, Rejection):
                found = replace(found, observed_at=_moment(captured))
            yield found


def _moment(captured: Any) -> datetime | None:
    try:
        return values.observation(captured)
    except InvalidPost:
        return None


def _unfold(document: Any, captured: Any, depth: int) -> Iterator[tuple[Any, Any]]:
    """The records in a document, each with the time its envelope knows.

    What cannot be unfolded comes as (InvalidPost, the document).
    """
    if depth > MAX_DEPTH:
        yield InvalidPost("unknown_shape", f"more than {MAX_DEPTH} envelopes within each other"), None
    elif isinstance(document, list):
        for item in document:
            yield from _unfold(item, captured, depth + 1)
    elif isinstance(document, _Captured):
        yield from _unfold(document.document, document.at, depth)
    elif isinstance(document, dict) and (envelope := _envelope_of(document)):
        records = iter(envelope.records(document))
        while True:
            try:
                item = next(records)
            except StopIteration:
                return
            except _FAULTS as error:
                yield InvalidPost("bad_value", f"{envelope.name}: {error}"[:500]), document
                return
            yield from _unfold(item, captured, depth + 1)
    else:
        yield document, captured


_MARKS = frozenset(" ".join(
    [*(envelope.marks for envelope in _ENVELOPES), *(shape.marks for shape in SHAPES)]
).split())  # fmt: skip


@lru_cache(maxsize=1024)
def _candidates(marks: frozenset[str]) -> tuple[tuple[Envelope, ...], tuple[Shape, ...]]:
    """The envelopes and the shapes, in their order, that a record with these marks may have."""

    def possible(marked: str) -> bool:
        return not marked or not marks.isdisjoint(marked.split())

    return (
        tuple(envelope for envelope in _ENVELOPES if possible(envelope.marks)),
        tuple(shape for shape in SHAPES if possible(shape.marks)),
    )


def _envelope_of(document: Payload) -> Envelope | None:
    for envelope in _candidates(_MARKS.intersection(document))[0]:
        if envelope.matches(document):
            return envelope
    return None


def _shape_of(record: Payload) -> Shape | None:
    for shape in _candidates(_MARKS.intersection(record))[1]:
        if shape.matches(record):
            return shape
    return None


def _adapt(
    record: Payload, shape: Shape | None, captured: Any, origin: str | None
) -> ScrapedPost | Rejection:
    if shape is None:
        keys = ", ".join(str(key) for key in list(record)[:12])
        reason, detail = ("unknown_shape", f"keys: {keys}"[:500]) if record else ("empty", "an empty object")
        return Rejection(reason, detail, record, origin)
    platform = shape.name.partition(".")[0]
    known = platform if platform in PLATFORMS else None
    if shape.adapt is None:
        return Rejection("not_a_post", f"it is {shape.name}", record, origin, known, shape.name)
    try:
        post = shape.adapt(record)
        if captured is not None and post.observed_at is None:
            post.observed_at = values.observation(captured)
        return post
    except InvalidPost as error:
        detail = error.detail if error.field is None else f"{error.field}: {error.detail}"
        return Rejection(error.reason, detail, record, origin, known, shape.name)
    except _FAULTS as error:
        detail = f"a value is of a type nobody expected ({type(error).__name__}: {error})"[:500]
        return Rejection("bad_value", detail, record, origin, known, shape.name)

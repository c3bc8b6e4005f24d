"""What callers hand over, written as JSON."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from viralforge.errors import InvalidInput
from viralforge.model import values

NDJSON = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
AT_ONCE = 5_000
BYTES_AT_ONCE = 8 * 2**20


def written(given: Any) -> bytes:
    """A record, a post, a mapping or a list of them as JSON; text that is none is cleaned.

    >>> written({"published_at": date(2009, 10, 25), "cost_usd": Decimal("0.10")})
    b'{"published_at":"2009-10-25","cost_usd":0.10}'
    """
    plain = _plain(given)
    try:
        return orjson.dumps(plain, default=_other, option=orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError:  # halves of emoji, integers of more than 64 bits
        return json.dumps(values.scrub(plain)[0], default=_text, ensure_ascii=False).encode()


def chunks(given: Iterable[Any]) -> Iterator[list[bytes]]:
    """What is given as lines of JSON, in parts small enough for one request.

    What a source gave before it fails comes first.
    """
    source, lines, size = iter(given), list[bytes](), 0
    while True:
        try:
            line = written(next(source))
        except StopIteration:
            break
        except Exception:
            if lines:
                yield lines
            raise
        lines.append(line)
        size += len(line)
        if len(lines) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def packed(lines: list[bytes]) -> bytes:
    """Lines as one gzip."""
    return gzip.compress(b"\n".join(lines), compresslevel=5)


def post_key(given: UUID | str) -> UUID:
    """The id of a post, written out or not. Raises InvalidInput where it is none."""
    try:
        return given if isinstance(given, UUID) else UUID(given)
    except (ValueError, AttributeError, TypeError):
        raise InvalidInput(f"{given!r:.80} is not the id of a post") from None


def _plain(given: Any) -> Any:
    if isinstance(given, BaseModel):
        return given.model_dump(exclude_unset=True)
    if is_dataclass(given) and not isinstance(given, type):
        found = {field.name: getattr(given, field.name) for field in fields(given)}
        return {name: value for name, value in found.items() if value is not None and name != "payload_hash"}
    return [_plain(each) for each in given] if isinstance(given, list) else given


def _other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}") if value.is_finite() else None
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)

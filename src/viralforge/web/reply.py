"""Answers as JSON: exact numbers, moments in UTC with a Z, and integers of any length."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from starlette.responses import Response

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def reply(document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The document as a response; 204 has none.

    >>> reply({"cost_usd": Decimal("0.100")}).body
    b'{"cost_usd":0.100}'
    """
    if status == 204:
        return Response(status_code=204, headers=headers)
    try:
        body = orjson.dumps(document, default=_plain, option=_OPTIONS)
    except TypeError:  # an integer in somebody's payload that has more than 64 bits
        body = orjson.dumps(_with_long_integers(document), default=_plain, option=_OPTIONS)
    return Response(body, status, headers, "application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}") if value.is_finite() else None
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _with_long_integers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_long_integers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_long_integers(item) for item in value]
    if isinstance(value, int) and value.bit_length() > 63:
        return orjson.Fragment(str(value))
    return value

"""One JSON text to its value: fast where it is plain, tolerant where Python's reader is, exact in numbers."""

from __future__ import annotations

import json
from typing import Any

import orjson

from viralforge.errors import InvalidPost

MAX_DEPTH = 200
"""Lists and objects within each other; what nests deeper was made to exhaust the stack."""
TOO_DEEP = f"more than {MAX_DEPTH} lists and objects within each other"
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_LONG = b"0" * 20
_WORDS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")


def has_long_numbers(text: bytes) -> bool:
    """Whether 20 digits stand in a row somewhere: beyond 64 bits orjson makes a float of an integer.

    >>> has_long_numbers(b'{"id": 12345678901234567890}'), has_long_numbers(b'{"id": 1234567890123456789}')
    (True, False)
    """
    return _LONG in text.translate(_DIGITS)


def value_of(text: bytes, *, exact: bool | None = None) -> Any:
    """The JSON value of a text; raises InvalidPost with the reason where it has none.

    NaN, infinities, lone surrogates, raw control characters and integers of any size are read as Python
    reads them; of doubled keys the last wins. `exact` says whether the text has long numbers, None that
    it is not known.

    >>> value_of(b'{"views": 12345678901234567890123, "rate": NaN}')
    {'views': 12345678901234567890123, 'rate': nan}
    """
    if exact is None:
        exact = has_long_numbers(text)
    if not exact:
        try:
            value = orjson.loads(text)
            if len(text) <= 2 * MAX_DEPTH:
                return value
            return shallow(value, text.count(b"{") + text.count(b"["))
        except orjson.JSONDecodeError:
            pass
    try:
        decoded = text.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise wrong_encoding(error) from None
    try:
        return shallow(json.loads(decoded, strict=False), len(text))
    except (ValueError, RecursionError) as error:
        raise json_fault(error, decoded) from None


def shallow(value: Any, brackets: int) -> Any:
    """The value itself, unless it nests deeper than anything real: then InvalidPost.

    `brackets` is how many lists and objects it may have.
    """
    if brackets <= MAX_DEPTH:
        return value
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [
            child
            for each in level
            for child in (each.values() if type(each) is dict else each)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return value
    raise InvalidPost("not_json", TOO_DEEP)


def wrong_encoding(error: UnicodeDecodeError) -> InvalidPost:
    """What is wrong with text that is not UTF-8, and what to do about it."""
    advice = "convert it first; if it came from Windows: iconv -f CP1252 -t UTF-8"
    return InvalidPost("wrong_encoding", f"byte 0x{error.object[error.start]:02x}: {error.reason}; {advice}")


def json_fault(error: Exception, text: str, detail: str | None = None) -> InvalidPost:
    """What Python's JSON reader found wrong, told apart: text that ends early, and text that is no JSON."""
    detail = detail or str(error)[:300]
    if isinstance(error, RecursionError):
        return InvalidPost("not_json", TOO_DEEP)
    if isinstance(error, json.JSONDecodeError) and ends_early(error, text):
        return InvalidPost("truncated", f"the JSON ends in the middle: {detail}")
    return InvalidPost("not_json", detail)


def ends_early(error: json.JSONDecodeError, text: str) -> bool:
    """Whether more text could have made it valid."""
    if error.msg.startswith("Unterminated string"):
        return True
    if error.msg.startswith("Invalid \\"):
        return error.pos + 6 >= len(text)
    rest = text[error.pos : error.pos + 20].strip()
    return not rest or any(word.startswith(rest) and word != rest for word in _WORDS)

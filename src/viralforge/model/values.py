"""Rough values in, clean values out: counts, moments, text and tags as every post and event needs them.

Each function takes what a payload may hold and returns the clean value, None for unknown, or raises
InvalidPost with the reason.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

from viralforge.errors import InvalidPost

MAX_COUNT = 10**15
FIRST_OBSERVATION = datetime(2005, 1, 1, tzinfo=UTC)
CLOCK_TOLERANCE = timedelta(minutes=5)
MAX_TAG = 200
MAX_TAGS = 500
_SEVERAL = (list, tuple, set, frozenset)
_NOT_IN_TAGS = ".,:;!?…、。"
EPOCH_MILLISECONDS = 10**11
"""Epoch numbers from here on are milliseconds: as seconds they would lie beyond the year 5138."""

_JSON = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
_HOSTILE = re.compile("[\x00\ud800-\udfff]")
_DIGITS = re.compile(r"[+-]?\d{1,400}")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,400})(?:\.\d*)?(?:[eE][+-]?\d{1,3})?")
_EPOCH = re.compile(r"\d{1,40}(\.\d{0,9})?")
# The sign comes before the look-behind: the engine then leaps from sign to sign, three times as fast.
_HASHTAG = re.compile(r"#(?<![\w&/#@]#)([^\W_][\w·\u200c]*|_+\w[\w·\u200c]*)")
_MENTION = re.compile(r"@(?<![\w/@.]@)([A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,49}[A-Za-z0-9_])?)")


def text(value: object, field: str = "text") -> str | None:
    """Text without NUL bytes and lone surrogates; blank text is None.

    >>> text(" a\\x00b ")
    'ab'
    """
    if type(value) is str and value.isascii() and "\x00" not in value:  # nearly always
        return value.strip() or None
    if value is None:
        return None
    if not isinstance(value, str):
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidPost("bad_value", f"{value!r:.80} is not text", field)
        value = str(value)
    return clean(value).strip() or None


def clean(value: str) -> str:
    """Joined surrogate pairs; without NUL bytes and what surrogates stand alone: PostgreSQL takes neither."""
    if _HOSTILE.search(value) is None:
        return value
    joined = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _HOSTILE.sub("", joined)


def count(value: object, field: str = "count") -> int | None:
    """A counter from 0 to 10^15, from an int, a whole float or its digits; None is unknown.

    >>> count("1400000000"), count(0), count(None)
    (1400000000, 0, None)
    """
    if value is None:
        return None
    if type(value) is not int:
        value = _whole(value, field)
    if value < 0:
        raise InvalidPost("bad_number", f"{shown(value, 40)} is negative; unknown is None", field)
    if value > MAX_COUNT:
        raise InvalidPost("number_out_of_range", f"{shown(value, 40)} is more than 10^15", field)
    return value


def _whole(value: object, field: str) -> int:
    if isinstance(value, str) and value.isdecimal() and len(value) <= 15:
        return int(value)
    if isinstance(value, float):
        if math.isfinite(value) and value == int(value):
            return int(value)
    elif isinstance(value, str) and (found := _NUMBER.fullmatch(value.strip())):
        digits = found[0].replace(",", "")
        if _DIGITS.fullmatch(digits):
            return int(digits)
        number = float(digits)
        if math.isfinite(number) and number == int(number):
            return int(number)
    raise InvalidPost("bad_number", f"{value!r:.80} is not a whole number", field)


def seconds(value: object, field: str = "duration_seconds") -> float | None:
    """A length in seconds from a number, its text, or ISO 8601 (`PT1H2M3S`); None is unknown.

    >>> seconds("PT3M32S"), seconds(212)
    (212.0, 212.0)
    """
    if value is None:
        return None
    if type(value) is int and 0 <= value < 10**9:
        return float(value)
    if isinstance(value, str) and (found := _ISO_DURATION.fullmatch(value.strip())):
        days, hours, minutes, secs = (float(part or 0) for part in found.groups())
        return days * 86400 + hours * 3600 + minutes * 60 + secs
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InvalidPost("bad_number", f"{value!r:.80} is not a length in seconds", field)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise InvalidPost("bad_number", f"{value!r:.80} is not a length in seconds", field) from None
    if not 0 <= number < 10**9:
        raise InvalidPost("bad_number", f"{value!r:.80} is not a length in seconds", field)
    return not_too_small(number)


def not_too_small(number: float) -> float:
    """The number, or 0 where four bytes, which some columns are, cannot hold anything so small.

    >>> not_too_small(0.5), not_too_small(1e-200)
    (0.5, 0.0)
    """
    return number if abs(number) > _SMALLEST else 0.0


_SMALLEST = 1e-37
_ISO_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def moment(value: object, field: str = "time") -> datetime | None:
    """An aware UTC datetime from a datetime, a date, ISO 8601 text or epoch seconds or milliseconds.

    A value without a zone is taken as UTC; None is unknown.

    >>> moment("2009-10-25T06:57:33Z").isoformat()
    '2009-10-25T06:57:33+00:00'
    """
    if value is None:
        return None
    try:
        if isinstance(value, datetime):
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, str):
            return _moment_of_text(value.strip())
        if isinstance(value, int | float) and not isinstance(value, bool):
            epoch = value / 1000 if abs(value) >= EPOCH_MILLISECONDS else value
            return datetime.fromtimestamp(epoch, UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise InvalidPost("bad_time", f"{value!r:.80} is not a time (ISO 8601 or epoch seconds)", field)


def _moment_of_text(value: str) -> datetime | None:
    if not value:
        return None
    if value[4:5] != "-" and _EPOCH.fullmatch(value):
        if len(value) < 9:  # a bare year, or 20240102, is no epoch
            raise ValueError(value)
        return moment(float(value))
    found = datetime.fromisoformat(value.removesuffix(" UTC"))
    if found.tzinfo is UTC:
        return found
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def observation(value: object, field: str = "observed_at") -> datetime | None:
    """A moment at which a post can have been seen: from 2005 to 5 minutes ahead of now."""
    found = moment(value, field)
    if found is not None and not FIRST_OBSERVATION <= found <= datetime.now(UTC) + CLOCK_TOLERANCE:
        raise InvalidPost(
            "time_out_of_range", f"{found.isoformat()} is before 2005 or more than 5 minutes ahead", field
        )
    return found


@lru_cache(maxsize=8192)  # a few thousand tags make up most of what is ever written
def tag(value: str) -> str:
    """A hashtag or mention as it is stored: NFKC, case-folded, without `#` or `@`.

    >>> tag("#AItools")
    'aitools'
    """
    if value.isascii() and value.isidentifier():  # most are plain words
        return value.lower()
    value = clean(value).strip()
    words = " " in value
    # Folding can undo normal form, and one sign may become four words: again, until nothing changes.
    while (found := _folded(value, words)) != value:
        value = found
    return found


def _folded(value: str, words: bool) -> str:
    value = value.strip().lstrip("#@").rstrip(_NOT_IN_TAGS)
    if value.isascii():
        return value.lower()
    value = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return value if words else unicodedata.normalize("NFKC", "".join(value.split()))


def tags(values: Iterable[Any] | None, field: str = "tags") -> list[str]:
    """Distinct tags in order; what is longer than 200 characters is no tag."""
    if values is None or values == []:
        return []
    if not isinstance(values, _SEVERAL):
        raise InvalidPost("bad_value", f"{values!r:.80} is not a list of tags", field)
    found: dict[str, None] = {}
    for value in values:
        if isinstance(value, str) and 0 < len(word := tag(value)) <= MAX_TAG:
            found[word] = None
    return list(found)[:MAX_TAGS]


def texts(values: Iterable[Any] | None, field: str = "texts", longest: int = 2000) -> list[str]:
    """Distinct non-blank texts in order, each cut to `longest` characters."""
    if values is None or values == []:
        return []
    if not isinstance(values, _SEVERAL):
        raise InvalidPost("bad_value", f"{values!r:.80} is not a list of texts", field)
    return list(dict.fromkeys([found[:longest] for value in values if (found := text(value, field))]))


def hashtags_in(value: str | None) -> list[str]:
    """The hashtags written in a text, as stored; a number (`#1`) is none.

    >>> hashtags_in("New #AI #tools, not C# or a/#b")
    ['ai', 'tools']
    """
    if not value or ("#" not in value and "＃" not in value):
        return []
    return [found for found in tags(_HASHTAG.findall(value.replace("＃", "#"))) if not found.isdecimal()]


def mentions_in(value: str | None) -> list[str]:
    """The accounts named with `@` in a text, as stored."""
    if not value or ("@" not in value and "＠" not in value):
        return []
    return tags(_MENTION.findall(value.replace("＠", "@")))


def record_id(value: Any, field: str = "id") -> int | None:
    """The id of a stored record, as the database counts them; None is unknown."""
    if value is None or (type(value) is int and 0 < value < 2**63):
        return value
    raise InvalidPost("bad_value", f"{shown(value)} is not an id: a whole number from 1", field)


def shown(value: Any, longest: int = 80) -> str:
    """The beginning of a value as Python writes it, for messages."""
    try:
        return repr(value)[:longest]
    except (RecursionError, ValueError):  # nested without end, or a number of thousands of digits
        return f"a {type(value).__name__} that cannot be shown"


def json_text(value: Any, field: str = "raw_json") -> tuple[str, bool]:
    """A value as JSON that PostgreSQL takes, and whether NUL bytes or lone surrogates were taken out of it.

    >>> json_text({"text": "a\\x00b"}), json_text([1])
    (('{"text": "ab"}', True), ('[1]', False))
    """
    try:
        text = orjson.dumps(value, option=_JSON)
        if b"\\u0000" not in text:
            return text.decode(), False
    except (orjson.JSONEncodeError, TypeError):
        pass
    try:
        scrubbed, count = scrub(value)
        return json.dumps(scrubbed, ensure_ascii=False, allow_nan=False, default=str), count > 0
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidPost("bad_value", f"it cannot be written as JSON: {error}"[:300], field) from None


def scrub(value: Any) -> tuple[Any, int]:
    """A JSON value without NUL bytes, lone surrogates, NaN and infinities, and how many were taken out."""
    if isinstance(value, str):
        cleaned = clean(value)
        return cleaned, int(cleaned != value)
    if isinstance(value, float) and not math.isfinite(value):
        return None, 1
    if isinstance(value, dict):
        pairs = [(scrub(key), scrub(item)) for key, item in value.items()]
        return {key[0]: item[0] for key, item in pairs}, sum(key[1] + item[1] for key, item in pairs)
    if isinstance(value, list | tuple):
        items = [scrub(item) for item in value]
        return [item[0] for item in items], sum(item[1] for item in items)
    return value, 0

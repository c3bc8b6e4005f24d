"""Pickers every adapter uses: small pure ways of taking one value out of a payload that may lack it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from re import Pattern
from typing import Any

from viralforge.errors import InvalidPost

_BLANK = ("", "null", "None", "NaN", "nan")
"""What exports write where a value is unknown."""


def dig(payload: Any, *path: str | int) -> Any:
    """The value at the end of a path of keys and positions; None where the path breaks off.

    >>> dig({"a": [{"b": 1}]}, "a", 0, "b"), dig({"a": None}, "a", "b")
    (1, None)
    """
    for step in path:
        if isinstance(payload, dict):
            payload = payload.get(step)
        elif payload is None:
            return None
        elif isinstance(payload, list) and isinstance(step, int) and -len(payload) <= step < len(payload):
            payload = payload[step]
        else:
            return None
    return payload


def first(payload: Any, *names: str) -> Any:
    """The first of the named values that is neither None nor blank.

    >>> first({"a": None, "b": "", "c": 0}, "a", "b", "c")
    0
    """
    if isinstance(payload, dict):
        for name in names:
            value = payload.get(name)
            if value is not None and value != "":
                return value
    return None


def has(payload: Mapping[str, Any], *names: str) -> bool:
    """Whether all the keys are there, whatever they hold."""
    for name in names:  # noqa: SIM110 - a generator costs three times as much, and this runs per shape
        if name not in payload:
            return False
    return True


def a_dict(value: Any) -> dict[str, Any]:
    """The value if it is a dict, else an empty one."""
    return value if isinstance(value, dict) else {}


def a_list(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """The value if it is text that says something: blank, `null` and what is no text are None."""
    return value if isinstance(value, str) and value.strip() not in _BLANK else None


def known(value: Any) -> Any:
    """A counter as given, None where it is unknown: absent, blank, `null` or hidden (-1).

    >>> known(-1), known("null"), known(0), known("12")
    (None, None, 0, '12')
    """
    if value is None or value == -1:
        return None
    if isinstance(value, str) and (value.strip() in _BLANK or value.strip() in ("-1", "-1.0")):
        return None
    return value


def checked_id(value: Any, form: Pattern[str], what: str) -> str:
    """The id as text if it has the platform's form; InvalidPost `missing_id` or `damaged_id` otherwise."""
    if value is None or value == "":
        raise InvalidPost("missing_id", f"there is no {what}", "external_id")
    if isinstance(value, float):
        raise InvalidPost("damaged_id", f"{value!r} came as a float, which has lost digits", "external_id")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InvalidPost("missing_id", f"{value!r:.80} is no {what}", "external_id")
    found = str(value).strip()
    if form.fullmatch(found) is None:
        raise InvalidPost("damaged_id", f"{found[:80]!r} is no {what}", "external_id")
    return found


def named(items: Any, *names: str) -> list[str]:
    """The first named text of each item of a list; items that are texts stand for themselves.

    >>> named([{"tag": "ai"}, "tools", None], "tag", "text")
    ['ai', 'tools']
    """
    found = []
    for item in items if isinstance(items, list) else ():
        value = first(item, *names) if isinstance(item, dict) else item
        if isinstance(value, str):
            found.append(value)
    return found


def largest(images: Any, url: str = "url") -> str | None:
    """The address of the widest of some images: a list of `{url, width}`, or a dict of such by name.

    >>> largest({"default": {"url": "a", "width": 120}, "high": {"url": "b", "width": 480}})
    'b'
    """
    if isinstance(images, dict):
        images = list(images.values())
    elif not isinstance(images, list):
        return None
    best, widest = None, -1.0
    for image in images:
        if not isinstance(image, dict) or not isinstance(image.get(url), str):
            continue
        width = image.get("width")
        size = width if isinstance(width, int | float) else 0
        if size > widest:  # of those without a width the first stays
            best, widest = image[url], size
    return best


def distinct(*groups: Iterable[str | None] | None) -> list[str]:
    """The texts of all groups once each, in order, without None and blanks."""
    return list({value: None for group in groups if group for value in group if value})


def unescaped(value: Any) -> str | None:
    """Text whose HTML entities are turned back into characters; None where there is no text."""
    if not isinstance(value, str):
        return None
    return html.unescape(value) if "&" in value else value


def headline(value: str | None, longest: int = 120) -> str | None:
    """The first line of a text, cut to `longest` characters: the title of a post whose platform has none.

    Lists show titles only; the whole text is the description.

    >>> headline("Soup again.\\nIt is cold. #soup")
    'Soup again.'
    """
    line = value.strip().partition("\n")[0].strip() if value else None
    if not line:
        return None
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def epoch_or_text(value: Any) -> Any:
    """A time as given, None where it is blank, `null` or 0 (which scrapers write for "none")."""
    return None if value in (0, "0") or (isinstance(value, str) and value.strip() in _BLANK) else value

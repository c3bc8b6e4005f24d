"""Text and small plots as a terminal shows them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from viralforge.figures import UNKNOWN, Number

_LEVELS = "▁▂▃▄▅▆▇█"
_EIGHTHS = "▏▎▍▌▋▊▉█"
_SHADES = "░▒▓█"
_PLAIN = dict(
    zip(f"{_LEVELS}{_EIGHTHS[:7]}{_SHADES[:3]}…–−×·“”’", '_.:-=+*##||||||.:+~--x.""\'', strict=True)
)
"""What stands for our signs where a terminal cannot show them."""


def plain(error: UnicodeError) -> tuple[str, int]:
    """An error handler for codecs: plots and signs of ours in ASCII, `?` for any other letter.

    >>> import codecs
    >>> codecs.register_error("plain", plain)
    >>> "2.4× █▌ ▁▃ ☂".encode("ascii", "plain")
    b'2.4x #| _: ?'
    """
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    return "".join(_PLAIN.get(letter, "?") for letter in letters), error.end


def words(value: object) -> str:
    """Text on one line that a terminal shows as it is: control and invisible characters are left out.

    >>> words("soup\\x1b[31m\\n  in 5 minutes"), words(["a", "b"]), words(None)
    ('soup[31m in 5 minutes', 'a, b', '–')
    """
    if value is None or value == []:
        return UNKNOWN
    if isinstance(value, list | tuple):
        value = ", ".join(words(each) for each in value)
    line = " ".join(str(value).split())
    return line if line.isprintable() else "".join(letter for letter in line if letter.isprintable())


def tags(values: Sequence[str] | str | None) -> str:
    """Hashtags with their `#`."""
    found = [values] if isinstance(values, str) else values or []
    return words(" ".join(f"#{tag}" for tag in found)) if found else UNKNOWN


def sparkline(values: Sequence[Number | None], width: int = 40) -> str:
    """The course of numbers from 0 up, one character each, or the mean of several where they are many.

    >>> sparkline([0, 1, 5, None, 10])
    '▁▂▅ █'
    """
    if len(values) > width:
        edges = [len(values) * at // width for at in range(width + 1)]
        values = [_mean(values[start:end]) for start, end in pairwise(edges)]
    most = max((float(value) for value in values if value is not None), default=0) or 1
    return "".join(
        " " if value is None else _LEVELS[min(7, math.ceil(max(0.0, float(value)) / most * 8 - 0.5))]
        for value in values
    )


def bar(value: Number | None, most: Number | None, width: int = 12) -> str:
    """A bar of at most `width` characters, as long as its share of `most`.

    >>> bar(5, 10, 4), bar(1, 1000, 4), bar(0, 10), bar(None, 10)
    ('██', '▏', '', '')
    """
    if not value or not most or value < 0:
        return ""
    eighths = max(1, round(min(1.0, float(value) / float(most)) * width * 8))
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")


def shade(value: Number | None, most: Number, least: Number = 0) -> str:
    """Two characters, the darker the nearer a value is to `most`; a dot for nothing.

    >>> shade(None, 8), shade(1, 8), shade(8, 8)
    ('· ', '░░', '██')
    """
    if not value or value < 0:
        return "· "
    return _SHADES[min(3, int((float(value) - float(least)) / (float(most) - float(least) or 1) * 4))] * 2


def _mean(values: Sequence[Number | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None

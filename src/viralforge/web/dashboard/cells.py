"""Values as a page writes them: the text that people read, and the exact value that machines do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from viralforge import figures
from viralforge.web.dashboard.asked import NAMES

_NUMBERS = {
    "whole": figures.whole, "short": figures.short, "percent": figures.percent, "usd": figures.usd,
    "size": figures.size, "times": figures.times, "ms": figures.lasting, "change": figures.change,
    "score": figures.decimals,
    "per_hour": figures.per_hour,
}  # fmt: skip
_PATHS = {"post": "/posts/", "trend": "/trends/", "run": "/runs/", "hashtag": "/hashtags/"}
_LONGEST = 300


class Cell(NamedTuple):
    """One value: its `kind`, its text, the exact value, where it leads, its share of a bar (0–1) if any."""

    kind: str
    text: str
    value: str
    href: str = ""
    share: float | None = None


def cell(value: Any, kind: str, href: str = "", share: float | None = None) -> Cell:
    """A value as a page writes it.

    >>> cell(1402331, "short")[:3], cell(None, "usd")[:3]
    (('short', '1.4M', '1402331'), ('usd', '–', ''))
    """
    if value is None or value == []:
        return Cell(kind, figures.UNKNOWN, "", href)
    if kind == "lost":
        value, kind = 1 - value, "percent"
    if kind in _NUMBERS:
        exact = f"{value:f}" if isinstance(value, Decimal) else str(value)
        return Cell(kind, _NUMBERS[kind](value), exact, href, share)
    return Cell(kind, _text(value, kind), _exact(value), href)


def _text(value: Any, kind: str) -> str:
    match kind:
        case "when" if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        case "day" if isinstance(value, date):
            return f"{value:%a %d %b %Y}"
        case "platform":
            return NAMES.get(str(value), str(value).capitalize())
        case "tags":
            return " ".join(f"#{tag}" for tag in value[:8])
        case "tag":
            return f"#{value}"
        case "list":
            return ", ".join(NAMES.get(str(each), str(each)) for each in value)
        case "flag":
            return "yes" if value else "no"
    written = " ".join(str(value).split())
    return written if len(written) <= _LONGEST else written[: _LONGEST - 1] + "…"


def _exact(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)[:_LONGEST]


def path_of(link: str, key: Any, query: str = "") -> str:
    """The page about one thing.

    >>> path_of("hashtag", "ai/ml"), path_of("run", None)
    ('/hashtags/ai%2Fml', '')
    """
    return "" if key is None else f"{_PATHS[link]}{quote(str(key), safe='')}{query}"


def outside(url: str | None) -> str:
    """The address if it leads to a web page, else nothing: what was scraped may name anything.

    >>> outside("https://x.com/a/status/1"), outside("javascript:alert(1)"), outside(None)
    ('https://x.com/a/status/1', '', '')
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return url or "" if parts.scheme in ("http", "https") and parts.hostname else ""


def attributes(row: Any) -> Mapping[str, Any]:
    """A row's fields by name."""
    found: Mapping[str, Any] = row._asdict()
    return found

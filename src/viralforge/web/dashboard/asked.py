"""What a page is asked for: a range of time and a platform, which stay in the address, and who looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from viralforge.model.ids import PLATFORMS, platform_name

RANGES = {"1": "Today", "7": "7 days", "30": "30 days", "90": "90 days", "365": "A year", "all": "All time"}
"""The ranges that can be chosen, as the address has them, with what they are called."""
USUAL = "30"
CHOICES = {
    "times": ("2", "3", "10", "100"), "hours": ("6", "24", "72", "168"), "app": ("web", "ios", "android"),
}  # fmt: skip
"""What single tiles may be asked for besides, as the address has it."""
ALL_DAYS = 36_500
NAMES = {
    "youtube": "YouTube", "twitter": "X", "instagram": "Instagram", "tiktok": "TikTok", "reddit": "Reddit",
}  # fmt: skip
"""Platforms as people write them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: `platform=None` is every platform; `sees_users` lets ids of users be shown,
    `is_admin` what is for who may do everything.

    `choices` are those of single tiles, where they are not the usual ones. `refused` says what of the address
    can be none of these, and what it may be.
    """

    range: str = USUAL
    platform: str | None = None
    zone: str = "UTC"
    sees_users: bool = True
    is_admin: bool = True
    shows_pictures: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """UTC days, today among them."""
        return ALL_DAYS if self.range == "all" else int(self.range)

    @property
    def compares(self) -> bool:
        """Whether there is a range of the same length before it."""
        return self.range != "all"

    @property
    def range_name(self) -> str:
        """The range as people say it."""
        named = {"1": "today", "all": "of all time"}
        return named.get(self.range) or f"in the last {RANGES[self.range].removeprefix('A ').lower()}"

    def query(self, **changes: Any) -> str:
        """The query of an address that asks the same but for the changes; what is usual is left out.

        >>> Asked("7", "youtube").query(), Asked().query(platform="tiktok"), Asked().query()
        ('?days=7&platform=youtube', '?platform=tiktok', '')
        """
        return self.with_more({}, **changes)

    def with_more(self, more: Mapping[str, Any], **changes: Any) -> str:
        """As `query`, with what else a page takes."""
        other = replace(self, **changes)
        given = {"days": "" if other.range == USUAL else other.range, "platform": other.platform or ""}
        given |= {
            name: str(value) for name, value in {**other.choices, **more}.items() if value not in (None, "")
        }
        written = urlencode({name: value for name, value in given.items() if value})
        return f"?{written}" if written else ""


def read_asked(
    query: Mapping[str, str], cookies: Mapping[str, str], *, sees_users: bool, is_admin: bool
) -> Asked:
    """What an address asks for; what it cannot mean is told, and taken for the usual."""
    allowed: dict[str, tuple[str, ...]] = {"days": tuple(RANGES), "platform": (*PLATFORMS, "x"), **CHOICES}
    given = {name: query.get(name, "").strip() for name in allowed}
    given["platform"] = given["platform"].lower()
    refused = [name for name, value in given.items() if value and value not in allowed[name]]
    chosen = {name: value for name, value in given.items() if value and name not in refused}
    return Asked(
        range=chosen.get("days", USUAL),
        platform=platform_name(chosen["platform"]) if "platform" in chosen else None,
        zone=_zone(cookies.get("zone", "")), sees_users=sees_users, is_admin=is_admin,
        shows_pictures=cookies.get("pictures") == "yes",
        choices={name: chosen[name] for name in CHOICES if name in chosen},
        refused=tuple(_refusal(name, query[name], allowed[name]) for name in refused),
    )  # fmt: skip


def _refusal(name: str, value: str, allowed: Sequence[str]) -> str:
    *others, last = allowed
    return f"{name}: {value!r:.40} is none; it is {', '.join(others)} or {last}"


def _zone(given: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(given)
    except (ValueError, OSError, KeyError):
        return "UTC"
    return given or "UTC"

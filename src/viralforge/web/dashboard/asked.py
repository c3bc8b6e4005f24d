"""What a page is asked for: a range of time and a platform, which stay in the address, and who looks."""

from __future__ import annotations

from collections.abc import Mapping
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

    `choices` are those of single tiles, where they are not the usual ones.
    """

    range: str = USUAL
    platform: str | None = None
    zone: str = "UTC"
    sees_users: bool = True
    is_admin: bool = True
    shows_pictures: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)

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
    """What an address asks for; what it cannot mean is taken for the usual."""
    platform: str | None = query.get("platform", "").strip().lower() or None
    platform = platform_name(platform) if platform in (*PLATFORMS, "x") else None
    chosen = query.get("days", "")
    return Asked(
        range=chosen if chosen in RANGES else USUAL, platform=platform,
        zone=_zone(cookies.get("zone", "")), sees_users=sees_users, is_admin=is_admin,
        shows_pictures=cookies.get("pictures") == "yes",
        choices={name: query[name] for name, all_of in CHOICES.items() if query.get(name) in all_of},
    )  # fmt: skip


def _zone(given: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(given)
    except (ValueError, OSError, KeyError):
        return "UTC"
    return given or "UTC"

"""Questions about what the app's users do: how much, with what, from where and when."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput
from viralforge.model.ids import PLATFORMS

QUERIES = Queries("analytics/usage")


class UsageDay(NamedTuple):
    """The events of a UTC day, and how many known users and sessions they are of."""

    date: date
    events: int
    users: int
    sessions: int
    errors: int


class FeatureUse(NamedTuple):
    """The events of one name and type, and how many known users and sessions they are of."""

    event_name: str
    event_type: str
    events: int
    users: int
    sessions: int


class AppUse(NamedTuple):
    """The events by where the app ran (web, ios, android; None where it does not tell)."""

    platform: str | None
    events: int
    users: int
    sessions: int
    errors: int


class PlatformInterest(NamedTuple):
    """How often users asked for a content platform: it is `platform` in the properties of their events."""

    platform: str
    events: int
    users: int


class CountryUse(NamedTuple):
    """The events from a country (ISO 3166; None where it is not known)."""

    country: str | None
    events: int
    users: int
    sessions: int


class UsageHour(NamedTuple):
    """The events in one hour of one weekday (1 Monday … 7 Sunday)."""

    weekday: int
    hour: int
    events: int


class Usage:
    """What can be asked about usage, over the last `days` UTC days with today.

    `platform` is where the app ran (web, ios, android), None for all. Raises InvalidInput otherwise.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_day(self, *, days: int = 30, platform: str | None = None) -> Rows[UsageDay]:
        """Events, users, sessions and errors by day; a day without events has no row."""
        return self._database.rows(UsageDay, QUERIES["by_day"], self._given(days, platform))

    def features(self, *, days: int = 30, platform: str | None = None, limit: int = 50) -> Rows[FeatureUse]:
        """Which features are used most."""
        given = self._given(days, platform) | {"limit": filters.limit(limit)}
        return self._database.rows(FeatureUse, QUERIES["features"], given)

    def apps(self, *, days: int = 30) -> Rows[AppUse]:
        """Where the app is used."""
        return self._database.rows(AppUse, QUERIES["apps"], self._given(days, None))

    def asked_for(self, *, days: int = 30) -> Rows[PlatformInterest]:
        """Which content platforms users ask for."""
        given = self._given(days, None) | {"platforms": list(PLATFORMS)}
        return self._database.rows(PlatformInterest, QUERIES["asked_for"], given)

    def countries(self, *, days: int = 30, platform: str | None = None, limit: int = 50) -> Rows[CountryUse]:
        """From where the app is used."""
        given = self._given(days, platform) | {"limit": filters.limit(limit)}
        return self._database.rows(CountryUse, QUERIES["countries"], given)

    def hours(self, *, days: int = 30, platform: str | None = None, zone: str = "UTC") -> Rows[UsageHour]:
        """When the app is used, by hour and weekday of a zone. Raises InvalidInput for an unknown one."""
        with filters.zone_named(zone):
            return self._database.rows(
                UsageHour, QUERIES["hours"], self._given(days, platform) | {"zone": zone}
            )

    @staticmethod
    def _given(days: int, platform: str | None) -> dict[str, Any]:
        if platform in PLATFORMS:
            raise InvalidInput(f"platform: {platform} is where posts stand; here it is web, ios or android")
        return {"days": filters.whole_days(days), "platform": platform}

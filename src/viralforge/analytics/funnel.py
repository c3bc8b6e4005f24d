"""Questions about users on their way from a trend to a clip."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput
from viralforge.model.ids import PLATFORMS

QUERIES = Queries("analytics/funnel")


class UserFunnel(NamedTuple):
    """A row of `v_user_engagement_funnel`: the distinct sessions in which a user reached each stage."""

    user_id: str
    discoveries: int
    interactions: int
    analyses: int
    generations: int


class Stage(NamedTuple):
    """The known users who reached a stage; `conversion` is their share of the stage before.

    `conversion` (0–1; above 1 where users skip a stage) is None for the first stage and after an empty one.
    """

    stage: str
    event_name: str
    users: int
    conversion: Decimal | None


class Funnel:
    """What can be asked about the funnel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def users(self, *, user_id: str | None = None, limit: int = 100) -> Rows[UserFunnel]:
        """The users who got furthest, or one of them. Raises InvalidInput for an id that is no text."""
        if not isinstance(user_id, str | None):
            raise InvalidInput(f"user_id: {user_id!r:.80} is no text; ids of users are")
        values = {"user_id": user_id, "limit": filters.limit(limit)}
        return self._database.rows(UserFunnel, QUERIES["users"], values)

    def conversion(self, *, days: float = 30, platform: str | None = None) -> Rows[Stage]:
        """The four stages in order, for events of the last `days` days.

        `platform` is where the app ran (web, ios, android), None for all. Raises InvalidInput otherwise.
        """
        if platform in PLATFORMS:
            raise InvalidInput(f"platform: {platform} is where posts stand; here it is web, ios or android")
        values = {"window": filters.days(days), "platform": platform}
        return self._database.rows(Stage, QUERIES["conversion"], values)

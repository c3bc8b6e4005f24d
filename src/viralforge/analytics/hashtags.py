"""Questions about hashtags, which are stored and returned without their `#`."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows

QUERIES = Queries("analytics/hashtags")


class TrendingHashtag(NamedTuple):
    """A row of `v_trending_hashtags`: posts first seen in the last 7 days.

    `total_views` is None where no post tells views, `avg_engagement_rate` where none has a rate.
    """

    hashtag: str
    platform: str
    post_count: int
    total_views: Decimal | None
    avg_engagement_rate: Decimal | None


class HashtagAcross(NamedTuple):
    """A hashtag on the platforms it was used on in the last 7 days, against the 7 days before.

    `change` is growth in posts as a share (0.5 is half as many again), None where there were none before.
    """

    hashtag: str
    platforms: list[str]
    post_count: int
    total_views: Decimal | None
    avg_engagement_rate: Decimal | None
    post_count_before: int
    change: Decimal | None


class Hashtags:
    """What can be asked about hashtags."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def trending(self, platform: str | None = None, *, limit: int = 50) -> Rows[TrendingHashtag]:
        """The hashtags of the last 7 days by posts, one row per hashtag and platform."""
        values = {"platform": filters.platform(platform), "limit": filters.limit(limit)}
        return self._database.rows(TrendingHashtag, QUERIES["trending"], values)

    def across_platforms(self, *, limit: int = 50) -> Rows[HashtagAcross]:
        """The hashtags used on two platforms or more in the last 7 days, by posts."""
        values = {"limit": filters.limit(limit)}
        return self._database.rows(HashtagAcross, QUERIES["across_platforms"], values)

"""Questions about hashtags, which are stored and returned without their `#`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput
from viralforge.model import values

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


class RisingHashtag(NamedTuple):
    """A hashtag on one platform in the last 7 days, against the 7 days before; as HashtagAcross."""

    hashtag: str
    platform: str
    post_count: int
    total_views: Decimal | None
    avg_engagement_rate: Decimal | None
    post_count_before: int
    change: Decimal | None


class HashtagDay(NamedTuple):
    """The posts with a hashtag that were first seen on a UTC day, on one platform, with their numbers now."""

    date: date
    platform: str
    posts: int
    total_views: Decimal | None
    avg_engagement_rate: Decimal | None


class HashtagBeside(NamedTuple):
    """A hashtag that stands beside another: `posts` have both, `share` (0–1) of those with the other."""

    hashtag: str
    posts: int
    share: Decimal


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

    def rising(self, platform: str | None = None, *, limit: int = 50) -> Rows[RisingHashtag]:
        """The hashtags of the last 7 days by posts, one row per hashtag and platform, with the change."""
        given = {"platform": filters.platform(platform), "limit": filters.limit(limit)}
        return self._database.rows(RisingHashtag, QUERIES["rising"], given)

    def history(self, hashtag: str, *, days: int = 30, platform: str | None = None) -> Rows[HashtagDay]:
        """How a hashtag was used on each of the last UTC days; a day without posts has no row."""
        return self._database.rows(HashtagDay, QUERIES["history"], _given(hashtag, days, platform))

    def together(
        self, hashtag: str, *, days: int = 30, platform: str | None = None, limit: int = 20
    ) -> Rows[HashtagBeside]:
        """The hashtags that most often stand beside one, in posts first seen in the last UTC days."""
        given = _given(hashtag, days, platform) | {"limit": filters.limit(limit)}
        return self._database.rows(HashtagBeside, QUERIES["together"], given)


def _given(hashtag: str, days: int, platform: str | None) -> dict[str, Any]:
    """The values of a question about one hashtag. Raises InvalidInput where it is none."""
    if not (tag := values.tag(hashtag)):
        raise InvalidInput(f"hashtag: {hashtag!r:.80} is none; write soup or #soup")
    return {"hashtag": tag, "days": filters.whole_days(days), "platform": filters.platform(platform)}

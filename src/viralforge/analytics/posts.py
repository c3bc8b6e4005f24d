"""Questions about posts: which did best, which are growing, and how they got there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from viralforge.analytics import filters
from viralforge.analytics.post_rows import (
    GainedPost,
    Performance,
    PopularByReach,
    PopularPost,
    PostByReach,
    PostingTime,
    Reading,
    StoredPost,
    TopPost,
    ViralPost,
)
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.model.ids import canonical_external_id, platform_name, post_id
from viralforge.settings import Settings

QUERIES = Queries("analytics/posts")


class ColdReader(Protocol):
    """Reads what left the database."""

    def content(self, post_id: UUID, scraped_at: datetime) -> Mapping[str, Any]:
        """What a stub gave up."""

    def readings(self, post_id: UUID, hot: int) -> Sequence[tuple[Any, ...]]:
        """The moment, six numbers and the velocity of each reading, if there are more than the `hot` ones."""


class Posts:
    """What can be asked about posts; `platform=None` means every platform.

    Every question raises InvalidInput for a platform, limit or period that cannot be.
    """

    cold: ColdReader | None = None

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._viral = {
            "percentile": filters.multiple("viral_percentile", settings.viral_percentile),
            "author_multiple": filters.multiple("viral_author_multiple", settings.viral_author_multiple),
            "author_posts": settings.viral_author_posts,
        }

    def get(self, post_id: UUID | str) -> StoredPost | None:
        """The post with this id, None where there is none. Raises InvalidInput where it is no id.

        What is in the archive by now comes from there; that raises ArchiveUnavailable.
        """
        values = {"id": filters.post_key(post_id)}
        found = next(iter(self._database.rows(StoredPost, QUERIES["get"], values)), None)
        return self._whole(found) if found and found.archived_at and not found.erased_at else found

    def _whole(self, post: StoredPost) -> StoredPost:
        kept = self.cold.content(post.id, post.scraped_at) if self.cold else {}
        return post._replace(**{name: value for name, value in kept.items() if getattr(post, name) is None})

    def find(self, platform: str, external_id: str | int) -> StoredPost | None:
        """The post a platform knows by `external_id`, None where it was never saved.

        Raises InvalidInput where the id cannot be one of that platform's.
        """
        name = platform_name(platform)
        return self.get(post_id(name, canonical_external_id(name, external_id)))

    def top(self, platform: str | None = None, *, limit: int = 100) -> Rows[TopPost]:
        """The posts with the highest engagement rate, which posts without views never have."""
        values = {"platform": filters.platform(platform), "limit": filters.limit(limit)}
        return self._database.rows(TopPost, QUERIES["top"], values)

    def top_by_reach(
        self, platform: str | None = None, *, days: float | None = None, limit: int = 100
    ) -> Rows[PostByReach]:
        """The posts with the greatest reach, of those first seen in the last `days` days or of all (None)."""
        values = {
            "platform": filters.platform(platform),
            "window": None if days is None else filters.days(days),
            "limit": filters.limit(limit),
        }
        return self._database.rows(PostByReach, QUERIES["top_by_reach"], values)

    def popular(
        self, platform: str | None = None, *, min_rate: float | Decimal | None = None, limit: int = 50
    ) -> Rows[PopularPost]:
        """The best of the last 24 hours as of the last refresh, with a rate of `min_rate` or more."""
        values = {
            "platform": filters.platform(platform),
            "min_rate": None if min_rate is None else Decimal(str(min_rate)),
            "limit": filters.limit(limit),
        }
        return self._database.rows(PopularPost, QUERIES["popular"], values)

    def popular_by_reach(self, platform: str | None = None, *, limit: int = 50) -> Rows[PopularByReach]:
        """The posts first seen within 24 hours by reach, so that those without views have a list too."""
        values = {"platform": filters.platform(platform), "limit": filters.limit(limit)}
        return self._database.rows(PopularByReach, QUERIES["popular_by_reach"], values)

    def history(self, post_id: UUID | str) -> Rows[Reading]:
        """What a post had at each sighting in the order of time; no rows for a post that was never saved.

        Sightings that are in the archive by now come from there; that raises ArchiveUnavailable.
        """
        known = filters.post_key(post_id)
        return self._with_cold(known, self._database.rows(Reading, QUERIES["history"], {"id": known}))

    def latest_readings(self, post_id: UUID | str, *, limit: int = 500) -> Rows[Reading]:
        """The last so many rows of `history`, in the order of time. Raises as that does."""
        known, most = filters.post_key(post_id), filters.limit(limit)
        hot = self._database.rows(Reading, QUERIES["latest_readings"], {"id": known, "limit": most})
        if len(hot) == most:
            return hot
        found = self._with_cold(known, hot)
        return Rows(found.columns, found[-most:])

    def _with_cold(self, post: UUID, hot: Rows[Reading]) -> Rows[Reading]:
        cold = self.cold.readings(post, len(hot)) if self.cold else ()
        if not cold:
            return hot
        readings = {row[0]: Reading.of(*row) for row in cold}
        readings |= {each.recorded_at: each for each in hot if _counts(each, readings.get(each.recorded_at))}
        return Rows(Reading._fields, [readings[at] for at in sorted(readings)])

    def gained(
        self, times: float | Decimal = 10, *, hours: float = 24, platform: str | None = None, limit: int = 100
    ) -> Rows[GainedPost]:
        """The posts whose reach is now `times` what it was at the start of the window, or more.

        Before is the last sighting at or before the window's start. Posts first seen later, posts not seen
        since and posts that had nothing then are left out: no multiple of theirs is known.
        """
        values = {
            "times": filters.multiple("times", times),
            "window": filters.hours(hours),
            "platform": filters.platform(platform),
            "limit": filters.limit(limit),
        }
        return self._database.rows(GainedPost, QUERIES["gained"], values)

    def went_viral(
        self, platform: str | None = None, *, days: float = 7, limit: int = 100
    ) -> Rows[ViralPost]:
        """The posts that went viral in the last `days` days, the one that gained most reach first.

        Such a post is in the top 1% by growth (fewer than 1% grew more) of its platform's posts seen in the
        period, and its reach is at least 10× the median of its author's known posts. An author of whom fewer
        than 5 posts are known has no median to hold a post against: nothing of theirs is listed. All three
        numbers are settings. Growth is the reach gained in the period: since the last sighting at or before
        its start, else since publication if that is in the period, else since the first sighting.
        """
        values = {
            "platform": filters.platform(platform),
            "window": filters.days(days),
            "limit": filters.limit(limit),
        }
        return self._database.rows(ViralPost, QUERIES["went_viral"], values | self._viral)

    def posting_times(self, platform: str | None = None, *, zone: str = "UTC") -> Rows[PostingTime]:
        """When posts are published and how they did, by hour and weekday of that time zone.

        Raises InvalidInput for an unknown zone. Hours without a post have no row.
        """
        with filters.zone_named(zone):
            values = {"platform": filters.platform(platform), "zone": zone}
            return self._database.rows(PostingTime, QUERIES["posting_times"], values)

    def performance(self, platform: str | None = None, *, days: float | None = 30) -> Rows[Performance]:
        """How performance changes over time: what posts have of their last reach, by age since publication.

        For posts published in the last `days` days, or all (None), that were seen more than once. Ages
        without a reading have no row.
        """
        values = {
            "platform": filters.platform(platform),
            "window": None if days is None else filters.days(days),
        }
        return self._database.rows(Performance, QUERIES["performance"], values)


def _counts(hot: Reading, cold: Reading | None) -> bool:
    """Of two readings of one moment the larger reach wins, and the one in the database if neither does."""
    return cold is None or _rank(hot) >= _rank(cold)


def _rank(reading: Reading) -> tuple[bool, int]:
    return reading.views is not None, -1 if reading.reach is None else reading.reach

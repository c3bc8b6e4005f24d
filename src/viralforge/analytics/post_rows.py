"""The rows that questions about posts return."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple, Self
from uuid import UUID


class StoredPost(NamedTuple):
    """A post with everything known of it; any field that is None is unknown.

    `reach` is its views where the platform tells them, else likes + comments + shares. `velocity_score` is
    that of its last sighting: relative growth per hour, None on the first one. `scraped_at` is when it was
    first seen and `last_scraped_at` when last, both aware UTC. An erased post has only its id and times.
    """

    id: UUID
    platform: str
    external_id: str | None
    url: str | None
    title: str | None
    description: str | None
    author: str | None
    author_id: str | None
    published_at: datetime | None
    content_type: str | None
    language: str | None
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    retweets: int | None
    saves: int | None
    reach: int | None
    engagement_rate: Decimal | None
    velocity_score: float | None
    thumbnail_url: str | None
    video_url: str | None
    media_urls: list[str] | None
    hashtags: list[str] | None
    mentions: list[str] | None
    keywords: list[str] | None
    duration_seconds: float | None
    category: str | None
    niche: str | None
    detected_topics: list[str] | None
    scraped_at: datetime
    last_scraped_at: datetime
    sightings: int
    scrape_source: str | None
    scrape_job_id: int | None
    fetched_via: str | None
    archived_at: datetime | None
    erased_at: datetime | None
    raw_json: Any


class TopPost(NamedTuple):
    """A row of `v_top_posts_by_platform`; its rate is known, any other number that is None is not."""

    id: UUID
    platform: str
    external_id: str
    url: str | None
    title: str | None
    author: str | None
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    engagement_rate: Decimal
    hashtags: list[str] | None
    published_at: datetime | None
    scraped_at: datetime


class ListedPost(NamedTuple):
    """A row of `v_posts`: a post as lists show it; a number that is None is unknown.

    `velocity_score` is relative growth of reach per hour, and `growth` the reach gained, since the sighting
    before the latest; None on the first, and where the platform stopped or began to tell views.
    """

    id: UUID
    platform: str
    external_id: str
    url: str | None
    title: str | None
    author: str | None
    author_id: str | None
    content_type: str | None
    category: str | None
    niche: str | None
    language: str | None
    hashtags: list[str] | None
    thumbnail_url: str | None
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    reach: int | None
    engagement_rate: Decimal | None
    velocity_score: float | None
    growth: int | None
    published_at: datetime | None
    scraped_at: datetime
    last_scraped_at: datetime
    sightings: int


class PostByReach(NamedTuple):
    """A post by its reach: views, else likes + comments + shares; without views its rate is None."""

    id: UUID
    platform: str
    external_id: str
    url: str | None
    title: str | None
    author: str | None
    reach: int
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    engagement_rate: Decimal | None
    hashtags: list[str] | None
    published_at: datetime | None
    scraped_at: datetime


class PopularPost(NamedTuple):
    """A row of `mv_popular_content_24h`, exact as of its last refresh."""

    id: UUID
    platform: str
    title: str | None
    author: str | None
    external_id: str
    url: str | None
    thumbnail_url: str | None
    views: int
    likes: int | None
    comments: int | None
    shares: int | None
    hashtags: list[str] | None
    category: str | None
    engagement_rate: Decimal
    published_at: datetime | None
    scraped_at: datetime


class PopularByReach(NamedTuple):
    """A post first seen within 24 hours, with its reach; its rate is None where there are no views."""

    id: UUID
    platform: str
    title: str | None
    author: str | None
    external_id: str
    url: str | None
    thumbnail_url: str | None
    reach: int
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    hashtags: list[str] | None
    category: str | None
    engagement_rate: Decimal | None
    published_at: datetime | None
    scraped_at: datetime


class Reading(NamedTuple):
    """What a post had at `recorded_at` (aware UTC); a number that is None was not told then.

    `velocity_score` is relative growth of reach per hour since the reading before, None on the first one
    and where the platform stopped or began to tell views.
    """

    recorded_at: datetime
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    retweets: int | None
    saves: int | None
    reach: int | None
    engagement_rate: Decimal | None
    velocity_score: float | None

    @classmethod
    def of(cls, recorded_at: datetime, *numbers: Any) -> Self:
        """A reading of its moment, six numbers and velocity, reach and rate as PostgreSQL has them.

        >>> Reading.of(datetime(2026, 1, 1), 300, 1, None, 1, None, None, None).engagement_rate
        Decimal('0.006667')
        """
        views, *parts, retweets, saves, velocity = numbers
        acts = sum(part or 0 for part in parts) if any(part is not None for part in parts) else None
        rate = None
        if views and acts is not None:
            rate = (Decimal(acts) / views).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        reach = acts if views is None else views
        return cls._make((recorded_at, views, *parts, retweets, saves, reach, rate, velocity))


class GainedPost(NamedTuple):
    """A post that gained: `times` (3 decimals) is `reach` ÷ `reach_before`, seen at `seen_before_at`."""

    id: UUID
    platform: str
    external_id: str
    url: str | None
    title: str | None
    author: str | None
    published_at: datetime | None
    seen_before_at: datetime
    reach_before: int
    reach: int
    times: Decimal


class ViralPost(NamedTuple):
    """A post that went viral: `growth` is the reach it gained in the period.

    `author_times` (3 decimals) is its reach ÷ `author_median`, the median reach of the `author_posts` posts
    known of its author, itself among them; None where that median is 0.
    """

    id: UUID
    platform: str
    external_id: str
    url: str | None
    title: str | None
    author: str | None
    published_at: datetime | None
    reach: int
    growth: int
    author_posts: int
    author_median: Decimal
    author_times: Decimal | None


class PostingTime(NamedTuple):
    """What was published in one hour of one weekday (1 Monday … 7 Sunday); None where no post tells it."""

    weekday: int
    hour: int
    posts: int
    avg_engagement_rate: Decimal | None
    median_reach: float | None


class Performance(NamedTuple):
    """How posts stand `from_hours` up to `to_hours` (None: no end) after they were published.

    `median_share` is the median of reach ÷ the reach the post had when last seen; `median_velocity` that of
    relative growth per hour. Either is None where no reading tells it.
    """

    from_hours: int
    to_hours: int | None
    readings: int
    median_share: float | None
    median_velocity: float | None

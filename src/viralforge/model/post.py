"""A post as it was seen once on its platform; whatever exists as a ScrapedPost is valid."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from viralforge.errors import InvalidPost
from viralforge.model import values
from viralforge.model.ids import canonical_external_id, platform_name, post_id

METRICS = ("views", "likes", "comments", "shares", "retweets", "saves")
SCRAPE_SOURCES = ("manual", "scheduled", "crew_ai", "api", "file")
FETCHED_VIA = ("official_api", "scraper", "export")
MAX_TITLE = 10_000
MAX_NAME = 200
MAX_URL = 8_000
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


@dataclass(slots=True, kw_only=True)
class ScrapedPost:
    """One sighting of one post: what it is, what it says, and its numbers at `observed_at`.

    Rough values are accepted and cleaned: counts as digits, times as ISO text or epoch, hashtags with
    or without `#`. None is unknown and 0 is zero. `observed_at=None` means now. `payload_hash` marks a
    payload that does not say when it was seen: the same hash is never taken twice.

    Raises InvalidPost naming the field, the value and the reason.

    >>> post = ScrapedPost(platform="youtube", external_id="dQw4w9WgXcQ", views="1400000000", likes=16000000)
    >>> post.views, post.id
    (1400000000, UUID('5cd6213d-2e90-b8cb-be8b-5dab10494180'))
    """

    platform: str
    external_id: str
    url: str | None = None
    title: str | None = None
    description: str | None = None
    author: str | None = None
    author_id: str | None = None
    published_at: datetime | None = None
    content_type: str | None = None
    language: str | None = None
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    retweets: int | None = None
    saves: int | None = None
    thumbnail_url: str | None = None
    video_url: str | None = None
    media_urls: list[str] | None = None
    hashtags: list[str] | None = None
    mentions: list[str] | None = None
    keywords: list[str] | None = None
    duration_seconds: float | None = None
    category: str | None = None
    niche: str | None = None
    detected_topics: list[str] | None = None
    raw_json: Any = None
    scrape_source: str | None = None
    scrape_job_id: int | None = None
    fetched_via: str | None = None
    observed_at: datetime | None = None
    payload_hash: bytes | None = None

    def __post_init__(self) -> None:
        self.platform = platform_name(self.platform)
        self.external_id = canonical_external_id(self.platform, self.external_id)
        # Nearly every value is clean already, and is then looked at without a call and not written again.
        for name, value in zip(METRICS, _metrics_of(self), strict=True):
            if value is not None and not (type(value) is int and 0 <= value <= values.MAX_COUNT):
                setattr(self, name, values.count(value, name))
        for (name, longest), value in zip(_TEXTS, _texts_of(self), strict=True):
            if value is None or (
                type(value) is str and value.isascii() and value.strip() is value
                and 0 < len(value) <= longest and "\0" not in value
            ):  # fmt: skip
                continue
            cleaned = values.text(value, name)
            setattr(self, name, cleaned and cleaned[:longest])
        for name, allowed in _CHOICES:
            value = getattr(self, name)
            if value is not None and value not in allowed:
                raise InvalidPost("bad_value", f"{value!r:.80} is not one of {', '.join(allowed)}", name)
        self.scrape_job_id = values.record_id(self.scrape_job_id, "scrape_job_id")
        self.published_at = values.moment(self.published_at, "published_at")
        self.observed_at = values.observation(self.observed_at)
        self.duration_seconds = values.seconds(self.duration_seconds)
        self._clean_lists()

    def _clean_lists(self) -> None:
        for name in ("hashtags", "mentions"):
            if (value := getattr(self, name)) is not None:
                setattr(self, name, values.tags(value, name))
        if self.media_urls is not None:
            self.media_urls = values.texts(self.media_urls, "media_urls", MAX_URL)
        for name in ("keywords", "detected_topics"):
            if (value := getattr(self, name)) is not None:
                setattr(self, name, values.texts(value, name, 500)[: values.MAX_TAGS])

    @property
    def id(self) -> UUID:
        """The post's id, derived from platform and external_id: known before it is saved."""
        return post_id(self.platform, self.external_id)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> ScrapedPost:
        """A post from snake_case or camelCase keys; an unknown key is an error that names the nearest.

        >>> ScrapedPost.from_mapping({"platform": "x", "externalId": "20", "likes": 5}).external_id
        '20'
        """
        if not isinstance(mapping, Mapping):
            kind = type(mapping).__name__
            raise InvalidPost("bad_value", f"{kind} is not a post or a mapping of its fields")
        given = mapping if _FIELDS.issuperset(mapping) else _renamed(mapping)
        for name in ("platform", "external_id"):
            if name not in given:
                raise InvalidPost("missing_id", "is needed to know which post it is", name)
        try:
            return cls(**given)
        except InvalidPost as error:
            written = next((key for key in mapping if field_named(key) == error.field), error.field)
            error.places = [((str(written),), error.detail)] if written else ()
            raise


def _renamed(mapping: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key, value in mapping.items():
        name = field_named(key)
        if name is None:
            near = field_nearly_named(key)
            hint = f"; did you mean {near}?" if near else ""
            raise InvalidPost("bad_value", f"no such field of a post{hint}", str(key))
        if name in given:
            raise InvalidPost("bad_value", "given twice, in snake_case and in camelCase", name)
        given[name] = value
    return given


@lru_cache(maxsize=1024)
def field_named(key: object) -> str | None:
    """The field that a key in snake_case or camelCase means; None where a post has no such field.

    >>> field_named("externalId"), field_named("external_id"), field_named("price")
    ('external_id', 'external_id', None)
    """
    name = _snake(key)
    return name if name in _FIELDS else None


@lru_cache(maxsize=1024)
def field_nearly_named(key: object) -> str | None:
    """The field whose name is nearest to a key that names none; None where none is near.

    >>> field_nearly_named("veiws"), field_nearly_named("price")
    ('views', None)
    """
    near = difflib.get_close_matches(_snake(key), _FIELDS, 1, cutoff=0.7)
    return near[0] if near else None


def _snake(key: object) -> str:
    return _CAMEL.sub(lambda found: "_" + found[1].lower(), str(key))


_FIELDS = frozenset(field.name for field in fields(ScrapedPost)) - {"payload_hash"}
_TEXTS: tuple[tuple[str, int], ...] = (
    ("url", MAX_URL), ("title", MAX_TITLE), ("description", sys.maxsize), ("author", MAX_NAME),
    ("author_id", MAX_NAME), ("content_type", MAX_NAME), ("language", MAX_NAME), ("thumbnail_url", MAX_URL),
    ("video_url", MAX_URL), ("category", MAX_NAME), ("niche", MAX_NAME),
)  # fmt: skip
_metrics_of = attrgetter(*METRICS)
_texts_of = attrgetter(*(name for name, _ in _TEXTS))
_CHOICES = (("scrape_source", SCRAPE_SOURCES), ("fetched_via", FETCHED_VIA))

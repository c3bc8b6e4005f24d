"""YouTube in tables: the trending CSVs people keep, and daily readings of chosen videos."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from viralforge.errors import InvalidPost
from viralforge.model.post import ScrapedPost
from viralforge.sources.pick import epoch_or_text, first, has, known, text
from viralforge.sources.shape import Payload, Shape
from viralforge.sources.youtube import CATEGORIES, VIDEO_ID, tags_in, video_id, watch_url

TRENDING_COLUMNS = [
    "video_id", "title", "publishedAt", "channelId", "channelTitle", "categoryId", "trending_date", "tags",
    "view_count", "likes", "dislikes", "comment_count", "thumbnail_link", "comments_disabled",
    "ratings_disabled", "description",
]  # fmt: skip
_YEAR_DAY_MONTH = re.compile(r"([0-9][0-9])\.([0-9][0-9])\.([0-9][0-9])")
_DAY_MONTH = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]")
_FIRST_URL = re.compile(r"""['"]url['"]: ['"](https?://[^'"]+)['"]""")


def columns_of_headerless(first_row: Sequence[str]) -> list[str] | None:
    """The columns of a table without a header row, if its first row is one of a known table; else None."""
    known_row = (
        len(first_row) == len(TRENDING_COLUMNS)
        and VIDEO_ID.fullmatch(first_row[0].strip())
        and _MOMENT.match(first_row[2])
        and first_row[3].startswith("UC")
        and _MOMENT.match(first_row[6])
    )
    return list(TRENDING_COLUMNS) if known_row else None


def trending_time(value: Any) -> str | None:
    """When a trending list was read: ISO text, or `yy.dd.mm`; a `dd.mm` without a year is unknown.

    >>> trending_time("17.14.11")
    '2017-11-14'
    """
    found = text(value)
    if found is None or _DAY_MONTH.fullmatch(found := found.strip()):
        return None
    if parts := _YEAR_DAY_MONTH.fullmatch(found):
        return f"20{parts[1]}-{parts[3]}-{parts[2]}"
    return found


def _trending(row: Payload) -> ScrapedPost:
    video = video_id(row.get("video_id"))
    title, description = text(row.get("title")), text(row.get("description"))
    if description and "\\n" in description:  # the older tables write line ends as backslash and n
        description = description.replace("\\r", "").replace("\\n", "\n")
    hashtags, mentions = tags_in(title, description)
    no_likes, no_comments = _is_true(row.get("ratings_disabled")), _is_true(row.get("comments_disabled"))
    return ScrapedPost(
        platform="youtube", external_id=video, url=watch_url(video), title=title, description=description,
        author=text(first(row, "channelTitle", "channel_title")),
        author_id=text(first(row, "channelId", "channel_id")),
        published_at=epoch_or_text(first(row, "publishedAt", "publish_time")), content_type="video",
        views=known(first(row, "view_count", "views")),
        likes=None if no_likes else known(row.get("likes")),
        comments=None if no_comments else known(first(row, "comment_count", "comment_total")),
        thumbnail_url=text(row.get("thumbnail_link")), video_url=watch_url(video),
        hashtags=hashtags, mentions=mentions, keywords=_keywords(row.get("tags")),
        category=CATEGORIES.get(str(first(row, "categoryId", "category_id"))),
        raw_json=row, fetched_via="export", observed_at=_observed(row),
    )  # fmt: skip


def _observed(row: Payload) -> Any:
    value = first(row, "trending_date", "date")
    try:
        return trending_time(value)
    except (TypeError, ValueError):
        raise InvalidPost("bad_time", f"{value!r:.80} is no date of a trending list", "observed_at") from None


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def _keywords(value: Any) -> list[str] | None:
    found = text(value)
    if found is None or found.lower() == "[none]":
        return None
    return [part.strip().strip('"') for part in found.split("|")]


def _daily(row: Payload) -> ScrapedPost:
    video = video_id(row.get("videoId"))
    title, description = text(row.get("title")), text(row.get("description"))
    hashtags, mentions = tags_in(title, description)
    image = _FIRST_URL.search(str(row.get("thumbnails") or ""))  # Python's repr of a list, widest first
    return ScrapedPost(
        platform="youtube", external_id=video,
        url=text(row.get("videoUrl")) or watch_url(video), title=title, description=description,
        author=text(row.get("channelName")), author_id=text(row.get("channelId")),
        published_at=_published(row),
        content_type="short" if _is_true(row.get("isShort")) else "video",
        views=known(row.get("views")), thumbnail_url=image[1] if image else None, video_url=watch_url(video),
        hashtags=hashtags, mentions=mentions, duration_seconds=known(row.get("duration")),
        raw_json=row, fetched_via="scraper",
    )  # fmt: skip


def _published(row: Payload) -> Any:
    """The date where it is one: `2 weeks ago` was counted back from the moment of reading and is none."""
    ago = str(row.get("publishedText"))
    exact = "ago" not in ago or any(unit in ago for unit in ("second", "minute", "hour"))
    return epoch_or_text(row.get("publishedDate")) if exact else None


def _reading(row: Payload) -> ScrapedPost:
    video = video_id(row.get("video_id"))
    title = text(row.get("title"))
    if title is None and known(row.get("view_count")) is None:
        raise InvalidPost("empty", "a reading of which nothing was read")
    hashtags, mentions = tags_in(title)
    return ScrapedPost(
        platform="youtube", external_id=video, url=watch_url(video), title=title,
        author_id=text(row.get("channel_id")), published_at=epoch_or_text(row.get("published_at")),
        content_type="video", views=known(row.get("view_count")), likes=known(row.get("like_count")),
        comments=known(row.get("comment_count")), video_url=watch_url(video),
        hashtags=hashtags, mentions=mentions, raw_json=row, fetched_via="export",
        observed_at=epoch_or_text(row.get("run_datetime_utc")),
    )  # fmt: skip


def _is_trending(row: Payload) -> bool:
    return has(row, "video_id", "title", "likes") and ("trending_date" in row or has(row, "date", "views"))


SHAPES = (
    Shape("youtube.trending_csv", "video_id", _is_trending, _trending),
    Shape("youtube.daily_csv", "viewsText", lambda row: has(row, "videoId", "videoUrl"), _daily),
    Shape("youtube.readings_csv", "run_datetime_utc", lambda row: "video_id" in row, _reading),
    Shape("youtube.milestones_csv", "snapshot_24h_utc", lambda row: "video_id" in row, None),
)
ENVELOPES = ()

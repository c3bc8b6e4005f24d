"""TikTok as collectors for hire hand it over: Apify's scrapers and Bright Data; and what all shapes share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from viralforge.model import values
from viralforge.model.post import ScrapedPost
from viralforge.sources.instagram_exports import cell, texts_in
from viralforge.sources.pick import (
    a_list,
    checked_id,
    distinct,
    epoch_or_text,
    first,
    has,
    headline,
    known,
    named,
    text,
)
from viralforge.sources.shape import Payload, Shape

_ID = re.compile(r"[1-9][0-9]{7,19}")
_LINK = re.compile(r"tiktok\.com/@([^/]*)/(?:video|photo)/([0-9]+)")


def video_id(value: Any) -> str:
    """A TikTok video id: up to 20 digits, which no float can hold."""
    return checked_id(value, _ID, "TikTok video id (digits; read as integer or text)")


def video_url(video: str, username: str | None) -> str:
    """The page of a video; TikTok finds it by the id, also where the author is unknown."""
    return f"https://www.tiktok.com/@{username or ''}/video/{video}"


def said(caption: Any, tags: Iterable[str] = (), accounts: Iterable[str] = ()) -> dict[str, Any]:
    """What a caption says: title, description, and the tags and accounts marked in it, else those written."""
    body = text(caption)
    return {
        "title": headline(body), "description": body,
        "hashtags": distinct(tags) or values.hashtags_in(body),
        "mentions": distinct(accounts) or values.mentions_in(body),
    }  # fmt: skip


def linked(url: Any) -> tuple[str | None, str | None]:
    """Author and id in the address of a video.

    >>> linked("https://www.tiktok.com/@cook/video/7000000000000000001")
    ('cook', '7000000000000000001')
    """
    found = _LINK.search(url) if isinstance(url, str) else None
    return (found[1] or None, found[2]) if found else (None, None)


def _apify(payload: Payload) -> ScrapedPost:
    def of(group: str, *names: str) -> Any:
        """A value of a nested group, or of the same group flattened to `group.name`."""
        return first(payload.get(group), *names) or first(payload, *(f"{group}.{name}" for name in names))

    url = text(first(payload, "webVideoUrl", "submittedVideoUrl"))
    name, found = linked(url)
    # The address is text and so has kept all digits.
    found = found or video_id(payload.get("id"))
    pictures = [
        link for item in a_list(payload.get("slideshowImageLinks"))
        if (link := text(first(item, "downloadLink", "tiktokLink") if isinstance(item, dict) else item))
    ]  # fmt: skip
    slides = payload.get("isSlideshow") is True or bool(pictures)
    address = text(of("videoMeta", "downloadAddr")) or text(
        next(iter(a_list(payload.get("mediaUrls"))), None)
    )
    mentioned = named(payload.get("detailedMentions"), "name") or named(payload.get("mentions"))
    return ScrapedPost(
        platform="tiktok", external_id=found, url=url or video_url(found, name),
        author=text(of("authorMeta", "name")) or name, author_id=of("authorMeta", "id"),
        published_at=first(payload, "createTimeISO", "createTime"),
        observed_at=epoch_or_text(first(payload, "scrapedAt", "fetchedAt")),
        content_type="photo" if slides else "video", language=text(payload.get("textLanguage")),
        duration_seconds=None if slides else known(of("videoMeta", "duration")),
        thumbnail_url=text(of("videoMeta", "coverUrl", "originalCoverUrl")),
        video_url=None if slides else address, media_urls=pictures or ([address] if address else None),
        views=known(payload.get("playCount")), likes=known(payload.get("diggCount")),
        comments=known(payload.get("commentCount")), shares=known(payload.get("shareCount")),
        saves=known(payload.get("collectCount")), retweets=known(payload.get("repostCount")),
        raw_json=payload, fetched_via="scraper",
        **said(payload.get("text"), named(payload.get("hashtags"), "name"), mentioned),
    )  # fmt: skip


def _is_apify(payload: Payload) -> bool:
    return "webVideoUrl" in payload and ("playCount" in payload or "diggCount" in payload)


def _is_apify_comment(payload: Payload) -> bool:
    return has(payload, "cid", "text") and ("videoWebUrl" in payload or "diggCount" in payload)


def _bright_data(row: Payload) -> ScrapedPost:
    name, found = linked(cell(row.get("url")))
    found = found or video_id(cell(row.get("post_id")))
    name = cell(row.get("profile_username")) or name
    address = cell(first(row, "video_url", "cdn_url"))
    counts = {short: known(cell(row.get(f"{short}_count"))) for short in ("play", "digg", "comment", "share")}
    return ScrapedPost(
        platform="tiktok", external_id=found, url=cell(row.get("url")) or video_url(found, name),
        author=name, author_id=cell(row.get("profile_id")), published_at=cell(row.get("create_time")),
        observed_at=cell(row.get("timestamp")),
        content_type="video" if cell(row.get("post_type")) in (None, "video") else "photo",
        duration_seconds=known(cell(row.get("video_duration"))), thumbnail_url=cell(row.get("preview_image")),
        video_url=address,
        media_urls=texts_in(row.get("carousel_images")) or ([address] if address else None),
        views=counts["play"], likes=counts["digg"], comments=counts["comment"], shares=counts["share"],
        saves=known(cell(row.get("collect_count"))), raw_json=row, fetched_via="scraper",
        **said(cell(row.get("description")), texts_in(row.get("hashtags")), texts_in(row.get("tagged_user"))),
    )  # fmt: skip


def _is_profile_row(row: Payload) -> bool:
    return has(row, "account_id", "nickname", "followers")


SHAPES = (
    Shape("tiktok.apify", "webVideoUrl", _is_apify, _apify),
    Shape("tiktok.apify_comment", "cid", _is_apify_comment, None),
    Shape("tiktok.bright_data", "digg_count", lambda row: has(row, "post_id", "play_count"), _bright_data),
    Shape("tiktok.bright_data_comment", "commenter_id", lambda row: has(row, "comment_id", "post_id"), None),
    Shape("tiktok.bright_data_profile", "account_id", _is_profile_row, None),
)

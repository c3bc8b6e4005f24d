"""The info JSON of yt-dlp, which reads films from all five platforms and names everything in its own way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from viralforge.errors import InvalidPost
from viralforge.model.ids import PLATFORMS, platform_name
from viralforge.model.post import ScrapedPost
from viralforge.sources import twitter, youtube
from viralforge.sources.pick import a_list, epoch_or_text, first, headline, known, largest, text
from viralforge.sources.shape import Envelope, Payload, Shape

_POST_IN_URL = {
    "twitter": re.compile(r"/status(?:es)?/([0-9]+)"),
    "instagram": re.compile(r"/(?:p|reel|reels|tv)/([A-Za-z0-9_-]+)"),
    "reddit": re.compile(r"/comments/([a-z0-9]+)"),
}
"""Where `id` names the file rather than the post it stands in."""
_AUTHOR = {
    "youtube": ("channel", "uploader"), "tiktok": ("uploader",), "twitter": ("uploader_id",),
    "instagram": ("channel",), "reddit": ("uploader",),
}  # fmt: skip
_AUTHOR_ID = {
    "youtube": ("channel_id", "uploader_id"), "tiktok": ("uploader_id",), "twitter": ("channel_id",),
    "instagram": ("uploader_id",), "reddit": (),
}  # fmt: skip


def _info(payload: Payload) -> ScrapedPost:
    platform = platform_name(_platform(payload))
    address = text(payload.get("webpage_url"))
    title, description = text(payload.get("title")), text(payload.get("description"))
    if platform not in ("youtube", "reddit"):  # the others have no titles, and yt-dlp makes some up
        title = headline(description)
    hashtags, mentions = youtube.tags_in(None if title == headline(description) else title, description)
    video = text(payload.get("url"))
    found = _id(platform, payload, address)
    if platform == "youtube":
        address, video = address or youtube.watch_url(found), youtube.watch_url(found)
    category = next((name for name in a_list(payload.get("categories")) if isinstance(name, str)), None)
    return ScrapedPost(
        platform=platform, external_id=found, url=address, title=title, description=description,
        author=first(payload, *_AUTHOR[platform]), author_id=first(payload, *_AUTHOR_ID[platform]),
        published_at=epoch_or_text(first(payload, "timestamp", "release_timestamp") or _upload_day(payload)),
        content_type=_kind(payload, platform), language=payload.get("language"),
        thumbnail_url=text(payload.get("thumbnail")) or largest(payload.get("thumbnails")), video_url=video,
        hashtags=hashtags, mentions=mentions, keywords=a_list(payload.get("tags")) or None,
        duration_seconds=payload.get("duration"),
        category=text(payload.get("channel_id")) if platform == "reddit" else category,
        raw_json=payload, fetched_via="scraper", observed_at=payload.get("epoch"),
        **_counts(payload, platform),
    )  # fmt: skip


def _platform(payload: Payload) -> str:
    maker = payload.get("extractor_key") or payload.get("ie_key") or payload.get("extractor")
    return maker.lower() if isinstance(maker, str) else ""


def _id(platform: str, payload: Payload, address: str | None) -> str:
    if platform == "youtube":
        return youtube.video_id(payload.get("id"))
    if (form := _POST_IN_URL.get(platform)) is None:
        return payload.get("id")  # type: ignore[return-value]
    if found := form.search(address or ""):
        return found[1]
    if display := text(payload.get("display_id")):
        return display
    raise InvalidPost("missing_id", "neither webpage_url nor display_id names the post", "external_id")


def _kind(payload: Payload, platform: str) -> str:
    if platform == "twitter":
        return "tweet"
    links = f"{payload.get('webpage_url')} {payload.get('url')}"
    if payload.get("media_type") == "short" or (platform == "youtube" and "/shorts/" in links):
        return "short"
    if platform == "instagram" and "/reel" in links:
        return "reel"
    return youtube.LIVE.get(payload.get("live_status") or "", "video")


def _counts(payload: Payload, platform: str) -> dict[str, Any]:
    views = known(first(payload, "view_count", "concurrent_view_count"))
    likes, comments = payload.get("like_count"), payload.get("comment_count")
    if platform == "twitter":
        return twitter.numbers(likes, comments, payload.get("repost_count"), views=views)
    return {
        "views": views, "likes": known(likes), "comments": known(comments),
        "shares": known(payload.get("repost_count")), "saves": known(payload.get("save_count")),
    }  # fmt: skip


def _upload_day(payload: Payload) -> str | None:
    day = first(payload, "upload_date", "release_date")
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if isinstance(day, str) and len(day) == 8 else None


def _is_info(payload: Payload) -> bool:
    return "id" in payload and _platform(payload) in PLATFORMS


def _is_playlist(payload: Payload) -> bool:
    return payload.get("_type") == "playlist" and isinstance(payload.get("entries"), list)


def _entries(payload: Payload) -> Iterable[Any]:
    # yt-dlp writes null for a video it could not read.
    return (entry for entry in payload["entries"] if entry is not None)


SHAPES = (Shape("yt_dlp.info", "extractor_key ie_key extractor", _is_info, _info),)
ENVELOPES = (Envelope("yt_dlp.playlist", "entries", _is_playlist, _entries),)

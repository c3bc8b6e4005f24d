"""YouTube: the Data API v3.

The official API leaves a count out where it is hidden or switched off: such a count is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from viralforge.errors import InvalidPost
from viralforge.model import values
from viralforge.model.post import ScrapedPost
from viralforge.sources.pick import (
    a_dict,
    a_list,
    checked_id,
    dig,
    first,
    has,
    known,
    largest,
    text,
    unescaped,
)
from viralforge.sources.shape import Envelope, Payload, Shape

VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
CATEGORIES = {
    "1": "Film & Animation", "2": "Autos & Vehicles", "10": "Music", "15": "Pets & Animals", "17": "Sports",
    "18": "Short Movies", "19": "Travel & Events", "20": "Gaming", "21": "Videoblogging",
    "22": "People & Blogs", "23": "Comedy", "24": "Entertainment", "25": "News & Politics",
    "26": "Howto & Style", "27": "Education", "28": "Science & Technology", "29": "Nonprofits & Activism",
    "30": "Movies", "31": "Anime/Animation", "32": "Action/Adventure", "33": "Classics", "34": "Comedy",
    "35": "Documentary", "36": "Drama", "37": "Family", "38": "Foreign", "39": "Horror",
    "40": "Sci-Fi/Fantasy", "41": "Thriller", "42": "Shorts", "43": "Shows", "44": "Trailers",
}  # fmt: skip
"""YouTube's own list, as videoCategories.list returns it."""
_GONE = ("Private video", "Deleted video")
LIVE = {"live": "live", "upcoming": "live", "is_live": "live", "is_upcoming": "live"}


def video_id(value: Any) -> str:
    """A YouTube video id: 11 letters, digits, `-` and `_`."""
    return checked_id(value, VIDEO_ID, "YouTube video id (11 letters, digits, - and _)")


def watch_url(video: str) -> str:
    """The page of a video."""
    return f"https://www.youtube.com/watch?v={video}"


def tags_in(*texts: str | None) -> tuple[list[str], list[str]]:
    """The hashtags and the mentions written in some texts."""
    hashtags = [tag for part in texts for tag in values.hashtags_in(part)]
    return hashtags, [name for part in texts for name in values.mentions_in(part)]


def _resource(payload: Payload, video: str, snippet: dict[str, Any], **more: Any) -> ScrapedPost:
    """A post from the snippet that all resources of the API share."""
    title, description = text(snippet.get("title")), text(snippet.get("description"))
    hashtags, mentions = tags_in(title, description)
    given: dict[str, Any] = {
        "published_at": snippet.get("publishedAt"),
        "author": snippet.get("channelTitle"),
        "author_id": snippet.get("channelId"),
    }
    return ScrapedPost(
        platform="youtube", external_id=video, url=watch_url(video), title=title, description=description,
        content_type=LIVE.get(snippet.get("liveBroadcastContent") or "", "video"),
        thumbnail_url=largest(snippet.get("thumbnails")), video_url=watch_url(video),
        hashtags=hashtags, mentions=mentions, raw_json=payload, fetched_via="official_api",
        **(given | more),
    )  # fmt: skip


def _video(payload: Payload) -> ScrapedPost:
    snippet, numbers = a_dict(payload.get("snippet")), a_dict(payload.get("statistics"))
    details = a_dict(payload.get("contentDetails"))
    topics = a_list(dig(payload, "topicDetails", "topicCategories"))
    return _resource(
        payload, video_id(payload.get("id")), snippet,
        language=first(snippet, "defaultAudioLanguage", "defaultLanguage"),
        views=known(numbers.get("viewCount")), likes=known(numbers.get("likeCount")),
        comments=known(numbers.get("commentCount")),
        keywords=a_list(snippet.get("tags")) or None,
        duration_seconds=_duration(details.get("duration")),
        category=CATEGORIES.get(str(snippet.get("categoryId"))),
        detected_topics=[_topic(topic) for topic in topics if isinstance(topic, str)] or None,
    )  # fmt: skip


def _duration(value: Any) -> Any:
    # A running or coming broadcast has the length P0D: it is not known yet.
    return None if value == "P0D" else value


def _topic(address: str) -> str:
    """`https://en.wikipedia.org/wiki/Hip_hop_music` as `Hip hop music`."""
    return unquote(address.rpartition("/")[2]).replace("_", " ")


def _search_result(payload: Payload) -> ScrapedPost:
    found = a_dict(payload.get("id"))
    if found.get("kind") != "youtube#video" and "videoId" not in found:
        raise InvalidPost("not_a_post", f"a search result of the kind {found.get('kind')!r:.40}")
    snippet = a_dict(payload.get("snippet"))
    # Of all answers only search writes its texts as HTML.
    plain = {name: unescaped(snippet.get(name)) for name in ("title", "description", "channelTitle")}
    return _resource(payload, video_id(found.get("videoId")), snippet | plain)


def _playlist_item(payload: Payload) -> ScrapedPost:
    snippet, details = a_dict(payload.get("snippet")), a_dict(payload.get("contentDetails"))
    video = video_id(dig(snippet, "resourceId", "videoId") or details.get("videoId"))
    if snippet.get("title") in _GONE and "videoPublishedAt" not in details:
        snippet = {key: item for key, item in snippet.items() if key not in ("title", "description")}
    # The snippet's own channel and time are those of the playlist and of the adding to it.
    return _resource(
        payload, video, snippet,
        published_at=details.get("videoPublishedAt"),
        author=snippet.get("videoOwnerChannelTitle"), author_id=snippet.get("videoOwnerChannelId"),
    )  # fmt: skip


def _kind(payload: Payload) -> str:
    kind = payload.get("kind")
    return kind if isinstance(kind, str) else ""


def _is_video(payload: Payload) -> bool:
    return payload.get("kind") == "youtube#video" or (
        "snippet" in payload and has(payload, "id", "statistics") and "kind" not in payload
    )


def _is_page(payload: Payload) -> bool:
    return isinstance(payload.get("items"), list) and (
        _kind(payload).startswith("youtube#") or dig(payload, "items", 0, "snippet") is not None
    )


def _items(payload: Payload) -> Iterable[Any]:
    return payload["items"]  # type: ignore[no-any-return]


SHAPES = (
    Shape("youtube.video", "kind snippet", _is_video, _video),
    Shape("youtube.search_result", "kind", lambda p: p.get("kind") == "youtube#searchResult", _search_result),
    Shape("youtube.playlist_item", "kind", lambda p: p.get("kind") == "youtube#playlistItem", _playlist_item),
    Shape("youtube.other_resource", "kind", lambda p: _kind(p).startswith("youtube#"), None),
)
ENVELOPES = (Envelope("youtube.page", "items", _is_page, _items),)

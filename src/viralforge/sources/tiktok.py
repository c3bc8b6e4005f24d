"""TikTok: the website's items, the app's aweme, the Research and Display APIs, and Apify and Bright Data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from viralforge.model.post import ScrapedPost
from viralforge.sources import tiktok_exports
from viralforge.sources.pick import a_dict, a_list, dig, distinct, first, has, known, named, text
from viralforge.sources.shape import Envelope, Payload, Shape
from viralforge.sources.tiktok_exports import linked, said, video_id, video_url


def _item(payload: Payload) -> ScrapedPost:
    found = video_id(payload.get("id"))
    author = a_dict(payload.get("author"))
    # The state inside a page has the author's name alone; counts of V2 are texts and never rounded.
    name = text(author.get("uniqueId")) or text(payload.get("author"))
    counts = a_dict(payload.get("stats")) | a_dict(payload.get("statsV2"))
    video = a_dict(payload.get("video"))
    pictures = _first_urls(dig(payload, "imagePost", "images"), "imageURL", "urlList")
    address = text(video.get("playAddr")) or text(video.get("downloadAddr"))
    extras = a_list(payload.get("textExtra"))
    tags = distinct(named(extras, "hashtagName"), named(payload.get("challenges"), "title"))
    return ScrapedPost(
        platform="tiktok", external_id=found, url=video_url(found, name),
        author=name, author_id=first(author, "id") or first(payload, "authorId"),
        published_at=payload.get("createTime"), content_type="photo" if pictures else "video",
        language=text(payload.get("textLanguage")), duration_seconds=None if pictures else _length(video),
        thumbnail_url=_first_text(video, "cover", "originCover", "dynamicCover")
        or next(iter(pictures), None),
        video_url=None if pictures else address, media_urls=pictures or ([address] if address else None),
        keywords=named(payload.get("diversificationLabels")) or None,
        detected_topics=named(payload.get("suggestedWords")) or None,
        raw_json=payload, fetched_via="scraper", **_web_counts(counts),
        **said(payload.get("desc"), tags, named(extras, "userUniqueId")),
    )  # fmt: skip


def _web_counts(counts: Payload) -> dict[str, Any]:
    return {
        "views": known(counts.get("playCount")), "likes": known(counts.get("diggCount")),
        "comments": known(counts.get("commentCount")), "shares": known(counts.get("shareCount")),
        "saves": known(counts.get("collectCount")), "retweets": known(counts.get("repostCount")),
    }  # fmt: skip


def _length(video: Payload) -> Any:
    """Seconds; the website writes 0 where there is no video."""
    return known(video.get("duration")) or None


def _first_text(payload: Payload, *names: str) -> str | None:
    return next((found for name in names if (found := text(payload.get(name)))), None)


def _first_urls(items: Any, *path: str) -> list[str]:
    """The first address of each item's list of mirrors."""
    return [url for item in a_list(items) if (url := text(dig(item, *path, 0)))]


def _is_item(payload: Payload) -> bool:
    return has(payload, "id", "createTime") and ("stats" in payload or "statsV2" in payload)


def _old_item(payload: Payload) -> ScrapedPost:
    item, author = a_dict(payload.get("itemInfos")), a_dict(payload.get("authorInfos"))
    found, name = video_id(item.get("id")), text(author.get("uniqueId"))
    address = text(dig(item, "video", "urls", 0))
    tags = distinct(
        named(payload.get("textExtra"), "HashtagName", "hashtagName"),
        named(payload.get("challengeInfoList"), "challengeName"),
    )
    return ScrapedPost(
        platform="tiktok", external_id=found, url=video_url(found, name),
        author=name, author_id=first(item, "authorId") or first(author, "userId"),
        published_at=item.get("createTime"), content_type="video",
        duration_seconds=_length(a_dict(dig(item, "video", "videoMeta"))),
        thumbnail_url=text(dig(item, "covers", 0)), video_url=address,
        media_urls=[address] if address else None,
        raw_json=payload, fetched_via="scraper", **_web_counts(item), **said(item.get("text"), tags),
    )  # fmt: skip


def _aweme(payload: Payload) -> ScrapedPost:
    found = video_id(payload.get("aweme_id"))
    author, video = a_dict(payload.get("author")), a_dict(payload.get("video"))
    counts = a_dict(payload.get("statistics"))
    name = text(author.get("unique_id"))
    pictures = _first_urls(dig(payload, "image_post_info", "images"), "display_image", "url_list")
    address = text(dig(video, "play_addr", "url_list", 0))
    extras = a_list(payload.get("text_extra"))
    tags = distinct(named(extras, "hashtag_name"), named(payload.get("cha_list"), "cha_name"))
    length = known(first(video, "duration"))
    return ScrapedPost(
        platform="tiktok", external_id=found, url=video_url(found, name),
        author=name, author_id=first(author, "uid"), published_at=payload.get("create_time"),
        content_type="photo" if pictures else "video", language=text(payload.get("desc_language")),
        duration_seconds=length / 1000 if length and not pictures else None,  # the app counts milliseconds
        thumbnail_url=text(dig(video, "cover", "url_list", 0)) or next(iter(pictures), None),
        video_url=None if pictures else address, media_urls=pictures or ([address] if address else None),
        views=known(counts.get("play_count")), likes=known(counts.get("digg_count")),
        comments=known(counts.get("comment_count")), shares=known(counts.get("share_count")),
        saves=known(counts.get("collect_count")), retweets=known(counts.get("repost_count")),
        raw_json=payload, fetched_via="scraper",
        **said(payload.get("desc"), tags, named(extras, "user_unique_id")),
    )  # fmt: skip


def _research(payload: Payload) -> ScrapedPost:
    name = text(payload.get("username"))
    link = text(payload.get("share_url"))
    identity = first(payload, "id")
    found = video_id(linked(link)[1] if identity is None else identity)
    tags = named(payload.get("hashtag_names")) or named(payload.get("hashtag_info_list"), "hashtag_name")
    caption = first(payload, "video_description") or first(payload, "title")
    labels = dig(payload, "video_label", "content")
    return ScrapedPost(
        platform="tiktok", external_id=found, url=link or video_url(found, name), author=name,
        published_at=payload.get("create_time"), content_type="video",
        duration_seconds=known(first(payload, "video_duration", "duration")) or None,
        thumbnail_url=text(payload.get("cover_image_url")), keywords=[labels] if text(labels) else None,
        views=known(payload.get("view_count")), likes=known(payload.get("like_count")),
        comments=known(payload.get("comment_count")), shares=known(payload.get("share_count")),
        saves=known(first(payload, "favorites_count", "favourites_count")),
        raw_json=payload, fetched_via="official_api",
        **said(caption, tags, named(payload.get("video_mention_list"))),
    )  # fmt: skip


def _is_research(payload: Payload) -> bool:
    return "video_description" in payload or (
        "hashtag_names" in payload or has(payload, "view_count", "region_code", "create_time")
    )


def _is_other(payload: Payload) -> bool:
    """Accounts, tags, sounds and the cards that advertise them."""
    return (
        (
            "stats" in payload
            and any(isinstance(payload.get(name), dict) for name in ("user", "challenge", "music"))
        )
        or has(payload, "cardItem", "videoList")
        or has(payload, "extraInfo", "link", "title", "subTitle")
        or has(payload, "hashtag_id", "hashtag_name")
        or has(payload, "userInfo", "statusCode")
        or has(payload, "follower_count", "display_name")
    )


def _is_comment(payload: Payload) -> bool:
    return has(payload, "cid", "aweme_id", "text") or has(payload, "video_id", "text", "create_time")


def _inner(payload: Payload) -> dict[str, Any]:
    data = payload.get("data")
    return data if isinstance(data, dict) else dict(payload)


_HOLDERS = ("data", "itemInfo", "aweme_detail", "aweme_info", "__DEFAULT_SCOPE__", "item")
_LISTS = ("videos", "itemList", "item_list", "aweme_list", "aweme_details", "ItemModule")


def _held(payload: Payload) -> Any:
    """What an answer of TikTok holds: one video, or a list of them; None if it is no answer of TikTok."""
    inner = _inner(payload)
    for path in (("itemInfo", "itemStruct"), ("aweme_detail",), ("aweme_info",)):
        if isinstance(found := dig(inner, *path), dict):
            return [found]
    scope = dig(inner, "__DEFAULT_SCOPE__", "webapp.video-detail", "itemInfo", "itemStruct")
    if isinstance(scope, dict):
        return [scope]
    if isinstance(item := inner.get("item"), dict) and _is_item(item):
        return [item]
    for name in _LISTS:
        found = inner.get(name)
        found = list(found.values()) if name == "ItemModule" and isinstance(found, dict) else found
        if isinstance(found, list) and all(_is_video(video) for video in found):
            return found
    return None


def _is_video(payload: Any) -> bool:
    return isinstance(payload, dict) and any(shape.matches(payload) for shape in _VIDEOS)


_VIDEOS = (
    Shape("tiktok.item", "stats statsV2", _is_item, _item),
    Shape("tiktok.item_2020", "itemInfos", lambda p: has(p, "itemInfos", "authorInfos"), _old_item),
    Shape("tiktok.aweme", "statistics", lambda p: has(p, "aweme_id", "statistics"), _aweme),
    Shape("tiktok.research", "video_description hashtag_names view_count", _is_research, _research),
)


def _is_coded(payload: Payload) -> bool:
    return has(payload, "code", "msg", "data") and isinstance(payload["data"], list | dict)


def _coded(payload: Payload) -> Iterable[Any]:
    data = payload["data"]
    if isinstance(data, dict) and isinstance(data.get("list"), list):
        return a_list(data["list"])
    return data if isinstance(data, list) else (data,)


SHAPES = (
    *tiktok_exports.SHAPES,
    Shape("tiktok.comment", "cid video_id", _is_comment, None),
    *_VIDEOS,
    Shape("tiktok.other", "stats videoList extraInfo hashtag_id userInfo follower_count", _is_other, None),
)
ENVELOPES = (
    Envelope("tiktok.answer", " ".join((*_HOLDERS, *_LISTS)), lambda p: _held(p) is not None, _held),
    Envelope("tiktok.coded", "code", _is_coded, _coded),
)

"""Instagram as collectors for hire hand it over: Apify's instagram-scraper and Bright Data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from viralforge.model.post import ScrapedPost
from viralforge.sources.instagram_web import address, code_of, media, most, said
from viralforge.sources.pick import a_list, distinct, epoch_or_text, first, has, known, named, text
from viralforge.sources.shape import Payload, Shape

_KINDS = {"image": "image", "video": "video", "sidecar": "carousel", "carousel": "carousel", "reel": "reel"}


def _apify(payload: Payload) -> ScrapedPost:
    code = code_of(payload.get("shortCode"), payload.get("id"))
    kind = "reel" if payload.get("productType") == "clips" else _KINDS.get(str(payload.get("type")).lower())
    fields = said(payload.get("caption"))
    if isinstance(tags := payload.get("hashtags"), list):
        fields["hashtags"] = tags
    # Tagged and co-authoring accounts are mentioned too.
    others = (named(payload.get(name), "username") for name in ("taggedUsers", "coauthorProducers"))
    fields["mentions"] = distinct(named(payload.get("mentions")) or fields["mentions"], *others)
    return ScrapedPost(
        platform="instagram", external_id=code, url=text(payload.get("url")) or address(code, kind),
        content_type=kind, author=text(payload.get("ownerUsername")), author_id=first(payload, "ownerId"),
        published_at=epoch_or_text(payload.get("timestamp")),
        observed_at=epoch_or_text(payload.get("scrapedAt")),
        likes=known(payload.get("likesCount")), comments=known(payload.get("commentsCount")),
        views=most(payload.get("videoPlayCount"), payload.get("videoViewCount")),
        shares=known(payload.get("sharesCount")), duration_seconds=known(payload.get("videoDuration")),
        raw_json=payload, fetched_via="scraper", **fields, **_apify_media(payload),
    )  # fmt: skip


def _apify_media(payload: Payload) -> dict[str, Any]:
    whole = (text(payload.get("displayUrl")), text(payload.get("videoUrl")))
    children = [
        (text(first(child, "displayUrl")), text(first(child, "videoUrl")))
        for child in a_list(payload.get("childPosts"))
    ]
    parts = children or [(image, None) for image in named(payload.get("images"))] or [whole]
    found = media(parts)
    return found | {
        "thumbnail_url": whole[0] or found["thumbnail_url"],
        "video_url": whole[1] or found["video_url"],
    }


def _is_apify(payload: Payload) -> bool:
    return "shortCode" in payload and (
        "likesCount" in payload or "displayUrl" in payload or "caption" in payload
    )


def _is_apify_comment(payload: Payload) -> bool:
    return has(payload, "id", "text", "ownerUsername") and "shortCode" not in payload


def _is_apify_profile(payload: Payload) -> bool:
    return "username" in payload and ("followersCount" in payload or "latestPosts" in payload)


def cell(value: Any) -> Any:
    """What stands in a cell of Bright Data's CSV: JSON read, `null` and blank None, a plain text as it is.

    >>> cell('"2024-06-17T18:32:51.000Z"'), cell("null"), cell("#soup")
    ('2024-06-17T18:32:51.000Z', None, '#soup')
    """
    if not isinstance(value, str):
        return value
    if value.startswith(('"', "[", "{")):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return text(value)


def texts_in(*cells: Any) -> list[str]:
    """The texts in the first cell that holds any: a list, or one text."""
    for found in map(cell, cells):
        if listed := named([found] if isinstance(found, str) else found, "url", "username", "tag", "name"):
            return listed
    return []


def _bright_data(row: Payload) -> ScrapedPost:
    code = code_of(cell(row.get("shortcode")) or _code_in(row.get("url")), cell(first(row, "pk", "post_id")))
    kind = _KINDS.get(str(cell(row.get("content_type"))).lower())
    fields = said(cell(row.get("description")), texts_in(row.get("tagged_users")))
    fields["hashtags"] = texts_in(row.get("hashtags")) or fields["hashtags"]
    photos, videos = texts_in(row.get("photos"), row.get("images")), texts_in(row.get("videos"))
    found = media(_paired(photos, videos))
    found["thumbnail_url"] = cell(row.get("thumbnail")) or found["thumbnail_url"]
    return ScrapedPost(
        platform="instagram", external_id=code, url=cell(row.get("url")) or address(code, kind),
        content_type=kind, author=cell(row.get("user_posted")), author_id=cell(row.get("user_posted_id")),
        published_at=cell(row.get("date_posted")), observed_at=cell(row.get("timestamp")),
        likes=known(cell(row.get("likes"))), comments=known(cell(row.get("num_comments"))),
        views=most(*(cell(row.get(name)) for name in ("video_play_count", "views", "video_view_count"))),
        duration_seconds=known(cell(row.get("length"))),
        raw_json=row, fetched_via="scraper", **fields, **found,
    )  # fmt: skip


def _paired(photos: list[str], videos: list[str]) -> Iterable[tuple[str | None, str | None]]:
    return [(photo, None) for photo in photos] + [(None, video) for video in videos]


def _code_in(url: Any) -> str | None:
    parts = url.split("/") if isinstance(url, str) else []
    return next((parts[at + 1] for at, part in enumerate(parts[:-1]) if part in ("p", "reel", "tv")), None)


def _is_bright_data(row: Payload) -> bool:
    return has(row, "user_posted", "date_posted") and ("shortcode" in row or "content_id" in row)


def _is_comment_row(row: Payload) -> bool:
    return has(row, "comment_id", "comment_user", "post_id")


SHAPES = (
    Shape("instagram.apify", "shortCode", _is_apify, _apify),
    Shape("instagram.apify_comment", "ownerUsername", _is_apify_comment, None),
    Shape("instagram.apify_profile", "followersCount latestPosts", _is_apify_profile, None),
    Shape("instagram.bright_data", "date_posted", _is_bright_data, _bright_data),
    Shape("instagram.bright_data_comment", "comment_user", _is_comment_row, None),
)

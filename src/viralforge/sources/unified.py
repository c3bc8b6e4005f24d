"""The app's own shapes: its unified post, the wrapper of its answers, and ScrapedPost's own mapping."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import Any

import orjson

from viralforge.model import values
from viralforge.model.ids import platform_name
from viralforge.model.post import ScrapedPost, field_named, field_nearly_named
from viralforge.sources.pick import a_dict, a_list, distinct, first, headline, known, text
from viralforge.sources.shape import Envelope, Payload, Shape
from viralforge.sources.twitter import language, status_id
from viralforge.sources.youtube import video_id

_RECORDS = ("tweets", "videos", "posts", "items", "results", "reels", "media", "data")
_LISTS = ("media_urls", "hashtags", "mentions", "keywords", "detected_topics")
_BETWEEN = re.compile(r"[,;|]")
_STRICT = {"youtube": video_id, "twitter": status_id}
"""Platforms whose ids have a form to check; those of the others the post itself checks."""


def _unified(payload: Payload) -> ScrapedPost:
    platform = platform_name(payload.get("source"))
    found = payload.get("id")
    author = payload.get("author")
    title, description = text(payload.get("title")), text(payload.get("text"))
    counts = a_dict(payload.get("metrics"))
    retweets = values.count(known(counts.get("retweets")), "retweets")
    shares = values.count(known(counts.get("shares")), "shares")
    if platform == "twitter" and retweets is not None and (shares is None or shares < retweets):
        shares = retweets  # on X a retweet is a share, so what was retweeted has been shared
    given = {name: payload.get(name) for name in ("hashtags", "mentions")}
    return ScrapedPost(
        platform=platform, external_id=_STRICT[platform](found) if platform in _STRICT else found,  # type: ignore[arg-type]
        url=text(payload.get("url")), title=title or headline(description), description=description,
        author=text(author) or first(author, "username", "name", "handle"),
        author_id=first(author, "id") or payload.get("author_id"),
        published_at=first(payload, "published_at", "publishedAt"), language=language(payload.get("lang")),
        hashtags=_tags(given["hashtags"], values.hashtags_in, title, description),
        mentions=_tags(given["mentions"], values.mentions_in, title, description),
        views=first({"a": known(counts.get("views")), "b": known(counts.get("playCount"))}, "a", "b"),
        likes=known(counts.get("likes")), comments=known(counts.get("comments")),
        shares=shares,
        retweets=retweets, saves=known(counts.get("saves")),
        raw_json=payload, **_media(payload.get("media")),
    )  # fmt: skip


def _tags(given: Any, find: Any, *texts: str | None) -> list[str]:
    return a_list(given) or [tag for part in texts for tag in find(part)]


def _media(given: Any) -> dict[str, Any]:
    """Addresses from whatever `media` is: one address, an object, or a list of either."""
    urls: list[str | None] = []
    found: dict[str, Any] = {}
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, str):
            urls.append(text(item))
            continue
        address = text(first(item, "url", "src", "media_url"))
        image = text(first(item, "thumbnail", "thumbnail_url", "thumbnailUrl", "preview"))
        video = text(first(item, "video", "video_url", "videoUrl"))
        kind = first(item, "type")
        if kind in ("video", "reel", "gif") and video is None:
            video = address
        if kind in ("image", "photo") and image is None:
            image = address
        for name, value in (("thumbnail_url", image), ("video_url", video),
                            ("duration_seconds", first(item, "duration"))):  # fmt: skip
            if value is not None:
                found.setdefault(name, value)
        urls.append(address or video or image)
    return found | {"media_urls": distinct(urls) or None}


def _is_unified(payload: Payload) -> bool:
    return "source" in payload and "id" in payload and isinstance(payload.get("metrics"), dict)


def _is_answer(payload: Payload) -> bool:
    return isinstance(payload.get("success"), bool) and _listed(payload) is not None


def _listed(answer: Payload) -> list[Any] | None:
    return next((answer[name] for name in _RECORDS if isinstance(answer.get(name), list)), None)


def _records(answer: Payload) -> Iterable[Any]:
    return _listed(answer) or ()


def _post(payload: Payload) -> ScrapedPost:
    """A post's own fields, as text too where a table holds them; what is no field stays in the payload.

    A key that is nearly a field's name is a mistake, which the post itself tells.
    """
    given: dict[str, Any] = {}
    for key, value in payload.items():
        name = field_named(key) or field_nearly_named(key)
        if name is None or (isinstance(value, str) and not value.strip()):
            continue
        if name != field_named(key):
            name = key
        if name == "raw_json" and isinstance(value, str):
            value = _json(value)
        given[name] = _listed_text(value) if name in _LISTS and isinstance(value, str) else value
    return ScrapedPost.from_mapping({"raw_json": payload} | given)


def _listed_text(cell: str) -> list[Any]:
    """A list in one cell: JSON, PostgreSQL's way, or parts between commas, semicolons or bars.

    >>> _listed_text('["a b","c"]'), _listed_text('{ai,"a b"}'), _listed_text("#ai, #soup|#x")
    (['a b', 'c'], ['ai', 'a b'], ['#ai', '#soup', '#x'])
    """
    cell = cell.strip()
    if isinstance(found := _json(cell), list):
        return found
    if cell.startswith("{") and cell.endswith("}"):
        return next(csv.reader([cell[1:-1]], escapechar="\\"), [])
    return [part.strip() for part in _BETWEEN.split(cell)]


def _json(cell: str) -> Any:
    try:
        return orjson.loads(cell)
    except orjson.JSONDecodeError:
        return cell


def _is_post(payload: Payload) -> bool:
    return "platform" in payload and ("externalId" in payload or "external_id" in payload)


SHAPES = (
    Shape("viralforge.unified", "metrics", _is_unified, _unified),
    Shape("viralforge.post", "platform", _is_post, _post),
)
ENVELOPES = (Envelope("viralforge.answer", "success", _is_answer, _records),)

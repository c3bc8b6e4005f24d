"""Instagram's official Graph API, and all shapes of Instagram together.

A Graph API id names a post to the API only; the post's own id is its shortcode. So an answer must have
`shortcode` or `permalink` among its fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from viralforge.errors import InvalidPost
from viralforge.model.ids import shortcode
from viralforge.model.post import ScrapedPost
from viralforge.sources import instagram_exports, instagram_web
from viralforge.sources.instagram_web import address, code_of, media, most, said
from viralforge.sources.pick import a_dict, a_list, dig, first, has, known, text
from viralforge.sources.shape import Envelope, Payload, Shape

_PERMALINK = re.compile(r"instagram\.com/(?:[\w.]+/)?(?:p|reel|reels|tv)/([A-Za-z0-9_-]+)")
_STORY = re.compile(r"instagram\.com/stories/[\w.]+/([0-9]+)")
_GRAPH_ID = re.compile(r"1[78][0-9]{15}")
_KINDS = {"IMAGE": "image", "VIDEO": "video", "CAROUSEL_ALBUM": "carousel"}
_PRODUCTS = {"REELS": "reel", "STORY": "story"}
_VIEWS = ("views", "plays", "video_views", "impressions")
"""Insights that count how often a post was seen, the newest name first."""


def _graph(payload: Payload) -> ScrapedPost:
    permalink = text(payload.get("permalink"))
    code = _code_of(payload, permalink)
    kind = _kind_of(payload, permalink)
    insights = _insights(payload)
    return ScrapedPost(
        platform="instagram", external_id=code, url=permalink or address(code, kind), content_type=kind,
        author=text(payload.get("username")), author_id=dig(payload, "owner", "id"),
        published_at=payload.get("timestamp"),
        likes=most(payload.get("like_count"), insights.get("likes")),
        comments=most(payload.get("comments_count"), insights.get("comments")),
        views=most(payload.get("view_count"), *(insights.get(name) for name in _VIEWS)),
        shares=known(insights.get("shares")), saves=known(insights.get("saved")),
        raw_json=payload, fetched_via="official_api",
        **said(payload.get("caption")), **_media(payload),
    )  # fmt: skip


def _code_of(payload: Payload, permalink: str | None) -> str:
    if code := payload.get("shortcode"):
        return code_of(code, None)
    if permalink and (found := _PERMALINK.search(permalink)):
        return found[1]
    if permalink and (found := _STORY.search(permalink)):
        return shortcode(int(found[1]))
    if pk := payload.get("ig_id"):
        return code_of(None, pk)
    raise InvalidPost(
        "missing_id",
        f"a Graph API id ({payload.get('id')!r:.40}) does not say which post it is:"
        " add shortcode or permalink to the fields that are asked for",
        "external_id",
    )


def _kind_of(payload: Payload, permalink: str | None) -> str | None:
    kind = _PRODUCTS.get(str(payload.get("media_product_type"))) or _KINDS.get(str(payload.get("media_type")))
    if permalink and "/stories/" in permalink:
        return "story"
    return "reel" if kind == "video" and permalink and "/reel/" in permalink else kind


def _insights(payload: Payload) -> dict[str, Any]:
    """The lifetime values of the insights asked for with the post, by name."""
    found = {}
    for insight in a_list(dig(payload, "insights", "data")):
        value = dig(insight, "values", 0, "value")
        found[str(dig(insight, "name"))] = dig(insight, "total_value", "value") if value is None else value
    return found


def _media(payload: Payload) -> dict[str, Any]:
    children = a_list(dig(payload, "children", "data"))
    found = media(_part(a_dict(child)) for child in children or [payload])
    if children:
        found["thumbnail_url"] = found["thumbnail_url"] or text(payload.get("media_url"))
    return found


def _part(payload: Payload) -> tuple[str | None, str | None]:
    url, thumbnail = text(payload.get("media_url")), text(payload.get("thumbnail_url"))
    return (thumbnail, url) if payload.get("media_type") == "VIDEO" else (url or thumbnail, None)


def _is_graph(payload: Payload) -> bool:
    if "id" not in payload or "pk" in payload or payload.get("media_product_type") == "THREADS":
        return False
    kind = payload.get("media_type")
    return (
        (isinstance(kind, str) and kind.isupper())
        or ("comments_count" in payload and ("like_count" in payload or "caption" in payload))
        or ("permalink" in payload and "instagram.com/" in str(payload["permalink"]))
        or (payload.keys() == {"id"} and _is_graph_id(payload["id"]))
    )


def _is_graph_id(value: Any) -> bool:
    return isinstance(value, str) and _GRAPH_ID.fullmatch(value) is not None


def _is_comment(payload: Payload) -> bool:
    return has(payload, "id", "text", "timestamp") and _is_graph_id(payload["id"])


def _is_account(payload: Payload) -> bool:
    return (
        "id" in payload
        and ("followers_count" in payload or "profile_picture_url" in payload)
        and ("media_count" in payload or "biography" in payload or "username" in payload)
    )


def _is_insight(payload: Payload) -> bool:
    return has(payload, "name", "period") and ("values" in payload or "total_value" in payload)


def _is_other(payload: Payload) -> bool:
    return (
        (payload.keys() == {"id", "name"} and _is_graph_id(payload["id"]))
        or has(payload, "id", "status_code")
        or has(payload, "config", "quota_usage")
        or has(payload, "product_id", "review_status")
        or has(payload, "catalog_id", "catalog_name")
    )


_GRAPH_SHAPES = (
    Shape("instagram.graph", "id", _is_graph, _graph),
    Shape("instagram.graph_comment", "timestamp", _is_comment, None),
    Shape("instagram.graph_account", "followers_count profile_picture_url", _is_account, None),
    Shape("instagram.graph_insight", "period", _is_insight, None),
    Shape("instagram.graph_other", "name status_code config product_id catalog_id", _is_other, None),
)


def _is_page(payload: Payload) -> bool:
    sample = dig(payload, "data", 0)
    return isinstance(sample, dict) and any(shape.matches(sample) for shape in _GRAPH_SHAPES)


def _is_by_id(payload: Payload) -> bool:
    # Asked of every record, so the first key decides for nearly all.
    return _is_graph_id(next(iter(payload), None)) and all(
        _is_graph_id(key) and isinstance(payload[key], dict) for key in payload
    )


_FIELDS_OF_ACCOUNT = ("business_discovery", "mentioned_media", "mentioned_comment")


def _field(payload: Payload) -> str | None:
    """The field of an account that holds what was asked for through it."""
    return next((name for name in _FIELDS_OF_ACCOUNT if isinstance(payload.get(name), dict)), None)


def _through_account(payload: Payload) -> Iterable[Any]:
    found = payload[_field(payload) or ""]
    posts = dig(found, "media", "data")
    if not isinstance(posts, list):
        return [found]
    # Only the account knows whose posts these are.
    known_here = {"owner": {"id": first(found, "id")}, "username": first(found, "username")}
    added = {key: value for key, value in known_here.items() if value not in (None, {"id": None})}
    return [added | post if isinstance(post, dict) else post for post in posts]


SHAPES = (*instagram_exports.SHAPES, *instagram_web.SHAPES, *_GRAPH_SHAPES)
ENVELOPES = (
    *instagram_web.ENVELOPES,
    Envelope(
        "instagram.graph_account", " ".join(_FIELDS_OF_ACCOUNT), lambda p: _field(p) is not None,
        _through_account,
    ),
    Envelope("instagram.graph_page", "data", _is_page, lambda page: page["data"]),
    Envelope("instagram.graph_by_id", "", _is_by_id, lambda found: found.values()),
)  # fmt: skip

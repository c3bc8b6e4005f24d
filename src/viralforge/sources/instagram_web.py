"""Instagram as its own website and app see it: GraphQL nodes, private-API items, instaloader.

Where an author hides the counts, the app still sends a small number in their place: both likes and views
are then unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from viralforge.model import values
from viralforge.model.ids import shortcode
from viralforge.model.post import ScrapedPost
from viralforge.sources.pick import (
    a_dict,
    a_list,
    checked_id,
    dig,
    distinct,
    first,
    has,
    headline,
    known,
    largest,
    named,
    text,
)
from viralforge.sources.shape import Envelope, Payload, Shape

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PK = re.compile(r"[1-9][0-9]{0,19}(?:_[0-9]+)?")
_KINDS = {1: "image", 2: "video", 8: "carousel"}
_PRODUCTS = {"clips": "reel", "story": "story"}
_HIDDEN = "like_and_view_counts_disabled"


def code_of(code: Any, pk: Any) -> str:
    """The shortcode as given, or worked out from the numeric pk (`pk` or `pk_owner`)."""
    if code is not None and code != "":
        return checked_id(code, _CODE, "Instagram shortcode")
    return shortcode(int(checked_id(pk, _PK, "Instagram shortcode or pk").partition("_")[0]))


def address(code: str, kind: str | None = None) -> str:
    """The page of a post or reel."""
    return f"https://www.instagram.com/{'reel' if kind == 'reel' else 'p'}/{code}/"


def said(caption: Any, tagged: Iterable[str] = ()) -> dict[str, Any]:
    """What a caption says: title, description, hashtags, and mentions together with who is tagged."""
    body = text(caption)
    return {
        "title": headline(body), "description": body, "hashtags": values.hashtags_in(body),
        "mentions": distinct(values.mentions_in(body), tagged),
    }  # fmt: skip


def most(*counts: Any) -> Any:
    """The first known of several counters that name the same thing, the best first."""
    for count in counts:
        if (found := known(count)) is not None:
            return found
    return None


def media(found: Iterable[tuple[str | None, str | None]]) -> dict[str, Any]:
    """Addresses from the (image, video) of each part of a post: the thumbnail is the first image."""
    parts = list(found)
    return {
        "thumbnail_url": next((image for image, _video in parts if image), None),
        "video_url": next((video for _image, video in parts if video), None),
        "media_urls": distinct(video or image for image, video in parts) or None,
    }


def _item(payload: Payload) -> ScrapedPost:
    code = code_of(payload.get("code"), first(payload, "pk", "id"))
    user = a_dict(payload.get("user")) or a_dict(payload.get("owner"))
    hidden = payload.get(_HIDDEN) is True
    kind = _PRODUCTS.get(str(payload.get("product_type"))) or _KINDS.get(payload.get("media_type") or 0)
    caption = payload.get("caption")
    return ScrapedPost(
        platform="instagram", external_id=code, url=address(code, kind), content_type=kind,
        author=text(user.get("username")), author_id=first(user, "pk", "id"),
        published_at=payload.get("taken_at"), duration_seconds=known(payload.get("video_duration")),
        likes=None if hidden else known(payload.get("like_count")),
        comments=known(payload.get("comment_count")),
        views=None if hidden else most(
            payload.get("play_count"), payload.get("ig_play_count"), payload.get("view_count"),
        ),
        shares=known(payload.get("reshare_count")), retweets=known(payload.get("media_repost_count")),
        saves=known(payload.get("save_count")),
        raw_json=payload, fetched_via="scraper",
        **said(caption.get("text") if isinstance(caption, dict) else caption, _tagged(payload)),
        **media(_frames(payload)),
    )  # fmt: skip


def _tagged(payload: Payload) -> Iterable[str]:
    tags = (*a_list(dig(payload, "usertags", "in")), *a_list(payload.get("coauthor_producers")))
    return named([dig(tag, "user") or tag for tag in tags], "username")


def _frames(payload: Payload) -> Iterable[tuple[str | None, str | None]]:
    for part in a_list(payload.get("carousel_media")) or [payload]:
        image = largest(dig(part, "image_versions2", "candidates")) or text(dig(part, "display_uri"))
        yield image, largest(dig(part, "video_versions"))


def _is_item(payload: Payload) -> bool:
    return ("pk" in payload or "code" in payload) and "media_type" in payload and "taken_at" in payload


def _node(payload: Payload) -> ScrapedPost:
    code = code_of(payload.get("shortcode"), payload.get("id"))
    owner, app = a_dict(payload.get("owner")), a_dict(payload.get("iphone_struct"))
    hidden = payload.get(_HIDDEN) is True
    kind = _kind_of_node(payload)
    caption = dig(payload, "edge_media_to_caption", "edges", 0, "node", "text") or payload.get("caption")
    tagged = named(
        [dig(edge, "node", "user") for edge in _edges(payload, "edge_media_to_tagged_user")], "username"
    )
    return ScrapedPost(
        platform="instagram", external_id=code, url=address(code, kind), content_type=kind,
        author=text(owner.get("username")), author_id=first(owner, "id"),
        published_at=first(payload, "taken_at_timestamp", "date"),
        duration_seconds=known(first(payload, "video_duration")),
        likes=None if hidden else _count(payload, "edge_media_preview_like", "edge_liked_by"),
        comments=_count(
            payload, "edge_media_to_parent_comment", "edge_media_to_comment", "edge_media_preview_comment"
        ),
        views=None if hidden else most(
            payload.get("video_play_count"), app.get("play_count"), payload.get("video_view_count"),
        ),
        raw_json=payload, fetched_via="scraper", **said(caption, tagged), **media(_pictures(payload)),
    )  # fmt: skip


def _kind_of_node(payload: Payload) -> str:
    if _edges(payload, "edge_sidecar_to_children") or "Sidecar" in str(payload.get("__typename")):
        return "carousel"
    if product := _PRODUCTS.get(str(payload.get("product_type"))):
        return product
    return "video" if payload.get("is_video") is True else "image"


def _edges(payload: Any, name: str) -> list[Any]:
    return a_list(dig(payload, name, "edges"))


def _count(payload: Payload, *names: str) -> Any:
    return most(*(dig(payload, name, "count") for name in names))


def _pictures(payload: Payload) -> Iterable[tuple[str | None, str | None]]:
    children = _edges(payload, "edge_sidecar_to_children")
    for part in [dig(edge, "node") for edge in children] or [payload]:
        yield text(first(part, "display_url", "thumbnail_src")), text(dig(part, "video_url"))


def _is_node(payload: Payload) -> bool:
    return "shortcode" in payload and ("__typename" in payload or "edge_media_to_caption" in payload)


def _holds_media(payload: Any) -> bool:
    return isinstance(payload, dict) and (_is_item(payload) or _is_node(payload))


def _wrapped(payload: Payload) -> Any:
    """The media that a GraphQL edge, a feed item or instaloader wraps once."""
    return next((payload[key] for key in ("node", "media") if _holds_media(payload.get(key))), None)


def _instaloader(payload: Payload) -> ScrapedPost:
    node = a_dict(payload.get("node"))
    post = _item(node) if _is_item(node) and not _is_node(node) else _node(node)
    if dig(payload, "instaloader", "node_type") == "StoryItem":
        post.content_type = "story"
    post.raw_json = payload
    return post


def _is_instaloader(payload: Payload) -> bool:
    return dig(payload, "instaloader", "node_type") in ("Post", "StoryItem") and "node" in payload


def _is_instaloader_other(payload: Payload) -> bool:
    return dig(payload, "instaloader", "node_type") is not None


def _is_user(payload: Payload) -> bool:
    return "username" in payload and (
        "edge_followed_by" in payload
        or ("profile_pic_url" in payload and ("pk" in payload or "id" in payload))
    )


def _is_comment(payload: Payload) -> bool:
    return has(payload, "pk", "text", "user") and ("comment_like_count" in payload or "media_id" in payload)


def _answer(payload: Payload) -> list[Any]:
    """The records in an answer of the web's GraphQL, none if it is something else."""
    inner = payload
    for key in ("graphql", "data"):
        inner = payload[key] if isinstance(payload.get(key), dict) else inner
    found: list[Any] = []
    for name, value in inner.items():
        if name in ("shortcode_media", "xdt_shortcode_media") and isinstance(value, dict):
            found.append(value)
        elif name in ("user", "hashtag", "location") and isinstance(value, dict):
            lists = (
                _edges(value, key)
                for key in value
                if str(key).startswith(("edge_owner_to", "edge_hashtag_to"))
            )
            found += [edge for edges in lists for edge in edges]
        elif str(name).startswith("xdt_") and isinstance(value, dict):
            found += _edges(inner, name) or a_list(value.get("items"))
    return found


def _is_feed(payload: Payload) -> bool:
    sample = dig(payload, "items", 0) or dig(payload, "posts", 0)
    return _holds_media(sample) or (isinstance(sample, dict) and _wrapped(sample) is not None)


def _feed(payload: Payload) -> Iterable[Any]:
    return a_list(payload.get("items")) or a_list(payload.get("posts"))


SHAPES = (
    Shape("instagram.instaloader", "instaloader", _is_instaloader, _instaloader),
    Shape("instagram.instaloader_other", "instaloader", _is_instaloader_other, None),
    Shape("instagram.node", "shortcode", _is_node, _node),
    Shape("instagram.item", "media_type", _is_item, _item),
    Shape("instagram.web_comment", "comment_like_count media_id", _is_comment, None),
    Shape("instagram.web_user", "username", _is_user, None),
)
ENVELOPES = (
    Envelope(
        "instagram.edge",
        "node media",
        lambda p: "instaloader" not in p and _wrapped(p) is not None,
        lambda p: (_wrapped(p),),
    ),
    Envelope("instagram.graphql", "graphql data shortcode_media xdt_shortcode_media", _answer, _answer),
    Envelope("instagram.feed", "items posts", _is_feed, _feed),
)

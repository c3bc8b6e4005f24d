"""Reddit: listings and submissions of the API, PRAW and Pushshift dumps, and tables made of them.

Likes are the score: up-votes less down-votes. Reddit shows some posts below 0; how many people liked them
is then unknown (None), not 0. Views are nearly always withheld. Crossposts are the shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from viralforge.model import values
from viralforge.model.post import ScrapedPost
from viralforge.sources.pick import (
    a_dict,
    a_list,
    checked_id,
    dig,
    distinct,
    epoch_or_text,
    first,
    has,
    known,
    text,
    unescaped,
)
from viralforge.sources.shape import Envelope, Payload, Shape

_ID = re.compile(r"[a-z0-9]{1,13}")
_MENTION = re.compile(r"(?<![\w/])/?u/([A-Za-z0-9_-]{3,20})\b")
_SUBREDDIT = re.compile(r"/r/([A-Za-z0-9_]+)/comments/")
_NO_PROSE = re.compile(r"```.*?```|`[^`\n]*`|^(?: {4}|\t)[^\n]*|\]\([^)\s]*\)", re.DOTALL | re.MULTILINE)
"""Code and the targets of links in Reddit's markup: a # in them makes no hashtag."""
_EMOJI = re.compile(r":[A-Za-z0-9_+-]+:")
_IMAGE = re.compile(r"https?://(?:i\.redd\.it/|[^?#]+\.(?:jpe?g|png|gif|webp)(?:[?#]|$))", re.IGNORECASE)
_VIDEO = re.compile(r"https?://(?:v\.redd\.it/|[^?#]+\.(?:gifv|mp4|webm)(?:[?#]|$))", re.IGNORECASE)
_GONE = ("[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]")
"""What stands where an author, a title or a text has been taken away."""
_THINGS = frozenset((
    "t2", "t4", "t5", "t6", "more", "LabeledMulti", "UserList", "KarmaList", "TrophyList", "wikipage",
))  # fmt: skip


def _there(value: Any) -> str | None:
    """Text without HTML entities; None where it has been taken away."""
    found = unescaped(text(value))
    return None if found is None or found.strip().lower() in _GONE else found


def _score(value: Any) -> Any:
    """A score as likes: one below 0 tells of down-votes, so the likes are unknown."""
    if isinstance(value, str):
        return None if value.strip().startswith("-") else known(value)
    return None if isinstance(value, int | float) and value < 0 else known(value)


def _post(payload: Payload, **more: Any) -> ScrapedPost:
    name = first(payload, "id", "name")
    found = checked_id(
        name.strip().removeprefix("t3_") if isinstance(name, str) else name, _ID, "Reddit id (base 36)"
    )
    title, body = _there(payload.get("title")), _there(payload.get("selftext"))
    subreddit = _subreddit(payload)
    kind = _kind(payload)
    given: dict[str, Any] = {
        "author": _there(first(payload.get("author"), "name") or payload.get("author")),
        "published_at": epoch_or_text(payload.get("created_utc")),
        "fetched_via": _fetched_via(payload),
        "observed_at": epoch_or_text(first(payload, "retrieved_utc", "retrieved_on")),
    }
    return ScrapedPost(
        platform="reddit", external_id=found, url=_address(payload, found, subreddit), title=title,
        description=body, author_id=_bare(payload.get("author_fullname")), content_type=kind,
        views=known(payload.get("view_count")), likes=_score(payload.get("score")),
        comments=known(payload.get("num_comments")), shares=known(payload.get("num_crossposts")),
        hashtags=[*values.hashtags_in(title), *values.hashtags_in(_prose(body))],
        mentions=[name for part in (title, body) if part and "u/" in part for name in _MENTION.findall(part)],
        category=subreddit, keywords=_flair(payload), raw_json=payload,
        **_media(payload, kind), **(given | more),
    )  # fmt: skip


def _prose(body: str | None) -> str | None:
    return _NO_PROSE.sub(" ", body) if body and "#" in body else None


def _bare(fullname: Any) -> str | None:
    """`t2_abc` as `abc`."""
    return fullname.rpartition("_")[2] if isinstance(fullname, str) else None


def _fetched_via(payload: Payload) -> str:
    # A cell of a table is text; archives say when they fetched, Reddit itself does not.
    archived = "retrieved_on" in payload or "retrieved_utc" in payload
    return "export" if archived or isinstance(payload.get("score"), str) else "official_api"


def _subreddit(payload: Payload) -> str | None:
    found = payload.get("subreddit")
    name = text(first(found, "display_name") or found) or text(payload.get("subreddit_display_name"))
    if name is None and (linked := _SUBREDDIT.search(str(payload.get("permalink")))):
        return linked[1]
    return name and name.removeprefix("r/")


def _address(payload: Payload, found: str, subreddit: str | None) -> str:
    link = text(payload.get("permalink"))
    if link and (at := link.find("/r/")) >= 0:
        return f"https://www.reddit.com{unescaped(link[at:])}"
    return f"https://www.reddit.com/{f'r/{subreddit}/' if subreddit else ''}comments/{found}/"


def _flair(payload: Payload) -> list[str] | None:
    """The label a community gave the post, without the emoji it is decorated with."""
    label = unescaped(text(payload.get("link_flair_text")))
    label = _EMOJI.sub("", label).strip() if label else None
    return [label] if label else None


def _is_true(value: Any) -> bool:
    return value is True or value == 1 or (isinstance(value, str) and value.strip().lower() in ("true", "1"))


def _target(payload: Payload) -> str:
    """The address a link post links to."""
    return unescaped(text(first(payload, "url_overridden_by_dest", "url"))) or ""


def _kind(payload: Payload) -> str:
    """What the post itself holds: a film hosted elsewhere is a link."""
    if _is_true(payload.get("is_gallery")) or payload.get("gallery_data"):
        return "gallery"
    target = _target(payload)
    if _is_true(payload.get("is_video")) or _VIDEO.match(target):
        return "video"
    if _is_true(payload.get("is_self")):
        return "text"
    return "image" if _IMAGE.match(target) or payload.get("post_hint") == "image" else "link"


def _media(payload: Payload, kind: str) -> dict[str, Any]:
    # A crosspost shows what the post it repeats holds.
    source = a_dict(dig(payload, "crosspost_parent_list", 0)) or payload
    film = a_dict(
        dig(payload, "secure_media", "reddit_video") or dig(payload, "media", "reddit_video")
        or dig(source, "media", "reddit_video")
    )  # fmt: skip
    image = text(dig(payload, "preview", "images", 0, "source", "url")) or text(payload.get("thumbnail"))
    address = None
    urls: list[str | None] = []
    if kind == "video":
        address = unescaped(text(film.get("fallback_url"))) or _target(payload) or None
        urls = [address]
    elif kind == "image":
        urls = [_target(payload)]
    elif kind == "gallery":
        urls = _pictures(payload) or _pictures(source)
    thumbnail = unescaped(image) if image and image.startswith("http") else None
    return {
        "thumbnail_url": thumbnail or (urls[0] if urls and kind in ("image", "gallery") else None),
        "video_url": address, "media_urls": distinct(urls) or None,
        "duration_seconds": known(film.get("duration")) if kind == "video" else None,
    }  # fmt: skip


def _pictures(payload: Payload) -> list[str | None]:
    """The pictures of a gallery in its own order."""
    files = a_dict(payload.get("media_metadata"))
    order = [dig(item, "media_id") for item in a_list(dig(payload, "gallery_data", "items"))] or list(files)
    sources = (a_dict(dig(files, name, "s")) for name in order if isinstance(name, str))
    return [unescaped(text(first(source, "u", "gif", "mp4"))) for source in sources]


def _thing(payload: Payload) -> ScrapedPost:
    return _post(a_dict(payload.get("data")))


def _reading(row: Payload) -> ScrapedPost:
    # Of its two times `created` is whole; `created_date` was written with a 12-hour clock.
    return _post(
        row, published_at=epoch_or_text(row.get("created")), observed_at=text(row.get("date")),
        fetched_via="export",
    )  # fmt: skip


def _is_thing(payload: Payload) -> bool:
    return payload.get("kind") == "t3" and isinstance(payload.get("data"), dict)


def _is_other_thing(payload: Payload) -> bool:
    kind = payload.get("kind")
    return "data" in payload and isinstance(kind, str) and kind in _THINGS


def _is_reading(row: Payload) -> bool:
    return has(row, "date", "position", "created", "score", "title")


def _is_submission(payload: Payload) -> bool:
    return has(payload, "title", "num_comments", "score") and ("id" in payload or "name" in payload)


def _is_comment(payload: Payload) -> bool:
    return payload.get("kind") == "t1" or (
        "body" in payload and ("link_id" in payload or "parent_id" in payload)
    )


def _is_listing(payload: Payload) -> bool:
    return payload.get("kind") == "Listing" and isinstance(dig(payload, "data", "children"), list)


def _is_answer(payload: Payload) -> bool:
    return payload.keys() == {"json"} and isinstance(payload["json"], dict)


def _is_things(payload: Payload) -> bool:
    return _is_answer(payload) and isinstance(dig(payload, "json", "data", "things"), list)


def _children(listing: Payload) -> Iterable[Any]:
    return listing["data"]["children"]  # type: ignore[no-any-return]


SHAPES = (
    Shape("reddit.thing", "kind", _is_thing, _thing),
    Shape("reddit.other_thing", "kind", _is_other_thing, None),
    Shape("reddit.hourly", "position", _is_reading, _reading),
    Shape("reddit.submission", "num_comments", _is_submission, _post),
    Shape("reddit.comment", "body kind", _is_comment, None),
    Shape("reddit.answer", "json", _is_answer, None),
)
ENVELOPES = (
    Envelope("reddit.listing", "kind", _is_listing, _children),
    Envelope("reddit.things", "json", _is_things, lambda answer: answer["json"]["data"]["things"]),
)

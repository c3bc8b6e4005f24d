"""X (Twitter): statuses of the API v1.1 and its activity streams, and what all shapes of a status share.

A retweet is a status of its own, with its own id, author and time, but the numbers it carries belong to
the status it repeats: a retweet therefore has none. The repeated or quoted status stays in `raw_json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from viralforge.model import values
from viralforge.model.post import ScrapedPost
from viralforge.sources.pick import a_dict, a_list, checked_id, first, headline, known, named, text, unescaped
from viralforge.sources.shape import Envelope, Payload, Shape

STATUS_ID = re.compile(r"[1-9][0-9]{0,19}")
_MONTHS = {name: number for number, name in enumerate(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
)}  # fmt: skip
_NO_LANGUAGE = frozenset(("und", "zxx", "qam", "qct", "qht", "qme", "qst", ""))
"""X's codes for texts without words: undetermined, mentions only, hashtags only, media only and so on."""


def status_id(value: Any) -> str:
    """An X status id: digits, never through a float."""
    return checked_id(value, STATUS_ID, "X status id (digits; exported as text)")


def status_url(status: str, username: str | None) -> str:
    """The page of a status; `i` stands in for an unknown author."""
    return f"https://x.com/{username or 'i'}/status/{status}"


def language(value: Any) -> str | None:
    """The language's code, None where X could not tell."""
    return value if isinstance(value, str) and value not in _NO_LANGUAGE else None


def created(value: Any) -> Any:
    """`Wed Oct 10 20:19:24 +0000 2018` as a datetime; any other form as it came.

    >>> created("Wed Oct 10 20:19:24 +0000 2018").isoformat()
    '2018-10-10T20:19:24+00:00'
    """
    if not isinstance(value, str) or len(parts := value.split()) != 6 or parts[1] not in _MONTHS:
        return value
    try:
        hour, minute, second = parts[3].split(":")
        offset = int(parts[4])
        minutes = abs(offset) // 100 * 60 + abs(offset) % 100
        zone = UTC if offset == 0 else timezone(timedelta(minutes=minutes if offset > 0 else -minutes))
        return datetime(int(parts[5]), _MONTHS[parts[1]], int(parts[2]), int(hour), int(minute), int(second),
                        tzinfo=zone)  # fmt: skip
    except ValueError:
        return value


def numbers(
    likes: Any, replies: Any, retweets: Any, quotes: Any = None, *, views: Any = None, saves: Any = None,
    retweet: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The counters of a status: shares are retweets and quotes together; a retweet has no numbers.

    X writes 0 views for statuses older than its counting of views: where others reacted, that is unknown.
    """
    if retweet:
        return {}
    retweeted, quoted = values.count(known(retweets), "retweets"), values.count(known(quotes), "quotes")
    shares = None if retweeted is None and quoted is None else (retweeted or 0) + (quoted or 0)
    seen, liked, replied = known(views), known(likes), known(replies)
    if seen in (0, "0") and (shares or liked not in (None, 0, "0") or replied not in (None, 0, "0")):
        seen = None
    return {
        "likes": liked, "comments": replied, "retweets": retweeted, "shares": shares, "views": seen,
        "saves": known(saves),
    }  # fmt: skip


def tags(entities: Any, body: str | None) -> dict[str, Any]:
    """Hashtags and mentions as X marked them; from the text where the payload carries no entities."""
    if not isinstance(entities, dict) or not entities:
        return {"hashtags": values.hashtags_in(body), "mentions": values.mentions_in(body)}
    mentions = entities.get("user_mentions") or entities.get("mentions")
    return {
        "hashtags": named(entities.get("hashtags"), "text", "tag"),
        "mentions": named(mentions, "screen_name", "username"),
    }


def best_variant(variants: Any, rate: str = "bitrate") -> str | None:
    """The address of the MP4 with the highest bit rate."""
    best, highest = None, -1
    for variant in a_list(variants):
        kind = first(variant, "content_type", "contentType", "type")
        bits = variant.get(rate) if isinstance(variant, dict) else None
        size = bits if isinstance(bits, int) else 0
        if (kind is None or kind == "video/mp4") and size > highest and text(first(variant, "url", "src")):
            best, highest = first(variant, "url", "src"), size
    return best


def media(items: Any) -> dict[str, Any]:
    """Addresses and length from the media entities of v1.1, which the web and the scrapers share."""
    urls: list[str] = []
    found: dict[str, Any] = {}
    for item in a_list(items):
        image = text(first(item, "media_url_https", "media_url"))
        info = a_dict(a_dict(item).get("video_info"))
        video = best_variant(info.get("variants"))
        if video:
            found.setdefault("video_url", video)
        if info.get("duration_millis"):
            found.setdefault("duration_seconds", info["duration_millis"] / 1000)
        if image:
            found.setdefault("thumbnail_url", image)
        if video or image:
            urls.append(video or image or "")
    return found | {"media_urls": urls or None}


def kind_of(*, retweet: bool, reply: bool, quote: bool) -> str:
    """What sort of status it is; a quoting reply is a reply."""
    return "retweet" if retweet else "reply" if reply else "quote" if quote else "tweet"


def _status(payload: Payload) -> ScrapedPost:
    status = status_id(first(payload, "id_str", "id"))
    # Compatibility mode and streams cut the text and put the whole of it beside.
    whole = a_dict(payload.get("extended_tweet"))
    body = unescaped(first(whole, "full_text") or first(payload, "full_text", "text"))
    entities = whole.get("entities") or payload.get("entities")
    extended = whole.get("extended_entities") or payload.get("extended_entities")
    user = a_dict(payload.get("user"))
    username = text(user.get("screen_name"))
    retweet = bool(payload.get("retweeted_status")) or payload.get("is_retweet") in (True, 1, "1", "true")
    reply = first(payload, "in_reply_to_status_id_str", "in_reply_to_status_id") is not None
    return ScrapedPost(
        platform="twitter", external_id=status, url=status_url(status, username),
        title=headline(body), description=body, author=username,
        author_id=first(user, "id_str", "id"), published_at=created(payload.get("created_at")),
        content_type=kind_of(retweet=retweet, reply=reply, quote=bool(payload.get("is_quote_status"))),
        language=language(payload.get("lang")), keywords=_cashtags(entities),
        # The API never leaves the author out; archives of one account do.
        raw_json=payload, fetched_via="official_api" if user else "export",
        **tags(entities, body), **media(first(a_dict(extended or entities), "media")),
        **numbers(
            payload.get("favorite_count"), payload.get("reply_count"), payload.get("retweet_count"),
            payload.get("quote_count"), retweet=retweet,
        ),
    )  # fmt: skip


def _cashtags(entities: Any) -> list[str] | None:
    return ["$" + symbol for symbol in named(a_dict(entities).get("symbols"), "text")] or None


def _activity(payload: Payload) -> ScrapedPost:
    address = payload.get("id")
    status = status_id(address.rpartition(":")[2] if isinstance(address, str) else address)
    whole, actor = a_dict(payload.get("long_object")), a_dict(payload.get("actor"))
    body = unescaped(first(whole, "body") or payload.get("body"))
    entities = whole.get("twitter_entities") or payload.get("twitter_entities")
    extended = first(whole, "twitter_extended_entities") or payload.get("twitter_extended_entities")
    username = text(actor.get("preferredUsername"))
    retweet = payload.get("verb") == "share"
    return ScrapedPost(
        platform="twitter", external_id=status, url=status_url(status, username),
        title=headline(body), description=body, author=username,
        author_id=str(actor.get("id") or "").rpartition(":")[2] or None,
        published_at=payload.get("postedTime"), language=language(payload.get("twitter_lang")),
        content_type=kind_of(
            retweet=retweet, reply="inReplyTo" in payload, quote="twitter_quoted_status" in payload
        ),
        keywords=_cashtags(entities), raw_json=payload, fetched_via="official_api",
        **tags(entities, body), **media(first(a_dict(extended or entities), "media")),
        **numbers(payload.get("favoritesCount"), None, payload.get("retweetCount"), retweet=retweet),
    )  # fmt: skip


def _is_status(payload: Payload) -> bool:
    if not ("id_str" in payload or "id" in payload) or "created_at" not in payload or "sender" in payload:
        return False
    if "text" not in payload and "full_text" not in payload:
        return False
    user = payload.get("user")
    if isinstance(user, dict):
        return "screen_name" in user or user.keys() <= {"id", "id_str"}
    return "retweet_count" in payload and "favorite_count" in payload


def _is_activity(payload: Payload) -> bool:
    return payload.get("objectType") == "activity" and "actor" in payload


def _is_search(payload: Payload) -> bool:
    return isinstance(payload.get("statuses"), list)


def _is_lookup(payload: Payload) -> bool:
    return payload.keys() == {"id"} and isinstance(payload["id"], dict)


def _found(payload: Payload) -> Iterable[Any]:
    # statuses/lookup?map=true answers null for a status that is gone.
    return (status for status in payload["id"].values() if status is not None)


def _is_user(payload: Payload) -> bool:
    return "screen_name" in payload and ("id" in payload or "id_str" in payload)


def _is_message(payload: Payload) -> bool:
    return "text" in payload and ("recipient_id" in payload or "recipient" in payload)


def _is_users(payload: Payload) -> bool:
    users = payload.get("users")
    if not isinstance(users, list):
        return False
    return "next_cursor" in payload or (users != [] and all(_is_user(a_dict(user)) for user in users))


def _is_lists(payload: Payload) -> bool:
    return isinstance(payload.get("lists"), list) and "next_cursor" in payload


def _is_list(payload: Payload) -> bool:
    return "subscriber_count" in payload and "member_count" in payload


SHAPES = (
    Shape("twitter.v1_status", "created_at", _is_status, _status),
    Shape("twitter.activity", "objectType", _is_activity, _activity),
    Shape("twitter.v1_user", "screen_name", _is_user, None),
    Shape("twitter.v1_message", "recipient_id recipient", _is_message, None),
    Shape("twitter.v1_list", "subscriber_count", _is_list, None),
    Shape("twitter.v1_ids", "ids", lambda p: "ids" in p and "next_cursor" in p, None),
)
ENVELOPES = (
    Envelope("twitter.v1_search", "statuses", _is_search, lambda page: page["statuses"]),
    Envelope("twitter.v1_lookup", "id", _is_lookup, _found),
    Envelope("twitter.v1_users", "users", _is_users, lambda page: page["users"]),
    Envelope("twitter.v1_lists", "lists", _is_lists, lambda page: page["lists"]),
)

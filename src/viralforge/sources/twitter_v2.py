"""X (Twitter) API v2: pages with `includes`, streams of single answers, and twarc's flattened lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from viralforge.model.post import ScrapedPost
from viralforge.sources.pick import (
    a_dict,
    a_list,
    dig,
    distinct,
    first,
    has,
    headline,
    named,
    text,
    unescaped,
)
from viralforge.sources.shape import Envelope, Payload, Shape
from viralforge.sources.twitter import (
    best_variant,
    kind_of,
    language,
    numbers,
    status_id,
    status_url,
    tags,
)

_OF_A_TWEET = frozenset((
    "author_id", "public_metrics", "edit_history_tweet_ids", "conversation_id", "referenced_tweets",
    "reply_settings", "possibly_sensitive", "context_annotations",
))  # fmt: skip
"""Fields that, beside `id` and `text`, only a tweet has."""
_FIELDS = frozenset((
    "id", "text", "created_at", "source", "lang", "entities", "attachments", "geo", "withheld", "note_tweet",
    "author", "__twarc",
))  # fmt: skip
"""With some of these and no others it is a tweet of which little was asked for."""


def _tweet(payload: Payload) -> ScrapedPost:
    status = status_id(payload.get("id"))
    body = unescaped(dig(payload, "note_tweet", "text") or payload.get("text"))
    entities = dig(payload, "note_tweet", "entities") or payload.get("entities")
    username = text(dig(payload, "author", "username"))
    counts = a_dict(payload.get("public_metrics"))
    links = {link.get("type") for link in a_list(payload.get("referenced_tweets")) if isinstance(link, dict)}
    retweet = "retweeted" in links
    topics = [dig(note, "entity", "name") for note in a_list(payload.get("context_annotations"))]
    return ScrapedPost(
        platform="twitter", external_id=status, url=status_url(status, username),
        title=headline(body), description=body, author=username, author_id=payload.get("author_id"),
        published_at=payload.get("created_at"), language=language(payload.get("lang")),
        content_type=kind_of(retweet=retweet, reply="replied_to" in links, quote="quoted" in links),
        keywords=_keywords(entities), detected_topics=distinct(topics) or None,
        raw_json=payload, fetched_via="official_api",
        observed_at=dig(payload, "__twarc", "retrieved_at"),
        **tags(entities, body), **_media(dig(payload, "attachments", "media")),
        **numbers(
            counts.get("like_count"), counts.get("reply_count"), counts.get("retweet_count"),
            counts.get("quote_count"), views=counts.get("impression_count"),
            saves=counts.get("bookmark_count"), retweet=retweet,
        ),
    )  # fmt: skip


def _keywords(entities: Any) -> list[str] | None:
    """Cashtags, and the places, people and products X found named in the text."""
    found = a_dict(entities)
    cashtags = ["$" + tag for tag in named(found.get("cashtags"), "tag")]
    return distinct(cashtags, named(found.get("annotations"), "normalized_text")) or None


def _media(items: Any) -> dict[str, Any]:
    urls: list[str] = []
    found: dict[str, Any] = {}
    for item in a_list(items):
        image = text(first(item, "preview_image_url", "url"))
        video = best_variant(a_dict(item).get("variants"), "bit_rate")
        if video:
            found.setdefault("video_url", video)
        if image:
            found.setdefault("thumbnail_url", image)
        if milliseconds := first(item, "duration_ms"):
            found.setdefault("duration_seconds", milliseconds / 1000)
        if address := video or text(first(item, "url")) or image:
            urls.append(address)
    return found | {"media_urls": urls or None}


def _is_page(payload: Payload) -> bool:
    data = payload.get("data")
    if not isinstance(data, list | dict) or "timestamp_collected" in payload:
        return False
    if isinstance(payload.get("includes"), dict) or "__twarc" in payload or "matching_rules" in payload:
        return True
    sample = data[0] if isinstance(data, list) and data else data
    return isinstance(sample, dict) and _is_tweet(sample)


def _records(page: Payload) -> Iterable[Any]:
    """The tweets of a page, each with the author, media and place that only `includes` holds."""
    includes = a_dict(page.get("includes"))
    users = _by(includes.get("users"), "id")
    files = _by(includes.get("media"), "media_key")
    places = _by(includes.get("places"), "id")
    twarc = page.get("__twarc")
    for tweet in page["data"] if isinstance(page["data"], list) else (page["data"],):
        if not isinstance(tweet, dict):
            yield tweet
            continue
        record = dict(tweet)
        if (user := users.get(tweet.get("author_id"))) is not None:
            record["author"] = user
        attachments = tweet.get("attachments")
        if files and isinstance(attachments, dict) and "media_keys" in attachments:
            found = [files[key] for key in a_list(attachments["media_keys"]) if key in files]
            record["attachments"] = attachments | {"media": found}
        if (place := places.get(dig(tweet, "geo", "place_id"))) is not None:
            record["geo"] = place | tweet["geo"]
        if twarc is not None:
            record["__twarc"] = twarc
        yield record


def _by(items: Any, name: str) -> dict[Any, dict[str, Any]]:
    return {item[name]: item for item in a_list(items) if isinstance(item, dict) and name in item}


def _is_tweet(payload: Payload) -> bool:
    return (
        "id" in payload
        and "text" in payload
        and "event_type" not in payload
        and "user" not in payload
        and (not _OF_A_TWEET.isdisjoint(payload) or (len(payload) > 2 and payload.keys() <= _FIELDS))
    )


def _is_user(payload: Payload) -> bool:
    if "text" in payload or "profile_picture_url" in payload or "ig_id" in payload:
        return False
    return has(payload, "id", "name", "username")


def _is_other(payload: Payload) -> bool:
    return (
        "tweet_count" in payload
        or ("text" in payload and "event_type" in payload)
        or ("host_ids" in payload and "state" in payload)
        or ("owner_id" in payload and "follower_count" in payload)
        or ("action" in payload and "reason" in payload and "id" in payload)
    )


SHAPES = (
    Shape("twitter.v2_tweet", "text", _is_tweet, _tweet),
    Shape("twitter.v2_user", "username", _is_user, None),
    Shape("twitter.v2_other", "tweet_count event_type host_ids owner_id action", _is_other, None),
)
ENVELOPES = (Envelope("twitter.v2_page", "data", _is_page, _records),)

"""X (Twitter) as scrapers see it: the web's GraphQL (Zeeschuimer), snscrape and Apify's tweet scrapers."""

from __future__ import annotations

from typing import Any

from viralforge.model import values
from viralforge.model.post import ScrapedPost
from viralforge.sources.pick import a_dict, a_list, dig, first, has, headline, named, text, unescaped
from viralforge.sources.shape import Payload, Shape
from viralforge.sources.twitter import (
    best_variant,
    created,
    kind_of,
    language,
    media,
    numbers,
    status_id,
    status_url,
    tags,
)


def _graphql(payload: Payload) -> ScrapedPost:
    # A status that only some may see or answer comes wrapped once more.
    found = payload["tweet"] if isinstance(payload.get("tweet"), dict) else payload
    legacy, note = a_dict(found.get("legacy")), dig(found, "note_tweet", "note_tweet_results", "result")
    user = a_dict(dig(found, "core", "user_results", "result"))
    username = text(dig(user, "legacy", "screen_name") or dig(user, "core", "screen_name"))
    body = unescaped(dig(note, "text") or legacy.get("full_text"))
    entities = dig(note, "entity_set") or legacy.get("entities")
    status = status_id(first(found, "rest_id") or first(legacy, "id_str"))
    retweet = bool(legacy.get("retweeted_status_result") or found.get("retweeted_status_result"))
    extended = a_dict(legacy.get("extended_entities") or legacy.get("entities"))
    return ScrapedPost(
        platform="twitter", external_id=status, url=status_url(status, username),
        title=headline(body), description=body, author=username,
        author_id=first(user, "rest_id") or first(legacy, "user_id_str"),
        published_at=created(legacy.get("created_at")), language=language(legacy.get("lang")),
        content_type=kind_of(
            retweet=retweet, reply=bool(legacy.get("in_reply_to_status_id_str")),
            quote=bool(legacy.get("is_quote_status")),
        ),
        raw_json=payload, fetched_via="scraper",
        **tags(entities, body), **media(extended.get("media")),
        **numbers(
            legacy.get("favorite_count"), legacy.get("reply_count"), legacy.get("retweet_count"),
            legacy.get("quote_count"), views=dig(found, "views", "count"),
            saves=legacy.get("bookmark_count"), retweet=retweet,
        ),
    )  # fmt: skip


def _is_graphql(payload: Payload) -> bool:
    return ("rest_id" in payload and "legacy" in payload and "full_text" in a_dict(payload["legacy"])) or (
        payload.get("__typename") == "TweetWithVisibilityResults" and "tweet" in payload
    )


def _snscrape(payload: Payload) -> ScrapedPost:
    status = status_id(payload.get("id"))
    body = unescaped(first(payload, "rawContent", "content", "renderedContent"))
    user = a_dict(payload.get("user"))
    username = text(user.get("username"))
    hashtags, mentioned = payload.get("hashtags"), payload.get("mentionedUsers")
    retweet = payload.get("retweetedTweet") is not None
    return ScrapedPost(
        platform="twitter", external_id=status, url=text(payload.get("url")) or status_url(status, username),
        title=headline(body), description=body, author=username, author_id=first(user, "id", "id_str"),
        published_at=payload.get("date"), language=language(payload.get("lang")),
        content_type=kind_of(
            retweet=retweet, reply=payload.get("inReplyToTweetId") is not None,
            quote=payload.get("quotedTweet") is not None,
        ),
        hashtags=values.hashtags_in(body) if hashtags is None else a_list(hashtags),
        mentions=values.mentions_in(body) if mentioned is None else named(mentioned, "username"),
        keywords=["$" + tag for tag in named(payload.get("cashtags"))] or None,
        raw_json=payload, fetched_via="scraper", **_snscrape_media(payload.get("media")),
        **numbers(
            payload.get("likeCount"), payload.get("replyCount"), payload.get("retweetCount"),
            payload.get("quoteCount"), views=payload.get("viewCount"), saves=payload.get("bookmarkCount"),
            retweet=retweet,
        ),
    )  # fmt: skip


def _snscrape_media(items: Any) -> dict[str, Any]:
    urls: list[str] = []
    found: dict[str, Any] = {}
    for item in a_list(items):
        image = text(first(item, "fullUrl", "thumbnailUrl", "previewUrl"))
        video = best_variant(dig(item, "variants"))
        if video:
            found.setdefault("video_url", video)
        if image:
            found.setdefault("thumbnail_url", image)
        if length := first(item, "duration"):
            found.setdefault("duration_seconds", length)
        if address := video or image:
            urls.append(address)
    return found | {"media_urls": urls or None}


def _is_snscrape(payload: Payload) -> bool:
    kind = payload.get("_type")
    if isinstance(kind, str) and kind.startswith("snscrape.modules.twitter"):
        return kind.endswith((".Tweet", "tweet"))
    return has(payload, "id", "date", "retweetCount") and ("rawContent" in payload or "content" in payload)


def _apify(payload: Payload) -> ScrapedPost:
    status = status_id(first(payload, "id", "id_str", "tweetId"))
    body = unescaped(first(payload, "fullText", "full_text", "text"))
    username = text(dig(payload, "author", "userName") or payload.get("author.userName"))
    entities = a_dict(payload.get("entities"))
    extended = a_dict(payload.get("extendedEntities")) or entities
    # An unasked-for flag is no answer: what is neither quote nor reply by flag may be one by its links.
    retweet = payload.get("isRetweet") is True or payload.get("retweet") is not None
    found = media(extended.get("media"))
    if not found["media_urls"]:
        found["media_urls"] = named(payload.get("media"), "media_url_https", "url") or None
    return ScrapedPost(
        platform="twitter", external_id=status,
        url=text(first(payload, "url", "twitterUrl")) or status_url(status, username),
        title=headline(body), description=body,
        author=username or _name_in(first(payload, "url", "twitterUrl")),
        author_id=dig(payload, "author", "id") or payload.get("author.id"),
        published_at=created(payload.get("createdAt")), language=language(payload.get("lang")),
        content_type=kind_of(
            retweet=retweet, reply=payload.get("isReply") is True or bool(payload.get("inReplyToId")),
            quote=payload.get("isQuote") is True,
        ),
        raw_json=payload, fetched_via="scraper", **tags(entities, body), **found,
        **numbers(
            payload.get("likeCount"), payload.get("replyCount"), payload.get("retweetCount"),
            payload.get("quoteCount"), views=payload.get("viewCount"), saves=payload.get("bookmarkCount"),
            retweet=retweet,
        ),
    )  # fmt: skip


def _name_in(address: Any) -> str | None:
    """The author's name in the address of a status."""
    parts = address.split("/") if isinstance(address, str) else []
    return parts[3] if len(parts) > 5 and parts[4] == "status" and parts[3] != "i" else None


def _is_apify(payload: Payload) -> bool:
    return has(payload, "id", "createdAt", "retweetCount") and ("text" in payload or "fullText" in payload)


SHAPES = (
    Shape("twitter.web", "legacy tweet", _is_graphql, _graphql),
    Shape("twitter.tombstone", "__typename", lambda p: p.get("__typename") == "TweetTombstone", None),
    Shape("twitter.snscrape", "_type retweetCount", _is_snscrape, _snscrape),
    Shape("twitter.apify", "retweetCount", _is_apify, _apify),
)
ENVELOPES = ()

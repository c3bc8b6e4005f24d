"""X (Twitter) in tables: Bright Data's exports, and tables of statuses people pass around.

A table has often been through a spreadsheet; an id such as `5.70306E+17` has lost its digits and is
turned away, never guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import orjson

from viralforge.errors import InvalidPost
from viralforge.model import values
from viralforge.model.post import ScrapedPost
from viralforge.sources.pick import a_list, first, has, headline, named, text, unescaped
from viralforge.sources.shape import Payload, Shape
from viralforge.sources.twitter import kind_of, numbers, status_id, status_url

_STATUS_IN_URL = re.compile(r"(?:twitter|x)\.com/([^/]+)/status(?:es)?/([0-9]+)")


def cell(value: Any) -> Any:
    """What a cell holds: JSON where it is JSON, None for `null` and blanks, else the text itself.

    >>> cell('["a", "b"]'), cell('"2024-12-15"'), cell("null"), cell("plain")
    (['a', 'b'], '2024-12-15', None, 'plain')
    """
    if not isinstance(value, str):
        return value
    if text(value) is None:
        return None
    if value[0] in '["{':
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def _bright_data(row: Payload) -> ScrapedPost:
    status = status_id(row.get("id"))
    body = unescaped(text(row.get("description")))
    photos, videos = a_list(cell(row.get("photos"))), a_list(cell(row.get("videos")))
    hashtags, tagged = cell(row.get("hashtags")), a_list(cell(row.get("tagged_users")))
    clips = [text(first(video, "video_url")) if isinstance(video, dict) else text(video) for video in videos]
    length = first(videos[0], "duration") if videos else None
    address = text(row.get("url"))
    found = _STATUS_IN_URL.search(address or "")
    quote, parent = cell(row.get("quoted_post")), cell(row.get("parent_post_details"))
    return ScrapedPost(
        platform="twitter", external_id=status, url=address or status_url(status, None),
        title=headline(body), description=body, author=found[1] if found else text(row.get("user_posted")),
        published_at=cell(row.get("date_posted")),
        content_type=kind_of(
            retweet=False, reply=first(parent, "post_id") is not None,
            quote=first(quote, "post_id") is not None,
        ),
        hashtags=values.hashtags_in(body) if hashtags is None else a_list(hashtags),
        mentions=[*values.mentions_in(body), *_names(tagged)],
        thumbnail_url=next(iter(named(photos, "url")), None), video_url=next(filter(None, clips), None),
        media_urls=[*named(photos, "url"), *filter(None, clips)] or None,
        duration_seconds=length / 1000 if isinstance(length, int | float) else None,
        raw_json=row, fetched_via="scraper",
        **numbers(row.get("likes"), row.get("replies"), row.get("reposts"), row.get("quotes"),
                  views=row.get("views"), saves=row.get("bookmarks")),
    )  # fmt: skip


def _names(users: list[Any]) -> list[str]:
    return [address.rstrip("/").rpartition("/")[2] for address in named(users, "url")]


def _plain(row: Payload) -> ScrapedPost:
    """A table with an id column of any of the usual names."""
    status = status_id(first(row, "id_str", "tweet_id", "status_id"))
    body = unescaped(text(first(row, "text", "full_text")))
    username = text(first(row, "screen_name", "user_name", "name"))
    return ScrapedPost(
        platform="twitter", external_id=status, url=status_url(status, username),
        title=headline(body), description=body, author=username,
        published_at=_table_time(first(row, "created_at", "tweet_created", "created")),
        content_type="tweet", hashtags=values.hashtags_in(body), mentions=values.mentions_in(body),
        raw_json=row, fetched_via="export",
        **numbers(first(row, "favorite_count", "like_count"), row.get("reply_count"),
                  row.get("retweet_count")),
    )  # fmt: skip


def _by_address(row: Payload) -> ScrapedPost:
    """A table whose only id is the status' address; its days are American: month/day/year."""
    found = _STATUS_IN_URL.search(str(row.get("url")))
    if found is None:
        raise InvalidPost("missing_id", f"{row.get('url')!r:.80} is no address of a status", "url")
    body = unescaped(text(row.get("text")))
    return ScrapedPost(
        platform="twitter", external_id=status_id(found[2]), url=text(row.get("url")),
        title=headline(body), description=body, author=text(row.get("user")) or found[1],
        published_at=_table_time(row.get("created_at")), content_type="tweet",
        hashtags=values.hashtags_in(body), mentions=values.mentions_in(body),
        raw_json=row, fetched_via="export",
        **numbers(row.get("favorites"), row.get("replies"), row.get("retweets")),
    )  # fmt: skip


_TABLE_TIMES = ("%m/%d/%y %H:%M", "%d-%m-%Y %H.%M", "%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M:%S %z")


def _table_time(value: Any) -> Any:
    """A table's time as a datetime where it has one of the known forms, else as it came."""
    if isinstance(value, str):
        for form in _TABLE_TIMES:
            try:
                found = datetime.strptime(value.strip(), form)  # noqa: DTZ007
            except ValueError:
                continue
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return value


def _is_bright_data(row: Payload) -> bool:
    return has(row, "id", "user_posted", "date_posted", "reposts")


def _is_plain(row: Payload) -> bool:
    has_id = "tweet_id" in row or "status_id" in row or ("id_str" in row and "is_retweet" not in row)
    return has_id and "text" in row and "user" not in row


SHAPES = (
    Shape("twitter.bright_data", "reposts", _is_bright_data, _bright_data),
    Shape("twitter.address_csv", "favorites", lambda row: has(row, "url", "text", "retweets"), _by_address),
    Shape("twitter.csv", "tweet_id status_id id_str", _is_plain, _plain),
)
ENVELOPES = ()

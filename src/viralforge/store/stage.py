"""Posts as rows of the stage: ids derived, payloads written as JSON, several sightings of one post folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

import orjson

from viralforge.model import values
from viralforge.model.ids import hex_id
from viralforge.model.post import ScrapedPost

CONTENT = (
    "platform", "external_id", "url", "title", "description", "author", "author_id", "published_at",
    "content_type", "language", "views", "likes", "comments", "shares", "retweets", "saves", "thumbnail_url",
    "video_url", "media_urls", "hashtags", "mentions", "keywords", "duration_seconds", "category", "niche",
    "detected_topics", "scrape_source", "scrape_job_id", "fetched_via",
)  # fmt: skip
COLUMNS = (
    "id", *CONTENT, "raw_json", "reach", "reach_is_views", "scraped_at", "observed_at", "whole",
    "is_sighting", "sightings", "is_new", "before_at", "before_reach", "before_is_views",
)  # fmt: skip
"""The stage's columns in order."""
Row = list[Any]
Seen = tuple[datetime, int | None, bool | None]
LastSeen = Mapping[str, Seen]
"""By id in hexadecimal: when a stored post was last seen, and its reach then."""

BATCH_BYTES = 32 * 2**20
"""A batch ends early when its payloads come to so much, so that memory stays bounded whatever is saved."""

_content = attrgetter(*CONTENT)
_ARRAYS = ("media_urls", "hashtags", "mentions", "keywords", "detected_topics")
_LISTS = [CONTENT.index(name) for name in _ARRAYS]
_AT = {name: at for at, name in enumerate(COLUMNS)}
RAW, OBSERVED_AT = _AT["raw_json"], _AT["observed_at"]
PLATFORM, AUTHOR, AUTHOR_ID = _AT["platform"], _AT["author"], _AT["author_id"]
_REACH, _SCRAPED_AT = _AT["reach"], _AT["scraped_at"]
_WHOLE, _IS_SIGHTING, _SIGHTINGS = _AT["whole"], _AT["is_sighting"], _AT["sightings"]
_IS_NEW, _BEFORE = _AT["is_new"], slice(_AT["before_at"], _AT["before_is_views"] + 1)
_FIRST = _AT["url"]
_NUMBERS = slice(_AT["views"], _AT["saves"] + 1)
_BLANK = (None,) * len(COLUMNS)
_ALONE = (True, True, 1, False, None, None, None)
"""How the row of a post that a batch holds once ends."""


@dataclass(slots=True)
class Batch:
    """Posts on their way to the stage, in input order: their rows, and their `payload_hash`.

    `cleaned` counts payloads that held NUL bytes or lone surrogates, `size` their characters.
    """

    rows: list[Row] = field(default_factory=list)
    hashes: list[bytes | None] = field(default_factory=list)
    cleaned: int = 0
    size: int = 0

    def add(self, post: ScrapedPost) -> None:
        """Adds a post. Raises InvalidPost where its payload is nothing that can be stored."""
        given, was_cleaned = row(post)
        self.rows.append(given)
        self.hashes.append(post.payload_hash)
        self.cleaned += was_cleaned
        self.size += len(given[RAW] or "") + len(post.description or "")

    def is_full(self, length: int) -> bool:
        """Whether it holds `length` posts, or so much of them that it must be written."""
        return len(self.rows) >= length or self.size >= BATCH_BYTES


def row(post: ScrapedPost) -> tuple[Row, bool]:
    """The row of a post that a batch holds once, and whether its payload had to be cleaned."""
    reach, is_views = reach_of(post.views, post.likes, post.comments, post.shares)
    seen = post.observed_at
    raw, cleaned = (None, False) if post.raw_json is None else values.json_text(post.raw_json)
    content = list(_content(post))
    for at in _LISTS:
        if content[at] is not None:
            content[at] = array(content[at])
    identity = hex_id(post.platform, post.external_id)
    return [identity, *content, raw, reach, is_views, seen, seen, *_ALONE], cleaned


def array(texts: list[str]) -> str:
    """Texts as PostgreSQL writes an array of them.

    >>> print(array(["ai", 'say "ai"']), array([]), array(["a\\0b", "c"]))
    {"ai","say \\"ai\\""} {} {"ab","c"}
    """
    if not texts:
        return "{}"
    joined = "\0".join(texts)
    if joined.count("\0") != len(texts) - 1:  # only in a post that was changed after it was made
        return array([values.clean(text) for text in texts])
    if "\\" in joined or '"' in joined:
        joined = joined.replace("\\", "\\\\").replace('"', '\\"')
    return '{"' + joined.replace("\0", '","') + '"}'


def reach_of(
    views: int | None, likes: int | None, comments: int | None, shares: int | None
) -> tuple[int | None, bool | None]:
    """The reach of a sighting and whether it is views: else interactions; None where nothing is known.

    >>> reach_of(120, 5, None, None), reach_of(None, 5, 2, None), reach_of(None, None, None, None)
    ((120, True), (7, False), (None, None))
    """
    if views is not None:
        return views, True
    if likes is None and comments is None and shares is None:
        return None, None
    return (likes or 0) + (comments or 0) + (shares or 0), False


def as_dict(given: Row) -> dict[str, Any]:
    """The row by the names of its columns."""
    return dict(zip(COLUMNS, given, strict=True))


def as_json(rows: Iterable[Row]) -> str:
    """The rows as the one JSON array that the query `from_json` reads."""
    return orjson.dumps([_record(given) for given in rows]).decode()


def _record(given: Row) -> dict[str, Any]:
    record = as_dict(given)
    if given[RAW] is not None:
        record["raw_json"] = orjson.Fragment(given[RAW])
    return record


def dated(rows: Iterable[Row], now: datetime) -> list[Row]:
    """The rows with `now` for the moment of those that have none."""
    return [given if given[OBSERVED_AT] is not None else _dated(given, now) for given in rows]


def _dated(given: Row, now: datetime) -> Row:
    given = list(given)
    given[_SCRAPED_AT] = given[OBSERVED_AT] = now
    return given


def several(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of each post that comes more than once, in input order."""
    first: dict[str, Row] = {}
    found: dict[str, list[Row]] = {}
    for given in rows:
        known = first.setdefault(given[0], given)
        if known is not given:
            found.setdefault(given[0], [known]).append(given)
    return found


def folded(groups: Mapping[str, list[Row]], stored: LastSeen) -> list[Row]:
    """The rows to stage for posts that come more than once: one whole row a post, one a sighting.

    Each post ends as if its rows had been saved one by one: a later sighting takes over what it knows, an
    earlier one reaches the history alone, and at the same moment the larger reach wins.
    """
    result: list[Row] = []
    for known, rows in groups.items():
        last = stored.get(known)
        sightings = _sightings(rows, last)
        result += sightings
        if (whole := _whole(rows, last)) is not None:
            whole[_SIGHTINGS] = sum(row[_SIGHTINGS] == 0 for row in sightings)
            whole[_BEFORE] = _before(whole, sightings, last)
            result.append(whole)
    return result


def _rank(given: Row) -> tuple[datetime, bool, int]:
    reach = given[_REACH]
    return given[OBSERVED_AT], bool(given[_REACH + 1]), -1 if reach is None else reach


def _rank_of(stored: Seen | None) -> tuple[datetime, bool, int] | None:
    return None if stored is None else (stored[0], bool(stored[2]), -1 if stored[1] is None else stored[1])


def _sightings(rows: list[Row], last: Seen | None) -> list[Row]:
    """One row a moment, the larger reach; the whole row counts those that are later than the last."""
    best: dict[datetime, Row] = {}
    for given in rows:
        known = best.get(given[OBSERVED_AT])
        if known is None or _rank(given) > _rank(known):
            best[given[OBSERVED_AT]] = given
    return [_numbers_alone(given, last is not None and at <= last[0]) for at, given in best.items()]


def _numbers_alone(given: Row, is_late: bool) -> Row:
    row: Row = list(_BLANK)
    row[:_FIRST] = given[:_FIRST]
    row[_NUMBERS] = given[_NUMBERS]
    row[_REACH:] = given[_REACH:]
    row[_WHOLE], row[_SIGHTINGS] = False, int(is_late)
    return row


def _whole(rows: list[Row], stored: Seen | None) -> Row | None:
    """The content of all rows that are later than what was seen before them; None where none is."""
    whole: Row | None = None
    last = _rank_of(stored)
    for given in rows:
        rank = _rank(given)
        if last is not None and rank <= last:
            continue
        last = rank
        if whole is None:
            whole = list(given)
        else:
            for at in range(_FIRST, RAW + 1):
                if given[at] is not None:
                    whole[at] = given[at]
            whole[_REACH : _REACH + 2] = given[_REACH : _REACH + 2]
            whole[OBSERVED_AT] = given[OBSERVED_AT]
    if whole is not None:
        whole[_IS_SIGHTING] = False
        whole[_IS_NEW] = stored is None
    return whole


def _before(
    whole: Row, sightings: list[Row], stored: Seen | None
) -> tuple[datetime | None, int | None, bool | None]:
    """The sighting before the latest: its moment, reach and whether it is views; None where it is stored."""
    earlier = [given for given in sightings if given[OBSERVED_AT] < whole[OBSERVED_AT]]
    found = max(earlier, key=_rank, default=None)
    last = _rank_of(stored)
    if found is None or (last is not None and _rank(found) <= last):
        return None, None, None
    return found[OBSERVED_AT], found[_REACH], found[_REACH + 1]

"""Search in what is stored: by words, in a language's own forms, and by what is known of a topic."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput
from viralforge.model import values

QUERIES = Queries("analytics/search")
LANGUAGES = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "it": "italian",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip
"""Languages whose word forms are known, with their names in PostgreSQL."""
_LONGEST_QUERY = 1_000


class FoundPost(NamedTuple):
    """A post that a search found; `rank` says how well its words fit, 0 where no words were asked for."""

    id: UUID
    platform: str
    external_id: str
    url: str | None
    title: str | None
    author: str | None
    language: str | None
    published_at: datetime | None
    last_scraped_at: datetime
    views: int | None
    reach: int | None
    engagement_rate: Decimal | None
    hashtags: list[str] | None
    rank: float


class KnownTopic(NamedTuple):
    """What is stored about a topic on one platform, and how fresh it is."""

    platform: str
    posts: int
    reach: int | None
    newest: datetime | None
    oldest_reading: datetime
    latest_reading: datetime


class Search:
    """What can be looked for in posts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def posts(
        self, query: str = "", *, platform: str | None = None, hashtag: str | None = None,
        language: str | None = None, forms: str | None = None, since: datetime | None = None,
        until: datetime | None = None, limit: int = 20,
    ) -> Rows[FoundPost]:  # fmt: skip
        """Posts with these words in title or text, the best fit first, then the widest reach.

        Words are as in a search engine (`"exact phrase"`, `or`, `-not`). With `forms`, a language such as
        `en`, other forms of the words are found too (`running` finds `runs`), all words needed. `language`,
        `since` and `until` are those of the post. Raises InvalidInput.
        """
        if forms is not None and forms not in LANGUAGES:
            raise InvalidInput(f"forms: {forms!r:.80} is not one of {', '.join(LANGUAGES)}")
        given = {
            "query": _words(query), "config": None if forms is None else LANGUAGES[forms],
            "platform": filters.platform(platform),
            "hashtag": None if hashtag is None else values.tag(hashtag),
            "language": language, "since": since, "until": until, "limit": filters.limit(limit),
        }  # fmt: skip
        return self._database.rows(FoundPost, QUERIES["search"], given)

    def known(self, topic: str) -> Rows[KnownTopic]:
        """What is stored about a topic, by its words or its hashtag, and when that was read last."""
        words = _words(topic)
        return self._database.rows(
            KnownTopic, QUERIES["known"], {"topic": words, "hashtag": values.tag(words)}
        )


def _words(given: str) -> str:
    if not isinstance(given, str) or len(given) > _LONGEST_QUERY:
        raise InvalidInput(f"query: write up to {_LONGEST_QUERY:,} letters")
    return values.clean(given).strip()

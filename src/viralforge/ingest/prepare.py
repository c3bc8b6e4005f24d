"""From payloads to batches of rows, pure: read by adapters, dated, marked, the rejected set aside."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import orjson

from viralforge.errors import InvalidPost
from viralforge.ingest.capture import Capture
from viralforge.model import values
from viralforge.model.post import ScrapedPost
from viralforge.model.rejection import Rejection
from viralforge.sources.recognise import read_payload
from viralforge.store.scrapes import RejectionRow, rejection_row
from viralforge.store.stage import Batch

_KEPT_AT_ONCE, _KEPT_LENGTH = 5_000, 16 * 2**20
"""So many rejections, or characters of their payloads, are written together, with the posts among them."""
MAX_SHOWN = 64 * 2**20
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


@dataclass(frozen=True, slots=True)
class How:
    """What holds for a whole run: `now` is its start, `live` that each payload is seen as it is taken."""

    scrape_source: str
    now: datetime
    batch_size: int
    live: bool = False


@dataclass(slots=True)
class Prepared:
    """What is to be written at once: posts, and what was turned away on the way to them."""

    batch: Batch = field(default_factory=Batch)
    rejections: list[RejectionRow] = field(default_factory=list)
    posts_by_platform: Counter[str] = field(default_factory=Counter)
    rejected_length: int = 0

    def add(self, post: ScrapedPost) -> None:
        """Adds a post. Raises InvalidPost where its payload is nothing that can be stored."""
        self.batch.add(post)
        self.posts_by_platform[post.platform] += 1

    def reject(self, row: RejectionRow) -> None:
        """Adds a rejection."""
        self.rejections.append(row)
        self.rejected_length += len(row["payload"] or "")

    def is_full(self, how: How) -> bool:
        """Whether it is to be written before any more is read."""
        return (
            self.batch.is_full(how.batch_size)
            or len(self.rejections) >= _KEPT_AT_ONCE
            or self.rejected_length >= _KEPT_LENGTH
        )


def prepared(captures: Iterable[Capture | Rejection], how: How) -> Iterator[Prepared]:
    """Everything in the captures, ready to be written; what they gave before they failed comes first."""
    clock = _Clock(how.now)
    ready, source = Prepared(), _found(captures)
    while True:
        try:
            found, capture = next(source)
        except StopIteration:
            break
        except BaseException:
            yield ready
            raise
        if isinstance(found, Rejection):
            ready.reject(_rejected(found, capture, how, clock))
        else:
            _dated(found, capture, how, clock)
            try:
                ready.add(found)
            except InvalidPost as error:
                ready.reject(_unstorable(found, error))
        if ready.is_full(how):
            yield ready
            ready = Prepared()
    yield ready


def payload_hash(post: ScrapedPost) -> bytes:
    """What marks a payload that does not say when it was seen, whatever the order of its keys."""
    content = post.raw_json if post.raw_json is not None else repr(post)
    try:
        text = orjson.dumps(content, option=_OPTIONS)
    except (TypeError, orjson.JSONEncodeError):  # lone surrogates, numbers beyond 64 bits
        text = values.shown(content, MAX_SHOWN).encode("utf-8", "backslashreplace")
    return sha256(text).digest()[:16]


class _Clock:
    """What time the database has: asked once, and counted on from there."""

    def __init__(self, now: datetime) -> None:
        self._started, self._began = now, time.perf_counter()

    def now(self) -> datetime:
        return self._started + timedelta(seconds=time.perf_counter() - self._began)


_NO_CAPTURE = Capture(None)


def _found(captures: Iterable[Capture | Rejection]) -> Iterator[tuple[ScrapedPost | Rejection, Capture]]:
    for given in captures:
        if isinstance(given, Rejection):
            yield given, _NO_CAPTURE
            continue
        capture = given if isinstance(given, Capture) else Capture(given)
        for found in read_payload(capture.payload, shape=capture.shape, origin=capture.origin):
            yield found, capture


def _dated(post: ScrapedPost, capture: Capture, how: How, clock: _Clock) -> None:
    """Gives the post what its capture and the run know, its moment above all."""
    post.scrape_source = post.scrape_source or capture.scrape_source or how.scrape_source
    post.niche = post.niche or capture.niche
    post.scrape_job_id = post.scrape_job_id or capture.scrape_job_id
    post.observed_at = post.observed_at or capture.observed_at
    if post.observed_at is None and how.live:
        post.observed_at = clock.now()
    elif post.observed_at is None:
        post.observed_at = capture.taken_at or how.now
        post.payload_hash = payload_hash(post)


def _rejected(rejection: Rejection, capture: Capture, how: How, clock: _Clock) -> RejectionRow:
    seen = rejection.observed_at or capture.observed_at or (clock.now() if how.live else None)
    return rejection_row(rejection) | {
        "observed_at": seen, "niche": capture.niche, "scrape_job_id": capture.scrape_job_id,
        "scrape_source": capture.scrape_source or how.scrape_source,
    }  # fmt: skip


def _unstorable(post: ScrapedPost, error: InvalidPost) -> RejectionRow:
    """The row of a post whose payload turns out to be nothing that can be stored."""
    detail = error.detail if error.field is None else f"{error.field}: {error.detail}"
    return rejection_row(Rejection(error.reason, detail, post.raw_json, platform=post.platform)) | {
        "observed_at": None if post.payload_hash else post.observed_at, "niche": post.niche,
        "scrape_job_id": post.scrape_job_id, "scrape_source": post.scrape_source,
    }  # fmt: skip

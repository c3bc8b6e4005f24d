"""From payloads to the warehouse: read by adapters, saved batch by batch, the rejected kept, all counted."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from viralforge.errors import InvalidInput, InvalidPost, WarehouseError
from viralforge.model import values
from viralforge.model.post import MAX_NAME, SCRAPE_SOURCES, ScrapedPost
from viralforge.model.rejection import Rejection
from viralforge.model.report import IngestReport
from viralforge.sources.recognise import read_payload
from viralforge.store.posts import PostStore
from viralforge.store.scrapes import RejectionRow, ScrapeStore, StoredRejection, rejection_row

_KEPT_AT_ONCE, _KEPT_LENGTH = 500, 16 * 2**20
"""So many rejections, or characters of their payloads, are written together."""
MAX_SHOWN = 64 * 2**20
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


@dataclass(frozen=True, slots=True)
class Capture:
    """One decoded answer of a platform, and what its collector knows about it.

    `observed_at=None` leaves the moment to the payload, else to the run; `niche` is given to posts that
    have none; `shape=None` lets the shape be recognised; `scrape_source=None` is the run's; `taken_at` is
    when a payload that does not say when it was seen came in first, if that was before this run.
    """

    payload: Any
    observed_at: datetime | None = None
    niche: str | None = None
    scrape_job_id: int | None = None
    origin: str | None = None
    shape: str | None = None
    scrape_source: str | None = None
    taken_at: datetime | None = None

    def __post_init__(self) -> None:
        niche = values.text(self.niche, "niche")
        object.__setattr__(self, "niche", niche and niche[:MAX_NAME])
        object.__setattr__(self, "observed_at", values.observation(self.observed_at))
        values.record_id(self.scrape_job_id, "scrape_job_id")


class Ingest:
    """Saves what is in payloads."""

    def __init__(self, posts: PostStore, scrapes: ScrapeStore) -> None:
        self._posts = posts
        self._scrapes = scrapes

    def run(
        self, captures: Iterable[Capture | Rejection], *, scrape_source: str, live: bool = False,
        report: IngestReport | None = None,
    ) -> IngestReport:  # fmt: skip
        """Saves every post in the payloads and keeps every rejection; says what became of each.

        A payload without a capture time was seen when the run started, and the same one is taken once only.
        `live` means that it is fetched as it is taken: it was seen just then, and is a sighting each time.
        An error on the way leaves what was saved before in `report`.
        """
        if scrape_source not in SCRAPE_SOURCES:
            raise InvalidInput(f"scrape_source: {scrape_source!r} is not one of {', '.join(SCRAPE_SOURCES)}")
        report = report or IngestReport()
        started = time.perf_counter()
        run = _Run(self._scrapes, report, scrape_source, live, self._posts.clock())
        try:
            for batch in self._posts.batches(run.posts(captures), run.turn_away):
                report.new += batch.new
                report.updated += batch.updated
                report.unchanged += batch.unchanged
                report.read += len(batch.ids)
                report.scrubbed += batch.cleaned
            run.flush()
        except WarehouseError as error:
            error.add_note(f"{report.read:,} records were taken in before; run it again to go on from there")
            raise
        except Exception:
            run.flush()
            raise
        finally:
            report.seconds += time.perf_counter() - started
        return report

    def replay(self, reason: str | None = None) -> IngestReport:
        """Reads kept rejections again: those that are posts by now come in and are forgotten."""
        report, done, kept = IngestReport(), list[int](), 0

        def captures() -> Iterator[Capture | Rejection]:
            nonlocal kept
            for stored in self._scrapes.every_rejection(reason):
                again = list(read_payload(stored.payload, origin=stored.origin))
                if any(isinstance(found, Rejection) for found in again):
                    kept += 1
                    report.read += 1
                    report.rejected += 1
                    report.rejected_by_reason[stored.reason] += 1
                    continue
                done.append(stored.id)
                yield _capture(stored)

        self.run(captures(), scrape_source="file", report=report)
        if report.rejected == kept:
            self._scrapes.drop_rejections(done)
        return report


def _capture(stored: StoredRejection) -> Capture:
    return Capture(
        stored.payload, observed_at=stored.observed_at, niche=stored.niche,
        scrape_job_id=stored.scrape_job_id, origin=stored.origin, scrape_source=stored.scrape_source,
        taken_at=stored.rejected_at,
    )  # fmt: skip


class _Run:
    """One run: posts on their way through, rejections set aside."""

    def __init__(
        self, scrapes: ScrapeStore, report: IngestReport, scrape_source: str, live: bool, now: datetime
    ) -> None:
        self._scrapes = scrapes
        self._report = report
        self._scrape_source = scrape_source
        self._live = live
        self._started, self._began = now, time.perf_counter()
        self._rejections: list[RejectionRow] = []
        self._length = 0

    def posts(self, captures: Iterable[Capture | Rejection]) -> Iterator[ScrapedPost]:
        for capture in captures:
            if isinstance(capture, Rejection):
                self._reject(self._row(capture, Capture(None)))
                continue
            for found in read_payload(capture.payload, shape=capture.shape, origin=capture.origin):
                if isinstance(found, Rejection):
                    self._reject(self._row(found, capture))
                else:
                    self._report.posts_by_platform[found.platform] += 1
                    yield self._settled(found, capture)

    def turn_away(self, post: ScrapedPost, error: InvalidPost) -> None:
        """Rejects a post whose payload turns out to be nothing that can be stored."""
        self._report.posts_by_platform[post.platform] -= 1
        detail = error.detail if error.field is None else f"{error.field}: {error.detail}"
        found = Rejection(error.reason, detail, post.raw_json, platform=post.platform)
        at = None if post.payload_hash else post.observed_at
        self._reject(self._row(found, Capture(None, at, post.niche, post.scrape_job_id)))

    def flush(self) -> None:
        self._scrapes.reject(self._rejections)
        self._report.read += len(self._rejections)
        self._report.rejected += len(self._rejections)
        self._report.rejected_by_reason.update(row["reason"] for row in self._rejections)
        self._rejections, self._length = [], 0

    def _reject(self, row: RejectionRow) -> None:
        self._rejections.append(row)
        self._length += len(row["payload"] or "")
        if len(self._rejections) >= _KEPT_AT_ONCE or self._length >= _KEPT_LENGTH:
            self.flush()

    def _row(self, rejection: Rejection, capture: Capture) -> RejectionRow:
        seen = rejection.observed_at or capture.observed_at or (self._now() if self._live else None)
        return rejection_row(rejection) | {
            "observed_at": seen, "niche": capture.niche, "scrape_job_id": capture.scrape_job_id,
            "scrape_source": capture.scrape_source or self._scrape_source,
        }  # fmt: skip

    def _now(self) -> datetime:
        """What time the database has: asked once, and counted on from there."""
        return self._started + timedelta(seconds=time.perf_counter() - self._began)

    def _settled(self, post: ScrapedPost, capture: Capture) -> ScrapedPost:
        post.scrape_source = post.scrape_source or capture.scrape_source or self._scrape_source
        post.niche = post.niche or capture.niche
        post.scrape_job_id = post.scrape_job_id or capture.scrape_job_id
        post.observed_at = post.observed_at or capture.observed_at
        if post.observed_at is None and self._live:
            post.observed_at = self._now()
        elif post.observed_at is None:
            post.observed_at = capture.taken_at or self._started
            post.payload_hash = payload_hash(post)
        return post


def payload_hash(post: ScrapedPost) -> bytes:
    """What marks a payload that does not say when it was seen, whatever the order of its keys."""
    content = post.raw_json if post.raw_json is not None else repr(post)
    try:
        text = orjson.dumps(content, option=_OPTIONS)
    except (TypeError, orjson.JSONEncodeError):  # lone surrogates, numbers beyond 64 bits
        text = values.shown(content, MAX_SHOWN).encode("utf-8", "backslashreplace")
    return sha256(text).digest()[:16]

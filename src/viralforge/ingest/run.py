"""From payloads to the warehouse: batch by batch, the rejected kept, all counted."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from viralforge.errors import InvalidInput, WarehouseError
from viralforge.ingest.apart import prepared_apart
from viralforge.ingest.capture import Capture, Source, Tell
from viralforge.ingest.prepare import How, Prepared, prepared
from viralforge.ingest.read import Progress, captures, find_inputs
from viralforge.model.post import SCRAPE_SOURCES
from viralforge.model.rejection import Rejection
from viralforge.model.report import IngestReport
from viralforge.sources.recognise import read_payload
from viralforge.store.authors import REASON
from viralforge.store.posts import PostStore
from viralforge.store.scrapes import ScrapeStore, StoredRejection
from viralforge.store.stage import Batch

_WORTH_A_PROCESS = 4 * 2**20
"""Bytes to read from which a second process that does so has saved the time it takes to start."""


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
        report = report or IngestReport()
        self._write(prepared(captures, self._how(scrape_source, live)), report)
        return report

    def files(
        self, paths: Sequence[str | Path] | str | Path, *, observed_at: datetime | None, shape: str | None,
        scrape_source: str, progress: Progress | None,
    ) -> IngestReport:  # fmt: skip
        """Saves what is in files; what is large is read by a second process.

        Payloads that do not say when they were seen have the time at which their file was given first: a run
        that was broken off and is begun again ends like one that was not.
        """
        inputs = find_inputs(paths)
        if observed_at is None:
            inputs = inputs.dated(self._posts.first_read)
        report = IngestReport(files=len(inputs.files))
        source = partial(captures, inputs=inputs, observed_at=observed_at, shape=shape)
        tell = progress or (lambda _done, _total: None)
        if (inputs.size or 0) >= _WORTH_A_PROCESS:
            self.run_apart(source, tell, scrape_source=scrape_source, report=report)
        else:
            self.run(source(tell), scrape_source=scrape_source, report=report)
        return report

    def run_apart(self, source: Source, tell: Tell, *, scrape_source: str, report: IngestReport) -> Any:
        """Saves what the source yields, read by a second process; returns what the source returns."""
        outcome: list[Any] = []

        def steps() -> Generator[Prepared]:
            outcome.append((yield from prepared_apart(source, self._how(scrape_source), tell)))

        with closing(steps()) as taken:
            self._write(taken, report)
        return outcome[0]

    def _how(self, scrape_source: str, live: bool = False) -> How:
        if scrape_source not in SCRAPE_SOURCES:
            raise InvalidInput(f"scrape_source: {scrape_source!r} is not one of {', '.join(SCRAPE_SOURCES)}")
        return How(scrape_source, self._posts.clock(), self._posts.batch_size, live)

    def _write(self, steps: Iterable[Prepared], report: IngestReport) -> None:
        started = time.perf_counter()
        try:
            with closing(self._posts.write(self._batches(steps, report))) as batches:
                for written in batches:
                    report.new += written.new
                    report.updated += written.updated
                    report.unchanged += written.unchanged
                    if written.refused:
                        report.rejected += written.refused
                        report.rejected_by_reason[REASON] += written.refused
                    report.read += len(written.ids)
                    report.scrubbed += written.cleaned
        except (WarehouseError, KeyboardInterrupt) as error:
            error.add_note(
                f"at least {report.read:,} records were taken in before; run it again to go on from there"
            )
            raise
        finally:
            report.seconds += time.perf_counter() - started

    def _batches(self, steps: Iterable[Prepared], report: IngestReport) -> Iterator[Batch]:
        for ready in steps:
            self._scrapes.reject(ready.rejections)
            report.read += len(ready.rejections)
            report.rejected += len(ready.rejections)
            report.rejected_by_reason.update(row["reason"] for row in ready.rejections)
            report.posts_by_platform.update(ready.posts_by_platform)
            if ready.batch.rows:
                yield ready.batch

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
        if report.rejected - report.rejected_by_reason[REASON] == kept:
            self._scrapes.drop_rejections(done)
        return report


def _capture(stored: StoredRejection) -> Capture:
    return Capture(
        stored.payload, observed_at=stored.observed_at, niche=stored.niche,
        scrape_job_id=stored.scrape_job_id, origin=stored.origin, scrape_source=stored.scrape_source,
        taken_at=stored.rejected_at,
    )  # fmt: skip

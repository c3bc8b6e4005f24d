"""From facts that were written down to rows: runs and calls first, then what was collected, then the ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson

from viralforge.ingest.capture import Capture
from viralforge.ingest.run import Ingest
from viralforge.lifecycle.spool import Row
from viralforge.model.fact import CallMade, Collected, RunEnded, RunStarted, read_fact
from viralforge.model.post import ScrapedPost
from viralforge.model.rejection import Rejection
from viralforge.sources.recognise import read_payload
from viralforge.store.runs import RunStore


class Shipping:
    """Stores facts; the same ones again change nothing, so that a broken-off attempt is simply repeated."""

    def __init__(self, runs: RunStore, ingest: Ingest) -> None:
        self._runs, self._ingest = runs, ingest

    def __call__(self, rows: Sequence[Row]) -> int:
        """Stores the facts; says how many. Raises InvalidInput for one that is none, DatabaseUnavailable."""
        facts = [read_fact(row) for row in rows]
        starts = [fact for fact in facts if isinstance(fact, RunStarted)]
        calls = [fact for fact in facts if isinstance(fact, CallMade)]
        ends = [fact for fact in facts if isinstance(fact, RunEnded)]
        if starts or calls:
            self._runs.note(starts, calls, [])
        for fact in facts:
            if isinstance(fact, Collected):
                self._take_in(fact)
        if ends:
            self._runs.note([], [], ends)
        return len(facts)

    def _take_in(self, fact: Collected) -> None:
        job = self._runs.note_job(fact)
        document = _document(fact.payload)
        if document is None:
            self._runs.note_posts(job, fact.run, [], 0, {})
            return
        given = document
        if not isinstance(document, Rejection):
            given = Capture(
                document, observed_at=fact.seen_at, niche=fact.niche, scrape_job_id=job,
                origin=fact.tool or fact.operation,
            )  # fmt: skip
        report = self._ingest.run([given], scrape_source="api" if fact.run is None else "crew_ai")
        posts, rejected = _found_in(document, fact)
        self._runs.note_posts(job, fact.run, posts, report.rejected, rejected)


def _document(payload: Any) -> Any:
    """What a tool answered: text is JSON in disguise, or nothing a post can be read from."""
    if not isinstance(payload, str):
        return payload
    if not payload.strip():
        return None
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        return Rejection("not_json", f"the answer is no JSON: {error}", payload)


def _found_in(document: Any, fact: Collected) -> tuple[list[ScrapedPost], Counter[str]]:
    """The posts, and how many records of each shape are none ("none": of no known shape)."""
    posts, rejected = list[ScrapedPost](), Counter[str]()
    for found in [document] if isinstance(document, Rejection) else read_payload(document):
        if isinstance(found, Rejection):
            rejected[found.shape or "none"] += 1
        else:
            found.observed_at = found.observed_at or fact.seen_at
            posts.append(found)
    return posts, rejected

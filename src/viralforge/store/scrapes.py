"""Acts of collecting, what was turned away in them, and what maintenance did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from psycopg.types.json import Jsonb

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput, InvalidPost
from viralforge.model import values
from viralforge.model.crew import ScrapeJob
from viralforge.model.ids import platform_name
from viralforge.model.rejection import REASONS, Rejection

QUERIES = Queries("store/scrapes")
MAX_PAYLOAD = 4 * 2**20
"""Characters of a payload's JSON that are kept; of a longer one its beginning is kept as text."""
_REPLAYED_AT_ONCE = 500
RejectionRow = dict[str, Any]


class StoredRejection(NamedTuple):
    """A payload turned away: `platform` and `shape` are None where they were not recognised.

    `observed_at=None` means that nothing says when the payload was seen: it was there at `rejected_at`.
    """

    id: int
    reason: str
    detail: str
    platform: str | None
    shape: str | None
    origin: str | None
    payload: Any
    observed_at: datetime | None
    niche: str | None
    scrape_source: str | None
    scrape_job_id: int | None
    rejected_at: datetime


class RejectionCount(NamedTuple):
    """How many rejections have a reason, and when the latest came."""

    reason: str
    rejections: int
    latest: datetime


class ScrapeStore:
    """Writes scrape jobs and rejections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def log_job(self, job: ScrapeJob) -> int:
        """Stores a scrape job; says its id."""
        return int(self._database.value(QUERIES["log_job"], job.model_dump()))

    def mark_jobs(self) -> int:
        """Marks jobs of the last day with what is alarming about them now; says how many marks changed."""
        return self._database.change(QUERIES["mark_jobs"])

    def reject(self, rows: Iterable[RejectionRow]) -> int:
        """Keeps rejections in one transaction; says how many were not there yet."""
        given = [row | {"payload": row["payload"] and orjson.Fragment(row["payload"])} for row in rows]
        if not given:
            return 0
        return self._database.change(QUERIES["reject"], {"rows": orjson.dumps(given).decode()})

    def keep(self, rejections: Iterable[Rejection]) -> int:
        """Keeps what was turned away; says how many were not there yet."""
        return self.reject(rejection_row(rejection) for rejection in rejections)

    def rejections(
        self, *, reason: str | None = None, platform: str | None = None, limit: int = 50
    ) -> Rows[StoredRejection]:
        """The latest rejections. Raises InvalidInput for a platform, reason or limit that there is not."""
        _known(reason)
        if not 0 <= limit < 2**63:
            raise InvalidInput(f"limit: {limit} is not a number of rows; write 0 or more")
        known = None if platform is None else platform_name(platform)
        given = {"reason": reason, "platform": known, "limit": limit}
        return self._database.rows(StoredRejection, QUERIES["rejections"], given)

    def rejections_by_reason(self) -> Rows[RejectionCount]:
        """How many rejections there are by reason."""
        return self._database.rows(RejectionCount, QUERIES["rejections_by_reason"])

    def every_rejection(self, reason: str | None = None) -> Iterator[StoredRejection]:
        """All rejections, the oldest first, a few hundred in memory. Raises InvalidInput for no reason."""
        _known(reason)
        after = 0
        while True:
            given = {"after": after, "reason": reason, "limit": _REPLAYED_AT_ONCE}
            found = self._database.rows(StoredRejection, QUERIES["rejections_after"], given)
            yield from found
            if len(found) < _REPLAYED_AT_ONCE:
                return
            after = found[-1].id

    def drop_rejections(self, ids: list[int]) -> None:
        """Forgets rejections whose payloads have come in after all."""
        self._database.change(QUERIES["drop_rejections"], {"ids": ids})

    def record_job_run(self, name: str, detail: Mapping[str, Any]) -> None:
        """Notes that a job of maintenance was done."""
        self._database.change(QUERIES["record_job_run"], {"name": name, "detail": Jsonb(dict(detail))})

    def tell_job_run(self, name: str, every: timedelta, started_at: datetime, error: str | None) -> None:
        """Notes that a job that is done every so often was done, or failed with an error."""
        detail = {"every_seconds": every.total_seconds()} | ({"error": error[:1_000]} if error else {})
        given = {"name": name, "started_at": started_at, "ok": error is None, "detail": Jsonb(detail)}
        self._database.change(QUERIES["tell_job_run"], given)

    def has_job_run(self, name: str) -> bool:
        """Whether a job was done once."""
        return bool(self._database.value(QUERIES["has_job_run"], {"name": name}))


def _known(reason: str | None) -> None:
    if reason is not None and reason not in REASONS:
        raise InvalidInput(f"reason: {reason!r:.80} is none; it is one of {', '.join(REASONS)}")


def rejection_row(rejection: Rejection) -> RejectionRow:
    """What is kept of a rejection itself, its payload as JSON of bounded length."""
    payload = _payload_text(rejection.payload)
    # Two rejections of nothing at all are told apart by where they stood.
    identity = payload if payload is not None else f"{rejection.origin}\x1f{rejection.detail}"
    payload_hash = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:32]
    row: RejectionRow = {"payload_hash": payload_hash}
    for name in ("reason", "detail", "platform", "shape", "origin"):
        value = getattr(rejection, name)
        row[name] = None if value is None else value.encode("utf-8", "replace").decode().replace("\x00", "")
    if payload is not None and len(payload) > MAX_PAYLOAD:
        payload = values.json_text(payload[:MAX_PAYLOAD])[0]
    row["payload"] = payload
    return row


def _payload_text(payload: Any) -> str | None:
    if payload is None:
        return None
    try:
        json.dumps(payload, allow_nan=False, default=str)  # NaN would be stored as null, and be a post later
        return values.json_text(payload)[0]
    except (InvalidPost, ValueError, TypeError, RecursionError):
        return values.json_text(values.shown(payload, MAX_PAYLOAD))[0]

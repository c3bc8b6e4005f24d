"""Many at once: in parts as gzipped NDJSON, so that memory stays bounded and each part can be sent again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from viralforge.errors import InvalidInput, InvalidPost, ViralForgeError
from viralforge.ingest.capture import Capture
from viralforge.integrations.http import reading
from viralforge.integrations.http.transport import Transport
from viralforge.integrations.http.written import NDJSON, chunks, packed
from viralforge.model.report import IngestReport, SavedPosts


def save(transport: Transport, posts: Iterable[Any]) -> SavedPosts:
    """Saves posts. Raises InvalidPost and others, with `saved` as how many of all are saved."""
    saved, dated = SavedPosts(), _Dated(posts)
    try:
        for lines in chunks(dated):
            found = _sent(transport, "/v1/posts/bulk", lines, repeatable=dated.all_are())
            saved.extend(each.replace("-", "") for each in found["ids"])
            saved.new += found["new"]
            saved.updated += found["updated"]
            saved.unchanged += found["unchanged"]
            saved.rejected += found.get("rejected", 0)
    except InvalidPost as error:
        raise _placed(error, len(saved)) from None
    except ViralForgeError as error:
        error.saved = len(saved) + (error.saved or 0)
        raise
    return saved


def import_events(transport: Transport, events: Iterable[Any]) -> int:
    """Imports events, which have their ids; how many were new."""
    stored = 0
    for lines in chunks(events):
        stored += _sent(transport, "/v1/events/import", lines, repeatable=True)["stored"]
    return stored


def ingest(transport: Transport, captures: Iterable[Any], scrape_source: str) -> IngestReport:
    """Takes in payloads, those together of which the same is known."""
    report = IngestReport()
    for (observed_at, niche, job), some in groupby(map(_as_capture, captures), _known_of):
        told = {"observed_at": observed_at and observed_at.isoformat(), "niche": niche, "scrape_job_id": job}
        params = {name: str(value) for name, value in told.items() if value is not None}
        for lines in chunks(each.payload for each in some):
            found = _sent(
                transport, "/v1/payloads", lines, repeatable=observed_at is not None,
                params=params | {"scrape_source": scrape_source},
            )  # fmt: skip
            _add(report, report_in(found))
    return report


def report_in(found: Mapping[str, Any]) -> IngestReport:
    """The report that the server gives."""
    told = dict(found) | {"seconds": float(found["seconds"])}
    for name in ("rejected_by_reason", "posts_by_platform"):
        told[name] = Counter(found[name])
    return IngestReport(**told)


class _Dated:
    """Posts on their way, with a note whether those since the last part all say when they were seen."""

    def __init__(self, posts: Iterable[Any]) -> None:
        self._posts, self._all = posts, True

    def __iter__(self) -> Iterator[Any]:
        for post in self._posts:
            self._all = self._all and _observed_at(post) is not None
            yield post

    def all_are(self) -> bool:
        """Whether all are; the next part begins anew."""
        found, self._all = self._all, True
        return found


def _observed_at(post: Any) -> Any:
    if isinstance(post, Mapping):
        return post.get("observed_at", post.get("observedAt"))
    return getattr(post, "observed_at", None)


def _sent(
    transport: Transport, path: str, lines: list[bytes], *, repeatable: bool, params: Any = None
) -> Any:
    answer = transport.send(
        "POST", path, content=packed(lines), headers=NDJSON, repeatable=repeatable, params=params
    )
    return reading.document_in(answer)


def _placed(error: InvalidPost, before: int) -> InvalidPost:
    """The refusal of a post, counted from the first of all that were given."""
    saved = before + (error.saved or 0)
    if not error.places:
        error.saved = saved
        return error
    (number, *field), said = error.places[0]
    number = before + int(number)
    detail = f"{said} (post {number} of those given; only the first {saved} are saved)"
    refusal = InvalidPost(error.reason, detail, str(field[0]) if field else None)
    refusal.places, refusal.saved = [((number, *field), said)], saved
    return refusal


def _as_capture(given: Any) -> Capture:
    capture = given if isinstance(given, Capture) else Capture(given)
    if capture.origin or capture.shape or capture.scrape_source or capture.taken_at:
        raise InvalidInput("Capture: over HTTP only observed_at, niche and scrape_job_id can be told of it")
    return capture


def _known_of(capture: Capture) -> tuple[datetime | None, str | None, int | None]:
    return capture.observed_at, capture.niche, capture.scrape_job_id


def _add(report: IngestReport, more: IngestReport) -> None:
    for name in ("files", "read", "new", "updated", "unchanged", "rejected", "scrubbed", "seconds"):
        setattr(report, name, getattr(report, name) + getattr(more, name))
    report.rejected_by_reason += more.rejected_by_reason
    report.posts_by_platform += more.posts_by_platform

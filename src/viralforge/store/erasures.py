"""Erasures: asked for, worked through store by store, and ended with a receipt."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection, errors

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import InvalidInput, UnknownRecord
from viralforge.model.erasure import Subject, Traces, signature
from viralforge.model.report import ErasureReceipt
from viralforge.store.cache import unpacked

QUERIES = Queries("store/erasures")
_WITH_POSTS = (
    "delete_post_metrics_history", "delete_trend_sources", "delete_undated_payloads",
    "delete_scrape_job_posts",
)  # fmt: skip
POST_STORES = tuple(step.removeprefix("delete_") for step in _WITH_POSTS)
"""What hangs on a post and goes with it."""
TEXTS = {
    "rejections": ("some_rejections", "0", ("delete_rejections",)),
    "cached_answers": ("some_cached_answers", "", ("delete_response_cache", "delete_cached_answers")),
    "response_cache": ("some_cached_errors", "", ("delete_cached_errors",)),
    "crew_executions": ("some_executions", "0", ("blank_executions",)),
    "crew_calls": ("some_calls", "0/0", ("blank_calls",)),
    "scrape_jobs": ("some_jobs", "0", ("blank_jobs",)),
}
"""Where texts may give somebody away: how they are read, from which key on, and what is done with those."""
_AT_ONCE = 500


class ErasureStore:
    """Writes erasures, and takes out what stands in the tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> list[int]:
        """The erasures that are not done, the oldest first."""
        return [row[0] for row in self._database.read(QUERIES["open_erasures"])]

    def subject(self, erasure: int) -> Subject | None:
        """Whom or what it is about; None once it is done."""
        found = self._database.value(QUERIES["subject_of"], {"id": erasure})
        return None if found is None else Subject.from_json(found)

    def author(self, platform: str, author: str) -> Subject:
        """The author who is meant by an id, or by a name. Raises InvalidInput where several go by it."""
        names = tuple(dict.fromkeys([author, author.removeprefix("@")]))
        given = {"platform": platform, "author": author, "names": list(names)}
        ids = [row[0] for row in self._database.read(QUERIES["author_ids"], given)]
        if len(ids) > 1:
            raise InvalidInput(f"author: several go by this name; give one of their ids: {', '.join(ids)}")
        return Subject("author", author, platform, author_id=ids[0] if ids else author, names=names)

    def bar(self, subject: Subject) -> int:
        """Keeps out what comes of an author from now on; the erasure's id."""
        given = _author(subject)

        def work(connection: Connection[Any]) -> int:
            connection.execute(QUERIES["leave_author_tombstones"], given)
            reference = connection.execute(QUERIES["author_reference"], given).fetchone()[0]  # type: ignore[index]
            return requested(connection, subject, reference)

        return self._database.write(work)

    def transactions(self) -> set[str]:
        """Those that are under way in this database now."""
        return set(self._database.read(QUERIES["transactions"])[0][0])

    def widen(self, erasure: int, subject: Subject) -> Subject:
        """The author with all posts there are, each name they bear kept out as well."""

        def work(connection: Connection[Any]) -> Subject:
            found = connection.execute(QUERIES["posts_of_author"], _author(subject)).fetchall()
            wider = subject.with_posts(found)
            if wider != subject:
                connection.execute(QUERIES["leave_author_tombstones"], _author(wider))
                connection.execute(QUERIES["remember"], {"id": erasure, "subject": wider.to_json()})
            return wider

        return self._database.write(work)

    def post(self, post_id: UUID, platform: str | None, external_id: str | None) -> int:
        """Erases a post, seen or not; the erasure's id. Raises UnknownRecord for an id alone never seen."""

        def work(connection: Connection[Any]) -> int:
            given = {"id": post_id, "platform": platform}
            if platform is not None:
                connection.execute(QUERIES["claim_post"], given)
            row = connection.execute(QUERIES["post"], given).fetchone()
            if row is None:
                said = "give its platform and external id, so that it is kept out"
                raise UnknownRecord(f"no post with id {post_id} was ever seen; {said}")
            known = external_id or row[2]
            subject = Subject("post", known or str(post_id), row[1])
            subject = subject.with_posts([(post_id, known, None)])
            reference = connection.execute(QUERIES["post_reference"], {"post": str(post_id)}).fetchone()
            erasure = requested(connection, subject, reference[0])  # type: ignore[index]
            _blank(connection, erasure, [post_id])
            return erasure

        return self._database.write(work)

    def blank(self, erasure: int, ids: Sequence[UUID]) -> None:
        """Takes everything out of posts but their ids and times, and out of what hangs on them."""
        ordered = sorted(ids)
        for start in range(0, len(ordered), _AT_ONCE):
            some = ordered[start : start + _AT_ONCE]
            self._database.write(lambda connection, some=some: _blank(connection, erasure, some))  # type: ignore[misc]

    def forget_texts(self, erasure: int, store: str, traces: Traces, reason: str | None = None) -> None:
        """Takes out of a store what gives the subject away; of rejections those with the `reason` alone."""
        read, after, changes = TEXTS[store]
        while rows := self._database.read(QUERIES[read], {"after": after, "reason": reason}):
            after = rows[-1][0]
            found = [key for key, text in rows if traces.are_in(_text(text))]
            if found:
                self._database.write(_change(erasure, store, changes, found))

    def forget_answers(self, erasure: int) -> None:
        """Forgets the answers that were worked out before."""

        def work(connection: Connection[Any]) -> None:
            count = connection.execute(QUERIES["delete_kept_answers"]).rowcount
            counted(connection, erasure, {"kept_answers": count})

        self._database.write(work)

    def count(self, erasure: int, counts: Mapping[str, int]) -> None:
        """Adds to what an erasure took out."""
        self._database.write(lambda connection: counted(connection, erasure, counts))

    def end(self, erasure: int, stores: Iterable[str]) -> None:
        """Forgets whom or what it was about: it is done."""
        given = {"id": erasure, "zeros": json.dumps(dict.fromkeys(stores, 0))}
        self._database.change(QUERIES["end_erasure"], given)

    def receipt(self, erasure: int, stores_of: Callable[[str], Sequence[str]]) -> ErasureReceipt:
        """The signed receipt of an erasure that is done; `stores_of` a kind of erasure are those it lists."""
        row = self._database.read(QUERIES["receipt"], {"id": erasure})[0]
        kind, reference, requested_at, done_at, counts, secret = row
        cold = {name.removeprefix(COLD): rows for name, rows in counts.items() if name.startswith(COLD)}
        rows = {name: counts.get(name, 0) for name in stores_of(kind)}
        about = {"kind": kind, "requested_at": requested_at, "archive": cold or None}
        unsigned = ErasureReceipt(done_at, bytes(reference).hex(), rows, **about)
        return ErasureReceipt(
            done_at, unsigned.reference, rows, **about, signature=signature(unsigned.to_dict(), bytes(secret))
        )

    def secret(self) -> bytes:
        """What signs receipts."""
        return bytes(self._database.value(QUERIES["receipts_secret"]))


COLD = "archive/"
"""What stands before the names of cold tables among the stores."""


def requested(connection: Connection[Any], subject: Subject, reference: bytes) -> int:
    """The id of the erasure, a new one unless it is under way."""
    given = {
        "kind": subject.kind, "platform": subject.platform, "subject": subject.to_json(),
        "reference": bytes(reference),
    }  # fmt: skip
    return int(connection.execute(QUERIES["request_erasure"], given).fetchone()[0])  # type: ignore[index]


def counted(connection: Connection[Any], erasure: int, counts: Mapping[str, int]) -> None:
    """Adds to what an erasure took out, in the transaction that takes it out."""
    told = {store: rows for store, rows in counts.items() if rows}
    connection.execute(QUERIES["count_up"], {"id": erasure, "counts": json.dumps(told)})


def _author(subject: Subject) -> dict[str, Any]:
    return {
        "platform": subject.platform, "author_id": subject.author_id, "names": list(subject.names),
    }  # fmt: skip


def _blank(connection: Connection[Any], erasure: int, ids: Sequence[UUID]) -> None:
    given = {"ids": list(ids)}
    for step in ("hold_posts", "uncount_posts"):
        connection.execute(QUERIES[step], given)
    counts = {
        step.removeprefix("delete_"): connection.execute(QUERIES[step], given).rowcount
        for step in _WITH_POSTS
    }
    counts["scraped_posts"] = connection.execute(QUERIES["blank_posts"], given).rowcount
    counted(connection, erasure, counts)


def _text(found: Any) -> str:
    if isinstance(found, str):
        return found
    return unpacked(found)


def _change(
    erasure: int, store: str, changes: Sequence[str], keys: Sequence[str]
) -> Callable[[Connection[Any]], None]:
    def work(connection: Connection[Any]) -> None:
        try:
            rows = [connection.execute(QUERIES[change], {"keys": list(keys)}).rowcount for change in changes]
        except errors.ForeignKeyViolation as error:
            raise errors.SerializationFailure("an answer was kept while being erased") from error
        counted(connection, erasure, {store: rows[-1]})

    return work

"""The one way in: posts are staged and merged, a batch in one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from psycopg import Connection, errors

from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.db.queries import Queries, Statement
from viralforge.errors import InvalidPost, UnknownPosts, ViralForgeError
from viralforge.model.post import ScrapedPost
from viralforge.model.report import SavedPosts
from viralforge.model.snapshot import MetricsSnapshot
from viralforge.store import authors, stage
from viralforge.store.stage import Batch, Row

T = TypeVar("T")
Post = ScrapedPost | Mapping[str, Any]
QUERIES = Queries("store/posts")
ONE = Queries("store/one_post")
HISTORY = "post_metrics_history"
SMALL = 100
"""Up to so many posts go along with the statement; more are copied into a temporary table first."""
_SOURCES = {name: query for name, query in {**QUERIES, **ONE}.items() if name.startswith("from_")}
_SQL = {
    step: {name: QUERIES.staged(step, source) for name, source in _SOURCES.items() if name != "from_numbers"}
    for step in ("merge", "retitle", "complete")
}
_NEW = ONE.staged("save_new", ONE["from_values"])
_KNOWN = ONE.staged("see_known", ONE["from_values"])
_NUMBERS = ONE.staged("see_known", ONE["from_numbers"])


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch: its posts' ids (hexadecimal) in input order, how many were new, and sightings.

    `cleaned` counts payloads that held NUL bytes or lone surrogates, `refused` posts of erased authors.
    """

    ids: list[str]
    new: int
    seen: int
    refused: int
    cleaned: int

    @property
    def updated(self) -> int:
        """How many brought a new sighting, or better numbers, of a known post."""
        return self.seen - self.new

    @property
    def unchanged(self) -> int:
        """How many were known just so."""
        return len(self.ids) - self.seen - self.refused


class PostStore:
    """Writes posts and their sightings."""

    def __init__(self, database: Database, months: Months, batch_size: int = 10_000) -> None:
        self._database = database
        self._months = months
        self.batch_size = batch_size
        self._likely = [_NEW, _KNOWN]

    def save(self, post: Post) -> UUID:
        """Saves one post as seen at its `observed_at`, else now; says its id. Raises InvalidPost."""
        given = as_post(post)
        row, _cleaned = stage.row(given)
        if given.payload_hash is not None or not self._alone(
            self._likely, stage.as_dict(row), given.observed_at
        ):
            _new, _seen, refused = self._write([row], [given.payload_hash])
            if refused:
                raise authors.refusal()
        return UUID(row[0])

    def save_many(self, posts: Iterable[Post]) -> SavedPosts:
        """Saves any number of posts, batch by batch; says their ids in input order.

        Raises InvalidPost naming the position of the first invalid post: the batches before are saved,
        nothing of its own batch is.
        """
        saved = SavedPosts()
        try:
            for written in self.write(self._batches(posts)):
                saved.extend(written.ids)
                saved.new += written.new
                saved.updated += written.updated
                saved.unchanged += written.unchanged
                saved.rejected += written.refused
        except ViralForgeError as error:
            error.saved = len(saved)
            raise
        return saved

    def write(self, batches: Iterable[Batch]) -> Generator[Written, None, None]:
        """Writes batches as they are taken from here; while one is written the next one is read.

        What `batches` raises itself is raised once everything it gave before is saved.
        """
        source = iter(batches)
        pending: Future[Written] | None = None
        with ThreadPoolExecutor(1, "viralforge-writer") as writer:
            while True:
                try:
                    batch = next(source, None)
                except BaseException:
                    if pending is not None:
                        yield pending.result()
                    raise
                if pending is not None:
                    yield pending.result()
                if batch is None:
                    return
                try:
                    pending = writer.submit(self._written, batch)
                except RuntimeError:  # the interpreter ends: no thread begins any more
                    pending = None
                    yield self._written(batch)

    def _written(self, batch: Batch) -> Written:
        new, seen, refused = self._write(batch.rows, batch.hashes)
        return Written([row[0] for row in batch.rows], new, seen, refused, batch.cleaned)

    def first_read(self, hashes: Sequence[bytes]) -> dict[bytes, datetime]:
        """When each file with payloads that do not say when they were seen was read first: now if never."""

        def work(connection: Connection[Any]) -> dict[bytes, datetime]:
            given = {"hashes": sorted(set(hashes))}
            connection.execute(QUERIES["note_files"], given)
            return {bytes(found): at for found, at in connection.execute(QUERIES["first_read"], given)}

        return self._database.write(work)

    def snapshot(self, post_id: UUID, snapshot: MetricsSnapshot) -> None:
        """Saves a sighting of numbers alone. Raises UnknownPosts."""
        numbers = snapshot.model_dump()
        reach, is_views = stage.reach_of(snapshot.views, snapshot.likes, snapshot.comments, snapshot.shares)
        given = numbers | {"id": post_id, "reach": reach, "reach_is_views": is_views}
        if self._alone([_NUMBERS], given, snapshot.recorded_at):
            return
        staged = self._dated_write(
            [snapshot.recorded_at], lambda connection: _merged(connection, "from_snapshot", given)[2]
        )
        if not staged:
            raise UnknownPosts([post_id])

    def delete(self, post_id: UUID) -> bool:
        """Deletes a post with everything that hangs on it; whether it was there."""

        def work(connection: Connection[Any]) -> bool:
            return connection.execute(QUERIES["delete_post"], {"id": post_id}).fetchone() == (1,)

        return self._database.write(work)

    def clock(self) -> datetime:
        """What time the database has."""
        return self._database.value(QUERIES["clock"])  # type: ignore[no-any-return]

    def _batches(self, posts: Iterable[Post]) -> Iterator[Batch]:
        batch, saved, source = Batch(), 0, enumerate(posts)
        while True:
            try:
                number, given = next(source)
            except StopIteration:
                break
            except Exception:
                if batch.rows:  # what a source gave before it failed was paid for
                    yield batch
                raise
            try:
                batch.add(as_post(given))
            except InvalidPost as error:
                detail = f"{error.detail} (post {number} of those given; only the first {saved} are saved)"
                refusal = InvalidPost(error.reason, detail, error.field)
                refusal.places = [((number, *((error.field,) if error.field else ())), error.detail)]
                raise refusal from None
            if batch.is_full(self.batch_size):
                yield batch
                batch, saved = Batch(), number + 1
        if batch.rows:
            yield batch

    def _write(self, rows: list[Row], hashes: list[bytes | None]) -> tuple[int, int, int]:
        """Writes a batch; how many posts were new, how many sightings were, and how many were refused."""
        return self._dated_write(
            [row[stage.OBSERVED_AT] for row in rows], lambda connection: _write(connection, rows, hashes)
        )

    def _alone(self, ways: list[Statement], given: Mapping[str, Any], moment: datetime | None) -> bool:
        """Writes one sighting by one statement that is a transaction of its own; whether any of `ways` could.

        The way that could is tried first from now on: new posts follow new ones, and known ones known ones.
        """

        def work(connection: Connection[Any]) -> bool:
            for way in list(ways):
                if way.execute(connection, given).fetchone():
                    if way is not ways[0]:
                        ways.reverse()
                    return True
            return False

        return self._dated_write([moment], work, autocommit=True)

    def _dated_write(
        self,
        moments: Iterable[datetime | None],
        work: Callable[[Connection[Any]], T],
        *,
        autocommit: bool = False,
    ) -> T:
        """What `work` returns; a moment that is None is now, whose month is made ahead."""
        known = (moment for moment in moments if moment is not None)
        return self._months.write(HISTORY, known, work, autocommit=autocommit)


def as_post(given: Post) -> ScrapedPost:
    """The post itself, or one read from a mapping."""
    return given if isinstance(given, ScrapedPost) else ScrapedPost.from_mapping(given)


def _write(connection: Connection[Any], rows: list[Row], hashes: list[bytes | None]) -> tuple[int, int, int]:
    rows, hashes, refused = authors.admitted(connection, rows, hashes)
    return *_staged(connection, _unclaimed(connection, rows, hashes)), refused


def _staged(connection: Connection[Any], rows: list[Row]) -> tuple[int, int]:
    if len(rows) > 1:
        if any(row[stage.OBSERVED_AT] is None for row in rows):
            rows = stage.dated(rows, connection.execute(QUERIES["clock"]).fetchone()[0])  # type: ignore[index]
        if groups := stage.several(rows):
            found = connection.execute(QUERIES["last_seen"], {"ids": list({row[0] for row in rows})})
            stored = {known.hex: (at, reach, is_views) for known, at, reach, is_views in found}
            rows = [row for row in rows if row[0] not in groups] + stage.folded(groups, stored)
    if not rows:
        return 0, 0
    if len(rows) == 1:
        return _merged(connection, "from_values", stage.as_dict(rows[0]))[:2]
    if len(rows) <= SMALL:
        return _merged(connection, "from_json", {"rows": stage.as_json(rows)})[:2]
    connection.execute(QUERIES["make_stage"])
    connection.execute(QUERIES["room_for_stage"])
    with connection.cursor().copy(QUERIES["fill_stage"]) as copy:
        for row in rows:
            copy.write_row(row)
    return _merged(connection, "from_copy", {})[:2]


def _unclaimed(connection: Connection[Any], rows: list[Row], hashes: list[bytes | None]) -> list[Row]:
    """The rows without those whose undated payload was taken before; the others are claimed."""
    undated = {(row[0], found) for row, found in zip(rows, hashes, strict=True) if found is not None}
    if not undated:
        return rows
    ids, wanted = zip(*undated, strict=True)
    given = {"ids": list(ids), "hashes": list(wanted)}
    free = {(known.hex, bytes(found)) for known, found in connection.execute(QUERIES["claim_undated"], given)}
    kept = []
    for row, found in zip(rows, hashes, strict=True):
        if found is None or (row[0], found) in free:
            free.discard((row[0], found))
            kept.append(row)
    return kept


def _merged(connection: Connection[Any], source: str, given: Mapping[str, Any]) -> tuple[int, int, int]:
    """Merges what is staged; how many posts were new, how many sightings were, and how many were staged."""
    new, seen, staged, raced, retitled = _SQL["merge"][source].execute(connection, given).fetchone()  # type: ignore[misc]
    if raced:
        raise errors.SerializationFailure("posts of this batch were saved by another at the same time")
    if retitled:
        _SQL["retitle"][source].execute(connection, {**given, "ids": retitled})
    if seen < staged:
        seen += _SQL["complete"][source].execute(connection, given).fetchone()[0]  # type: ignore[index]
    return new, seen, staged

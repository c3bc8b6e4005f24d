"""Takes people and posts out of the archive: files that hold them are written anew, the old ones deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from psycopg.types.json import Jsonb

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import ArchiveError
from viralforge.lifecycle.archive.files import FileWriter, checked, cold_query, duckdb, read, written
from viralforge.lifecycle.archive.schemas import arrow_schema, month_in
from viralforge.lifecycle.archive.steps import Archive
from viralforge.model import private
from viralforge.model.cold import CALLS, CONTENT, EVENTS, HISTORY, NUMBERS, POSTS, ColdFile, ColdTable
from viralforge.model.erasure import Subject

if TYPE_CHECKING:
    import pyarrow as pa

QUERIES = Queries("lifecycle/forgetting")
Change = Callable[["pa.RecordBatch"], "pa.RecordBatch"]
Mask = Callable[["pa.RecordBatch"], Any]


class Forgetting:
    """Erases from the archive; called with whom or what, it says how many rows of each table went or changed.

    A second time there are none. It waits for who is moving rows there now, and holds them off.
    """

    def __init__(self, database: Database, archive: Archive) -> None:
        self._database, self._archive, self._lake = database, archive, archive.lake

    def __call__(self, subject: Subject) -> dict[str, int]:
        """Raises ArchiveUnavailable, after which it may be done again, and ConfigurationError.

        Where nothing was ever archived it says nothing of any table.
        """
        self._lake.require_seen()
        if not self._lake.is_begun():
            return {}
        with self._archive.held():
            if subject.kind in ("user", "anonymous user"):
                return self._user(subject)
            gone = sorted({*map(str, subject.post_ids), *self._posts_of(subject)})
            found = {table.name: self._without(table, table.key[0], gone) for table in (POSTS, HISTORY)}
            return found | {CALLS.name: self._blanked(subject)}

    def settle(self) -> None:
        """Takes out of the archive what the database gave up by the platforms' terms. Raises as a call does.

        It was noted there with the posts; what is noted still is done the next time.
        """
        owed = self._database.read(QUERIES["owed"])
        if not owed:
            return
        self._lake.require_seen()
        if self._lake.is_begun():
            with self._archive.held():
                for what in sorted({row[1] for row in owed}):
                    ids = sorted({str(each) for row in owed if row[1] == what for each in row[2]})
                    if what != "content":
                        self._without(HISTORY, HISTORY.key[0], ids)
                    if what == "posts":
                        self._without(POSTS, "id", ids)
                    else:
                        self._emptied(ids, NUMBERS if what == "numbers" else CONTENT)
        self._database.change(QUERIES["settled"], {"ids": [row[0] for row in owed]})

    def _emptied(self, ids: Sequence[str], columns: Sequence[str]) -> int:
        """Makes columns of archived posts unknown, and the payload that has them."""
        import pyarrow as pa
        from pyarrow import compute

        of = pa.array(ids, pa.string())

        def is_theirs(batch: pa.RecordBatch) -> Any:
            return compute.is_in(batch.column("id"), of)

        def emptied(batch: pa.RecordBatch) -> pa.RecordBatch:
            kept = compute.if_else(is_theirs(batch), None, pa.array(range(batch.num_rows), pa.int64()))
            for name in (*columns, "raw_json"):
                place = batch.schema.get_field_index(name)
                emptied = compute.take(batch.column(name), kept)
                batch = batch.set_column(place, batch.schema.field(place), emptied)
            return batch

        return self._changed(POSTS, "id", is_theirs, emptied)

    def _user(self, subject: Subject) -> dict[str, int]:
        if subject.pseudonym is not None:
            changed = {EVENTS.name: self._renamed(subject.key, subject.pseudonym)}
        else:
            changed = {
                EVENTS.name: self._without(EVENTS, "user_id", [subject.key]),
                CALLS.name: self._without(CALLS, "crew_execution_id", self._runs_that_are_gone()),
            }
        self._count_anew()
        return changed

    def _posts_of(self, subject: Subject) -> set[str]:
        """The posts of an author that are in the archive alone, since they were deleted from the database."""
        found: set[str] = set()
        if subject.kind != "author":
            return found
        names = {name.lower() for name in (*subject.names, subject.key)}
        for file in self._lake.files(POSTS.name):
            for batch in read(self._lake, POSTS, [file.file_path], ("id", "platform", "author_id", "author")):
                for known, platform, author_id, author in zip(*batch.to_pydict().values(), strict=True):
                    by_id = author_id is not None and author_id in (subject.author_id, subject.key)
                    by_name = author_id is None and author is not None and author.lower() in names
                    if platform == subject.platform and (by_id or by_name):
                        found.add(known)
        return found

    def _runs_that_are_gone(self) -> list[int]:
        """The runs whose calls are in the archive while they themselves were deleted, as with their user."""
        known: set[int] = set()
        for file in self._lake.files(CALLS.name):
            for batch in read(self._lake, CALLS, [file.file_path], ("crew_execution_id",)):
                known.update(batch.column(0).unique().to_pylist())
        return [run for (run,) in self._database.read(QUERIES["unknown_runs"], {"ids": sorted(known)})]

    def _without(self, table: ColdTable, column: str, values: Sequence[Any]) -> int:
        """Takes the rows out whose column has one of the values."""
        import pyarrow as pa
        from pyarrow import compute

        of = pa.array(values, arrow_schema(table).field(column).type)

        def is_gone(batch: pa.RecordBatch) -> Any:
            return compute.fill_null(compute.is_in(batch.column(column), of), False)

        def kept(batch: pa.RecordBatch) -> pa.RecordBatch:
            return batch.filter(compute.invert(is_gone(batch)))

        return self._changed(table, column, is_gone, kept)

    def _blanked(self, subject: Subject) -> int:
        """Takes what calls failed with out of those where it gives the subject away."""
        import pyarrow as pa
        from pyarrow import compute

        traces, place = subject.traces, tuple(CALLS.columns).index("error")

        def is_told(batch: pa.RecordBatch) -> Any:
            told = batch.column("error").to_pylist()
            return pa.array([text is not None and traces.are_in(text) for text in told], pa.bool_())

        def silent(batch: pa.RecordBatch) -> pa.RecordBatch:
            errors = compute.if_else(is_told(batch), None, batch.column("error"))
            return batch.set_column(place, batch.schema.field(place), errors)

        return self._changed(CALLS, "error", is_told, silent)

    def _renamed(self, user_id: str, pseudonym: str) -> int:
        """Gives a user's events to a pseudonym, without the properties that say who it was."""
        from pyarrow import compute

        def is_theirs(batch: pa.RecordBatch) -> Any:
            return compute.fill_null(compute.equal(batch.column("user_id"), user_id), False)

        def renamed(batch: pa.RecordBatch) -> pa.RecordBatch:
            rows = batch.to_pylist()
            for row in rows:
                if row["user_id"] == user_id:
                    row |= {"user_id": pseudonym, "properties": _nameless(row["properties"], user_id)}
            return type(batch).from_pylist(rows, schema=batch.schema)

        return self._changed(EVENTS, "user_id", is_theirs, renamed)

    def _changed(
        self, table: ColdTable, column: str, is_of: Callable[[pa.RecordBatch], Any], change: Change
    ) -> int:
        """Changes the files with rows that a look at one column finds; how many rows those are."""
        from pyarrow import compute

        changed = 0
        for file in self._lake.files(table.name):
            batches = read(self._lake, table, [file.file_path], (column,))
            rows = sum(compute.sum(is_of(batch)).as_py() or 0 for batch in batches)
            if rows:
                if table is EVENTS:
                    self._database.change(QUERIES["distrust_traced"], {"month": month_in(file)})
                self._write_anew(table, file, change)
                changed += rows
        self._clean(table)
        return changed

    def _write_anew(self, table: ColdTable, file: Any, change: Change) -> None:
        """Puts a file whose batches are changed in the place of another, once it can be read back."""
        import pyarrow as pa

        rows = read(self._lake, table, [file.file_path])
        changed: Iterator[pa.RecordBatch] = (change(batch) for batch in rows)
        filled = (batch for batch in changed if batch.num_rows)
        writer = FileWriter(self._lake, table, uuid4())
        expected = written(writer, pa.RecordBatchReader.from_batches(rows.schema, filled))
        new: list[ColdFile] = writer.files
        if checked(read(self._lake, table, [each.path for each in new])) != expected:
            raise ArchiveError(
                f"{table.name}: what was read back is not what was written; it stays as it was"
            )
        self._lake.replace(table.name, [file.file_path], new)

    def _count_anew(self) -> None:
        """Has the rollups of trends count what the archive has now of months where events may have gone.

        Such a month was marked before they went: broken off in between, the next erasure does it.
        """
        for (month,) in self._database.read(QUERIES["distrusted_months"]):
            paths = [file.file_path for file in self._lake.files(EVENTS.name) if month_in(file) == month]
            with duckdb() as engine:
                engine.register("kept", read(self._lake, EVENTS, paths, ("event_name", "properties")))
                rows = engine.execute(cold_query("traced")).fetchall()
            self._database.change(QUERIES["trust_traced"], {"month": month, "counts": Jsonb(rows)})

    def _clean(self, table: ColdTable) -> None:
        """Deletes every file that is no part of the table as it is now, however young."""
        if self._lake.exists(table.name):
            self._lake.expire(table.name, timedelta(0))
            self._lake.sweep(table.name, timedelta(0))


def _nameless(properties: str | None, user_id: str) -> str | None:
    """Properties without those that say who somebody is, or hold the id: as of events in the database.

    >>> _nameless('{"email": "a@b", "by": "user-one", "plan": "pro"}', "user-one")
    '{"plan": "pro"}'
    """
    if properties is None:
        return None
    kept = private.without_names(json.loads(properties))
    kept = {
        name: value
        for name, value in kept.items()
        if name == "trend_id"
        or (value != user_id and (len(user_id) < 8 or user_id not in json.dumps(value, ensure_ascii=False)))
    }
    return json.dumps(kept, ensure_ascii=False) if kept else None

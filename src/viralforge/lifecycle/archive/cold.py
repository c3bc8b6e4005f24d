"""Reads the archive, and hot and cold as one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.db.stream import streamed
from viralforge.errors import InvalidInput, MissingExtra
from viralforge.lifecycle.archive.files import cold_query, duckdb
from viralforge.lifecycle.archive.lake import Lake
from viralforge.lifecycle.archive.opened import OpenedFiles
from viralforge.lifecycle.archive.schemas import arrow_schema, iceberg_schema, known_table, month_in
from viralforge.lifecycle.archive.storage import archive_faults, need_lake
from viralforge.model.cold import GIVEN_UP, TABLES, ColdTable

if TYPE_CHECKING:
    import pyarrow as pa

QUERIES = Queries("lifecycle/cold")
_READING, _NO_TABLE = "reading the stream registered as 'cold_", re.compile(r"Table .* does not exist")
"""What DuckDB says where the archive fails it, and where a query asks for what is not there."""
_HOT = {"posts": "hot_posts", "history": "hot_history", "events": "hot_events", "calls": "hot_calls"}


_CONTENT = ("id", "last_scraped_at", "views", "likes", "comments", "shares", *GIVEN_UP)


class ColdTableSize(NamedTuple):
    """What the archive has of a table: in so many files and bytes, of the months from first to last."""

    table: str
    rows: int
    files: int
    bytes: int
    first: date
    last: date


class ColdAnswer(NamedTuple):
    """The rows of a query over hot and cold, and how many of the archive's files it opened."""

    rows: Rows[tuple[Any, ...]]
    files_read: int
    files: int


class Cold:
    """What left the database, to be read again: by itself, or as one with what is there.

    Everything raises MissingExtra without `viralforge[lake]`, ArchiveUnavailable, and ConfigurationError
    where there is no archive.
    """

    def __init__(self, database: Database, lake: Lake) -> None:
        self._database, self._lake = database, lake

    def tables(self) -> Rows[ColdTableSize]:
        """What the archive has, table by table."""
        need_lake()
        found = []
        for name in TABLES:
            files = self._lake.files(name)
            if files:
                months = sorted(map(month_in, files))
                rows, size = sum(f.record_count for f in files), sum(f.file_size_in_bytes for f in files)
                found.append(ColdTableSize(name, rows, len(files), size, months[0], months[-1]))
        return Rows(ColdTableSize._fields, found)

    def arrow(self, table: str, where: str | None = None, columns: Sequence[str] = ("*",)) -> pa.Table:
        """The archive's rows of `posts`, `history`, `events` or `calls` as a `pyarrow.Table`.

        `where` is a filter as Iceberg reads it, such as `recorded_at >= '2025-01-01T00:00:00+00:00'`: only
        files that may hold such rows are read. Raises InvalidInput for a table, column or filter that
        cannot be.
        """
        known = known_table(table)
        need_lake()
        if not self._lake.exists(table):
            return arrow_schema(known).empty_table()
        scan = self._scan(known, where, columns)
        with archive_faults(self._lake.url):
            return scan.to_arrow()

    def _scan(self, table: ColdTable, where: str | None, columns: Sequence[str]) -> Any:
        """Raises InvalidInput where the table has no such columns, or the filter cannot be."""
        from pyiceberg.expressions.visitors import bind

        stored = self._lake.table(table.name)
        try:
            scan = stored.scan(row_filter=where or "TRUE", selected_fields=tuple(columns))
            scan.projection()
            bind(stored.schema(), scan.row_filter, case_sensitive=True)
        except (ValueError, TypeError) as error:
            raise InvalidInput(
                f"where, columns: {_first_line(error)}; {table.name} has {', '.join(table.columns)}"
            ) from None
        except Exception as error:
            if not type(error).__module__.startswith("pyparsing"):
                raise
            raise InvalidInput(
                f"where: {where!r} is no filter; write such as {table.moment} >= '2025-01-01T00:00:00+00:00'"
            ) from None
        return scan

    def events_of(self, user_id: str) -> Iterator[dict[str, Any]]:
        """The archive's events of a user, one by one."""
        yield from self._rows("events", "user_id", [user_id])

    def calls_of(self, executions: Sequence[int]) -> Iterator[dict[str, Any]]:
        """The archive's calls of executions, one by one."""
        yield from self._rows("calls", "crew_execution_id", executions)

    def posts_of(self, table: str, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
        """What the archive has of posts in `posts` or `history`, row by row."""
        yield from self._rows(table, known_table(table).key[0], ids)

    def _rows(self, table: str, column: str, values: Sequence[Any]) -> Iterator[dict[str, Any]]:
        """Those with one of the values. Raises ConfigurationError where the archive cannot be seen."""
        self._lake.require_seen()
        if not values or not self._lake.exists(table):
            return
        from pyiceberg.expressions import In

        with archive_faults(self._lake.url):
            some = In(column, list(values))  # type: ignore[call-arg]
            for batch in self._lake.table(table).scan(row_filter=some).to_arrow_batch_reader():
                yield from batch.to_pylist()

    def polars(self, table: str, where: str | None = None, columns: Sequence[str] = ("*",)) -> Any:
        """The same as a `polars.DataFrame`."""
        try:
            import polars
        except ImportError:
            raise MissingExtra("polars", "frames") from None
        return polars.from_arrow(self.arrow(table, where, columns))

    def readings(self, post_id: UUID, hot: int = 0) -> list[tuple[Any, ...]]:
        """What the archive has of a post's history, in the order of time: moment, numbers, velocity.

        It is not looked at where the post has no more sightings than the `hot` ones.
        """
        if (self._database.value(QUERIES["sightings"], {"id": post_id}) or 0) <= hot:
            return []
        if not self._lake.is_there or not self._lake.exists("history"):
            return []
        from pyiceberg.expressions import EqualTo

        with archive_faults(self._lake.url):
            this = EqualTo("scraped_post_id", str(post_id))  # type: ignore[call-arg]
            scan = self._lake.table("history").scan(row_filter=this)
            rows = scan.to_arrow().sort_by("recorded_at").drop_columns("scraped_post_id").to_pylist()
        return [tuple(row.values()) for row in rows]

    def content(self, post_id: UUID, scraped_at: datetime) -> dict[str, Any]:
        """What a stub gave up, as it was known last; empty where the archive has nothing of the post."""
        if not self._lake.is_there or not self._lake.exists("posts"):
            return {}
        from pyiceberg.expressions import And, EqualTo

        with archive_faults(self._lake.url):
            this = And(
                EqualTo("id", str(post_id)),  # type: ignore[call-arg]
                EqualTo("scraped_at", scraped_at.isoformat()),  # type: ignore[call-arg]
            )
            rows = self._lake.table("posts").scan(row_filter=this, selected_fields=_CONTENT).to_arrow()
        found: dict[str, Any] = {}
        for row in sorted(rows.to_pylist(), key=_newness):
            found |= {name: row[name] for name in GIVEN_UP if row[name] is not None}
        if "raw_json" in found:
            found["raw_json"] = json.loads(found["raw_json"])
        return found

    def connect(self, *tables: str) -> Any:
        """A DuckDB connection in which the tables named, all if none is, are hot and cold as one.

        What is in the database is copied as it is now; of the archive a query reads only the files and row
        groups that its filters leave.
        """
        return self._connected([known_table(name) for name in tables or TABLES], OpenedFiles())

    def sql(self, query: str) -> ColdAnswer:
        """The answer to a query of DuckDB over `posts`, `history`, `events` and `calls`, hot and cold as one.

        Raises InvalidInput with what DuckDB finds wrong.
        """
        need_lake()
        opened = OpenedFiles()
        with duckdb() as parser, self._told():
            named = {name.lower() for name in parser.get_table_names(query)}
            engine = self._connected([TABLES[name] for name in TABLES if name in named], opened)
        with engine, self._told():
            opened.names.clear()
            found = engine.execute(query)
            columns = [column[0] for column in found.description or ()]
            return ColdAnswer(Rows(columns, found.fetchall()), len(opened.names), opened.files)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Raises what is wrong with a query, or with the archive that it reads, for DuckDB's errors."""
        import duckdb as engine_errors

        try:
            yield
        except engine_errors.Error as error:
            said = _first_line(error)
            if _READING in said:
                with archive_faults(self._lake.url):
                    raise OSError(said.partition(" failed: ")[2]) from error
            hint = f"; there are {', '.join(TABLES)}" if _NO_TABLE.search(said) else ""
            raise InvalidInput(f"SQL: {said}{hint}") from None

    def _connected(self, tables: Sequence[ColdTable], opened: OpenedFiles) -> Any:
        engine = duckdb()
        for table in tables:
            # First what is hot: a month that moves meanwhile is in both then, never in neither.
            with streamed(self._database, QUERIES[_HOT[table.name]], {}, arrow_schema(table)) as hot:
                engine.register("arriving", hot)
                engine.table("arriving").create(f"hot_{table.name}")
            engine.register(f"cold_{table.name}", self._dataset(table, opened))
            if table.name != "posts":
                engine.execute(cold_query(f"hot_{table.name}"))
            engine.execute(cold_query(f"view_{table.name}"))
        return engine

    def _dataset(self, table: ColdTable, opened: OpenedFiles) -> Any:
        """The archive's files of a table, each with what its statistics say: filters pass it over by that."""
        from pyarrow import dataset

        files = self._lake.files(table.name)
        if not files:
            return arrow_schema(table).empty_table()
        with archive_faults(self._lake.url):
            form = dataset.ParquetFileFormat()
            system = self._lake.place(files[0].file_path)[0]
            fragments = [
                form.make_fragment(
                    self._lake.place(file.file_path)[1], system, partition_expression=_bounds(table, file)
                )
                for file in files
            ]
            return opened.dataset(fragments, arrow_schema(table), form, system)


def _bounds(table: ColdTable, file: Any) -> Any:
    """What is true of every row of a file: between what its moments lie, and its key's first column."""
    import pyarrow as pa
    from pyarrow import dataset
    from pyiceberg.conversions import from_bytes

    schema, arrow = iceberg_schema(table), arrow_schema(table)
    true = pa.scalar(True)
    for name in {table.moment, table.key[0]}:
        field = schema.find_field(name)
        for bounds, holds in ((file.lower_bounds, "__ge__"), (file.upper_bounds, "__le__")):
            if field.field_id in (bounds or {}):
                bound = from_bytes(field.field_type, bounds[field.field_id])
                limit = pa.scalar(bound).cast(arrow.field(name).type)
                true = getattr(dataset.field(name), holds)(limit) & true
    return true


def _newness(row: dict[str, Any]) -> tuple[Any, ...]:
    """Of two sightings of one moment the one with the larger reach counts, as in the database."""
    views, interactions = row["views"], sum(row[name] or 0 for name in ("likes", "comments", "shares"))
    return row["last_scraped_at"], views is not None, interactions if views is None else views


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]

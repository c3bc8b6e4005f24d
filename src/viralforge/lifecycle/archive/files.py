"""The archive's files: written from a stream of rows, read back, and their checksums by column."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import UUID

from viralforge.db.partitions import next_month
from viralforge.db.queries import SQL
from viralforge.errors import MissingExtra
from viralforge.lifecycle.archive.lake import Lake
from viralforge.lifecycle.archive.schemas import arrow_schema
from viralforge.lifecycle.archive.storage import archive_faults
from viralforge.model.cold import ColdFile, ColdTable

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_A_FILE = 4_000_000
ROWS_A_GROUP = 131_072
"""So many rows are read or passed over together: they are what a look for one post costs."""
PAGE_BYTES = 2**23
"""So much is packed together: texts that are alike get smaller for it."""
Checks = dict[str, list[str]]
"""By column how many values there are, and the sum of their hashes; of the whole rows under an empty name."""


def duckdb() -> Any:
    """A DuckDB of its own, in memory. Raises MissingExtra without `viralforge[lake]`."""
    try:
        import duckdb as engine
    except ImportError:
        raise MissingExtra("duckdb", "lake") from None
    connection = engine.connect(config={"autoinstall_known_extensions": "false"} | _limits())
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@cache
def _limits() -> dict[str, Any]:
    """A quarter of the memory, and what does not fit in a folder of this process's own, gone with it."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    folder = TemporaryDirectory(prefix="viralforge-")
    _FOLDERS.append(folder)
    return {"memory_limit": f"{max(512, megabytes // 4)}MB", "temp_directory": folder.name}


_FOLDERS: list[TemporaryDirectory[str]] = []


def checked(rows: pa.RecordBatchReader) -> Checks:
    """The checksums of rows in whatever order; all of them are read.

    >>> import pyarrow
    >>> table = pyarrow.table({"a": [1, 2], "b": ["x", None]})
    >>> checked(table.to_reader())["b"][0], checked(table.to_reader()) == checked(table[::-1].to_reader())
    ('1', True)
    """
    import pyarrow as pa

    names: list[str] = rows.schema.names
    faults: list[Exception] = []
    with duckdb() as engine:
        engine.register("read", pa.RecordBatchReader.from_batches(rows.schema, _passed(rows, faults)))
        with _told(faults):
            found = engine.execute(cold_query("checksums")).fetchone()
    counts, hashes = found[2 : 2 + len(names)], found[2 + len(names) :]
    whole = [str(found[0]), str(found[1])]
    return {"": whole} | {name: [str(n), str(h)] for name, n, h in zip(names, counts, hashes, strict=True)}


def cold_query(name: str) -> str:
    """A statement for DuckDB, by its file's name."""
    return (SQL / "cold" / f"{name}.sql").read_text(encoding="utf-8")


class FileWriter:
    """Writes rows, which come month by month, into files: a new one each month, none too long."""

    def __init__(self, lake: Lake, table: ColdTable, attempt: UUID) -> None:
        self._lake, self._table, self._attempt = lake, table, attempt
        self._system, self._root = lake.filesystem(table.name)
        self._place = lake.table(table.name).location()
        self._schema = arrow_schema(table)
        self._writer: Any = None
        self._open: tuple[str, date] | None = None
        self._waiting: list[pa.RecordBatch] = []
        self.files: list[ColdFile] = []

    def write(self, rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        """Writes batch by batch what it passes on."""
        with archive_faults(self._lake.url):
            for batch in rows:
                for month, part in _by_month(batch, self._table.moment):
                    self._append(month, part)
                yield batch
            self._close()

    def _append(self, month: date, part: pa.RecordBatch) -> None:
        if self._open and (self._open[1] != month or self._rows >= ROWS_A_FILE):
            self._close()
        if self._open is None:
            self._begin(month)
        self._waiting.append(part)
        self._rows += part.num_rows
        if sum(each.num_rows for each in self._waiting) >= ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        """Writes what waits as row groups."""
        import pyarrow as pa

        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting), row_group_size=ROWS_A_GROUP)
            self._waiting = []

    def _begin(self, month: date) -> None:
        from pyarrow import parquet

        name = f"data/month={month:%Y-%m}/{self._attempt}-{len(self.files):05}.parquet"
        where = f"{self._root}/{name}"
        if self._system.type_name == "local":
            self._system.create_dir(where.rpartition("/")[0])
        self._sink = self._system.open_output_stream(where)
        self._writer = parquet.ParquetWriter(
            self._sink,
            self._schema,
            compression="zstd",
            compression_level=6,
            data_page_size=PAGE_BYTES,
            write_page_checksum=True,
        )
        self._open, self._rows, self._where = (f"{self._place}/{name}", month), 0, where

    def _close(self) -> None:
        if self._open is None:
            return
        self._flush()
        self._writer.close()
        self._sink.close()
        path, month = self._open
        size = self._system.get_file_info(self._where).size
        self.files.append(ColdFile(path, month, self._rows, size))
        self._open = None


def written(writer: FileWriter, rows: pa.RecordBatchReader) -> Checks:
    """Writes rows, in one pass with their checksums."""
    import pyarrow as pa

    return checked(pa.RecordBatchReader.from_batches(rows.schema, writer.write(rows)))


def read(lake: Lake, table: ColdTable, files: Iterable[str], columns: Sequence[str] | None = None) -> Any:
    """The rows of files, one file after the other, as they were written."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = arrow_schema(table)
    if columns is not None:
        schema = pa.schema([schema.field(name) for name in columns])

    def batches() -> Iterator[pa.RecordBatch]:
        with archive_faults(lake.url):
            for path in files:
                system, where = lake.place(path)
                with system.open_input_file(where) as source:
                    yield from parquet.ParquetFile(source, page_checksum_verification=True).iter_batches(
                        columns=schema.names
                    )

    return pa.RecordBatchReader.from_batches(schema, batches())


def merged(streams: Mapping[str, Any], table: ColdTable) -> Any:
    """The rows of `hot` and of `cold` in the table's order, each key once: the larger reach, else `hot`."""
    import pyarrow as pa

    engine, faults = duckdb(), list[Exception]()
    for name, rows in streams.items():
        engine.register(name, pa.RecordBatchReader.from_batches(rows.schema, _passed(rows, faults)))
    with _told(faults):
        found = engine.sql(cold_query(f"merge_{table.name}")).to_arrow_reader(ROWS_A_GROUP)

    def batches() -> Iterator[pa.RecordBatch]:
        with _told(faults):
            yield from found

    return pa.RecordBatchReader.from_batches(found.schema, batches())


def _passed(rows: pa.RecordBatchReader, faults: list[Exception]) -> Iterator[pa.RecordBatch]:
    try:
        yield from rows
    except Exception as error:
        faults.append(error)
        raise


@contextmanager
def _told(faults: list[Exception]) -> Iterator[None]:
    """Raises what rows failed with that DuckDB asked for: what it says of that itself is a traceback."""
    try:
        yield
    except Exception:
        if faults:
            raise faults[0] from None
        raise


def _by_month(batch: pa.RecordBatch, moment: str) -> Iterator[tuple[date, pa.RecordBatch]]:
    """The batch cut where a month begins; its rows come in the order of their months."""
    import pyarrow as pa
    from pyarrow import compute

    moments = batch.column(moment)
    start = 0
    while start < batch.num_rows:
        first = moments[start].as_py()
        month = date(first.year, first.month, 1)
        later = pa.scalar(next_month(month)).cast(pa.timestamp("us", "UTC"))
        length = compute.sum(compute.less(moments.slice(start), later)).as_py()
        yield month, batch.slice(start, length)
        start += length

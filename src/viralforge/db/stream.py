"""Rows of a query as Arrow batches, streamed: as fast as PostgreSQL sends them, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from psycopg import sql

from viralforge.db.faults import faults_translated
from viralforge.db.pool import Database
from viralforge.errors import DatabaseUnavailable, MissingExtra

if TYPE_CHECKING:
    import pyarrow as pa

_VALUE = re.compile(r"%\((\w+)\)s")
_SESSION = (
    "SET TIME ZONE 'UTC'", "SET lock_timeout = '60s'", "SET statement_timeout = 0",
    "SET application_name = 'viralforge'",
)  # fmt: skip


@contextmanager
def streamed(
    database: Database, query: bytes, values: Mapping[str, Any], schema: pa.Schema
) -> Iterator[pa.RecordBatchReader]:
    """The rows of one statement, seen at one moment, as `schema` has them; a connection of its own is used.

    Raises MissingExtra without `viralforge[lake]`, DatabaseUnavailable.
    """
    try:
        import pyarrow as pa
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise MissingExtra("adbc-driver-postgresql", "lake") from None

    # Without parameters of its own the driver copies the rows out, which is the fast way.
    literals = {name: sql.Literal(value).as_string(None) for name, value in values.items()}
    text = _VALUE.sub(lambda found: literals[found[1]], query.decode()).replace("%%", "%")
    with faults_translated():
        try:
            with dbapi.connect(database.url) as driver, driver.cursor() as cursor:
                for setting in _SESSION:
                    cursor.execute(setting)
                cursor.execute(text)
                found = cursor.fetch_record_batch()
                yield pa.RecordBatchReader.from_batches(schema, (_as(batch, schema) for batch in found))
        except dbapi.Error as error:
            raise DatabaseUnavailable(f"rows could not be read to the end: {error}") from error


def _as(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with the schema's types; numbers of any length come as text."""
    import pyarrow as pa

    columns = []
    for field, column in zip(schema, batch.columns, strict=True):
        plain = column.storage if isinstance(column, pa.ExtensionArray) else column
        columns.append(plain.cast(field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)

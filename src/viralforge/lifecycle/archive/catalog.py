"""The catalog of the archive, as the database holds it: which files the tables consist of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from psycopg import Connection

from viralforge.db.queries import Queries
from viralforge.lifecycle.archive.storage import s3_properties
from viralforge.settings import Settings

if TYPE_CHECKING:
    from pyiceberg.table import Table

QUERIES = Queries("lifecycle/archive")


def catalog_places(connection: Connection[Any]) -> list[str]:
    """Where the metadata of each table lies, by the catalog that the connection sees; none without one."""
    if connection.execute(QUERIES["lake_exists"]).fetchone() != (True,):
        return []
    return [place for (place,) in connection.execute(QUERIES["lake_tables"]).fetchall()]


def cataloged(connection: Connection[Any], settings: Settings) -> Iterator[str]:
    """Every file of the archive as the catalog has it in the state that the connection sees."""
    from pyiceberg.table import StaticTable

    for place in catalog_places(connection):
        yield from referred(StaticTable.from_metadata(place, s3_properties(settings)))


def mark_copy(connection: Connection[Any]) -> None:
    """Notes that the archive may be another warehouse's, of which this one is a copy."""
    if connection.execute(QUERIES["has_properties"]).fetchone() == (True,):
        connection.execute(QUERIES["mark_copy"])


def referred(table: Table) -> Iterator[str]:
    """Every file that a table consists of: its metadata, manifests and data."""
    yield table.metadata_location
    for snapshot in table.snapshots():
        yield snapshot.manifest_list
        for manifest in snapshot.manifests(table.io):
            yield manifest.manifest_path
            yield from (each.data_file.file_path for each in manifest.fetch_manifest_entry(table.io))


def plain(path: str) -> str:
    """A path without its scheme, as it is listed.

    >>> plain("file:///data/x"), plain("/data/x"), plain("s3://bucket/x")
    ('/data/x', '/data/x', 'bucket/x')
    """
    return path.partition("://")[2] if "://" in path else path

"""The archive's tables: Apache Iceberg on S3 or in a folder, its catalog in the warehouse's PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import (
    ArchiveError,
    ArchiveUnavailable,
    ConfigurationError,
    InvalidInput,
    MissingExtra,
)
from viralforge.model.cold import TABLES, ColdFile, ColdTable
from viralforge.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.expressions import BooleanExpression
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

QUERIES = Queries("lifecycle/archive")
CATALOG, NAMESPACE = "viralforge", "viralforge"
YOUNG = timedelta(days=1)
"""Files that nobody refers to are left alone for so long: somebody may be reading them."""
_WRONG = {
    "AccessDenied": "the keys may not do this there",
    "InvalidAccessKeyId": "the access key is not known there",
    "SignatureDoesNotMatch": "the secret key is wrong", "NoSuchBucket": "there is no such bucket; create it",
    "RequestTimeTooSkewed": "this machine's clock is wrong; set it",
    "ACCESS_DENIED": "the keys are wrong, or may not do this there",
    "NO_SUCH_BUCKET": "there is no such bucket; create it",
    "SIGNATURE_DOES_NOT_MATCH": "the secret key is wrong",
    "INVALID_ACCESS_KEY_ID": "the access key is not known there",
    "REQUEST_TIME_TOO_SKEWED": "this machine's clock is wrong; set it",
}  # fmt: skip


class Lake:
    """The archive of a warehouse, in a folder or at `s3://bucket/prefix`.

    Whatever reaches it raises MissingExtra without `viralforge[lake]`, ArchiveUnavailable, and
    ConfigurationError where there is none or it lets nobody in.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings
        self._tables: dict[str, Table] = {}

    @property
    def is_there(self) -> bool:
        """Whether the settings name one."""
        return bool(self._settings.archive_url or self._settings.database_url is None)

    @property
    def url(self) -> str:
        """Where it is; that of the embedded PostgreSQL lies beside it unless the settings name another."""
        found = self._settings.archive_url
        if found is None and self.is_there:
            found = str(self._settings.data_dir / "archive")
        if found is None:
            raise ConfigurationError(
                "there is no archive: set VIRALFORGE_ARCHIVE_URL to a folder that lasts, or to s3://bucket/prefix"
            )
        return (found if "://" in found else f"file://{Path(found).absolute()}").rstrip("/")

    @cached_property
    def _catalog(self) -> Any:
        try:
            from pyiceberg.catalog.sql import SqlCatalog
        except ImportError:
            raise MissingExtra("pyiceberg", "lake") from None
        import sqlalchemy

        self._database.change(QUERIES["make_lake"])
        found = SqlCatalog(
            CATALOG,
            uri=_for_sqlalchemy(self._database.url),
            warehouse=self.url,
            **s3_properties(self._settings),
        )
        found.engine = sqlalchemy.create_engine(
            _for_sqlalchemy(self._database.url), poolclass=sqlalchemy.NullPool
        )
        found.create_namespace_if_not_exists(NAMESPACE)
        return found

    def table(self, name: str) -> Table:
        """The table as it is now, made if need be."""
        with archive_faults(self.url):
            if name in self._tables:
                return self._tables[name].refresh()
            self._knock()
            self._tables[name] = self._made(TABLES[name])
            return self._tables[name]

    def _knock(self) -> None:
        """Asks an S3 in a way that it answers with what is wrong: to most questions it only says no."""
        if self._tables or not self.url.startswith("s3://"):
            return
        from pyarrow import fs

        _scheme, bucket, _where = self._io.parse_location(self.url)
        system, where = self.place(self.url)
        system.get_file_info(fs.FileSelector(where, allow_not_found=True))
        if system.get_file_info(bucket).type == fs.FileType.NotFound:
            raise ConfigurationError(f"the archive at {self.url}: there is no such bucket; create it")

    def exists(self, name: str) -> bool:
        """Whether anything was ever archived of the table."""
        known = self._database.value(QUERIES["lake_exists"])
        return bool(known) and bool(self._catalog.table_exists((NAMESPACE, name)))

    def _made(self, table: ColdTable) -> Table:
        from pyiceberg.partitioning import PartitionField, PartitionSpec
        from pyiceberg.table.sorting import SortField, SortOrder
        from pyiceberg.transforms import IdentityTransform, MonthTransform

        schema = iceberg_schema(table)
        id_of = {field.name: field.field_id for field in schema.fields}
        parts = PartitionSpec(PartitionField(id_of[table.moment], 1000, MonthTransform(), "month"))
        order = SortOrder(*(SortField(id_of[name], IdentityTransform()) for name in table.key))
        found: Table = self._catalog.create_table_if_not_exists(
            (NAMESPACE, table.name), schema=schema, partition_spec=parts, sort_order=order,
            properties={
                "format-version": "2", "write.parquet.compression-codec": "zstd",
                "schema.name-mapping.default": schema.name_mapping.model_dump_json(),
            },
        )  # fmt: skip
        place: str = found.location()
        if not place.startswith(f"{self.url}/"):
            raise ConfigurationError(
                f"the archive lies at {place.rpartition(f'/{NAMESPACE}')[0] or place}, and the settings name "
                f"{self.url}: set VIRALFORGE_ARCHIVE_URL to where it lies"
            )
        return found

    def files(self, name: str, where: BooleanExpression | None = None) -> list[DataFile]:
        """The files that may hold rows of the table that match, by what their statistics say."""
        if not self.exists(name):
            return []
        from pyiceberg.expressions import AlwaysTrue

        with archive_faults(self.url):
            planned = self.table(name).scan(row_filter=where or AlwaysTrue()).plan_files()
            return [task.file for task in planned]

    def replace(self, name: str, gone: Iterable[str], files: Sequence[ColdFile]) -> None:
        """Puts files in the place of those at `gone`, in one commit; what is so already stays so."""
        from pyiceberg.io.pyarrow import parquet_files_to_data_files

        leaving = set(gone)
        with archive_faults(self.url):
            table = self.table(name)
            there = self.files(name)
            old = [file for file in there if file.file_path in leaving]
            known = {file.file_path for file in there}
            new = [file.path for file in files if file.path not in known]
            if not (old or new):
                return
            with table.transaction() as transaction, transaction.update_snapshot().overwrite() as snapshot:
                for file in old:
                    snapshot.delete_data_file(file)
                for file in parquet_files_to_data_files(table.io, table.metadata, iter(new)):
                    snapshot.append_data_file(file)

    def expire(self, name: str) -> None:
        """Forgets every snapshot of the table but the one that holds."""
        with archive_faults(self.url):
            table = self.table(name)
            current = table.current_snapshot()
            old = [each.snapshot_id for each in table.snapshots() if each != current]
            if old:
                table.maintenance.expire_snapshots().by_ids(old).commit()

    def sweep(self, name: str, spare: timedelta = YOUNG) -> int:
        """Deletes the files under the table's place that it does not refer to, but for young ones."""
        from pyarrow import fs

        with archive_faults(self.url):
            table = self.table(name)
            known = {_plain(path) for path in referred(table)}
            system, root = self.filesystem(name)
            latest, swept = datetime.now(UTC) - spare, 0
            for found in system.get_file_info(fs.FileSelector(root, recursive=True, allow_not_found=True)):
                if (
                    found.type == fs.FileType.File
                    and _plain(found.path) not in known
                    and found.mtime <= latest
                ):
                    system.delete_file(found.path)
                    swept += 1
            return swept

    def filesystem(self, name: str) -> tuple[Any, str]:
        """The file system as pyarrow knows it, and the table's place in it."""
        return self.place(self.table(name).location())

    def place(self, path: str) -> tuple[Any, str]:
        """The file system, and where in it a path is."""
        scheme, netloc, where = self._io.parse_location(path)
        return self._io.fs_by_scheme(scheme, netloc), where

    @cached_property
    def _io(self) -> Any:
        return file_io(self.url, self._settings)


def s3_properties(settings: Settings) -> dict[str, str]:
    """How Iceberg reaches an S3 by the settings; a key that is not set is looked for where AWS's tools do."""
    secret = settings.archive_s3_secret_key
    given = {
        "s3.endpoint": settings.archive_s3_endpoint, "s3.region": settings.archive_s3_region,
        "s3.access-key-id": settings.archive_s3_access_key,
        "s3.secret-access-key": secret and secret.get_secret_value(),
        "s3.connect-timeout": "5", "s3.request-timeout": "60",
    }  # fmt: skip
    return {name: value for name, value in given.items() if value}


def file_io(url: str, settings: Settings) -> Any:
    """How Iceberg, through pyarrow, reaches a folder or an S3. Raises MissingExtra."""
    try:
        from pyiceberg.io import load_file_io
    except ImportError:
        raise MissingExtra("pyiceberg", "lake") from None

    return load_file_io(s3_properties(settings), url)


def cataloged(connection: Connection[Any], settings: Settings) -> Iterator[str]:
    """Every file of the archive as the catalog has it in the state that the connection sees."""
    from pyiceberg.table import StaticTable

    if connection.execute(QUERIES["lake_exists"]).fetchone() == (True,):
        for (place,) in connection.execute(QUERIES["lake_tables"]).fetchall():
            yield from referred(StaticTable.from_metadata(place, s3_properties(settings)))


def referred(table: Table) -> Iterator[str]:
    """Every file that a table consists of: its metadata, manifests and data."""
    yield table.metadata_location
    for snapshot in table.snapshots():
        yield snapshot.manifest_list
        for manifest in snapshot.manifests(table.io):
            yield manifest.manifest_path
            yield from (each.data_file.file_path for each in manifest.fetch_manifest_entry(table.io))


def iceberg_schema(table: ColdTable) -> Any:
    """The table's columns as Iceberg knows them, numbered in order; the elements of lists after them."""
    from pyiceberg import types
    from pyiceberg.schema import Schema

    plain = {
        "string": types.StringType(), "long": types.LongType(), "float": types.FloatType(),
        "double": types.DoubleType(), "boolean": types.BooleanType(), "timestamptz": types.TimestamptzType(),
        "decimal": types.DecimalType(18, 9),
    }  # fmt: skip
    fields, beyond = [], len(table.columns)
    for at, (name, kind) in enumerate(table.columns.items(), start=1):
        if kind == "strings":
            beyond += 1
            found: Any = types.ListType(beyond, types.StringType(), element_required=False)
        else:
            found = plain[kind]
        fields.append(types.NestedField(at, name, found, required=False))
    return Schema(*fields)


def arrow_schema(table: ColdTable) -> pa.Schema:
    """The table's columns as Arrow knows them."""
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtra("pyarrow", "lake") from None

    kinds = {
        "string": pa.string(), "long": pa.int64(), "float": pa.float32(), "double": pa.float64(),
        "boolean": pa.bool_(), "timestamptz": pa.timestamp("us", "UTC"), "decimal": pa.decimal128(18, 9),
        "strings": pa.list_(pa.string()),
    }  # fmt: skip
    return pa.schema([(name, kinds[kind]) for name, kind in table.columns.items()])


def known_table(name: str) -> ColdTable:
    """The table of that name. Raises InvalidInput where the archive has none such."""
    if name not in TABLES:
        raise InvalidInput(f"table: {name!r} is none of {', '.join(TABLES)}")
    return TABLES[name]


def month_in(file: DataFile) -> date:
    """The month of a file: Iceberg counts months since 1970."""
    year, month = divmod(file.partition[0], 12)
    return date(1970 + year, month + 1, 1)


@contextmanager
def archive_faults(url: str) -> Iterator[None]:
    """Raises our errors in place of those of the storage and of Iceberg."""
    from pyiceberg.exceptions import RESTError, ServerError

    try:
        yield
    except (OSError, ServerError, RESTError) as error:
        said = " ".join(str(error).split())
        for code, meaning in _WRONG.items():
            if code in said:
                raise ConfigurationError(f"the archive at {url}: {meaning} ({said[:200]})") from error
        raise ArchiveUnavailable(
            f"the archive at {url} cannot be used now: {said[:300]}. Nothing is lost: what was begun goes on "
            "when it is back"
        ) from error
    except ValueError as error:
        raise ArchiveError(f"the archive at {url}: {error}") from error


def _for_sqlalchemy(url: str) -> str:
    """The warehouse's database, the catalog's schema in front."""
    scheme, _, rest = url.partition("://")
    mark = "&" if "?" in rest else "?"
    return f"{scheme}+psycopg://{rest}{mark}options=-csearch_path%3Dviralforge_lake"


def _plain(path: str) -> str:
    """A path without its scheme, as it is listed."""
    return path.partition("://")[2] if "://" in path else path

"""The archive's tables: Apache Iceberg on S3 or in a folder, its catalog in the warehouse's PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from psycopg.conninfo import conninfo_to_dict

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import ArchiveUnavailable, ConfigurationError
from viralforge.lifecycle.archive.catalog import plain, referred
from viralforge.lifecycle.archive.schemas import iceberg_schema
from viralforge.lifecycle.archive.storage import archive_faults, file_io, need_lake, s3_properties
from viralforge.model.cold import TABLES, ColdFile, ColdTable
from viralforge.settings import Settings

if TYPE_CHECKING:
    from pyiceberg.expressions import BooleanExpression
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

QUERIES = Queries("lifecycle/archive")
CATALOG, NAMESPACE = "viralforge", "viralforge"
COPY = "restored-copy"
"""The catalog's mark of a warehouse that was restored while its archive was there."""
YOUNG = timedelta(days=1)
"""Files that nobody refers to are left alone for so long: somebody may be reading them."""


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
        if any(sign in found for sign in "#?"):
            raise ConfigurationError(f"VIRALFORGE_ARCHIVE_URL: {found}: # and ? cannot be part of it")
        return (found if "://" in found else f"file://{Path(found).absolute()}").rstrip("/")

    @cached_property
    def _catalog(self) -> Any:
        need_lake()
        import sqlalchemy
        from pyiceberg.catalog.sql import SqlCatalog

        owner = self._database.read(QUERIES["lake_owner"])
        if not owner:
            self._database.change(QUERIES["make_lake"])
        where = _for_sqlalchemy(self._database.url, owner[0][0] if owner else None)
        found = SqlCatalog(CATALOG, uri=where, warehouse=self.url, **s3_properties(self._settings))
        found.engine = sqlalchemy.create_engine(where, poolclass=sqlalchemy.NullPool)
        found.create_namespace_if_not_exists(NAMESPACE)
        return found

    def require_own(self) -> None:
        """Raises ConfigurationError where the archive was found at a restore, and may be another's."""
        with archive_faults(self.url):
            is_copy = self._catalog.load_namespace_properties(NAMESPACE).get(COPY)
        if is_copy:
            raise ConfigurationError(
                f"this warehouse was restored from a backup, and the archive at {self.url} may still be "
                "written to by the one it is a copy of. Nothing is changed there until you say that it is "
                "this one's: viralforge archive adopt"
            )

    def adopt(self, *, without_lost: bool = False) -> dict[str, int | None]:
        """Makes an archive that was found at a restore this warehouse's own.

        With `without_lost` it goes on without what is not there: it says how many files of a table that is,
        None of one that is lost whole. Raises ConfigurationError where something is missing otherwise, where
        the archive lies elsewhere than the settings say, and where there is none.
        """
        self.require_seen()
        if not self.is_begun():
            raise ConfigurationError("there is nothing to adopt: nothing was archived yet")
        with archive_faults(self.url):
            names = [name for *_namespace, name in self._catalog.list_tables(NAMESPACE)]
        gone = {name: paths for name in names if (paths := self._lost(name)) != []}
        if gone and not without_lost:
            raise ConfigurationError(
                f"the archive at {self.url} lacks files of {', '.join(gone)}: mount its disk, or put them "
                "back; if they are lost for good, viralforge archive adopt --yes --without-lost"
            )
        for name, paths in gone.items():
            if paths is None:
                self._catalog.drop_table((NAMESPACE, name))
                self._tables.pop(name, None)
            else:
                self.replace(name, paths, [])
        with archive_faults(self.url):
            self._catalog.update_namespace_properties(NAMESPACE, removals={COPY})
        return {name: None if paths is None else len(paths) for name, paths in gone.items()}

    def _lost(self, name: str) -> list[str] | None:
        """The files with rows of the table that are not where it says; None if what says so is not there."""
        from pyarrow import fs

        try:
            paths = [file.file_path for file in self.files(name)]
        except ArchiveUnavailable as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return None
            raise
        with archive_faults(self.url):
            system, _root = self.filesystem(name)
            found = system.get_file_info([self.place(path)[1] for path in paths])
            return [
                path for path, info in zip(paths, found, strict=True) if info.type == fs.FileType.NotFound
            ]

    def table(self, name: str) -> Table:
        """The table as it is now, made if need be."""
        with archive_faults(self.url):
            if name in self._tables:
                return self._tables[name].refresh()
            self._knock()
            known = (NAMESPACE, name)
            is_there = self._catalog.table_exists(known)
            found: Table = self._catalog.load_table(known) if is_there else self._made(TABLES[name])
            self._tables[name] = self._at_home(found)
            return found

    def _knock(self) -> None:
        """Asks an S3 in a way that it answers with what is wrong: to most questions it only says no."""
        if self._tables:
            return
        if not self.url.startswith("s3://"):
            # Nobody else is to read what it holds of people.
            Path(self.url.removeprefix("file://")).mkdir(mode=0o700, parents=True, exist_ok=True)
            return
        from pyarrow import fs

        _scheme, bucket, _where = self._io.parse_location(self.url)
        system, where = self.place(self.url)
        system.get_file_info(fs.FileSelector(where, allow_not_found=True))
        if system.get_file_info(bucket).type == fs.FileType.NotFound:
            raise ConfigurationError(f"the archive at {self.url}: there is no such bucket; create it")

    def exists(self, name: str) -> bool:
        """Whether anything was ever archived of the table."""
        if not self.is_begun():
            return False
        with archive_faults(self.url):
            return bool(self._catalog.table_exists((NAMESPACE, name)))

    def require_seen(self) -> None:
        """Raises ConfigurationError where something was archived that this process cannot reach."""
        if self._database.value(QUERIES["lake_hidden"]):
            raise ConfigurationError(
                "there is an archive that this login may not see (schema viralforge_lake): do it as an admin "
                "(viralforge grants --to LOGIN --role admin)"
            )
        if self.is_begun() and not self.is_there:
            raise ConfigurationError(
                "there is an archive, and the settings here do not say where: set VIRALFORGE_ARCHIVE_URL as "
                "where viralforge worker runs"
            )

    def is_begun(self) -> bool:
        """Whether anything was ever archived; nothing need be installed to find out."""
        return bool(self._database.value(QUERIES["lake_exists"]))

    def _made(self, table: ColdTable) -> Table:
        from pyiceberg.partitioning import PartitionField, PartitionSpec
        from pyiceberg.table.sorting import SortField, SortOrder
        from pyiceberg.transforms import IdentityTransform, MonthTransform

        schema = iceberg_schema(table)
        id_of = {field.name: field.field_id for field in schema.fields}
        parts = PartitionSpec(PartitionField(id_of[table.moment], 1000, MonthTransform(), "month"))
        order = SortOrder(*(SortField(id_of[name], IdentityTransform()) for name in table.key))
        made: Table = self._catalog.create_table_if_not_exists(
            (NAMESPACE, table.name), schema=schema, partition_spec=parts, sort_order=order,
            properties={
                "format-version": "2", "write.parquet.compression-codec": "zstd",
                "schema.name-mapping.default": schema.name_mapping.model_dump_json(),
                # What files hold of people stands in no statistics, which outlive them.
                "write.metadata.metrics.default": "none",
                **{f"write.metadata.metrics.column.{name}": "full" for name in (table.moment, table.key[0])},
            },
        )  # fmt: skip
        return made

    def _at_home(self, found: Table) -> Table:
        """The table, if it lies where the settings say."""
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

    def expire(self, name: str, spare: timedelta = YOUNG) -> None:
        """Forgets the snapshots of the table but the one that holds, and young ones: they may be read."""
        with archive_faults(self.url):
            table = self.table(name)
            current, latest = table.current_snapshot(), (datetime.now(UTC) - spare).timestamp() * 1_000
            old = [
                each.snapshot_id
                for each in table.snapshots()
                if each != current and each.timestamp_ms <= latest
            ]
            if old:
                table.maintenance.expire_snapshots().by_ids(old).commit()

    def sweep(self, name: str, spare: timedelta = YOUNG) -> int:
        """Deletes the files under the table's place that it does not refer to, but for young ones."""
        from pyarrow import fs

        with archive_faults(self.url):
            table = self.table(name)
            known = {plain(path) for path in referred(table)}
            system, root = self.filesystem(name)
            latest, swept = datetime.now(UTC) - spare, 0
            for found in system.get_file_info(fs.FileSelector(root, recursive=True, allow_not_found=True)):
                if (
                    found.type == fs.FileType.File
                    and plain(found.path) not in known
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


def _for_sqlalchemy(url: str, role: str | None) -> str:
    """The warehouse's database with the catalog's schema in front, in the name of a role if any."""
    known = conninfo_to_dict(url)
    options = [str(known.get("options") or ""), "-csearch_path=viralforge_lake"]
    options += [f"-crole={role}"] if role else []
    given = {name: str(value) for name, value in known.items()} | {"options": " ".join(filter(None, options))}
    return f"postgresql+psycopg:///?{urlencode(given)}"

"""The archive's tables as Iceberg and as Arrow know them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from viralforge.errors import InvalidInput, MissingExtra
from viralforge.model.cold import TABLES, ColdTable

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.manifest import DataFile


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

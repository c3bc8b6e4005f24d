"""The server's JSON as what the library returns: rows with exact numbers, moments and ids."""

from __future__ import annotations

import json
import types
from dataclasses import is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import httpx
from pydantic import TypeAdapter

from viralforge.errors import WarehouseError


def document_in(response: httpx.Response) -> Any:
    """The JSON of an answer, its numbers exact. Raises WarehouseError where it is none."""
    try:
        return json.loads(response.content, parse_float=Decimal)
    except ValueError:
        raise WarehouseError(
            f"{response.url.host} answered with no JSON: is this the address of viralforge serve?"
        ) from None


def read_as(kind: Any, given: Any) -> Any:
    """What JSON holds, as a value of this type: named tuples out of objects, Rows out of lists.

    >>> read_as(Decimal | None, 3)
    Decimal('3')
    """
    if kind is Any:
        return _with_floats(given)
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, Union):
        known = [each for each in inside if each is not type(None)]
        return None if given is None else read_as(known[0], given)
    if isinstance(origin, type) and origin.__name__ == "Rows":
        return rows(origin, inside[0], given)
    if origin is list:
        return [read_as(inside[0], each) for each in given]
    if hasattr(kind, "_fields") or is_dataclass(kind):
        return kind(**{name: read_as(hint, given[name]) for name, hint in _hints(kind).items()})
    return _adapter(kind).validate_python(given)


def rows(as_rows: Any, row: Any, given: list[dict[str, Any]]) -> Any:
    """Rows of these objects, with the columns of their type, or with their own where none is known."""
    if hasattr(row, "_fields"):
        return as_rows(row._fields, [read_as(row, each) for each in given])
    columns = tuple(given[0]) if given else ()
    return as_rows(columns, [tuple(map(_with_floats, each.values())) for each in given])


def _with_floats(value: Any) -> Any:
    """A document of somebody's, with numbers as Python's own reader has them."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _with_floats(each) for key, each in value.items()}
    return [_with_floats(each) for each in value] if isinstance(value, list) else value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)

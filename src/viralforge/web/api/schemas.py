"""JSON Schemas of what goes in and comes out, made from the records and rows of the library."""

from __future__ import annotations

import types
import warnings
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter, WithJsonSchema, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from viralforge.model.post import FETCHED_VIA, METRICS, SCRAPE_SOURCES, ScrapedPost
from viralforge.model.record import COUNT_SCHEMA, MOMENT_SCHEMA, PLATFORM_SCHEMA, Record

Schema = dict[str, Any]
COMPONENTS: dict[str, Schema] = {}
"""The schemas that routes refer to, by name."""
_REF = "#/components/schemas/{model}"
_DIGITS: Schema = {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}
_TEXT: Schema = {"anyOf": [{"type": "string"}, _DIGITS, {"type": "null"}]}
_TEXTS: Schema = {"type": ["array", "null"], "items": {"type": "string"}}
_MOMENT: Schema = {"anyOf": [*MOMENT_SCHEMA["anyOf"], {"type": "null"}]}


_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


class _Exact(GenerateJsonSchema):
    """Decimals are numbers here, since they are written as such."""

    def decimal_schema(self, schema: Any) -> Schema:
        found: Schema = {"type": "number"}
        found.update({said: float(schema[name]) for name, said in _BOUNDS.items() if name in schema})
        return found


def ref(name: str, schema: Schema) -> Schema:
    """A reference to a schema that is kept under a name."""
    COMPONENTS[name] = schema
    return {"$ref": _REF.format(model=name)}


@cache
def taken(record: type[Record]) -> Schema:
    """The schema of a record as callers send it; snake_case stands for camelCase, which is read too."""
    return _kept(TypeAdapter(record), "validation")


@cache
def returned(kind: Any) -> Schema:
    """The schema of what the library returns: rows become lists of objects.

    >>> returned(list[str])
    {'items': {'type': 'string'}, 'type': 'array'}
    """
    return _kept(TypeAdapter(_as_model(kind)), "serialization")


@cache
def row(kind: type[Any]) -> type[BaseModel]:
    """A NamedTuple or a dataclass as an object with the same fields."""
    hints: dict[str, Any] = get_type_hints(kind)
    columns: Any = {name: (_as_model(hint), ...) for name, hint in hints.items()}
    with warnings.catch_warnings():  # a column may be called as something of pydantic's, such as schema
        warnings.simplefilter("ignore", UserWarning)
        return create_model(kind.__name__, __doc__=kind.__doc__, **columns)


def _as_model(kind: Any) -> Any:
    if kind is Decimal:
        return Annotated[Decimal, WithJsonSchema({"type": "number"})]
    if isinstance(kind, type) and (hasattr(kind, "_fields") or is_dataclass(kind)):
        return row(kind)
    origin, inside = get_origin(kind), get_args(kind)
    if isinstance(origin, type) and origin.__name__ == "Rows":
        return list[dict[str, Any] if inside[0] is Any else _as_model(inside[0])]  # type: ignore[misc]
    if origin in (types.UnionType, Union):
        return Union[tuple(map(_as_model, inside))]  # noqa: UP007 - of types that are known only now
    if origin is list:
        return list[_as_model(inside[0])]  # type: ignore[misc]
    return kind


def _kept(adapter: TypeAdapter[Any], mode: JsonSchemaMode) -> Schema:
    found = adapter.json_schema(by_alias=False, mode=mode, ref_template=_REF, schema_generator=_Exact)
    for name, schema in found.pop("$defs", {}).items():
        ref(name, _plain(schema))
    title = found.get("title")
    found = _plain(found)
    return ref(title, found) if title and found.get("type") == "object" else found


def _plain(schema: Any) -> Any:
    """The schema without the titles that only say a field's name again, and without `default: null`."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {}
    for name, value in schema.items():
        if (name == "title" and isinstance(value, str)) or (name == "default" and value is None):
            continue
        if name == "properties":
            found[name] = {field: _plain(inside) for field, inside in value.items()}
        elif name == "description":
            found[name] = value.partition(">>>")[0].strip()
        elif name in _BOUNDS:  # where something is read before it is bounded
            found[_BOUNDS[name]] = value
        else:
            found[name] = value if name in ("examples", "enum", "const") else _plain(value)
    return found


@cache
def post() -> Schema:
    """The schema of a post as callers send it: rough values are read."""
    hints = get_type_hints(ScrapedPost)
    properties = {
        field.name: _of_post(field.name, hints[field.name])
        for field in fields(ScrapedPost)
        if field.name != "payload_hash"
    }
    schema = {
        "type": "object", "properties": properties, "required": ["platform", "external_id"],
        "additionalProperties": False, "description": ScrapedPost.__doc__,
    }  # fmt: skip
    return ref("ScrapedPost", _plain(schema))


def _of_post(name: str, hint: Any) -> Schema:
    special: dict[str, Schema] = {
        "platform": PLATFORM_SCHEMA,
        "external_id": {
            "anyOf": [{"type": "string"}, _DIGITS],
            "description": "The platform's own id of the post.",
        },
        "raw_json": {"description": "The platform's payload as it came, whole."},
        "scrape_source": {"type": ["string", "null"], "enum": [*SCRAPE_SOURCES, None]},
        "fetched_via": {"type": ["string", "null"], "enum": [*FETCHED_VIA, None]},
        "scrape_job_id": {"type": ["integer", "null"], "minimum": 1, "maximum": 2**63 - 1},
        "duration_seconds": {"type": ["number", "null"], "minimum": 0, "exclusiveMaximum": 10**9},
        "observed_at": _MOMENT | {"description": "When the post looked so; now where it is not given."},
    }
    if name in special:
        return special[name]
    if name in METRICS:
        return {"anyOf": [*COUNT_SCHEMA["anyOf"], {"type": "null"}]}
    if hint == datetime | None:
        return _MOMENT
    return _TEXTS if get_origin(get_args(hint)[0]) is list else _TEXT

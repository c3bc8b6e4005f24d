"""The base of what callers write besides posts: camelCase or snake_case keys, unknown keys refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from viralforge.errors import InvalidInput, InvalidPost
from viralforge.model import values
from viralforge.model.ids import ALIASES, PLATFORMS, platform_name


def _moment(value: object) -> object:
    try:
        return values.moment(value)
    except InvalidPost as error:
        raise ValueError(error.detail) from None


def _json(value: Any) -> Any:
    try:
        _text, scrubbed = values.json_text(value)
        return values.scrub(value)[0] if scrubbed else value
    except InvalidPost as error:
        raise ValueError(error.detail) from None
    except RecursionError:
        raise ValueError("it nests too deep") from None


def _platform(value: object) -> str:
    try:
        return platform_name(value)
    except InvalidPost as error:
        raise ValueError(error.detail) from None


def _count(value: object) -> object:
    try:
        return values.count(value)
    except InvalidPost as error:
        raise ValueError(error.detail) from None


def _number(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError("it is not a number")
    return value


_EPOCH = {"type": "number", "minimum": -62_135_596_800, "maximum": 253_402_300_799_999}
MOMENT_SCHEMA = {"anyOf": [{"type": "string", "format": "date-time"}, _EPOCH]}
"""A moment as callers write it, in JSON Schema."""
COUNT_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": values.MAX_COUNT},
        {"type": "string", "pattern": "^[0-9]{1,15}$"},
    ]
}
"""A counter as callers write it, in JSON Schema."""
Count = Annotated[int, BeforeValidator(_count), WithJsonSchema(COUNT_SCHEMA)]
"""A counter from 0 to 10^15, from a whole number or its digits."""
Number = Annotated[float, BeforeValidator(_number), AfterValidator(values.not_too_small)]
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema(MOMENT_SCHEMA)]
"""An aware UTC datetime; ISO text and epoch numbers are accepted."""
Text = Annotated[str, AfterValidator(lambda value: values.clean(value).strip())]
MAX_NAME = 200
Name = Annotated[Text, Field(min_length=1, max_length=MAX_NAME)]
"""What something is called: not empty, at most MAX_NAME characters."""
Json = Annotated[Any, AfterValidator(_json)]
"""Whatever can be written as JSON."""
JsonObject = Annotated[dict[str, Any], AfterValidator(_json)]
PLATFORM_SCHEMA = {"type": "string", "enum": [*PLATFORMS, *ALIASES]}
Platform = Annotated[str, BeforeValidator(_platform), WithJsonSchema(PLATFORM_SCHEMA)]
"""A platform's own name; aliases such as `x` are accepted."""
RecordId = Annotated[
    int, BeforeValidator(_number), Field(ge=1, lt=2**63),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 2**63 - 1}),
]  # fmt: skip
"""The id of a stored record, as the database counts them."""


class Record(BaseModel):
    """A frozen record read from keyword arguments or from a mapping in either spelling of keys."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, allow_inf_nan=False
    )

    @classmethod
    def read(cls, given: Self | Mapping[str, Any]) -> Self:
        """The record, or InvalidInput that names every field at fault, its value and what it must be."""
        if isinstance(given, cls):
            return given
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            places = [(cls._spelled(fault["loc"], given), _said(dict(fault))) for fault in error.errors()]
            faults = "; ".join(
                f"{'.'.join(map(str, where))}: {said}" if where else said for where, said in places
            )
            refusal = InvalidInput(f"{cls.__name__}: {faults}")
            refusal.places = places
            raise refusal from None

    @classmethod
    def _spelled(cls, where: tuple[str | int, ...], given: Any) -> tuple[str | int, ...]:
        """The way to a field as it was written; one that is missing in snake_case."""
        if not where or (isinstance(given, Mapping) and where[0] in given):
            return tuple(where)
        names = {field.alias: name for name, field in cls.model_fields.items()}
        return (names.get(str(where[0])) or where[0], *where[1:])


def _said(fault: dict[str, Any]) -> str:
    if fault["type"] in ("missing", "extra_forbidden"):
        return "is needed" if fault["type"] == "missing" else "no such field"
    said: str = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"] and isinstance(fault["input"], Mapping):  # the fields do not fit one another
        return said
    return f"{said}, got {values.shown(fault['input'])}"

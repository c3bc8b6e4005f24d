"""Rows that were worked out before, for those to whom an answer of some minutes ago is good enough."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_type_hints

import orjson
from pydantic import TypeAdapter

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import AccessDenied, InvalidInput

QUERIES = Queries("analytics/kept")
R = TypeVar("R", bound="NamedTuple")


class KeptRows:
    """The rows of a question as they were at some moment; whoever asks says how old they may be."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(
        self, kind: type[R], question: str, arguments: dict[str, Any], work: Callable[[], Rows[R]],
        max_age: timedelta | None,
    ) -> tuple[Rows[R], datetime | None]:  # fmt: skip
        """The rows kept of a question if younger than `max_age`, else those of `work`, which are kept then.

        Says when they were worked out as well; None for now, which they always are without a `max_age`.
        Raises InvalidInput for a `max_age` that is no age.
        """
        if max_age is None:
            return work(), None
        if not isinstance(max_age, timedelta) or not timedelta(0) <= max_age <= timedelta(days=3650):
            raise InvalidInput(
                f"max_age: {max_age!r:.80} is no age; give a timedelta of up to ten years, or None"
            )
        given = _given(kind, question, arguments)
        for rows, at in self._database.read(QUERIES["find"], given | {"max_age": max_age}):
            return _read(kind, rows), at
        found = work()
        return found, self.keep(kind, question, arguments, found)

    def latest(
        self, kind: type[R], question: str, arguments: dict[str, Any]
    ) -> tuple[Rows[R], datetime] | None:
        """The rows that were kept of a question last, however old, and when that was; None without any."""
        given = _given(kind, question, arguments) | {"max_age": timedelta(days=3650)}
        for rows, at in self._database.read(QUERIES["find"], given):
            return _read(kind, rows), at
        return None

    def keep(
        self, kind: type[R], question: str, arguments: dict[str, Any], found: Rows[R]
    ) -> datetime | None:
        """Keeps the rows of a question as they are now; says when that is, None where it may not write."""
        rows = _adapter(kind).dump_json(list(found)).decode()
        with suppress(AccessDenied):  # who only reads keeps nothing
            given = _given(kind, question, arguments) | {"rows": rows}
            at: datetime = self._database.value(QUERIES["keep"], given)
            return at
        return None

    def forget(self, older: timedelta) -> int:
        """Forgets rows that were kept so long ago; how many questions' that were."""
        return self._database.change(QUERIES["forget"], {"older": older})


def _given(kind: type[R], question: str, arguments: dict[str, Any]) -> dict[str, Any]:
    told = arguments | {"columns": kind._fields}
    return {"question": question, "arguments": orjson.dumps(told, default=str).decode()}


def _read(kind: type[R], rows: str) -> Rows[R]:
    return Rows(kind._fields, map(kind._make, _adapter(kind).validate_json(rows)))


@cache
def _adapter(kind: type[R]) -> TypeAdapter[list[tuple[Any, ...]]]:
    # Its fields one by one: pydantic would take a field for the type of the same name (`date: date`).
    return TypeAdapter(list[tuple[tuple(get_type_hints(kind).values())]])  # type: ignore[misc]

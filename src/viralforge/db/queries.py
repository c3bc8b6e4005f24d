"""Named queries: every SQL statement outside migrations and objects stands in `sql/queries/<subject>.sql`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple, Self
from uuid import UUID

from psycopg import Connection, RawCursor

_VALUE = re.compile(r"%\((\w+)\)s")
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_LEADING_COMMENTS = re.compile(r"\A(?:--.*\n)+")
_SCALARS = frozenset((bool, int, float, Decimal, datetime, UUID))
SQL = resources.files("viralforge") / "sql"


class Statement(NamedTuple):
    """A query whose values are numbered: psycopg takes long ones with named values apart at every call."""

    text: bytes
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """The statement of a query with named values.

        >>> Statement.of("SELECT %(b)s, %(a)s, %(b)s")
        Statement(text=b'SELECT $1, $2, $1', names=('b', 'a'))
        """
        names = tuple(dict.fromkeys(_VALUE.findall(text)))
        numbered = _VALUE.sub(lambda found: f"${names.index(found[1]) + 1}", text)
        return cls(numbered.replace("%%", "%").encode(), names)

    def execute(self, connection: Connection[Any], values: Mapping[str, Any]) -> RawCursor[Any]:
        """Runs it; values that it does not name are left out.

        Scalars go as text and take their types from the statement: psycopg types a number by its size, and
        PostgreSQL would parse and plan the same statement again for every mix of sizes.
        """
        given = [str(value) if type(value := values[name]) in _SCALARS else value for name in self.names]
        return RawCursor(connection).execute(self.text, given)


class Queries(Mapping[str, bytes]):
    """The queries of one subject by name, ready to be executed (values are bound, never formatted in).

    >>> Queries("analytics/posts")["history"].startswith(b"SELECT")
    True
    """

    def __init__(self, subject: str) -> None:
        text = (SQL / "queries" / f"{subject}.sql").read_text(encoding="utf-8")
        parts = _NAME.split(text)
        self._queries = {
            name: sql.strip().rstrip(";").encode() for name, sql in zip(parts[1::2], parts[2::2], strict=True)
        }

    def __getitem__(self, name: str) -> bytes:
        return self._queries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)

    def staged(self, name: str, stage: bytes) -> Statement:
        """The query `name` over the rows that another query yields, as its first part `staged`."""
        body = _LEADING_COMMENTS.sub("", self._queries[name].decode())
        glue = ",\n" if body.startswith("WITH ") else "\n"
        text = f"WITH staged AS ({stage.decode()}){glue}{body.removeprefix('WITH ')}"
        return Statement.of(text)


def subjects() -> list[str]:
    """The subjects that have queries, such as `store/posts`."""
    home = Path(str(SQL / "queries"))
    return sorted(found.relative_to(home).with_suffix("").as_posix() for found in home.rglob("*.sql"))

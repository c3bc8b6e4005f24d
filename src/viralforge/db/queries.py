"""Named queries: every SQL statement outside migrations and objects stands in `sql/queries/<subject>.sql`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_LEADING_COMMENTS = re.compile(r"\A(?:--.*\n)+")
SQL = resources.files("viralforge") / "sql"


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

    def staged(self, name: str, stage: str) -> bytes:
        """The query `name` over the rows that the query `stage` yields, as its first part `staged`."""
        body = _LEADING_COMMENTS.sub("", self._queries[name].decode())
        glue = ",\n" if body.startswith("WITH ") else "\n"
        return f"WITH staged AS ({self._queries[stage].decode()}){glue}{body.removeprefix('WITH ')}".encode()


def subjects() -> list[str]:
    """The subjects that have queries, such as `store/posts`."""
    home = Path(str(SQL / "queries"))
    return sorted(found.relative_to(home).with_suffix("").as_posix() for found in home.rglob("*.sql"))

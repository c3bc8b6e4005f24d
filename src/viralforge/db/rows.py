"""What a question returns: typed rows that can also be had as dicts or as Arrow, pandas and polars tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload
from uuid import UUID

import orjson

from viralforge.errors import MissingExtra

R = TypeVar("R", bound=tuple[Any, ...])


class Rows(Sequence[R], Generic[R]):
    """Rows in order, each a tuple, with the columns' names as attributes where they are known beforehand.

    >>> rows = Rows(("hashtag", "post_count"), [("ai", 3), ("soup", 2)])
    >>> rows.to_dicts()[0], len(rows), rows[1][0]
    ({'hashtag': 'ai', 'post_count': 3}, 2, 'soup')
    """

    __slots__ = ("_rows", "columns")

    def __init__(self, columns: Sequence[str], rows: Iterable[R]) -> None:
        self.columns = tuple(columns)
        self._rows = list(rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> list[R]: ...
    def __getitem__(self, index: int | slice) -> R | list[R]:
        return self._rows[index]

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._rows == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Rows({len(self)}: {', '.join(self.columns)})"

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dict a row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self._rows]

    def to_arrow(self) -> Any:
        """A `pyarrow.Table`; a column of JSON is the JSON's text. Raises MissingExtra without pyarrow."""
        try:
            import pyarrow
        except ImportError:
            raise MissingExtra("pyarrow", "frames") from None
        values = zip(*self._rows, strict=True) if self._rows else ((),) * len(self.columns)

        def array(column: Iterable[Any]) -> Any:
            plain = _plain(column)
            if not any(map(_is_document, plain)):
                try:
                    return pyarrow.array(plain)
                except pyarrow.ArrowException:  # values of several types, as jsonb may hold
                    pass
            return pyarrow.array(map(_json, plain), pyarrow.string())

        return pyarrow.table([array(column) for column in values], names=list(self.columns))

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame`. Raises MissingExtra without pandas."""
        try:
            import pandas
        except ImportError:
            raise MissingExtra("pandas", "frames") from None
        return pandas.DataFrame(list(map(tuple, self._rows)), columns=list(self.columns))

    def to_polars(self) -> Any:
        """A `polars.DataFrame`. Raises MissingExtra without polars."""
        try:
            import polars
        except ImportError:
            raise MissingExtra("polars", "frames") from None
        return polars.from_arrow(self.to_arrow())


def _is_document(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_is_document, value)))


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value, default=str).decode()


def _plain(column: Iterable[Any]) -> list[Any]:
    """The values as Arrow takes them: UUIDs as text."""
    return [str(value) if isinstance(value, UUID) else value for value in column]

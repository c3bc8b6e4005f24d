"""Rows of CSV and TSV: the delimiter found out, cells over several lines, broken rows told one by one."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import deque
from collections.abc import Iterator

from viralforge.errors import InvalidPost
from viralforge.ingest.document import MAX_PAYLOAD, Document, kept
from viralforge.ingest.json_files import MARKER, unmerged
from viralforge.ingest.streams import blocks
from viralforge.model.rejection import Rejection
from viralforge.sources.youtube_csv import columns_of_headerless

MAX_ROW = 32 * 2**20
"""Characters a row may have; a quote nobody closed would otherwise swallow the rest of the file."""
HEADER = 2**16
"""Bytes at the start of a table from which its delimiter is told."""
_DELIMITERS = ",\t;|"
_UNDECODED = re.compile("[\udc80-\udcff]")
_OPEN_QUOTE = "a quote is opened and never closed"


def delimiter_of(head: str) -> str:
    """What parts the cells: of the first row's candidates the one that makes the most cells.

    >>> delimiter_of("id;title;likes\\n1;a, b, c;3")
    ';'
    """
    if columns_of_headerless(first_rows(head, ",")[0]):
        return ","
    return max(_DELIMITERS, key=lambda each: len(first_rows(head, each)[0]))


def first_rows(head: str, delimiter: str) -> list[list[str]]:
    """The first two rows of a text's beginning; an empty one where it has fewer."""
    found = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        rows = list(itertools.islice((row for row in found if row), 2))
    except csv.Error:
        rows = []
    return [*rows, [], []][:2]


def rows(chunks: Iterator[bytes], name: str, delimiter: str) -> Iterator[Document | Rejection]:
    """One document a row, its keys from the header; a bad row is one rejection, and the rest go on.

    A table of a known kind without a header gets its columns; blank rows are passed over; the text of a
    cell is left as it is. Raises InvalidPost at merge markers and at faults of the whole file.
    """
    csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_ROW))
    lines = _Lines(chunks)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    columns: list[str] = []
    while (row := _next_row(reader, lines, delimiter)) is not None:
        if not columns and not lines.fault:
            columns = _columns(row, lines)
            continue
        if not lines.fault and not any(row):
            continue
        origin = f"{name}:{lines.before + 1}"
        if reason := _misfit(row, columns, lines):
            if reason == "bad_csv":
                lines.give_back(_resume_at(lines.taken, len(columns), delimiter))
            yield Rejection(reason, lines.fault, kept("".join(lines.taken)), origin)
        else:
            yield Document(dict(zip(columns, row, strict=True)), origin, name)


def _next_row(reader: Iterator[list[str]], lines: _Lines, delimiter: str) -> list[str] | None:
    lines.next_row()
    try:
        row = next(reader, None)
    except csv.Error as error:
        row = []
        if len(lines.taken) == 1 and not lines.fault:  # text after a closing quote: sloppy, but of one line
            row = next(csv.reader(lines.taken, delimiter=delimiter))
        lines.fault = lines.fault or ("" if row else str(error))
    if row and row[0].startswith(MARKER.decode()):
        raise unmerged()
    return row


def _columns(row: list[str], lines: _Lines) -> list[str]:
    """The columns the first row tells; a first row that is data already is given back."""
    if columns := columns_of_headerless(row):
        lines.give_back(0)
        return columns
    return [column.strip() for column in row] if any(row) else []


def _misfit(row: list[str], columns: list[str], lines: _Lines) -> str | None:
    """Why a row cannot be taken, its detail in `lines.fault`; empty cells beyond the header are cut off."""
    width = len(columns)
    if lines.fault:
        if not columns:
            raise InvalidPost("bad_csv", f"the header cannot be read: {lines.fault}")
        return "bad_csv"
    if len(row) > width and not any(row[width:]):
        del row[width:]
    if len(row) != width:
        lines.fault = f"{len(row)} cells where the header has {width}"
        return "bad_csv"
    if lines.damaged and _UNDECODED.search("".join(row)):
        lines.fault = "the row holds bytes that are not UTF-8"
        return "wrong_encoding"
    return None


def _resume_at(taken: list[str], width: int, delimiter: str) -> int:
    """Which of the lines a bad row has swallowed is a whole row again; after the last if none is."""
    for at in range(1, len(taken)):
        if len(next(csv.reader([taken[at]], delimiter=delimiter), [])) == width:
            return at
    return len(taken)


class _Lines:
    """The lines of a table; those of the row being read are remembered, so that they can be read again."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.before = 0
        self.taken: list[str] = []
        self.fault = ""
        self.damaged = False
        self._size = 0
        self._again: deque[str] = deque()
        self._fresh = itertools.chain.from_iterable(self._texts(chunks))

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._fresh, "")
        if not line:
            if self.taken:
                self.fault = _OPEN_QUOTE
            raise StopIteration
        self.taken.append(line)
        self._size += len(line)
        if self._size > MAX_ROW:
            self.fault = _OPEN_QUOTE
            raise csv.Error(_OPEN_QUOTE)
        return line

    def next_row(self) -> None:
        """Forget the lines of the row before."""
        self.before += len(self.taken)
        self.taken.clear()
        self._size, self.fault = 0, ""

    def give_back(self, keep: int) -> None:
        """Read the lines of this row again, all but the first `keep`."""
        self._again.extendleft(reversed(self.taken[keep:]))
        del self.taken[keep:]

    def _texts(self, chunks: Iterator[bytes]) -> Iterator[io.StringIO]:
        for block, too_long in blocks(chunks):
            if too_long:
                raise InvalidPost("too_large", f"a line of more than {MAX_PAYLOAD // 2**20} MB")
            try:
                text = block.decode()
            except UnicodeDecodeError:
                text = block.decode(errors="surrogateescape")
                self.damaged = True
            yield io.StringIO(text, newline="")

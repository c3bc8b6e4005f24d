"""Files, folders, globs and standard input to decoded documents, in bounded memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from viralforge.errors import InvalidPost
from viralforge.ingest import json_files, tables
from viralforge.ingest.capture import Capture, Captures
from viralforge.ingest.document import Document, kept
from viralforge.ingest.formats import has_markers, in_utf8, kind_of
from viralforge.ingest.paths import Input, Inputs, find_inputs
from viralforge.ingest.streams import CHUNK, ahead, members, stored, unpacked, up_to_cut
from viralforge.model.rejection import Rejection

__all__ = ["Document", "captures", "documents", "find_inputs"]

Progress = Callable[[int, int | None], None]
Opener = Callable[[], Iterator[bytes]]
Reader = Callable[[Iterator[bytes]], Iterator[Document | Rejection]]
WHOLE = 16 * 2**20
"""Bytes looked at before a file is read; what is no larger is checked and parsed in one piece."""


def documents(
    paths: Sequence[str | Path] | str | Path, *, progress: Progress | None = None
) -> Iterator[Document | Rejection]:
    """Every payload in the files the paths mean, decoded; what cannot be read is a Rejection with its reason.

    A path is a file, a folder, a glob, or `-` for standard input. What a file is, its content tells before
    its name: JSON (a value, an array of any length, values in a row, JSON wrapped in JavaScript), NDJSON,
    CSV and TSV, as UTF-8 or UTF-16 with a byte order mark, packed with gzip, zstd or tar or not. `progress`
    is called with the stored bytes read so far and all there are (None where a pipe is among them).

    A file with merge markers, or a table in another encoding, is turned away before any of it is given out;
    of standard input, pipes and files within a tar only the first 16 MB can be looked at ahead.

    Raises UnreadableInput before anything is read if a path is missing or may not be read, a glob matches
    nothing or a folder holds no data; and later if the system gives up on a file.
    """
    return (each for _file, each in _all(find_inputs(paths), progress))


def captures(
    progress: Progress, *, inputs: Inputs, observed_at: datetime | None, shape: str | None
) -> Captures:
    """Every payload in the files, with what is known of it beside what it says."""
    for file, each in _all(inputs, progress):
        if isinstance(each, Rejection):
            yield each
        else:
            yield Capture(
                each.payload, observed_at=observed_at, origin=each.origin, shape=shape,
                taken_at=file.first_read_at,
            )  # fmt: skip


def _all(inputs: Inputs, progress: Progress | None) -> Iterator[tuple[Input, Document | Rejection]]:
    total, done, before = inputs.size, 0, 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        if progress:
            progress(done, total)

    for file in inputs.files:
        for each in _file(file, count):
            yield file, each
        before += file.size if file.size is not None else done - before
        if done != before:
            count(before - done)  # a file turned away at its head counts as read


def _file(file: Input, count: Callable[[int], None]) -> Iterator[Document | Rejection]:
    def again() -> Iterator[bytes]:
        return stored(file, lambda _: None)

    return _content(file.name, stored(file, count), again if file.size is not None else None)


def _content(name: str, chunks: Iterator[bytes], again: Opener | None) -> Iterator[Document | Rejection]:
    """The documents of one file; `again` opens it a second time, None where that cannot be."""
    head, cuts = b"", list[InvalidPost]()
    try:
        chunks = up_to_cut(unpacked(chunks), cuts)
        head, ended = ahead(chunks, WHOLE)
        kind = kind_of(head, name, ended=ended)
        if kind == "json" and ended:
            found = json_files.whole(head, name)
        elif kind == "tar":
            found = _archive(name, itertools.chain(_pieces(head), chunks))
        else:
            read = _reader(kind, head, name)
            if again and not ended:
                _check(kind, read, lambda: up_to_cut(unpacked(again()), []))
            else:
                _check(kind, read, lambda: _pieces(head))
            found = read(itertools.chain(_pieces(head), chunks))
        yield from _whole(found, cuts, kind)
    except InvalidPost as fault:
        beginning = repr(head[:64]) if fault.reason == "binary" else kept(head)
        yield Rejection(fault.reason, fault.detail, beginning, name)


def _whole(
    found: Iterator[Document | Rejection], cuts: list[InvalidPost], kind: str
) -> Iterator[Document | Rejection]:
    """All that was found, but what a cut has left of the last; raises the cut after it."""
    last: Document | Rejection | None = None
    try:
        for each in found:
            if last is not None:
                yield last
            last = each
    except InvalidPost:
        if last is not None:
            yield last
        raise
    if last is not None and (not cuts or (isinstance(last, Document) and kind != "table")):
        yield last  # a row of a table that a cut has shortened looks like any other
    if cuts:
        raise cuts[0]


def _pieces(head: bytes) -> Iterator[bytes]:
    return (head[at : at + CHUNK] for at in range(0, len(head), CHUNK))


def _reader(kind: str, head: bytes, name: str) -> Reader:
    if kind == "table":
        delimiter = tables.delimiter_of(head[: tables.HEADER].decode("utf-8", "replace"))
        return lambda chunks: tables.rows(chunks, name, delimiter)
    read = json_files.lines if kind == "lines" else json_files.stream
    return lambda chunks: read(chunks, name)


def _check(kind: str, read: Reader, opened: Opener) -> None:
    """Raise InvalidPost if the file as a whole must be turned away, before anything of it is given out."""
    if not has_markers(in_utf8(opened()) if kind == "table" else opened()):
        return
    if kind != "table":
        raise json_files.unmerged()
    for _ in read(opened()):  # in a table the marker may stand within a cell: then it is text
        pass


def _archive(name: str, chunks: Iterator[bytes]) -> Iterator[Document | Rejection]:
    found = False
    for member, content in members(chunks):
        found = True
        yield from _content(f"{name}:{member}", content, None)
    if not found:
        raise InvalidPost("empty", "no file in the archive is data")

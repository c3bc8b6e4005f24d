"""What a file is, told by its content before its name, and whether it may be read at all."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from viralforge.errors import InvalidPost
from viralforge.ingest.decode import value_of, wrong_encoding
from viralforge.ingest.json_files import MARKER, WRAPPER, unmerged
from viralforge.ingest.paths import LINES, TABLES, suffix_of
from viralforge.ingest.tables import HEADER, delimiter_of, first_rows
from viralforge.sources.youtube_csv import columns_of_headerless

_HEAD = 2**20
_SAMPLE = 64
_MAGIC = {
    b"SQLite format 3\0": "a SQLite database: export its tables as CSV or JSON",
    b"PK\x03\x04": "a zip archive or a spreadsheet: unpack it, or export it as CSV",
    b"PAR1": "a Parquet file: export it as CSV or NDJSON",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BZh": "bzip2 data: unpack it, or pack it as gz or zst",
    b"\xfd7zXZ": "xz data: unpack it, or pack it as gz or zst",
}
_CONTROL = bytes(each for each in range(32) if each not in b"\t\n\v\f\r\x1e")
_COLUMN = re.compile(r"[A-Za-z_#][\w .:/()#%-]{0,80}")


def kind_of(head: bytes, name: str, *, ended: bool) -> str:
    """`tar`, `lines`, `json` or `table`: what to read a file as, from its beginning and its name.

    `ended` says that the beginning is all of it. Raises InvalidPost with the reason where it is none of them.

    >>> kind_of(b'{"id": 1}\\n{"id": 2}\\n', "posts.txt", ended=True)
    'lines'
    >>> kind_of(b"id,likes\\n1,2\\n", "-", ended=True)
    'table'
    """
    if head[257:262] == b"ustar":
        return "tar"
    _check_text(head)
    text, suffix = head[:_HEAD].lstrip(b" \t\r\n\x1e"), suffix_of(name)
    if text.startswith(MARKER):
        raise unmerged()
    if _is_lines(head[:_HEAD], partial=not ended or len(head) > _HEAD, named=suffix in LINES):
        return "lines"
    if text[:1] in (b"{", b"[") or WRAPPER.match(text[:2000]):
        return "json"
    if suffix in TABLES or _is_table(text):
        return "table"
    if text[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise InvalidPost("not_json", "it is a page of HTML or XML, not data")
    if suffix in (".json", *LINES):
        return "json"
    raise InvalidPost("not_json", "it is neither JSON nor a table with a header")


def has_markers(chunks: Iterator[bytes]) -> bool:
    """Whether a line starts as the markers of a merge do."""
    tail = b"\n"
    for chunk in chunks:
        tail += chunk
        if b"\n" + MARKER in tail:
            return True
        tail = tail[-len(MARKER) :]
    return False


def in_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, once they are known for UTF-8 with a damaged character here and there at most.

    Raises InvalidPost where more is damaged than whole: then it is text in another encoding.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    checking = True
    for chunk in chunks:
        try:
            if checking:
                decoder.decode(chunk)
        except UnicodeDecodeError as error:
            text = chunk.decode("utf-8", "replace")
            damaged = text.count("\ufffd")
            if 2 * damaged > len(text) - len(text.encode("ascii", "ignore")):
                raise wrong_encoding(error) from None
            checking = False
        yield chunk


def _check_text(head: bytes) -> None:
    if not head.strip(b" \t\r\n\x1e"):
        raise InvalidPost("empty", "there is only blank space in it" if head else "it has no bytes")
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise InvalidPost("binary", f"it is {what}")
    start = head[:4096]
    zeros = start[::2].count(0), start[1::2].count(0)
    if max(zeros) > len(start) // 5 and min(zeros) < max(zeros) // 10:
        advice = "convert it: iconv -f UTF-16LE -t UTF-8"
        raise InvalidPost("wrong_encoding", f"it looks like UTF-16 without a byte order mark; {advice}")
    if len(start) - len(start.translate(None, _CONTROL)) > max(len(start) // 50, 4):
        raise InvalidPost("binary", "it is not text")


def _is_lines(head: bytes, *, partial: bool, named: bool) -> bool:
    """Whether lines are values of their own: most of the first ones, or any where the name says so."""
    texts = head.split(b"\n")
    if partial:
        texts.pop()
    sample = [text for text in texts[: 2 * _SAMPLE] if text.strip()][:_SAMPLE]
    good = sum(map(_is_record, sample))
    several = partial or len(sample) > 1
    return (named and (good > 0 or not sample)) or (several and good * 2 >= len(sample) > 0)


def _is_record(line: bytes) -> bool:
    if line.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        value_of(line)
    except InvalidPost:
        return False
    return True


def _is_table(text: bytes) -> bool:
    head = text[:HEADER].decode("utf-8", "replace")
    first, second = first_rows(head, delimiter_of(head))
    if columns_of_headerless(first):
        return True
    named = all(map(_COLUMN.fullmatch, map(str.strip, first))) and len(set(first)) == len(first)
    return named and len(first) > 1 and len(second) in (0, len(first))

"""Files of JSON: one value a line, one value a file, or an array or row of values of any length."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from viralforge.errors import InvalidPost
from viralforge.ingest.decode import ends_early, json_fault, shallow, value_of, wrong_encoding
from viralforge.ingest.decode import has_long_numbers as long_numbers
from viralforge.ingest.document import MAX_PAYLOAD, Document, kept
from viralforge.ingest.streams import ahead, blocks
from viralforge.model.rejection import Rejection

WRAPPER = re.compile(
    rb"""\s*(?:\)\]\}'?,?|for\s*\(;;\);|while\s*\(1\);|/\*\*/)?\s*"""
    rb"""(?:export\s+default\s+|(?:(?:const|let|var)\s+)?[A-Za-z_$][\w$.\[\]"']*\s*(?:=|\()\s*)?(?=[\[{])"""
)
"""The JavaScript that pages and archives put before their JSON: an assignment, a call, a guard."""
MARKER = b"<<<<<<<"
TOO_LARGE = f"one value of more than {MAX_PAYLOAD // 2**20} MB; split it into records"
_BETWEEN = re.compile(r"[\s,;)\x1e]*")
_STARTS = re.compile(r"\n[{\[]")
_FIRST_READ = 2**20


def unmerged() -> InvalidPost:
    """A file someone has not finished merging: a part of it may be stale, so none is loaded."""
    return InvalidPost("merge_markers", "a merge in it is unresolved: resolve it and read the file again")


def lines(chunks: Iterator[bytes], name: str) -> Iterator[Document | Rejection]:
    """One document a line; a bad line is one rejection, and the rest go on.

    Raises InvalidPost at merge markers and where the stream itself is damaged.
    """
    number = 0
    for block, too_long in blocks(chunks):
        if too_long:
            number += 1
            yield Rejection("too_large", TOO_LARGE, kept(block), f"{name}:{number}")
            continue
        exact = long_numbers(block)
        texts = block.split(b"\n")
        if not texts[-1]:
            texts.pop()
        for text in texts:
            number += 1
            if not text or text.isspace():
                continue
            origin = f"{name}:{number}"
            try:
                yield Document(value_of(text, exact=exact and long_numbers(text)), origin, name)
            except InvalidPost as fault:
                if text.startswith(MARKER):
                    raise unmerged() from None
                yield Rejection(fault.reason, fault.detail, kept(text), origin)


def whole(text: bytes, name: str) -> Iterator[Document | Rejection]:
    """The value of a file, or the items of its array, or each of the values that stand in it in a row.

    What is valid before a fault is kept, and the rest is one rejection. Raises InvalidPost at merge markers
    and other faults of the whole.
    """
    start = WRAPPER.match(text[:2000])
    bare = text[start.end() :].rstrip(b" \t\r\n;)") if start and start.end() else text
    try:
        value = value_of(bare)
    except InvalidPost as fault:
        if re.search(rb"^<{7}", text, re.MULTILINE):
            raise unmerged() from None
        if fault.reason == "wrong_encoding":
            raise
        yield from stream(iter((text,)), name)
        return
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield Document(item, f"{name}[{number}]", name)
    else:
        yield Document(value, name, name)


def stream(chunks: Iterator[bytes], name: str) -> Iterator[Document | Rejection]:
    """The same for a file too large to hold: value by value, in the memory of the largest."""
    reading = _Values(chunks)
    number = 0
    while True:
        origin = f"{name}[{number}]"
        number += 1
        try:
            if not reading.to_next_value():
                return
            value = reading.value()
        except InvalidPost as fault:
            if reading.text.startswith(MARKER.decode(), reading.start):
                raise unmerged() from None
            yield Rejection(fault.reason, fault.detail, kept(reading.text[reading.start :]), origin)
            if reading.at == reading.start and not reading.to_next_line():
                return
        else:
            yield Document(value, origin, name)


class _Values:
    """The values of a JSON text one after the other: those in a row, and the items of arrays among them."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.text, self.start, self.at, self._line = "", 0, 0, 1
        self._chunks, self._ended, self._in_array = chunks, False, False
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
        self._scan = json.JSONDecoder(strict=False).raw_decode
        self._extend(wrapped=True)

    def to_next_value(self) -> bool:
        """Go where a value starts; False at the end. Raises InvalidPost if an array is still open there."""
        while True:
            if between := _BETWEEN.match(self.text, self.at):
                self.start = self.at = between.end()
            if self.at == len(self.text):
                if self._extend():
                    continue
                if self._in_array:
                    raise InvalidPost("truncated", "the JSON ends in the middle of an array")
                return False
            if self.text[self.at] != "]" if self._in_array else self.text[self.at] != "[":
                return True
            self._in_array = not self._in_array
            self.at += 1

    def to_next_line(self) -> bool:
        """After a fault outside arrays, go to the next line that starts a value; False if there is none."""
        while not self._in_array:
            if found := _STARTS.search(self.text, self.at):
                self.at = found.start()
                return True
            self.at = max(self.at, len(self.text) - 1)
            if not self._extend():
                break
        return False

    def value(self) -> Any:
        """The value that starts here; raises InvalidPost with the reason where it is none."""
        while True:
            try:
                value, end = self._scan(self.text, self.at)
            except json.JSONDecodeError as error:
                if not (ends_early(error, self.text) and self._extend()):
                    where = self._line + error.lineno - 1
                    raise json_fault(error, self.text, f"{error.msg}: line {where}") from None
            except (ValueError, RecursionError) as error:
                raise json_fault(error, self.text) from None
            else:
                if end < len(self.text) or not self._extend():
                    self.at = end
                    brackets = self.text.count("{", self.start, end) + self.text.count("[", self.start, end)
                    return shallow(value, brackets)

    def _extend(self, *, wrapped: bool = False) -> bool:
        """Read as much again as is open; False at the end."""
        if self._ended:
            return False
        rest = self.text[self.at :]
        if len(rest) > MAX_PAYLOAD:
            raise InvalidPost("too_large", TOO_LARGE)
        data, self._ended = ahead(self._chunks, min(max(len(rest), _FIRST_READ), MAX_PAYLOAD + 1 - len(rest)))
        if wrapped and (start := WRAPPER.match(data[:2000])):
            data = data[start.end() :]
        self._line += self.text.count("\n", 0, self.at)
        try:
            self.text, self.start, self.at = rest + self._decoder.decode(data, self._ended), 0, 0
        except UnicodeDecodeError as error:
            raise wrong_encoding(error) from None
        return len(self.text) > len(rest)

"""Bytes of a file as a stream of chunks: counted, decompressed, in UTF-8, cut into lines."""

from __future__ import annotations

import codecs
import itertools
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import zstandard

from viralforge.errors import InvalidPost
from viralforge.ingest.document import MAX_PAYLOAD
from viralforge.ingest.paths import Input, is_data, unreadable

CHUNK = 256 * 2**10
_SLICE = 4 * 2**10
"""Bytes decompressed at a time: a bomb of 32,000 : 1 then unpacks 128 MB at most before it is cut."""
_BLOCK = 16 * 2**10
"""Bytes read at a time of a file within a tar, whose last such piece a cut takes away."""
_MAX_WINDOW = 2**31
"""What `zstd --long=31` needs, with which the great archives of Reddit are packed."""


def stored(file: Input, count: Callable[[int], None]) -> Iterator[bytes]:
    """The bytes of a file as they are stored; raises UnreadableInput when the system gives up on it."""
    try:
        if file.path is None:
            yield from _chunks(sys.stdin.buffer.read, count)
        else:
            with file.path.open("rb", buffering=0) as opened:
                yield from _chunks(opened.read, count)
    except OSError as error:
        raise unreadable(file.name, error) from None


def _chunks(read: Callable[[int], bytes], count: Callable[[int], None]) -> Iterator[bytes]:
    while chunk := read(CHUNK):
        count(len(chunk))
        yield chunk


def ahead(chunks: Iterator[bytes], size: int) -> tuple[bytes, bool]:
    """The next bytes, `size` or somewhat more, and whether the stream ended with them."""
    pieces, have = [], 0
    for chunk in chunks:
        pieces.append(chunk)
        have += len(chunk)
        if have >= size:
            return b"".join(pieces), False
    return b"".join(pieces), True


def unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The content as UTF-8 without a byte order mark, whatever gzip, zstd or UTF-16 is around it.

    Raises InvalidPost where it is damaged, ends early or is in an encoding that must be named.
    """
    head, _ = ahead(chunks, 4)
    chunks = itertools.chain((head,), chunks)
    if head[:2] == b"\x1f\x8b":
        return unpacked(_inflated(chunks, "gzip", lambda: zlib.decompressobj(wbits=31)))
    if head[:4] == b"\x28\xb5\x2f\xfd":
        zstd = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)
        return unpacked(_inflated(chunks, "zstd", zstd.decompressobj))
    if head[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise InvalidPost("wrong_encoding", "it is UTF-32; convert it: iconv -f UTF-32 -t UTF-8")
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _from_utf16(chunks)
    if head[:3] == codecs.BOM_UTF8:
        return itertools.chain((next(chunks)[3:],), chunks)
    return chunks


def _inflated(chunks: Iterator[bytes], kind: str, start: Callable[[], Any]) -> Iterator[bytes]:
    frame = None
    try:
        for chunk in chunks:
            for at in range(0, len(chunk), _SLICE):
                rest = chunk[at : at + _SLICE]
                while rest:
                    if frame is None and not (rest := rest.lstrip(b"\0")):  # padding between gzip members
                        break
                    frame = frame or start()
                    if out := frame.decompress(rest):
                        yield out
                    rest = frame.unused_data if frame.eof else b""
                    frame = None if frame.eof else frame
    except (zlib.error, zstandard.ZstdError) as error:
        raise InvalidPost("binary", f"the {kind} data is damaged: {error}") from None
    if frame is not None:
        raise InvalidPost("truncated", f"the {kind} data ends early; fetch the file again")


def up_to_cut(chunks: Iterator[bytes], cuts: list[InvalidPost]) -> Iterator[bytes]:
    """The chunks up to where packed data ends early, as if they ended there; the cut is put into `cuts`."""
    try:
        yield from chunks
    except InvalidPost as fault:
        if fault.reason != "truncated":
            raise
        cuts.append(fault)


def _from_utf16(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
    try:
        for chunk in itertools.chain(chunks, (b"",)):
            if text := decoder.decode(chunk, final=not chunk):
                yield text.encode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise InvalidPost("wrong_encoding", f"its byte order mark says UTF-16, but {error.reason}") from None


def blocks(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Whole lines, many at a time, and False; or the beginning of one line that is too long, and True."""
    open_line: list[bytes] = []
    size, skipping = 0, False
    for chunk in chunks:
        if skipping:
            end = chunk.find(b"\n") + 1
            if not end:
                continue
            chunk, skipping = chunk[end:], False
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join((*open_line, chunk[:cut])), False
            open_line, size = [], 0
        open_line.append(chunk[cut:])
        size += len(chunk) - cut
        if size > MAX_PAYLOAD:
            yield b"".join(open_line[:8])[:CHUNK], True
            open_line, size, skipping = [], 0, True
    if size:
        yield b"".join(open_line), False


class _Readable:
    """A stream of chunks as what tarfile reads from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest, self.last = chunks, b"", b""

    def read(self, size: int) -> bytes:
        if len(self._rest) < size:
            self._rest += ahead(self._chunks, max(size - len(self._rest), 1))[0]
        out, self._rest = self._rest[:size], self._rest[size:]
        self.last = out or self.last
        return out


def _member(read: Callable[[int], bytes]) -> Iterator[bytes]:
    try:
        while chunk := read(_BLOCK):
            yield chunk
    except tarfile.TarError as error:
        raise InvalidPost("truncated", f"the tar is damaged or ends early: {error}") from None


def members(chunks: Iterator[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The data files in a tar, each to be read before the next; raises InvalidPost where it is damaged."""
    archive = _Readable(chunks)
    try:
        with tarfile.open(fileobj=archive, mode="r|") as tar:  # type: ignore[call-overload]
            for member in tar:
                content = tar.extractfile(member) if member.isfile() and is_data(member.name) else None
                if content is not None:
                    yield member.name, _member(content.read)
    except tarfile.TarError as error:
        raise InvalidPost("truncated", f"the tar is damaged or ends early: {error}") from None
    if not archive.last.endswith(bytes(tarfile.BLOCKSIZE)):  # tarfile takes half a header for the end
        raise InvalidPost("truncated", "the tar ends early; fetch the file again")

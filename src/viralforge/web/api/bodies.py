"""Bodies of many: a JSON array, or NDJSON, which is read as it arrives and in bounded memory."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import anyio
import anyio.from_thread
import orjson
from fastapi import Request
from starlette.requests import ClientDisconnect

from viralforge.web.body import GZIP_OR_ZLIB, MOST_TIMES, SLICE, json_in
from viralforge.web.problems import Problem, place_in

MEDIA_TYPE = "application/x-ndjson"
LONGEST_LINE = 8 * 2**20


def given_in(request: Request, *, or_one: bool = False) -> Iterable[Any]:
    """The values of a body, for a route that runs in a thread; with `or_one` an object is one value.

    Raises Problem where it is none of these.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in (MEDIA_TYPE, "application/ndjson", "application/jsonl"):
        return _values_in(request)
    found = anyio.from_thread.run(json_in, request)
    if or_one and isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise Problem("invalid-input", f"the body is no JSON array; send [ … ], or NDJSON as {MEDIA_TYPE}")
    return found


def _values_in(request: Request) -> Iterator[Any]:
    """The values of an NDJSON body. Raises Problem naming the line that is none."""
    for number, line in enumerate(_lines(_unpacked(request, _chunks(request)))):
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError as error:
            detail = f"line {number + 1} is no JSON: {error.msg}; was all of it sent?"
            place = {"pointer": place_in((number,)), "detail": detail}
            raise Problem("unreadable", detail, errors=[place]) from None


def _chunks(request: Request) -> Iterator[bytes]:
    stream, seconds = request.stream(), request.app.state.settings.request_seconds
    while chunk := anyio.from_thread.run(_next, stream, seconds):
        yield chunk


async def _next(stream: AsyncIterator[bytes], seconds: float) -> bytes:
    """The next bytes, none at the end. Raises Problem where they do not come."""
    try:
        with anyio.fail_after(seconds):
            async for chunk in stream:
                if chunk:
                    return chunk
    except TimeoutError:
        raise Problem(
            "timeout", f"nothing more came for {seconds:g} s; send the rest again", wait=1
        ) from None
    except ClientDisconnect:
        raise Problem("unreadable", "the body breaks off; was all of it sent?") from None
    return b""


def _unpacked(request: Request, chunks: Iterator[bytes]) -> Iterator[bytes]:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return chunks
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflated(chunks)
    raise Problem("unsupported-media-type", f"Content-Encoding: {encoding[:40]} is not read here; send gzip")


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    stream, read, written = zlib.decompressobj(GZIP_OR_ZLIB), 0, 0
    for chunk in chunks:
        read += len(chunk)
        while chunk:
            if stream.eof:  # gzip files may follow one another
                stream = zlib.decompressobj(GZIP_OR_ZLIB)
            try:
                part = stream.decompress(chunk, SLICE)
            except zlib.error:
                raise Problem(
                    "unreadable", "the body is no gzip, though its Content-Encoding says so"
                ) from None
            written += len(part)
            if written > SLICE + read * MOST_TIMES:
                raise Problem("too-large", f"the body unpacks to over {MOST_TIMES} times its size")
            yield part
            chunk = stream.unused_data if stream.eof else stream.unconsumed_tail
    if read and not stream.eof:
        raise Problem("unreadable", "the packed body breaks off; was all of it sent?")


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line.strip())
        if len(rest) > LONGEST_LINE:
            raise Problem("too-large", f"a line of an NDJSON body has at most {LONGEST_LINE:,} bytes")
    if rest.strip():
        yield rest

"""Bodies of requests: unpacked within bounds, and read as JSON."""

from __future__ import annotations

import asyncio
import zlib
from typing import Any

import orjson
from fastapi import Request

from viralforge.errors import InvalidPost
from viralforge.ingest.decode import value_of
from viralforge.web.problems import Problem

GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
MOST_TIMES = 200
"""So many times its packed size a body may unpack to; text packs to a tenth, a bomb to a thousandth."""
SLICE = 2**20


async def unpacked(request: Request) -> bytes:
    """The body without its Content-Encoding. Raises Problem where it is broken or grows beyond the limit."""
    body = await request.body()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return body
    if encoding in ("gzip", "x-gzip", "deflate"):
        return inflated(body, request.state.max_body_bytes)
    raise Problem("unsupported-media-type", f"Content-Encoding: {encoding[:40]} is not read here; send gzip")


def inflated(body: bytes, most: int) -> bytes:
    """What a gzip or zlib stream holds, its parts joined. Raises Problem beyond `most` bytes."""
    parts: list[bytes] = []
    size, rest = 0, body
    while rest:
        stream = zlib.decompressobj(GZIP_OR_ZLIB)
        try:
            parts.append(stream.decompress(rest, most + 1 - size))
        except zlib.error:
            raise Problem("unreadable", "the body is no gzip, though it is sent as such") from None
        size += len(parts[-1])
        if size > SLICE + len(body) * MOST_TIMES:
            raise Problem("too-large", f"the body unpacks to over {MOST_TIMES} times its size")
        if size > most or stream.unconsumed_tail:
            raise Problem("too-large", f"unpacked, at most {most:,} bytes are taken; send it in parts")
        if not stream.eof:
            raise Problem("unreadable", "the packed body breaks off; was all of it sent?")
        rest = stream.unused_data
    return b"".join(parts)


async def json_in(request: Request) -> Any:
    """The body read as JSON, whatever its Content-Type. Raises Problem."""
    body = await unpacked(request)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        try:  # half an emoji, cut off by a page, is no reason to lose an event
            return await asyncio.to_thread(value_of, body, exact=True)
        except InvalidPost:
            raise Problem("unreadable", f"the body is no JSON: {error.msg} at byte {error.pos}") from None

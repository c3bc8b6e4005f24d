"""What reading yields: one decoded payload, and where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_PAYLOAD = 64 * 2**20
"""Bytes one payload may have; what is larger is turned away as `too_large`."""
KEPT = 64 * 2**10
"""Characters of an unreadable text that its rejection keeps."""


@dataclass(frozen=True, slots=True)
class Document:
    """One decoded JSON value, or one row of a table as a dict of text.

    `origin` is `file:line` in NDJSON and tables, `file[n]` for the n-th value (from 0) of a JSON array or
    of several JSON values in one file, and `file` where the file is one value. A file within a tar is
    `archive.tar:file`; standard input is `-`.

    >>> Document({"id": "1"}, "posts.ndjson:7", "posts.ndjson").origin
    'posts.ndjson:7'
    """

    payload: Any
    origin: str
    file: str


def kept(text: bytes | str) -> str:
    """The beginning of a text that could not be read, for its rejection.

    >>> kept(b"caf\\xe9")
    'caf�'
    """
    if isinstance(text, str):
        text = text[:KEPT].encode("utf-8", "surrogatepass")
    return text[: 4 * KEPT].decode("utf-8", "replace")[:KEPT]

"""What goes wrong, as problem details (RFC 9457): what, where, and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import Response

from viralforge.errors import (
    AccessDenied,
    ArchiveUnavailable,
    CutShort,
    DatabaseUnavailable,
    ErasureUnfinished,
    InvalidInput,
    InvalidPost,
    StorageFull,
    UnknownPosts,
    UnknownRecord,
    UserErased,
    ViralForgeError,
)

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    "invalid-input": (422, "The request cannot be taken as it is"),
    "unreadable": (400, "The body cannot be read"),
    "not-found": (404, "There is no such thing here"),
    "erased": (409, "Whom this names was erased, and stays so"),
    "method-not-allowed": (405, "Not with this method"),
    "too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "The body is of a kind that is not read here"),
    "key-needed": (401, "A key is needed"),
    "not-allowed": (403, "This key does not open this"),
    "too-many-requests": (429, "Too many requests"),
    "timeout": (504, "It took too long"),
    "unavailable": (503, "The database is away"),
    "archive-away": (503, "The archive is away"),
    "storage-full": (507, "No space is left where the database lives"),
    "access-denied": (500, "The database does not let the server do this"),
    "failed": (500, "The server failed"),
}
"""The kinds of problems, each with its status and its title."""


class Problem(ViralForgeError):
    """A refusal on its way to the client: `kind` is one of those above, `errors` name places in the body.

    `more` is what only some problems tell: the `reason` of a post turned away, the `post_ids` not known.
    """

    def __init__(
        self, kind: str, detail: str, *, errors: Sequence[Mapping[str, Any]] = (), wait: float | None = None
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.errors, self.wait = kind, detail, errors, wait
        self.more: dict[str, Any] = {}

    @property
    def status(self) -> int:
        """The HTTP status."""
        return _TITLES[self.kind][0]

    def document(self, request_id: str | None = None) -> dict[str, Any]:
        """The problem as JSON has it."""
        status, title = _TITLES[self.kind]
        document: dict[str, Any] = {
            "type": f"urn:viralforge:problem:{self.kind}", "title": title, "status": status,
            "detail": self.detail,
        }  # fmt: skip
        if self.errors:
            document["errors"] = list(self.errors)
        if self.saved is not None:
            document["saved"] = self.saved
        document |= self.more
        if request_id:
            document["request_id"] = request_id
        return document

    def response(self, request_id: str | None = None) -> Response:
        """The problem as a response; `wait`, in seconds, becomes Retry-After."""
        headers = {} if self.wait is None else {"Retry-After": str(max(1, math.ceil(self.wait)))}
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="viralforge"'
        return Response(orjson.dumps(self.document(request_id)), self.status, headers, MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """The problem that an error of ours is.

    >>> problem_of(UnknownRecord("no trend with id 7")).status
    404
    """
    if isinstance(error, Problem):
        return error
    saved = error.saved if isinstance(error, ViralForgeError) else None
    kept = "nothing of this request was kept; send it again"
    if saved:
        kept = f"the first {saved:,} posts are saved, nothing after them; send the rest again"
    problem = _problem_of(error, kept)
    problem.saved = saved
    if isinstance(error, UnknownPosts):
        problem.more["post_ids"] = [str(each) for each in error.ids]
    if isinstance(error, InvalidPost):
        problem.more["reason"] = error.reason
    return problem


def _problem_of(error: Exception, kept: str) -> Problem:
    match error:
        case UnknownRecord() | UnknownPosts():
            return Problem("not-found", str(error))
        case UserErased() | InvalidPost(reason="author_erased"):
            return Problem("erased", str(error))
        case InvalidInput():
            places = [{"pointer": place_in(where), "detail": said} for where, said in error.places]
            return Problem("invalid-input", str(error), errors=places)
        case DatabaseUnavailable(in_doubt=True):
            said = "the connection to the database was lost on the way; a write may still have been kept"
            return Problem("timeout", said, wait=1)
        case DatabaseUnavailable():
            return Problem("unavailable", kept, wait=1)
        case CutShort():
            return Problem("timeout", str(error))
        case ErasureUnfinished():
            return Problem("timeout", str(error), wait=60)
        case ArchiveUnavailable():
            return Problem("archive-away", "the archive, where this is by now, cannot be reached", wait=60)
        case StorageFull():
            return Problem("storage-full", kept, wait=60)
        case AccessDenied():
            return Problem("access-denied", "the server's own user of the database lacks a right it needs")
        case _:
            return Problem(
                "failed", "nothing was kept if this was a write; the log has more under the request id"
            )


def place_in(where: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901).

    >>> place_in((3, "event_name"))
    '/3/event_name'
    """
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in where)

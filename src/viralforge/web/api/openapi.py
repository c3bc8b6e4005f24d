"""The OpenAPI document: what the routes say, with every way in which they refuse."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from viralforge.model.rejection import REASONS
from viralforge.web.api.schemas import COMPONENTS, Schema
from viralforge.web.problems import MEDIA_TYPE, Problem

_DESCRIPTION = """\
Every verb and every question of the warehouse. Keys of what you send may be written in snake_case or
camelCase; what comes back is in snake_case, as in SQL. Moments are UTC, numbers exact, and null is unknown.
A parameter that a route does not know is refused. Bodies may be gzipped (`Content-Encoding: gzip`), and so
are answers if you accept it.

Everything that goes wrong is a problem (RFC 9457) that says what, where and what to do about it.
"""
_TAGS = {
    "events": "What users of the app did.", "posts": "Posts, their numbers and their history.",
    "hashtags": "Hashtags, stored without their `#`.", "trends": "Trends and the posts that revealed them.",
    "crews": "Runs of crews, the calls in them, and acts of collecting.",
    "runs": "Runs of crews, day by day, one by one, and call by call.",
    "impact": "What came of trends, and whether the call was right.",
    "usage": "What users of the app use, when and from where.",
    "costs": "What runs and collecting cost, and what the cache saved.",
    "scraping": "How collecting goes, what it costs and what came of it.",
    "funnel": "Users on their way from a trend to a clip.", "users": "Users of the app.",
    "privacy": "People's rights: to be forgotten, and to be told what is held.",
    "answers": "The seven questions most asked, each answered in a sentence.",
    "views": "The published views, filtered, sorted and page by page.",
    "upkeep": "How the warehouse is, and what keeps it so.", "health": "The server itself.",
}  # fmt: skip
_REFUSALS = {
    400: Problem("unreadable", "the body is no JSON: unexpected end of data at byte 17"),
    401: Problem("key-needed", "send a key as Authorization: Bearer vf_…; viralforge keys create makes one"),
    403: Problem("not-allowed", "this asks for the scope write, and the key has read"),
    404: Problem("not-found", "no trend with id 7; create it first"),
    409: Problem("erased", "user_id: this user was erased; who comes back needs a new id"),
    413: Problem("too-large", "at most 67,108,864 bytes are taken; send it in parts"),
    415: Problem("unsupported-media-type", "Content-Encoding: br is not read here; send gzip"),
    422: Problem(
        "invalid-input", "Trend: hotness: Input should be less than or equal to 100, got 101",
        errors=[{"pointer": "/hotness", "detail": "Input should be less than or equal to 100, got 101"}],
    ),
    429: Problem("too-many-requests", "at most 60000 per 1 minute for each key; wait a little", wait=1),
    500: Problem("failed", "nothing was kept if this was a write; the log has more under the request id"),
    503: Problem("unavailable", "nothing of this request was kept; send it again", wait=1),
    504: Problem("timeout", "the request was given up; a write may still have been kept", wait=1),
    507: Problem("storage-full", "nothing of this request was kept; send it again", wait=60),
}  # fmt: skip
_RAISES = re.compile(r"\s*Raises [^.]*\.")
"""What docstrings say to callers in Python, where HTTP has statuses."""
_PROBLEM: Schema = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "The kind of problem, as a URN that never changes."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What, and what to do about it."},
        "errors": {
            "type": "array",
            "description": "Each place at fault: a JSON pointer into the body, or into what `in` names.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string"}, "detail": {"type": "string"},
                    "in": {"type": "string", "enum": ["query", "path", "header", "body"]},
                },
            },
        },
        "saved": {"type": "integer", "minimum": 0, "description": "Of a bulk: how many posts are saved."},
        "reason": {
            "type": "string", "enum": list(REASONS), "description": "Why a post is turned away.",
        },
        "post_ids": {
            "type": "array", "items": {"type": "string"}, "description": "The posts that are not known.",
        },
        "request_id": {"type": "string", "description": "What the server's log calls this request."},
    },
}  # fmt: skip


def describe(app: FastAPI) -> None:
    """Lets the application answer for its document."""
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = get_openapi(
            title=app.title, version=version("viralforge"), summary=app.summary, description=_DESCRIPTION,
            routes=app.routes, tags=[{"name": name, "description": said} for name, said in _TAGS.items()],
        )  # fmt: skip
        for path, operations in app.openapi_schema["paths"].items():
            for method, operation in operations.items():
                _complete(operation, method, {404} if "{" in path else set())
        components = app.openapi_schema.setdefault("components", {})
        components["schemas"] = dict(sorted({**COMPONENTS, "Problem": _PROBLEM}.items()))
        components["responses"] = {_name(status): _refusal(status) for status in _REFUSALS}
    return app.openapi_schema


def _complete(operation: dict[str, Any], method: str, refuses: set[int]) -> None:
    """Gives an operation its summary, plain parameters, and the ways in which any of its kind refuses."""
    said = re.sub(r"\bNone\b", "null", _RAISES.sub("", operation.get("description", ""))).strip()
    operation["description"] = said
    operation["summary"] = said.partition("\n")[0].partition(".")[0].partition(":")[0]
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _given(parameter["schema"])
    responses = operation["responses"]
    statuses = {int(status) for status in responses if int(status) >= 400} | refuses | {500, 503, 504}
    if "422" in responses and not operation.get("parameters"):
        statuses.discard(422)
    if "security" in operation:
        statuses |= {401, 403, 429, 422}
    if "requestBody" in operation:
        statuses |= {400, 413, 415, 422}
    if method != "get":
        statuses.add(507)
    kept = {status: told for status, told in responses.items() if int(status) < 400}
    operation["responses"] = kept | {str(status): {"$ref": _ref(status)} for status in sorted(statuses)}


def _given(schema: Schema) -> Schema:
    """The schema of a parameter that is given: one that may be left out can still not be null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "title", "description")}
    return kinds[0] | rest if len(kinds) == 1 else rest | ({"anyOf": kinds} if kinds else {})


def _name(status: int) -> str:
    return "".join(part.capitalize() for part in _REFUSALS[status].kind.split("-"))


def _ref(status: int) -> str:
    return f"#/components/responses/{_name(status)}"


def _refusal(status: int) -> dict[str, Any]:
    problem = _REFUSALS[status]
    document = problem.document("a1b2c3d4e5f60718")
    told: dict[str, Any] = {
        "description": f"{document['title']}.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": document}},
    }
    if problem.wait is not None:
        seconds = {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds to wait."}
        told["headers"] = {"Retry-After": seconds}
    return told

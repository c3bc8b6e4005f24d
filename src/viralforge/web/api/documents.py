"""What a route says of itself in the OpenAPI document: its body, its answers and examples of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from viralforge.web.api.bodies import MEDIA_TYPE
from viralforge.web.api.schemas import Schema, ref

POST_ID = "5cd6213d-2e90-b8cb-be8b-5dab10494180"
POST = {
    "platform": "youtube", "external_id": "dQw4w9WgXcQ", "title": "A video", "author": "somebody",
    "views": 1400000000, "likes": 16000000, "comments": 5000000, "hashtags": ["music"],
    "published_at": "2009-10-25T06:57:33Z",
}  # fmt: skip
EVENT_ID = "0190a5c4-8f3a-7c1e-9b2d-3f4a5b6c7d8e"
EVENT = {
    "event_name": "trend_discovery", "event_type": "click", "user_id": "u1", "session_id": "s1",
    "properties": {"trend_id": 7},
}  # fmt: skip


def told(
    *, answer: Any = None, body: dict[str, Any] | None = None, status: int = 200, says: str = "Done.",
    example: Any = None, refuses: tuple[int, ...] = (), also: Mapping[int, str] | None = None,
    needs_key: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The arguments of a route's decorator that document it.

    `answer` is the schema of what comes back, None for nothing; `refuses` are statuses beside those that
    every route can answer with, `also` other ways of success. Routes that depend on `Needs` say by
    themselves that they need a key.
    """
    success: dict[str, Any] = {"description": says}
    if answer is not None:
        success["content"] = {"application/json": {"schema": answer, "example": example}}
    others = {other: success | {"description": said} for other, said in (also or {}).items()}
    extra: dict[str, Any] = {"security": [{"key": []}]} if needs_key else {}
    if body is not None:
        extra["requestBody"] = body
    return {
        "status_code": status, "response_model": None, "openapi_extra": extra,
        "responses": {status: success, **others, **{refused: {} for refused in refuses}},
    }  # fmt: skip


def one(schema: Schema, example: Any) -> dict[str, Any]:
    """A body that is one JSON document."""
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}


def many(schema: Schema, example: list[Any], *, or_one: bool = False) -> dict[str, Any]:
    """A body of many: a JSON array, or NDJSON, which may be long; with `or_one` an object too."""
    array = {"type": "array", "items": schema}
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [array, {"type": "object"}]} if or_one else array,
                "example": example,
            },
            MEDIA_TYPE: {
                "schema": {"type": "string", "description": "One JSON document a line."},
                "example": "\n".join(map(_line, example)),
            },
        },
    }


def _line(document: Any) -> str:
    return orjson.dumps(document).decode()


def record(name: str, **properties: Schema) -> Schema:
    """The schema of an object that has all of these and nothing else."""
    return ref(name, {"type": "object", "properties": properties, "required": list(properties)})


ID = record("StoredId", id={"type": "integer", "minimum": 1, "description": "The id it is stored under."})
POST_REF = record("StoredPostId", id={"type": "string", "format": "uuid", "description": "The post's id."})
DELETED = record(
    "Deleted", deleted={"type": "boolean", "description": "Whether it was there; false is no error."}
)

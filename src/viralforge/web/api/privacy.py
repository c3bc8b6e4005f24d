"""People's rights: to be forgotten, and to be told what is held."""

from __future__ import annotations

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Path, Response
from fastapi.responses import StreamingResponse
from pydantic import StrictBool, model_validator

from viralforge.model.record import Name, Platform, Record
from viralforge.web.api import schemas
from viralforge.web.api.documents import one, record, told
from viralforge.web.api.requests import JsonBody, Warehouse, routes_of
from viralforge.web.api.users import UserId
from viralforge.web.reply import reply

routes = routes_of("privacy", "admin")
_COUNTS: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
_MOMENT = {"type": "string", "format": "date-time"}
RECEIPT = record(
    "ErasureReceipt",
    kind={"type": "string", "enum": ["user", "anonymous user", "author", "post"]},
    reference={"type": "string", "description": "The keyed hash by which the erased are remembered."},
    requested_at=_MOMENT, erased_at=_MOMENT, rows=_COUNTS,
    archive={**_COUNTS, "type": ["object", "null"], "description": "By cold table; null without an archive."},
    total={"type": "integer", "minimum": 0},
    signature={"type": "string", "description": "HMAC-SHA256 over the rest, which this warehouse verifies."},
)  # fmt: skip
RECEIVED = {
    "kind": "author", "reference": "5f" * 32, "requested_at": "2026-03-01T08:00:00+00:00",
    "erased_at": "2026-03-01T08:00:01+00:00", "rows": {"scraped_posts": 3, "post_metrics_history": 40},
    "archive": {"posts": 3}, "total": 46, "signature": "c0" * 32,
}  # fmt: skip
EXPORTED = {"type": "object", "description": "All that is held, by table."}


class Erasure(Record):
    """Who or what is erased: a user, an author (by id or name), or a post (by `post_id` or external id).

    With `keep_numbers` what a user did stays, under an id that nobody can derive.
    """

    user_id: Name | None = None
    keep_numbers: StrictBool = False
    platform: Platform | None = None
    author: Name | None = None
    external_id: Name | None = None
    post_id: UUID | None = None

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        given = {name for name in ("user_id", "author", "external_id", "post_id") if getattr(self, name)}
        if len(given) != 1:
            raise ValueError("give one of user_id, author, external_id and post_id")
        if (self.platform is not None) != (given <= {"author", "external_id"}):
            raise ValueError("platform: is needed beside author and external_id, and nowhere else")
        if self.keep_numbers and self.user_id is None:
            raise ValueError("keep_numbers: only of a user")
        return self


@routes.post(
    "/v1/erasures",
    **told(
        body=one(schemas.taken(Erasure), {"platform": "youtube", "author": "UCsoup"}), answer=RECEIPT,
        example=RECEIVED, says="It is erased from every store.",
    ),
)  # fmt: skip
def erase(body: JsonBody, warehouse: Warehouse) -> Response:
    """Erases a user, an author or a post for good, and answers with a signed receipt.

    What comes later is stored without the user, turned away, or left blank. Asked again, it takes out
    nothing more. 504 says that a store could not be erased yet; ask again, or leave it to the worker.
    """
    asked = Erasure.read(body)
    if asked.user_id is not None:
        erased = warehouse.anonymise_user if asked.keep_numbers else warehouse.erase_user
        return reply(erased(asked.user_id).to_dict())
    if asked.post_id is not None:
        return reply(warehouse.erase_post(asked.post_id).to_dict())
    assert asked.platform is not None
    if asked.author is not None:
        return reply(warehouse.erase_author(asked.platform, asked.author).to_dict())
    return reply(warehouse.erase_post(asked.platform, asked.external_id).to_dict())


@routes.get(
    "/v1/exports/users/{user_id:path}",
    **told(answer=EXPORTED, example={"user": "u1", "profile": None, "events": []}),
)
def export_user(user_id: UserId, warehouse: Warehouse) -> Response:
    """All that is held about a user, as one JSON document that is read as it arrives."""
    return StreamingResponse(warehouse.export_user(user_id), media_type="application/json")


@routes.get(
    "/v1/exports/authors/{platform}/{author:path}",
    **told(answer=EXPORTED, example={"platform": "youtube", "author_id": "UCsoup", "posts": []}),
)
def export_author(
    platform: Annotated[str, Path(description="The platform's name.")],
    author: Annotated[str, Path(min_length=1, max_length=200, description="The author's id, or the name.")],
    warehouse: Warehouse,
) -> Response:
    """All posts of an author with their histories, as one JSON document that is read as it arrives."""
    return StreamingResponse(warehouse.export_author(platform, author), media_type="application/json")

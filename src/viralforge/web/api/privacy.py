"""People's rights: to be forgotten, and to be told what is held."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response
from fastapi.responses import StreamingResponse
from pydantic import StrictBool

from viralforge.errors import InvalidInput
from viralforge.model.record import PLATFORM_SCHEMA, Name, Platform, Record
from viralforge.model.report import ErasureReceipt
from viralforge.warehouse import DataWarehouse
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
    requested_at=_MOMENT, erased_at=_MOMENT, stores=_COUNTS,
    archive={**_COUNTS, "type": ["object", "null"], "description": "By cold table; null without an archive."},
    total={"type": "integer", "minimum": 0},
    signature={"type": "string", "description": "HMAC-SHA256 over the rest, which this warehouse verifies."},
)  # fmt: skip
RECEIVED = {
    "kind": "author", "reference": "5f" * 32, "requested_at": "2026-03-01T08:00:00+00:00",
    "erased_at": "2026-03-01T08:00:01+00:00", "stores": {"scraped_posts": 3, "post_metrics_history": 40},
    "archive": {"posts": 3}, "total": 46, "signature": "c0" * 32,
}  # fmt: skip
EXPORTED = {"type": "object", "description": "All that is held, by table."}


class ErasureOfUser(Record):
    """A user of the app; with `keep_numbers` what the user did stays, under an id that nobody can derive."""

    user_id: Name
    keep_numbers: StrictBool = False


class ErasureOfAuthor(Record):
    """An author of scraped posts, by the platform's id or by the name."""

    platform: Platform
    author: Name


class ErasureOfPost(Record):
    """A post by the platform's own id, seen or not."""

    platform: Platform
    external_id: Name


class ErasureOfPostById(Record):
    """A post by its id here."""

    post_id: UUID


KINDS = (ErasureOfUser, ErasureOfAuthor, ErasureOfPost, ErasureOfPostById)


@routes.post(
    "/v1/erasures",
    **told(
        body=one(
            {"oneOf": [schemas.taken(kind) for kind in KINDS]}, {"platform": "youtube", "author": "UCsoup"}
        ),
        answer=RECEIPT, example=RECEIVED, says="It is erased from every store.", refuses=(404,),
    ),
)  # fmt: skip
def erase(body: JsonBody, warehouse: Warehouse) -> Response:
    """Erases a user, an author or a post for good, and answers with a signed receipt.

    What comes later is stored without the user, turned away, or left blank. Asked again, it takes out
    nothing more. 504 says that a store could not be erased yet; ask again, or leave it to the worker.
    """
    return reply(_erased(warehouse, body).to_dict())


def _erased(warehouse: DataWarehouse, body: Any) -> ErasureReceipt:
    """The receipt of whom or what the body names. Raises InvalidInput where that is unclear."""
    named = body if isinstance(body, dict) else {}
    if "user_id" in named or "userId" in named:
        user = ErasureOfUser.read(body)
        return (warehouse.anonymise_user if user.keep_numbers else warehouse.erase_user)(user.user_id)
    if "author" in named:
        author = ErasureOfAuthor.read(body)
        return warehouse.erase_author(author.platform, author.author)
    if "post_id" in named or "postId" in named:
        return warehouse.erase_post(ErasureOfPostById.read(body).post_id)
    if "external_id" in named or "externalId" in named:
        post = ErasureOfPost.read(body)
        return warehouse.erase_post(post.platform, post.external_id)
    raise InvalidInput("give user_id, or platform with author or external_id, or post_id")


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
    platform: Annotated[str, Path(description="The platform's name.", json_schema_extra=PLATFORM_SCHEMA)],
    author: Annotated[str, Path(min_length=1, max_length=200, description="The author's id, or the name.")],
    warehouse: Warehouse,
) -> Response:
    """All posts of an author with their histories, as one JSON document that is read as it arrives."""
    return StreamingResponse(warehouse.export_author(platform, author), media_type="application/json")

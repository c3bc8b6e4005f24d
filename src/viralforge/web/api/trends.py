"""Trends in, and the posts that revealed them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from viralforge.model.record import Number, Record
from viralforge.model.trend import Trend
from viralforge.web.api import schemas
from viralforge.web.api.documents import DELETED, ID, POST_ID, one, told
from viralforge.web.api.requests import JsonBody, OnceForKey, TrendId, Warehouse, routes_of
from viralforge.web.reply import reply

routes = routes_of("trends", "write")
TREND = {
    "title": "AI tools",
    "hashtags": ["ai"],
    "hotness": 83,
    "platform": "youtube",
    "crew_execution_id": 7,
}


class Sources(Record):
    """Posts that revealed a trend, each with its relevance from 0 to 1, or null where it is unknown."""

    post_ids: list[UUID]
    relevance_scores: list[Annotated[Number, Field(ge=0, le=1)] | None] | None = None


@routes.post(
    "/v1/trends",
    **told(body=one(schemas.taken(Trend), TREND), answer=ID, status=201, example={"id": 7}, says="Stored."),
)
def create_trend(body: JsonBody, warehouse: Warehouse, once: OnceForKey) -> Response:
    """Stores a trend that a crew or a person called."""
    trend = Trend.read(body)
    return once(lambda: {"id": warehouse.create_trend(trend)}, 201)


@routes.post(
    "/v1/trends/{trend_id:record}/sources",
    **told(
        body=one(schemas.taken(Sources), {"post_ids": [POST_ID], "relevance_scores": [0.95]}), status=204,
        says="They are linked.", refuses=(404,),
    ),
)  # fmt: skip
def link_trend_to_sources(trend_id: TrendId, body: JsonBody, warehouse: Warehouse) -> Response:
    """Makes posts the sources of a trend: all of them, or none where one is not in the warehouse."""
    given = Sources.read(body)
    warehouse.link_trend_to_sources(trend_id, given.post_ids, given.relevance_scores)
    return reply(None, 204)


@routes.delete("/v1/trends/{trend_id:record}", **told(answer=DELETED, example={"deleted": True}))
def delete_trend(trend_id: TrendId, warehouse: Warehouse) -> Response:
    """Deletes a trend and its links."""
    return reply({"deleted": warehouse.delete_trend(trend_id)})

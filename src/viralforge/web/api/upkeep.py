"""Upkeep: the popular posts refreshed, and rejections read again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from viralforge.model.rejection import REASONS
from viralforge.web.api.documents import told
from viralforge.web.api.posts import REPORT, REPORTED
from viralforge.web.api.requests import Warehouse, routes_of
from viralforge.web.reply import reply

routes = routes_of("upkeep", "write")


@routes.post("/v1/popular-content/refresh", **told(status=204, says="It is fresh."))
def refresh_popular_content(warehouse: Warehouse) -> Response:
    """Refreshes `mv_popular_content_24h` and folds the rollups, best every hour; readers go on."""
    warehouse.refresh_popular_content()
    return reply(None, 204)


@routes.post("/v1/rejections/replay", **told(answer=REPORT, example=REPORTED, says="All were read again."))
def replay_rejections(
    warehouse: Warehouse,
    reason: Annotated[
        str | None,
        Query(description="Only those with this reason.", json_schema_extra={"enum": list(REASONS)}),
    ] = None,
) -> Response:
    """Reads rejected payloads again, as after a fix; what are posts by now come in and are forgotten."""
    return reply(warehouse.replay_rejections(reason).to_dict())

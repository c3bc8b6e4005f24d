"""Whether the server is alive, whether it can work, and what it counts."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from viralforge.errors import WarehouseError
from viralforge.web import metrics
from viralforge.web.api.documents import record, told
from viralforge.web.problems import Problem

routes = APIRouter(tags=["health"])
_STATUS = record("ServerStatus", status={"type": "string"})


@routes.get("/healthz", **told(answer=_STATUS, example={"status": "alive"}, says="It answers."))
async def healthz() -> dict[str, str]:
    """Whether the process answers; says nothing of the database."""
    return {"status": "alive"}


@routes.get("/readyz", **told(answer=_STATUS, example={"status": "ready"}, says="Send requests."))
async def readyz(request: Request) -> dict[str, str]:
    """Whether requests can be served now: 503 while the database is away."""
    try:
        await asyncio.to_thread(request.app.state.warehouse.ping)
    except WarehouseError:
        raise Problem("unavailable", "the database does not answer", wait=1) from None
    return {"status": "ready"}


@routes.get("/metrics", response_class=PlainTextResponse, openapi_extra={"security": [{"key": []}]})
async def prometheus(request: Request) -> Response:
    """What the server counts, in Prometheus' text format; needs the scope `read`."""
    await request.app.state.doorkeeper.let_in(request, "read")
    return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

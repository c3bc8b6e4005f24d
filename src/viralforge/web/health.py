"""Whether the server is alive, whether it can work, and what it counts."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from viralforge.errors import WarehouseError
from viralforge.web import metrics
from viralforge.web.problems import Problem

routes = APIRouter(tags=["health"])


@routes.get("/healthz")
async def healthz() -> dict[str, str]:
    """Whether the process answers; says nothing of the database."""
    return {"status": "alive"}


@routes.get("/readyz")
async def readyz(request: Request) -> dict[str, str]:
    """Whether requests can be served now: 503 while the database is away."""
    try:
        await asyncio.to_thread(request.app.state.warehouse.ping)
    except WarehouseError:
        raise Problem("unavailable", "the database does not answer", wait=1) from None
    return {"status": "ready"}


@routes.get("/metrics")
async def prometheus(request: Request) -> Response:
    """What the server counts, in Prometheus' text format; needs the scope `read`."""
    await request.app.state.doorkeeper.let_in(request, "read")
    return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

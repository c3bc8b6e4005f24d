"""The ASGI application: one warehouse, the doors to it, and what happens at its start and its end."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match

from viralforge.errors import ViralForgeError, WarehouseError
from viralforge.lifecycle.spool import Spool
from viralforge.settings import Settings, read_settings
from viralforge.warehouse import DataWarehouse
from viralforge.web import api, health, script
from viralforge.web.access import Doorkeeper
from viralforge.web.api.openapi import describe
from viralforge.web.capture import routes as capture
from viralforge.web.capture.drain import drain_forever
from viralforge.web.capture.writer import CaptureWriter
from viralforge.web.cross_origin import CrossOrigin
from viralforge.web.dashboard import routes as dashboard
from viralforge.web.dashboard.keeper import Keeper
from viralforge.web.edge import Edge
from viralforge.web.lane import Lane
from viralforge.web.posthog import routes as posthog
from viralforge.web.problems import Problem, place_in, problem_of

ROUTERS = (
    capture.routes, *api.ROUTERS, posthog.routes, health.routes, script.routes, dashboard.routes,
)  # fmt: skip
_KINDS = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 415: "unsupported-media-type"}


def create_app() -> FastAPI:
    """The application of the environment's settings; a warehouse is opened when it starts.

    Raises ConfigurationError.
    """
    settings = read_settings()
    app = FastAPI(
        title="ViralForge", summary="The data warehouse for social-media content.",
        openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=partial(_life, settings=settings),
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )  # fmt: skip
    app.add_exception_handler(ViralForgeError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _not_here)
    for routes in ROUTERS:
        app.include_router(routes)
    describe(app)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    [events] = [route for route in capture.routes.routes if isinstance(route, APIRoute)]
    app.add_middleware(Lane, route=events)
    app.add_middleware(
        Edge, max_body_bytes=settings.max_body_bytes, capture=_is_capture, seconds=settings.request_seconds
    )
    # Outermost: a page that cannot read a refusal, wherever it arose, takes it for a lost connection.
    app.add_middleware(CrossOrigin, origins=settings.cors_origins, is_capture=_is_capture)
    return app


@asynccontextmanager
async def _life(app: FastAPI, *, settings: Settings) -> AsyncIterator[None]:
    """What was accepted is committed before the warehouse is closed."""
    # The threads that commit would else wait 5 ms for the interpreter after every answer of the database.
    sys.setswitchinterval(0.0005)
    async with AsyncExitStack() as stack:
        warehouse = await asyncio.to_thread(DataWarehouse.open)
        stack.push_async_callback(asyncio.to_thread, warehouse.close)
        with suppress(WarehouseError):  # else the first event would wait for them
            await asyncio.to_thread(warehouse.events.salts.refresh)
        app.state.keeper = Keeper(warehouse)  # closed after what writes events, which must not wait for it
        stack.push_async_callback(asyncio.to_thread, app.state.keeper.close)
        spool = Spool(settings.spool_dir) if settings.spool_dir else None
        writer = CaptureWriter(
            warehouse.events.insert, warehouse.ping, max_waiting=settings.max_waiting_events, spool=spool
        )
        stack.push_async_callback(writer.close)
        if spool:
            await stack.enter_async_context(drain_forever(spool, warehouse.events.insert))
        app.state.settings, app.state.warehouse, app.state.writer = settings, warehouse, writer
        app.state.doorkeeper = Doorkeeper(warehouse, settings)
        await app.state.doorkeeper.look_for_keys()
        # What is there now stays: to look through all of it for garbage would hold up every request.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        yield


def _is_capture(path: str) -> bool:
    """Whether it is where pages send events, or fetch what sends them."""
    return path in ("/v1/events", "/viralforge.js") or path.startswith(posthog.PATHS)


def _refused(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem.status == 500:
        raise error  # to where it is logged
    return problem.response(request.state.request_id)


def _invalid(request: Request, error: Exception) -> Response:
    """What FastAPI finds wrong in path, query and body."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"pointer": place_in(fault["loc"][1:]), "in": str(fault["loc"][0]), "detail": fault["msg"]}
        for fault in error.errors()
    ]
    said = (f"{each['pointer'].lstrip('/') or each['in']}: {each['detail']}" for each in errors)
    problem = Problem("invalid-input", "; ".join(said), errors=errors)
    return problem.response(request.state.request_id)


def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = _KINDS.get(error.status_code, "unreadable")
    problem = Problem(kind, f"{request.method} {request.url.path[:200]}: {error.detail}")
    if request.headers.get("accept", "").startswith("text/html") and not request.url.path.startswith("/v1/"):
        return dashboard.refusal(request, problem)  # somebody with a browser
    response = problem.response(request.state.request_id)
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(_methods(request))
    return response


def _methods(request: Request) -> list[str]:
    """What a path can be asked with: several routes may share it, and a router names those of one alone."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    matching = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in matching for method in route.methods or ()})

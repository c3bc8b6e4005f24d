"""What PostHog's clients call, answered as they expect; their events land among the others."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

import orjson
from fastapi import APIRouter, Request, Response

from viralforge.errors import InvalidInput, StorageFull
from viralforge.model.rejection import Rejection
from viralforge.web import metrics
from viralforge.web.capture.visitor import visitor
from viralforge.web.posthog.decode import Delivery, delivery
from viralforge.web.posthog.mapping import app_event, remains_of
from viralforge.web.problems import Problem

Endpoint = TypeVar("Endpoint", bound=Callable[..., Awaitable[Response]])
routes = APIRouter(include_in_schema=False)
PATHS = (
    "/e/", "/i/", "/batch/", "/capture/", "/track/", "/engage/", "/s/", "/flags/", "/decide/", "/array/"
)  # fmt: skip
"""Where browsers with a client of PostHog's knock."""
_CAPTURE = ("/e", "/i/v0/e", "/i/v0/ai/batch", "/batch", "/capture", "/track", "/engage")
_TOKEN = re.compile(r"[\w.~-]{1,200}", re.ASCII)
_CONFIG = {
    "supportedCompression": ["gzip", "gzip-js"], "analytics": {"endpoint": "/e/"}, "siteApps": [],
    "autocapture_opt_out": False, "autocaptureExceptions": False, "captureDeadClicks": False,
    "capturePerformance": False, "heatmaps": False, "sessionRecording": False, "surveys": False,
    "productTours": False, "conversations": False, "logs": False, "hasFeatureFlags": False,
    "defaultIdentifiedOnly": True, "elementsChainAsString": True, "isAuthenticated": False,
    "toolbarParams": {},
}  # fmt: skip
"""What posthog-js may do here: all that ends in events, and nothing that would need a PostHog."""


class Taken(NamedTuple):
    """Rows to store, and the events that cannot be, each with why."""

    rows: list[dict[str, Any]]
    refused: list[tuple[Any, str]]


def _at(*paths: str, methods: Sequence[str] = ("GET", "POST")) -> Callable[[Endpoint], Endpoint]:
    def add(endpoint: Endpoint) -> Endpoint:
        for path in paths:
            for spelling in (path, f"{path}/"):
                routes.add_api_route(spelling, endpoint, methods=list(methods))
        return endpoint

    return add


@_at(*_CAPTURE)
async def capture(request: Request) -> Response:
    """Stores what a client captured; answered once it is committed."""
    given = await _delivered(request)
    await _store(request, given)
    return _json({"status": 1})


@_at("/i/v1/analytics/events", methods=("POST",))
async def analytics(request: Request) -> Response:
    """Stores what a client captured; answered for each event by itself."""
    given = await _delivered(request)
    library = request.headers.get("posthog-sdk-info", "").partition("/")
    for event in given.events:
        if isinstance(event, dict) and isinstance(event.setdefault("properties", {}), dict) and library[2]:
            event["properties"] |= {"$lib": library[0], "$lib_version": library[2]}
    refused = {id(event): why for event, why in await _store(request, given)}
    results = {
        str(event.get("uuid")): {"result": "drop", "details": refused[id(event)]}
        if id(event) in refused
        else {"result": "ok"}
        for event in given.events
        if isinstance(event, dict)
    }
    return _json({"results": results})


@_at("/s")
async def recordings() -> Response:
    """Takes no recordings of the screen: what comes is let go, and posthog-js is told to make none."""
    return _json({"status": 1})


@_at("/flags", "/decide")
async def flags() -> Response:
    """There are no feature flags here, so that every flag is off."""
    none = {"flags": {}, "featureFlags": {}, "featureFlagPayloads": {}, "errorsWhileComputingFlags": False}
    return _json({**_CONFIG, **none, "requestId": str(uuid4())})


@_at("/array/{token}/config", methods=("GET",))
async def config(token: str) -> Response:
    """What posthog-js is to do."""
    return _json({"token": token, **_CONFIG})


@_at("/array/{token}/config.js", methods=("GET",))
async def config_script(token: str) -> Response:
    """What posthog-js is to do, as the script that it looks for first."""
    if not _TOKEN.fullmatch(token):
        raise Problem("not-found", "a token has letters, digits and _.~- only")
    known = orjson.dumps({"config": {"token": token, **_CONFIG}, "siteApps": []}).decode()
    place = "window._POSTHOG_REMOTE_CONFIG"
    return Response(f'({place}={place}||{{}})["{token}"]={known};', media_type="application/javascript")


async def _delivered(request: Request) -> Delivery:
    """The events of a request that may bring some. Raises Problem."""
    headers = request.headers
    given = await asyncio.to_thread(
        delivery, await request.body(), headers.get("content-type", ""), request.query_params,
        request.state.max_body_bytes,
    )  # fmt: skip
    with _sent_again():
        key = None if "authorization" in headers else given.key
        await request.app.state.doorkeeper.let_in(request, "write:events", key)
    return given


async def _store(request: Request, given: Delivery) -> list[tuple[Any, str]]:
    """Returns once every event is safe: among the events, or among the rejections, which are returned."""
    state = request.app.state
    about = visitor(request, state.settings)
    taken = await asyncio.to_thread(_taken, state.warehouse, given, about)
    with _sent_again():
        for begin in range(0, len(taken.rows), state.settings.max_events):
            await state.writer.store(taken.rows[begin : begin + state.settings.max_events])
        if taken.refused:
            rejections = [
                Rejection("bad_event", why, remains_of(event, given.key), "posthog")
                for event, why in taken.refused
            ]
            await asyncio.to_thread(state.warehouse.scrapes.keep, rejections)
            metrics.rejected.inc(len(rejections))
    return taken.refused


def _taken(warehouse: Any, given: Delivery, about: dict[str, Any]) -> Taken:
    taken = Taken([], [])
    for event in given.events:
        if isinstance(event, dict) and event.get("event") == "$snapshot":  # a recording on the way of events
            continue
        try:
            taken.rows.append(warehouse.events.prepare(app_event(event, about, given.key), forward=False))
        except InvalidInput as error:
            taken.refused.append((event, _why(error)))
    return taken


def _why(error: InvalidInput) -> str:
    """What is wrong, without the value at fault: it may name somebody, and is kept."""
    if not error.places:
        return str(error).removeprefix("AppEvent: ")
    places = ((".".join(map(str, where)), said.partition(", got ")[0]) for where, said in error.places)
    return "; ".join(f"{where}: {said}" for where, said in places)


@contextmanager
def _sent_again() -> Iterator[None]:
    """Turns every refusal that will pass into the one that all clients take for a reason to send again."""
    try:
        yield
    except Problem as problem:
        if problem.kind != "too-many-requests":
            raise
        raise Problem("unavailable", problem.detail, wait=problem.wait) from None
    except StorageFull:
        raise Problem("unavailable", "no space is left; nothing of this request was kept", wait=60) from None


def _json(document: Any) -> Response:
    return Response(orjson.dumps(document), media_type="application/json")

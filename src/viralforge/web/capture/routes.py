"""POST /v1/events: events of the app, acknowledged once they are committed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from viralforge.errors import InvalidInput
from viralforge.model.event import AppEvent
from viralforge.warehouse import DataWarehouse
from viralforge.web.body import json_in
from viralforge.web.capture.visitor import visitor
from viralforge.web.problems import Problem, place_in


class Bare(APIRoute):
    """A route whose function takes the request and answers it: FastAPI documents it, and does no more."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The function itself."""
        return self.endpoint


routes = APIRouter(tags=["events"], route_class=Bare)


@routes.post("/v1/events")
async def track_events(request: Request) -> Response:
    """Stores one event or a list of them; acknowledged only once they are committed.

    All of a list or nothing of it: `errors` of a 422 name those at fault. 202 means that the database is away
    and the events are safe in the spool.
    """
    state = request.app.state
    await state.doorkeeper.let_in(request, "write:events")
    given = await json_in(request)
    events = given if isinstance(given, list) else [given]
    if len(events) > state.settings.max_events:
        raise Problem("too-large", f"at most {state.settings.max_events:,} events are taken at once")
    rows = _rows(state.warehouse, events, visitor(request, state.settings), given is not events)
    committed = await state.writer.store(rows) if rows else True
    ids = [row["event_id"] for row in rows]
    answer = {"event_ids": ids} if given is events else {"event_id": ids[0]}
    return Response(orjson.dumps(answer), 200 if committed else 202, media_type="application/json")


def _rows(
    warehouse: DataWarehouse, events: list[Any], about: dict[str, Any], single: bool
) -> list[dict[str, Any]]:
    rows, errors = [], []
    for position, given in enumerate(events):
        try:
            rows.append(warehouse.events.prepare(_event(given, about)))
        except InvalidInput as error:
            place = () if single else (position,)
            errors.append({"pointer": place_in(place), "detail": str(error).removeprefix("AppEvent: ")})
    if errors:
        many = f"{len(errors)} of {len(events)} events cannot be taken, so none was kept"
        raise Problem("invalid-input", "the event cannot be taken" if single else many, errors=errors)
    return rows


def _event(given: Any, about: dict[str, Any]) -> AppEvent:
    """The event with what is known of the visitor where it does not say so itself."""
    if not isinstance(given, dict):
        raise InvalidInput("an event is a JSON object")
    event = AppEvent.read(given)
    more = {name: value for name, value in about.items() if not getattr(event, name)}
    return event.model_copy(update=more) if more else event

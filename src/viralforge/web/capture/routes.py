"""POST /v1/events: events of the app, acknowledged once they are committed."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from viralforge.errors import InvalidInput
from viralforge.model.event import AppEvent
from viralforge.warehouse import DataWarehouse
from viralforge.web.api.documents import EVENT, EVENT_ID, one, told
from viralforge.web.api.schemas import ref, taken
from viralforge.web.body import json_in
from viralforge.web.capture.visitor import visitor
from viralforge.web.problems import Problem, place_in

routes = APIRouter(tags=["events"])
_UUID = {"type": "string", "format": "uuid"}
TRACKED = ref(
    "TrackedEvents",
    {
        "type": "object", "description": "`event_id` of one event, `event_ids` of a list in its order.",
        "properties": {"event_id": _UUID, "event_ids": {"type": "array", "items": _UUID}},
    },
)  # fmt: skip


@routes.post(
    "/v1/events",
    **told(
        body=one({"anyOf": [taken(AppEvent), {"type": "array", "items": taken(AppEvent)}]}, EVENT),
        answer=TRACKED, example={"event_id": EVENT_ID}, says="All are committed.",
        also={202: "The database is away; all are safe in the spool."}, needs_key=True,
    ),
)  # fmt: skip
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
    rows, errors, wrong = [], [], 0
    for position, given in enumerate(events):
        try:
            rows.append(warehouse.events.prepare(_event(given, about)))
        except InvalidInput as error:
            at = () if single else (position,)
            places = error.places or [((), str(error).removeprefix("AppEvent: "))]
            errors += [{"pointer": place_in((*at, *where)), "detail": said} for where, said in places]
            wrong += 1
    if errors:
        many = f"{wrong} of {len(events)} events cannot be taken, so none was kept"
        raise Problem("invalid-input", "the event cannot be taken" if single else many, errors=errors)
    return rows


def _event(given: Any, about: dict[str, Any]) -> AppEvent:
    """The event with what is known of the visitor where it does not say so itself."""
    if not isinstance(given, dict):
        raise InvalidInput("an event is a JSON object")
    event = AppEvent.read(given)
    more = {name: value for name, value in about.items() if not getattr(event, name)}
    return event.model_copy(update=more) if more else event

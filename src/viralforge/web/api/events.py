"""Events of any time in, as when another system's history is taken over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import Request, Response

from viralforge.errors import InvalidInput
from viralforge.model.event import AppEvent
from viralforge.web.api.bodies import given_in
from viralforge.web.api.documents import EVENT, EVENT_ID, many, record, told
from viralforge.web.api.requests import Warehouse, routes_of
from viralforge.web.api.schemas import taken
from viralforge.web.reply import reply

routes = routes_of("events", "write")


@routes.post(
    "/v1/events/import",
    **told(
        body=many(taken(AppEvent), [EVENT | {"event_id": EVENT_ID}]), says="All are stored.",
        example={"stored": 1},
        answer=record("StoredEvents", stored={"type": "integer", "minimum": 0}),
    ),
)  # fmt: skip
def import_events(request: Request, warehouse: Warehouse) -> Response:
    """Imports events of any time, as a JSON array or as NDJSON; says how many were not there yet.

    They go in batches of 5,000, all of a batch or nothing of it. What has an `event_id` can be sent again.
    """
    return reply({"stored": warehouse.track_events(_read(given_in(request)))})


def _read(given: Iterable[Any]) -> Iterator[AppEvent]:
    for position, event in enumerate(given):
        try:
            yield AppEvent.read(event)
        except InvalidInput as error:
            error.places = [((position, *where), said) for where, said in error.places]
            raise

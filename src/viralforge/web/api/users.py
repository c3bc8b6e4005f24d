"""Users of the app: made or changed, and deleted with all that names them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response
from pydantic import Field, StrictBool

from viralforge.model.record import Record, Text
from viralforge.web.api import schemas
from viralforge.web.api.documents import DELETED, one, told
from viralforge.web.api.requests import JsonBody, Warehouse, routes_of
from viralforge.web.reply import reply

routes, admin_routes = routes_of("users", "write"), routes_of("users", "admin")
UserId = Annotated[str, Path(min_length=1, max_length=200, description="The app's own id of the user.")]


class UserSettings(Record):
    """What is known of a user; with `analytics: false` no event or execution names the user from now on."""

    display_name: Annotated[Text, Field(max_length=200)] | None = None
    analytics: StrictBool = True


@routes.put(
    "/v1/users/{user_id:path}",
    **told(
        body=one(schemas.taken(UserSettings), {"display_name": "Ada", "analytics": False}), status=204,
        refuses=(409,),
    ),
)  # fmt: skip
def add_user(user_id: UserId, body: JsonBody, warehouse: Warehouse) -> Response:
    """Makes or changes a user."""
    given = UserSettings.read(body)
    warehouse.add_user(user_id, given.display_name, analytics=given.analytics)
    return reply(None, 204)


@admin_routes.delete("/v1/users/{user_id:path}", **told(answer=DELETED, example={"deleted": True}))
def delete_user(user_id: UserId, warehouse: Warehouse) -> Response:
    """Deletes a user with the events and executions that name the user; needs the scope `admin`."""
    return reply({"deleted": warehouse.delete_user(user_id)})

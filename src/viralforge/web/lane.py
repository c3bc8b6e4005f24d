"""A lane of its own for the one route that is asked thousands of times a second."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send


class Lane:
    """An ASGI application around another that answers one route of it past routing, which costs as much

    The route stays where it is, for the documents and for every other method.
    """

    def __init__(self, app: ASGIApp, *, route: APIRoute) -> None:
        self._app, self._route = app, route
        self._answer: Callable[[Request], Awaitable[Response]] = route.endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http" or scope["path"] != self._route.path or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        scope["route"] = self._route
        response = await self._answer(Request(scope, receive, send))
        await response(scope, receive, send)

"""Which pages of other origins may call: those that send events, and nothing else here."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_ASKED_AGAIN_SECONDS = 86_400


class CrossOrigin:
    """An ASGI application around another that answers CORS for the paths of capture alone."""

    def __init__(self, app: ASGIApp, *, origins: Sequence[str], paths: Sequence[str]) -> None:
        self._app, self._paths = app, tuple(paths)
        self._permissive = CORSMiddleware(
            app, allow_origins=origins, allow_methods=("GET", "POST"), allow_headers=("*",),
            expose_headers=("Retry-After", "X-Request-Id"), max_age=_ASKED_AGAIN_SECONDS,
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if (
            scope["type"] == "http"
            and scope["path"].startswith(self._paths)
            and "origin" in Headers(scope=scope)
        ):
            await self._permissive(scope, receive, send)
        else:
            await self._app(scope, receive, send)

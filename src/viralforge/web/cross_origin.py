"""Which pages of other origins may call: those that send events, and nothing else here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from viralforge.web.problems import Problem

_ASKED_AGAIN_SECONDS = 86_400


class CrossOrigin:
    """An ASGI application around another that answers CORS for the paths of capture alone."""

    def __init__(self, app: ASGIApp, *, origins: Sequence[str], is_capture: Callable[[str], bool]) -> None:
        self._app, self._is_capture = app, is_capture
        self._permissive = CORSMiddleware(
            app, allow_origins=origins, allow_methods=("GET", "POST"), allow_headers=("*",),
            expose_headers=("Retry-After", "X-Request-Id"), max_age=_ASKED_AGAIN_SECONDS,
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; a page that may not send is refused, not only kept from reading the answer."""
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        origin = headers.get("origin")
        if origin is None or not self._is_capture(scope["path"]):
            await self._app(scope, receive, send)
        elif self._permissive.is_allowed_origin(origin) or urlsplit(origin).netloc == headers.get("host"):
            await self._permissive(scope, receive, send)
        else:
            said = "pages of this origin may not send here; VIRALFORGE_CORS_ORIGINS names those that may"
            await Problem("not-allowed", said).response()(scope, receive, send)

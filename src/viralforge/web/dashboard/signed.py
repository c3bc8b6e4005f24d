"""Who looks at the dashboard: a session opened by a key, and forms that only our own pages can send."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from datetime import timedelta
from typing import Annotated
from urllib.parse import parse_qs, quote

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from viralforge.web.access import INCLUDED, Doorkeeper, sees_users
from viralforge.web.dashboard.asked import Asked, read_asked
from viralforge.web.problems import Problem

SESSION, CSRF = "viralforge_session", "viralforge_csrf"
LENGTH = timedelta(hours=12)
_MOST_BYTES = 10_000


class SignInFirst(Exception):
    """Nobody is signed in, and somebody has to be; `back` is where they wanted to go."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


async def _viewer(request: Request) -> Asked:
    """What the address asks for, for who may read. Raises SignInFirst, Problem."""
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    scopes = await doorkeeper.viewer(request, request.cookies.get(SESSION))
    if scopes is None:
        raise SignInFirst(path_back(str(request.url.path), request.url.query))
    if not scopes & INCLUDED["read"]:
        raise Problem("not-allowed", "the dashboard asks for the scope read; sign in with another key")
    return read_asked(
        request.query_params, request.cookies, sees_users=sees_users(scopes), is_admin="admin" in scopes
    )


Viewer = Annotated[Asked, Depends(_viewer)]


def path_back(path: str, query: str = "") -> str:
    """A way back within the server: nothing that leads elsewhere.

    >>> path_back("/users", "days=7"), path_back("//evil.example"), path_back("https://evil.example")
    ('/users?days=7', '/', '/')
    """
    if not path.startswith("/") or path[1:2] in ("/", "\\") or any(letter < " " for letter in path + query):
        return "/"
    return f"{path}?{query}" if query else path


def csrf_of(request: Request) -> str:
    """The token that forms of this browser carry, and a cookie that no other page can read."""
    found = request.cookies.get(CSRF, "")
    return found if len(found) == 43 else secrets.token_urlsafe(32)


def with_csrf(request: Request, response: Response, token: str) -> Response:
    """The response, which gives the browser the token if it has none."""
    if request.cookies.get(CSRF) != token:
        _set(request, response, CSRF, token, LENGTH)
    return response


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form of ours. Raises Problem where it was sent by somebody else, or too often."""
    request.app.state.doorkeeper.count_address(request)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise Problem("too-large", "a form of ours is shorter")
    fields = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    sent, kept = fields.get("csrf", ""), request.cookies.get(CSRF, "")
    elsewhere = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    if elsewhere or not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
        raise Problem("not-allowed", "the form is not of a page of this server, or is too old; load it again")
    return fields


async def signed_in(request: Request, key: str, back: str) -> Response | None:
    """Opens a session for a key that may read, and leads back; None where the key opens nothing here."""
    state = request.app.state
    found = await asyncio.to_thread(state.warehouse.keys.find, key.strip())
    if found is None or not found[1] & INCLUDED["read"]:
        return None
    token = await asyncio.to_thread(state.warehouse.keys.sign_in, found[0], LENGTH)
    await asyncio.to_thread(state.warehouse.keys.used, [found[0]])
    response = RedirectResponse(back, 303)
    _set(request, response, SESSION, token, LENGTH)
    return response


async def signed_out(request: Request) -> Response:
    """Ends the session."""
    if token := request.cookies.get(SESSION):
        request.app.state.doorkeeper.forget(token)
        await asyncio.to_thread(request.app.state.warehouse.keys.sign_out, token)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(SESSION)
    return response


def set_pictures(request: Request, wanted: bool, back: str) -> Response:
    """Remembers whether pictures of platforms are shown."""
    response = RedirectResponse(back, 303)
    _set(request, response, "pictures", "yes" if wanted else "no", timedelta(days=365))
    return response


def to_sign_in(back: str) -> Response:
    """To the form."""
    return RedirectResponse(f"/sign-in?back={quote(back, safe='')}", 303)


def _set(request: Request, response: Response, name: str, value: str, length: timedelta) -> None:
    response.set_cookie(
        name, value, max_age=int(length.total_seconds()), httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip

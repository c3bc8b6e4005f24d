"""GET /viralforge.js: the script that pages load."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, Request, Response

routes = APIRouter(tags=["events"])
_SCRIPT = (files("viralforge.web") / "static" / "viralforge.js").read_bytes()
_ABOUT = {
    "ETag": f'"{sha256(_SCRIPT).hexdigest()[:16]}"',
    "Cache-Control": "public, max-age=3600",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@routes.get("/viralforge.js", include_in_schema=False)
async def browser_script(request: Request) -> Response:
    """The browser script: a page that loads it sends events here."""
    if request.headers.get("if-none-match") == _ABOUT["ETag"]:
        return Response(status_code=304, headers=_ABOUT)
    return Response(_SCRIPT, headers=_ABOUT, media_type="text/javascript")

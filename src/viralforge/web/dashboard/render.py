"""Templates to pages, under a policy that lets a page load nothing but what comes with the server."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from viralforge.web.dashboard.asked import NAMES, RANGES, Asked

_STATIC = files("viralforge.web") / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css"}
_NUMERIC = frozenset(
    ("whole", "short", "percent", "usd", "size", "times", "ms", "change", "score", "per_hour")
)  # fmt: skip
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{pictures}; "
    "connect-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)  # fmt: skip
HEADERS = {
    "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cache-Control": "private, no-cache",
    "Cross-Origin-Opener-Policy": "same-origin", "Vary": "Cookie",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}  # fmt: skip


def _contents() -> dict[str, bytes]:
    found = {file.name: file.read_bytes() for file in _STATIC.iterdir() if file.is_file()}
    vendor = _STATIC / "vendor"
    found |= {f"vendor/{file.name}": file.read_bytes() for file in vendor.iterdir()}
    return {name: content for name, content in found.items() if name.endswith(tuple(_TYPES))}


CONTENTS = _contents()
"""What pages load, by name."""
_MARKS = {name: sha256(content).hexdigest()[:12] for name, content in CONTENTS.items()}


def static(name: str) -> str:
    """The address of what a page loads: it changes with the content, so browsers may keep it for good."""
    return f"/static/{name}?v={_MARKS[name]}"


def static_response(name: str) -> Response | None:
    """What a page loads; None where there is no such thing."""
    if name not in CONTENTS:
        return None
    kind = _TYPES[f".{name.rpartition('.')[2]}"]
    about = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(CONTENTS[name], media_type=kind, headers=about)


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("viralforge.web"), autoescape=select_autoescape(), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(static=static, ranges=RANGES, names=NAMES, numeric=_NUMERIC)
    return made


_TEMPLATES = _environment()


def text(name: str) -> str:
    """What a page loads, to be written into it."""
    return CONTENTS[name].decode()


def rendered(template: str, given: Mapping[str, Any]) -> str:
    """A template as text."""
    return _TEMPLATES.get_template(template).render(given)


def page(template: str, asked: Asked, given: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """A template as a response."""
    told = {"asked": asked, "query": asked.query(), "kept": {}, "intro": "", "base": "", **given}
    pictures = " https:" if asked.shows_pictures else ""
    headers = HEADERS | {"Content-Security-Policy": _POLICY.format(pictures=pictures)}
    return HTMLResponse(rendered(template, told), status, headers)

"""Whose device an event comes from: what a browser's request says beside the event itself."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Request

from viralforge.settings import Settings

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def visitor(request: Request, settings: Settings) -> dict[str, Any]:
    """What is known of the visitor, by the fields of an event.

    Address and user agent are those of the connection if a page sent it, which its Origin tells: those of an
    app's own server say nothing of its user.
    """
    headers = request.headers
    about: dict[str, Any] = {}
    if headers.get("sec-gpc") == "1" or headers.get("dnt") == "1":
        about["do_not_track"] = True
    if "origin" in headers:
        about["user_agent"] = headers.get("user-agent", "")[:2000] or None
        about["ip_address"] = request.client.host if request.client else None
        named = (
            settings.country_header and settings.trusted_proxies and headers.get(settings.country_header, "")
        )
        if named and _COUNTRY.fullmatch(named) and named not in ("XX", "T1"):
            about["country"] = named
    return about

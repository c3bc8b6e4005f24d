"""The HTTP API under `/v1`: a module a subject, each with its routes."""

from __future__ import annotations

from viralforge.web.api import crews, events, posts, privacy, readers, traces, trends, upkeep, users, views

ROUTERS = (
    posts.routes, events.routes, trends.routes, crews.routes, users.routes, users.admin_routes,
    privacy.routes, upkeep.routes, traces.routes, *readers.routes(), *views.routes(),
)  # fmt: skip
"""Every route, in the order in which they are tried."""

"""The HTTP API under `/v1`: a module a subject, each with its routes."""

from __future__ import annotations

from viralforge.web.api import crews, posts, trends, upkeep, users

ROUTERS = (posts.routes, trends.routes, crews.routes, users.routes, users.admin_routes, upkeep.routes)
"""Every route, in the order in which they are tried."""

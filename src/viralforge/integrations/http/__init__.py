"""Over HTTP: a warehouse far away, and platforms within their limits."""

from __future__ import annotations

from viralforge.integrations.http.collecting import client

__all__ = ["client"]

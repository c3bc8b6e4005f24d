"""ViralForge: every post once, its whole history, and what each trend cost."""

from __future__ import annotations

import typing as _typing

if _typing.TYPE_CHECKING:
    from viralforge.agents.run import CrewRun, current_run
    from viralforge.db.rows import Rows
    from viralforge.errors import ViralForgeError
    from viralforge.ingest.capture import Capture
    from viralforge.integrations.http.remote import RemoteWarehouse, connect
    from viralforge.model.crew import CrewCall, CrewExecution, ExecutionChanges, ScrapeJob
    from viralforge.model.event import AppEvent
    from viralforge.model.post import ScrapedPost
    from viralforge.model.rejection import Rejection
    from viralforge.model.report import ErasureReceipt, IngestReport, SavedPosts
    from viralforge.model.snapshot import MetricsSnapshot
    from viralforge.model.trend import Trend
    from viralforge.settings import Settings
    from viralforge.warehouse import DataWarehouse

_HOMES = {
    "AppEvent": "model.event", "Capture": "ingest.capture", "CrewCall": "model.crew",
    "CrewExecution": "model.crew", "CrewRun": "agents.run", "current_run": "agents.run",
    "DataWarehouse": "warehouse", "ErasureReceipt": "model.report",
    "ExecutionChanges": "model.crew", "IngestReport": "model.report", "MetricsSnapshot": "model.snapshot",
    "Rejection": "model.rejection", "RemoteWarehouse": "integrations.http.remote", "Rows": "db.rows",
    "SavedPosts": "model.report", "ScrapeJob": "model.crew", "ScrapedPost": "model.post",
    "Settings": "settings", "Trend": "model.trend", "ViralForgeError": "errors",
    "connect": "integrations.http.remote",
}  # fmt: skip

__all__ = [
    "AppEvent",
    "Capture",
    "CrewCall",
    "CrewExecution",
    "CrewRun",
    "DataWarehouse",
    "ErasureReceipt",
    "ExecutionChanges",
    "IngestReport",
    "MetricsSnapshot",
    "Rejection",
    "RemoteWarehouse",
    "Rows",
    "SavedPosts",
    "ScrapeJob",
    "ScrapedPost",
    "Settings",
    "Trend",
    "ViralForgeError",
    "connect",
    "current_run",
]


if not _typing.TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A public name, imported when it is asked for: `viralforge --help` needs no database driver."""
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module 'viralforge' has no attribute {name!r}")
        return getattr(import_module(f"viralforge.{_HOMES[name]}"), name)

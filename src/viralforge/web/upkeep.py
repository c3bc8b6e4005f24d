"""What keeps a warehouse well while it is served, and sends on what it captured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from functools import partial

from viralforge.integrations.posthog import Forwarder
from viralforge.lifecycle.schedule import Job, scheduled
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse


@contextmanager
def kept_well(warehouse: DataWarehouse, settings: Settings) -> Iterator[None]:
    """Does the jobs of a warehouse as long as the block lasts; those of several servers give way.

    Raises ConfigurationError where only one of PostHog's two settings is there.
    """
    jobs = [
        Job("look for the database", timedelta(seconds=10), warehouse.ping),
        Job("fold rollups", timedelta(minutes=1), warehouse.rollups.fold),
        Job("refresh popular content", timedelta(hours=1), warehouse.rollups.refresh_popular_content),
        Job("make months", timedelta(hours=6), warehouse.make_months),
        Job("mark jobs", timedelta(minutes=10), warehouse.scrapes.mark_jobs),
        Job("sweep runs", timedelta(minutes=1), warehouse.sweep_runs),
        Job(
            "evict answers",
            timedelta(minutes=10),
            partial(warehouse.answers_kept.evict, settings.cache_max_bytes),
        ),
        Job("forget sessions", timedelta(hours=1), warehouse.keys.forget_sessions),
        Job("forget old rows", timedelta(hours=1), partial(warehouse.kept.forget, timedelta(days=7))),
        Job("forget addresses", timedelta(hours=1), warehouse.events.forget_addresses),
        Job("finish erasures", timedelta(minutes=10), warehouse.finish_erasures),
    ]
    with ExitStack() as stack:
        if settings.posthog_host or settings.posthog_key:
            forwarder = stack.enter_context(closing(Forwarder(warehouse, settings)))
            jobs.append(Job("forward to PostHog", timedelta(seconds=5), forwarder.drain))
        stack.enter_context(scheduled(jobs, partial(_told, warehouse)))
        yield


def _told(warehouse: DataWarehouse, job: Job, started_at: datetime, error: str | None) -> None:
    """What is done every few seconds is told only where it fails."""
    if error is not None or job.every >= timedelta(minutes=1):
        warehouse.scrapes.tell_job_run(job.name, job.every, started_at, error)

"""What keeps a warehouse well, and sends on what it captured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from functools import partial

from viralforge.agents.recollect import fetchers_at
from viralforge.integrations.posthog import Forwarder
from viralforge.lifecycle.schedule import Job
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse


@contextmanager
def kept_well(warehouse: DataWarehouse, settings: Settings) -> Iterator[None]:
    """Does the jobs of a warehouse as long as the block lasts; those of several servers give way.

    Raises ConfigurationError where only one of PostHog's two settings is there.
    """
    with jobs_of(warehouse, settings) as jobs, warehouse.jobs.scheduled(jobs):
        yield


@contextmanager
def jobs_of(warehouse: DataWarehouse, settings: Settings) -> Iterator[list[Job]]:
    """All that is to be done again and again. Raises as `kept_well` does."""
    evict = partial(warehouse.answers_kept.evict, settings.cache_max_bytes)
    jobs = [
        Job("look for the database", timedelta(seconds=10), warehouse.ping),
        Job("fold rollups", timedelta(minutes=1), warehouse.rollups.fold),
        Job("sweep runs", timedelta(minutes=1), warehouse.sweep_runs),
        Job("mark jobs", timedelta(minutes=10), warehouse.scrapes.mark_jobs),
        Job("evict answers", timedelta(minutes=10), evict),
        Job("refresh popular content", timedelta(hours=1), warehouse.rollups.refresh_popular_content),
        Job("forget sessions", timedelta(hours=1), warehouse.keys.forget_sessions),
        Job("forget old rows", timedelta(hours=1), partial(warehouse.kept.forget, timedelta(days=7))),
        Job("forget addresses", timedelta(hours=1), warehouse.events.forget_addresses),
        Job("finish erasures", timedelta(minutes=10), warehouse.finish_erasures),
        Job("make months", timedelta(hours=6), warehouse.make_months),
        Job("gather statistics", timedelta(days=1), warehouse.gather_statistics),
        Job("retention", timedelta(days=1), warehouse.retention.run),
    ]
    with ExitStack() as stack:
        if settings.fetchers:
            fetchers_at(settings.fetchers)(warehouse)
            jobs.append(Job("recollect", timedelta(hours=1), warehouse.snapshots.recollect))
        if settings.enforce_terms:
            jobs.append(Job("keep to terms", timedelta(days=1), warehouse.terms.enforce))
        if settings.posthog_host or settings.posthog_key:
            forwarder = stack.enter_context(closing(Forwarder(warehouse, settings)))
            jobs.append(Job("forward to PostHog", timedelta(seconds=5), forwarder.drain))
        yield jobs

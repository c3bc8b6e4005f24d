"""Jobs that are done again and again, each in a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from viralforge.errors import ViralForgeError

log = logging.getLogger("viralforge.lifecycle")
_JITTER = 0.1
"""By such a share of its pause a job comes earlier or later, so that many servers do not come at once."""


class Job(NamedTuple):
    """What is done every so often; a run that lasts longer is followed by the next, never joined by it."""

    name: str
    every: timedelta
    run: Callable[[], object]


Tell = Callable[[Job, datetime, str | None], object]


@contextmanager
def scheduled(jobs: Sequence[Job], tell: Tell = lambda _job, _started_at, _error: None) -> Iterator[None]:
    """Does the jobs, at once and then every so often, as long as the block lasts; ends between two runs.

    `tell` is called after each run, with when it began and what went wrong, None if nothing did.

    >>> done = []
    >>> with scheduled([Job("count", timedelta(hours=1), lambda: done.append(1))]):
    ...     while not done: pass
    >>> done
    [1]
    """
    scheduler = BackgroundScheduler(
        timezone=UTC, executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )  # fmt: skip
    for job in jobs:
        seconds = job.every.total_seconds()
        scheduler.add_job(
            partial(_done, job, tell), "interval", seconds=seconds, jitter=seconds * _JITTER, name=job.name,
            next_run_time=datetime.now(UTC),
        )  # fmt: skip
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it tells of each run, and of each that lasts
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown()


def _done(job: Job, tell: Tell) -> None:
    """Does a job; one that fails is tried again when its time comes."""
    started_at, failed = datetime.now(UTC), None
    try:
        job.run()
    except ViralForgeError as error:
        failed = str(error)
        log.warning("job failed", extra={"job": job.name, "error": failed})
    except Exception as error:
        failed = type(error).__name__
        log.exception("job failed", extra={"job": job.name, "error": failed})
    with suppress(ViralForgeError):  # the database is away, or may not be written to
        tell(job, started_at, failed)

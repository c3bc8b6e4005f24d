"""Jobs that are done again and again: each by one process at a time, noted, tried again when it failed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from viralforge.db.locks import SessionLocks
from viralforge.db.pool import Database
from viralforge.db.queries import SQL, Queries
from viralforge.errors import ViralForgeError
from viralforge.store.scrapes import ScrapeStore

QUERIES = Queries("lifecycle/schedule")
log = logging.getLogger("viralforge.lifecycle")
JITTER = 0.1
"""By such a share of its pause a job comes earlier or later, so that many servers do not come at once."""
LOOK = timedelta(minutes=5)
"""At least so often it is looked whether a job is due: one that failed, or whose server died, is then."""
NOTED = timedelta(minutes=1)
"""What is done more often than this is for each process to do, and is noted only where it fails."""


class Job(NamedTuple):
    """What is done every so often; a run that lasts longer is followed by the next, never joined by it."""

    name: str
    every: timedelta
    run: Callable[[], object]


class JobOutcome(NamedTuple):
    """What came of a job: done, failed (with the error), not due, or under way elsewhere."""

    name: str
    outcome: str
    error: str | None = None


class Jobs:
    """Does jobs, however many processes want to: who holds a job's lock and finds it due does it."""

    def __init__(self, database: Database, scrapes: ScrapeStore) -> None:
        self._database, self._scrapes = database, scrapes
        self._locks, self._mutex = SessionLocks(database.url), Lock()
        self._under_way: set[str] = set()

    def is_due(self, job: Job) -> bool:
        """Whether a job was not done for as long as its pause, and did not fail just now."""
        values = {"name": job.name, "every": job.every * (1 - JITTER), "again": min(job.every / 10, LOOK)}
        return bool(self._database.value(QUERIES["is_due"], values))

    def do(self, job: Job, *, anyway: bool = False) -> JobOutcome:
        """Does a job if it is due or `anyway`; whatever goes wrong is noted and told.

        Raises DatabaseUnavailable only where it cannot be told whether it is due.
        """
        if not anyway and not self.is_due(job):
            return JobOutcome(job.name, "not due")
        key = int.from_bytes(sha256(f"job {job.name}".encode()).digest()[:7])
        with self._held(job.name, key) as is_ours:
            if not is_ours:
                return JobOutcome(job.name, "under way elsewhere")
            if not anyway and not self.is_due(job):
                return JobOutcome(job.name, "not due")
            started_at: datetime = self._database.value(QUERIES["now"])
            error = _fault_of(job)
            if not error and job.every > NOTED:
                log.info("%s: done", job.name, extra={"job": job.name})
            if error or job.every >= NOTED:
                with suppress(ViralForgeError):  # the database is away, or may not be written to
                    self._scrapes.tell_job_run(job.name, job.every, started_at, error)
            return JobOutcome(job.name, "failed" if error else "done", error)

    @contextmanager
    def _held(self, name: str, key: int) -> Iterator[bool]:
        """Whether the job is ours alone; one connection holds all locks, so threads agree themselves."""
        with self._mutex:
            is_ours = name not in self._under_way and self._locks.take(key)
            if is_ours:
                self._under_way.add(name)
        try:
            yield is_ours
        finally:
            if is_ours:
                with self._mutex:
                    self._under_way.discard(name)
                with suppress(ViralForgeError):
                    self._locks.give_back(key)

    @contextmanager
    def scheduled(self, jobs: Sequence[Job]) -> Iterator[None]:
        """Does the jobs whenever they are due, as long as the block lasts; ends between two runs."""
        scheduler = BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )  # fmt: skip
        for job in jobs:
            pause = min(job.every, LOOK).total_seconds()
            look = partial(_fault_of, job) if job.every < NOTED else partial(self._look, job)
            scheduler.add_job(
                look, "interval", seconds=pause, jitter=pause * JITTER, name=job.name,
                next_run_time=datetime.now(UTC),
            )  # fmt: skip
        logging.getLogger("apscheduler").setLevel(
            logging.ERROR
        )  # it tells of each run, and of each that lasts
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown()
            self._locks.close()

    def _look(self, job: Job) -> None:
        with suppress(ViralForgeError):  # the database is away: somebody else tells of that
            self.do(job)

    def close(self) -> None:
        """Gives the locks back."""
        self._locks.close()


def pg_cron() -> str:
    """What the extension pg_cron can do of the jobs, as SQL for its user to run."""
    return (SQL / "pg_cron.sql").read_text(encoding="utf-8")


def _fault_of(job: Job) -> str | None:
    """Does a job and says what went wrong, None if nothing did."""
    try:
        job.run()
    except ViralForgeError as error:
        log.warning("%s: %s", job.name, error, extra={"job": job.name, "error": str(error)})
        return str(error)
    except Exception as error:
        log.exception("%s: failed", job.name, extra={"job": job.name, "error": type(error).__name__})
        return f"{type(error).__name__}: {error}"[:300]
    return None

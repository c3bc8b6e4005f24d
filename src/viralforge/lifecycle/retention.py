"""Keeps what the settings say for as long as they say, and no longer."""

from __future__ import annotations

from typing import NamedTuple

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.lifecycle.archive.steps import Archive, Progress
from viralforge.lifecycle.due import Planned, Policy

QUERIES = Queries("lifecycle/retention")


class Retained(NamedTuple):
    """What was done: so many ranges archived, None where another process is at it or there is no archive."""

    archived: int | None
    rejections: int


class Retention:
    """What leaves the database, and when."""

    def __init__(self, database: Database, policy: Policy, archive: Archive) -> None:
        self._database, self._policy, self._archive = database, policy, archive

    def plan(self) -> Rows[Planned]:
        """What is due now, range by range; nothing is done."""
        return self._policy.plan()

    def run(self, progress: Progress = lambda _step: None) -> Retained:
        """Does what is due. Where there is no archive, what would go there stays. Raises as `Archive.run`."""
        rejections, given = 0, {"until": self._policy.since("rejections")}
        while some := self._database.change(QUERIES["drop_rejections"], given):
            rejections += some
        return Retained(self._archive.run(progress) if self._archive.lake.is_there else None, rejections)

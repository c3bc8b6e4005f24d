"""What a warehouse is kept well with."""

from __future__ import annotations

from viralforge.analytics.posts import Posts
from viralforge.db import status
from viralforge.db.grants import Grants
from viralforge.db.pool import Database
from viralforge.lifecycle.archive.cold import Cold
from viralforge.lifecycle.archive.forgetting import Forgetting
from viralforge.lifecycle.archive.lake import Lake
from viralforge.lifecycle.archive.steps import Archive
from viralforge.lifecycle.due import Policy
from viralforge.lifecycle.retention import Retention
from viralforge.lifecycle.schedule import Jobs
from viralforge.lifecycle.terms import Terms
from viralforge.settings import Settings
from viralforge.store.posts import PostStore
from viralforge.store.rollups import RollupStore
from viralforge.store.scrapes import ScrapeStore


class ForUpkeep:
    """The part of a warehouse that is there for years.

    `retention` moves what is old to the `archive`, `cold` reads it there, `jobs` does what is due.
    """

    archive: Archive
    cold: Cold
    retention: Retention
    jobs: Jobs
    grants: Grants
    terms: Terms
    posts: Posts
    rollups: RollupStore
    scrapes: ScrapeStore
    _database: Database
    _forget_cold: Forgetting
    _post_store: PostStore

    def _keep(self, settings: Settings) -> None:
        database, lake = self._database, Lake(self._database, settings)
        policy = Policy(database, settings)
        self.archive = Archive(database, lake, policy, self.rollups)
        self.retention = Retention(database, policy, self.archive)
        self.cold = self.posts.cold = Cold(database, lake)
        self._forget_cold = Forgetting(database, self.archive)
        self.jobs, self.grants = Jobs(database, self.scrapes), Grants(database)
        self.terms = Terms(database, settings, self._post_store, self._forget_cold.settle)

    def gather_statistics(self) -> None:
        """Tells the planner of the partitioned tables as wholes."""
        status.gather_statistics(self._database)

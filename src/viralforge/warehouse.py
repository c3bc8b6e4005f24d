"""DataWarehouse: opens the database, speaks the documented verbs, lends the subjects that can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from viralforge.agents.accounts import Accounts
from viralforge.agents.verbs import ForAgents
from viralforge.analytics import filters
from viralforge.analytics.filters import post_key
from viralforge.analytics.hashtags import TrendingHashtag
from viralforge.analytics.status import Status
from viralforge.analytics.subjects import Subjects
from viralforge.db import access, migrate, status
from viralforge.db.migrate import Plan
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.db.rows import Rows
from viralforge.errors import AccessDenied, InvalidInput
from viralforge.ingest.capture import Capture, Source, Tell
from viralforge.ingest.read import Progress as BytesRead
from viralforge.ingest.run import Ingest
from viralforge.lifecycle.backup.verbs import ForRecovery
from viralforge.lifecycle.privacy.verbs import ForPrivacy
from viralforge.lifecycle.upkeep import ForUpkeep
from viralforge.model.crew import ScrapeJob
from viralforge.model.event import AppEvent
from viralforge.model.post import ScrapedPost
from viralforge.model.report import IngestReport, SavedPosts
from viralforge.model.snapshot import MetricsSnapshot
from viralforge.model.trend import Trend
from viralforge.settings import Settings, read_settings
from viralforge.store.cache import CacheStore
from viralforge.store.crews import CrewStore
from viralforge.store.events import EventStore
from viralforge.store.keys import KeyStore
from viralforge.store.outbox import Outbox
from viralforge.store.posts import PostStore
from viralforge.store.prices import PriceStore
from viralforge.store.quotas import QuotaStore
from viralforge.store.requests import Outcome, RequestStore
from viralforge.store.rollups import RollupStore
from viralforge.store.runs import RunStore
from viralforge.store.scrapes import ScrapeStore
from viralforge.store.simulated import delete_simulated
from viralforge.store.trends import TrendStore
from viralforge.store.users import UserStore

Fields = Mapping[str, Any]
"""What a caller writes: keys in snake_case or camelCase."""


class DataWarehouse(Subjects, ForAgents, ForPrivacy, ForRecovery, ForUpkeep):
    """A warehouse in an embedded PostgreSQL, or in any PostgreSQL from 15 to 18.

    `posts`, `hashtags`, `trends`, `scraping`, `funnel` and `crews` answer questions, `answers` the seven
    most asked; `scrapes` has what was turned away, `events` takes in many, `rollups` is the upkeep. Safe to
    share among threads.

    >>> with DataWarehouse.open() as warehouse:
    ...     post = {"platform": "youtube", "externalId": "dQw4w9WgXcQ", "views": 1400000000}
    ...     print(warehouse.save_scraped_post(post))
    5cd6213d-2e90-b8cb-be8b-5dab10494180
    """

    scrapes: ScrapeStore
    keys: KeyStore

    def __init__(self, database: Database, settings: Settings) -> None:
        super().__init__(database, settings)
        months = Months(database)
        with suppress(AccessDenied):  # who only reads makes no months
            months.ensure_ahead()
        self.make_months = months.ensure_ahead
        self._database, self._settings = database, settings
        self._stack, self._embedded = ExitStack(), False
        self._stack.callback(database.close)
        self._post_store = PostStore(database, months, settings.batch_size)
        self._trend_store, self._user_store = TrendStore(database), UserStore(database)
        self._crew_store, self._run_store = CrewStore(database), RunStore(database)
        self.events = EventStore(database, months, settings)
        self.keys, self.outbox, self._requests = KeyStore(database), Outbox(database), RequestStore(database)
        self.scrapes, self.rollups = ScrapeStore(database), RollupStore(database)
        self._keep(settings)
        self._ingest = Ingest(self._post_store, self.scrapes)
        self.prices, self.quotas = PriceStore(database), QuotaStore(database)
        self.answers_kept = CacheStore(database)
        self._open_accounts = partial(
            Accounts, database.url, settings, self._run_store, self.prices, self._post_store,
            self._trend_store, self._ingest,
        )  # fmt: skip

    @classmethod
    def open(
        cls, database_url: str | None = None, *, data_dir: Path | str | None = None, migrate: bool = False,
        create: bool = True,
    ) -> Self:  # fmt: skip
        """Opens the warehouse at `database_url`, else at `DATABASE_URL`, else the embedded one in `data_dir`.

        The embedded one is made unless `create=False`; it and an empty database are migrated as needed, any
        other only with `migrate=True`.
        Raises ConfigurationError, DatabaseUnavailable, AccessDenied, SchemaBehind or SchemaAhead.
        """
        settings = read_settings(database_url=database_url, data_dir=data_dir)
        with ExitStack() as stack:
            database = access.connected(settings, stack, create=create)
            access.prepare(database, migrate or settings.database_url is None)
            warehouse = cls(database, settings)
            warehouse._embedded = settings.database_url is None
            warehouse._stack = stack.pop_all()
        return warehouse

    @classmethod
    def migrate(
        cls, database_url: str | None = None, *, data_dir: Path | str | None = None, dry_run: bool = False
    ) -> Plan:
        """Brings a database to this version and says what was missing; with `dry_run` only says it.

        Raises as `open` does, and WarehouseError naming any view of yours that stands on one of ours.
        """
        with ExitStack() as stack:
            database = access.connected(read_settings(database_url=database_url, data_dir=data_dir), stack)
            return migrate.plan(database) if dry_run else migrate.migrate(database)

    @property
    def url(self) -> str:
        """Where the database is, password included; good as long as this is open."""
        return self._database.url

    def close(self) -> None:
        """Gives the connections back, and stops the embedded server unless others use it."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def save_scraped_post(self, post: ScrapedPost | Fields) -> UUID:
        """Saves one post as it was seen at its `observed_at`, else now; returns its id.

        Known already, it takes over what is known now, and its history gets another reading. Raises
        InvalidPost naming the field, the value and the reason.
        """
        return self._post_store.save(post)

    def bulk_save_scraped_posts(self, posts: Iterable[ScrapedPost | Fields]) -> SavedPosts:
        """Saves any number of posts; returns their ids in input order, with how many were new.

        Taken from an iterator batch by batch (`VIRALFORGE_BATCH_SIZE`), each batch in one transaction, in
        bounded memory but for 16 bytes an id. A post may come several times: the latest sighting wins.
        Raises InvalidPost naming the position; the batches before are saved, nothing of its own batch is.
        """
        return self._post_store.save_many(posts)

    def record_metrics_snapshot(self, post_id: UUID | str, metrics: MetricsSnapshot | Fields) -> None:
        """Saves a sighting of numbers alone, at `recorded_at` or now; rate and velocity are computed.

        One that comes late takes its place in the history and corrects the velocity of the next. Raises
        UnknownPosts.
        """
        self._post_store.snapshot(post_key(post_id), MetricsSnapshot.read(metrics))

    def delete_post(self, post_id: UUID | str) -> bool:
        """Deletes a post with its history and links; whether it was there."""
        return self._post_store.delete(post_key(post_id))

    def create_trend(self, trend: Trend | Fields) -> int:
        """Stores a trend; returns its id."""
        return self._trend_store.create(Trend.read(trend))

    def link_trend_to_sources(
        self, trend_id: int, post_ids: Sequence[UUID | str],
        relevance_scores: Sequence[float | None] | None = None,
    ) -> None:  # fmt: skip
        """Makes posts the sources of a trend, each with its relevance from 0 to 1, None where it is unknown.

        Raises UnknownPosts naming the ids that are not in the warehouse, UnknownRecord for the trend; then
        nothing is linked.
        """
        if isinstance(post_ids, UUID | str):
            raise InvalidInput("post_ids: one id is no list of ids; write [id]")
        self._trend_store.link(trend_id, [post_key(each) for each in post_ids], relevance_scores)

    def delete_trend(self, trend_id: int) -> bool:
        """Deletes a trend and its links; whether it was there."""
        return self._trend_store.delete(trend_id)

    def track_event(self, event: AppEvent | Fields) -> UUID:
        """Stores what a user of the app did; returns the event's id. The same id again is the same event.

        Raises InvalidInput for a time more than 30 days ago or more than 1 hour ahead.
        """
        return self.events.track(AppEvent.read(event))

    def track_events(self, events: Iterable[AppEvent | Fields]) -> int:
        """Imports events of any time; returns how many were not there yet."""
        return self.events.track_many(AppEvent.read(event) for event in events)

    def log_scrape_job(self, job: ScrapeJob | Fields) -> int:
        """Stores one act of collecting; returns its id."""
        return self.scrapes.log_job(ScrapeJob.read(job))

    def once(self, key: str, request_hash: bytes, verb: Callable[[], Any], *, owner: int = 0) -> Outcome:
        """What `verb`, writing through this warehouse, returned under this key within 24 hours, or now.

        Its effect and the note of it are one transaction: a key is done once, whoever comes and whatever
        breaks. Bulk saves are no part of it. Raises InvalidInput where `request_hash` is another one.
        """
        return self._requests.once(owner, key, request_hash, verb)

    def delete_simulated(self) -> None:
        """Deletes the executions, trends, scrape jobs, events and users of a simulation; its posts stay."""
        delete_simulated(self._database)

    def get_trending_hashtags(self, platform: str | None = None, limit: int = 50) -> Rows[TrendingHashtag]:
        """The hashtags of the last 7 days by how many posts carry them, one row a hashtag and platform."""
        return self.hashtags.trending(platform, limit=limit)

    def refresh_popular_content(self) -> None:
        """Refreshes `mv_popular_content_24h` and folds the rollups, best every hour; readers go on."""
        self.rollups.refresh_popular_content()
        self._fold_if_allowed()

    def _fold_if_allowed(self) -> None:
        with suppress(AccessDenied):  # the refresh, or writing, may be granted alone
            self.rollups.fold()

    def ingest(
        self, paths: Sequence[str | Path] | str | Path, *, observed_at: datetime | None = None,
        shape: str | None = None, scrape_source: str = "file", progress: BytesRead | None = None,
    ) -> IngestReport:  # fmt: skip
        """Takes in every post in files, folders, globs or standard input (`-`); a second time adds nothing.

        `observed_at` is when the payloads were seen where they do not say so themselves; None means when
        their file was first given. Raises UnreadableInput.
        """
        report = self._ingest.files(
            paths, observed_at=observed_at, shape=shape, scrape_source=scrape_source, progress=progress
        )
        self._fold_if_allowed()
        return report

    def ingest_payloads(
        self, captures: Iterable[Capture | Any], *, scrape_source: str = "api"
    ) -> IngestReport:
        """Takes in payloads just fetched, each as it came or with what is known of it as a `Capture`.

        What does not say when it was seen was seen now.
        """
        return self._ingest.run(captures, scrape_source=scrape_source, live=True)

    def ingest_apart(
        self, source: Source, tell: Tell, *, scrape_source: str = "api"
    ) -> tuple[IngestReport, Any]:
        """Takes in what `source`, which must be picklable, yields in a process of its own.

        A payload that does not say when it was seen was seen when this began, and is taken once only. What
        the source returns comes back beside the report.
        """
        report = IngestReport()
        outcome = self._ingest.run_apart(source, tell, scrape_source=scrape_source, report=report)
        self._fold_if_allowed()
        return report, outcome

    def replay_rejections(self, reason: str | None = None) -> IngestReport:
        """Reads rejected payloads again, as after a fix; what are posts by now come in and are forgotten."""
        report = self._ingest.replay(reason)
        self._fold_if_allowed()
        return report

    def sql(self, query: str, values: Sequence[Any] | Fields | None = None) -> Rows[tuple[Any, ...]]:
        """Runs SQL of your own in one transaction; the views are found without their schema.

        With `values`, for `%s` or `%(name)s` in one statement, they are bound, never written into it. Raises
        InvalidInput with what PostgreSQL finds wrong.
        """
        return self._database.query(query, values)

    def ping(self) -> None:
        """Returns if the database answers, an embedded one once it does. Raises DatabaseUnavailable."""
        self._database.revive()
        self._database.value(b"SELECT 1")

    def status(self) -> Status:
        """How the warehouse is."""
        return Status(
            server=status.server(self._database), embedded=self._embedded,
            schema=migrate.plan(self._database).current,
            posts=sum(day.posts_scraped for day in self.scraping.daily(days=filters.LONGEST_DAYS)),
            rejections=sum(row.rejections for row in self.scrapes.rejections_by_reason()),
            deltas=self.rollups.backlog(), tables=status.tables(self._database),
        )  # fmt: skip

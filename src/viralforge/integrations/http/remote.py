"""RemoteWarehouse: the documented verbs and the subjects of a warehouse that another machine serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

from viralforge.errors import ConfigurationError, InvalidInput
from viralforge.ingest.capture import Capture
from viralforge.integrations.http import bulk, reading
from viralforge.integrations.http.subjects import Lent, answer_to
from viralforge.integrations.http.transport import Transport
from viralforge.integrations.http.written import AT_ONCE, post_key
from viralforge.model.crew import CrewCall, CrewExecution, ExecutionChanges, ScrapeJob
from viralforge.model.event import AppEvent, new_event_id
from viralforge.model.post import ScrapedPost
from viralforge.model.report import ErasureReceipt, IngestReport, SavedPosts
from viralforge.model.snapshot import MetricsSnapshot
from viralforge.model.trend import Trend

if TYPE_CHECKING:
    from viralforge import Rows

Fields = Mapping[str, Any]
"""What a caller writes: keys in snake_case or camelCase."""


def connect(url: str, *, key: str | None = None, timeout: float = 90) -> RemoteWarehouse:
    """The warehouse that `viralforge serve` serves at `url`; `key` is one that `viralforge keys create` made.

    A request that takes longer than `timeout` seconds is given up. Nothing is sent yet. Raises
    ConfigurationError where the URL is none.

    >>> connect("http://warehouse.example:8400", key="vf_example")
    RemoteWarehouse('http://warehouse.example:8400')
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise ConfigurationError("url: write where viralforge serve listens, such as http://127.0.0.1:8400")
    if key is not None and not (key.isascii() and key.isprintable()):
        raise ConfigurationError("key: it is none; write one as viralforge keys create showed it")
    return RemoteWarehouse(Transport(url, key, timeout))


class RemoteWarehouse:
    """A warehouse on another machine: what DataWarehouse says, and the same answers, over HTTP.

    Wrong input, unknown records and a database that is away raise what they raise there; AccessDenied is a
    key that does not do. What fails on the way is sent again, up to five times, where nothing can happen
    twice by it. Lists have at most 10,000 rows. Safe to share among threads.
    """

    posts = Lent(lambda local: local.posts)
    hashtags = Lent(lambda local: local.hashtags)
    trends = Lent(lambda local: local.trends)
    scraping = Lent(lambda local: local.scraping)
    funnel = Lent(lambda local: local.funnel)
    crews = Lent(lambda local: local.crews)
    runs = Lent(lambda local: local.runs)
    costs = Lent(lambda local: local.costs)
    impact = Lent(lambda local: local.impact)
    usage = Lent(lambda local: local.usage)
    answers = Lent(lambda local: local.answers)
    views = Lent(lambda local: local.views)
    scrapes = Lent(lambda local: local.scrapes)

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def __repr__(self) -> str:
        return f"RemoteWarehouse({self.transport.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections to the server."""
        self.transport.close()

    def save_scraped_post(self, post: ScrapedPost | Fields) -> UUID:
        """Saves one post as it was seen at its `observed_at`, else now; returns its id.

        Raises InvalidPost naming the field, the value and the reason.
        """
        return UUID(self._written("POST", "/v1/posts", post, once=True)["id"])

    def bulk_save_scraped_posts(self, posts: Iterable[ScrapedPost | Fields]) -> SavedPosts:
        """Saves any number of posts; returns their ids in input order, with how many were new.

        Taken from an iterator and sent 5,000 at a time, all of them or nothing. Where the connection breaks
        while they are sent, they are sent again only if each has its `observed_at`; one that has none would
        be another sighting. Raises InvalidPost naming the position; `saved` is how many are saved.
        """
        return bulk.save(self.transport, posts)

    def record_metrics_snapshot(self, post_id: UUID | str, metrics: MetricsSnapshot | Fields) -> None:
        """Saves a sighting of numbers alone, at `recorded_at` or now. Raises UnknownPosts."""
        self._written("POST", f"/v1/posts/{post_key(post_id)}/snapshots", metrics, once=True)

    def delete_post(self, post_id: UUID | str) -> bool:
        """Deletes a post with its history and links; whether it was there."""
        return bool(self._written("DELETE", f"/v1/posts/{post_key(post_id)}")["deleted"])

    def create_trend(self, trend: Trend | Fields) -> int:
        """Stores a trend; returns its id."""
        return int(self._written("POST", "/v1/trends", trend, once=True)["id"])

    def link_trend_to_sources(
        self, trend_id: int, post_ids: Sequence[UUID | str],
        relevance_scores: Sequence[float | None] | None = None,
    ) -> None:  # fmt: skip
        """Makes posts the sources of a trend, each with its relevance from 0 to 1, None where it is unknown.

        Raises UnknownPosts and UnknownRecord; then nothing is linked.
        """
        if isinstance(post_ids, UUID | str):
            raise InvalidInput("post_ids: one id is no list of ids; write [id]")
        body: dict[str, Any] = {"post_ids": [str(post_key(each)) for each in post_ids]}
        if relevance_scores is not None:
            body["relevance_scores"] = list(relevance_scores)
        self._written("POST", f"/v1/trends/{int(trend_id)}/sources", body)

    def delete_trend(self, trend_id: int) -> bool:
        """Deletes a trend and its links; whether it was there."""
        return bool(self._written("DELETE", f"/v1/trends/{int(trend_id)}")["deleted"])

    def track_event(self, event: AppEvent | Fields) -> UUID:
        """Stores what a user of the app did; returns the event's id. The same id again is the same event.

        The id is drawn here. Raises InvalidInput for a time more than 30 days ago or more than 1 hour ahead.
        """
        return UUID(self._written("POST", "/v1/events", _identified(event))["event_id"])

    def track_events(self, events: Iterable[AppEvent | Fields]) -> int:
        """Imports events of any time; returns how many were not there yet."""
        return bulk.import_events(self.transport, map(_identified, events))

    def add_user(self, user_id: str, display_name: str | None = None, *, analytics: bool = True) -> None:
        """Makes or changes a user of the app; with `analytics=False` no event or execution names the user."""
        body = {"display_name": display_name, "analytics": analytics}
        self._written("PUT", f"/v1/users/{quote(user_id, safe='')}", body)

    def delete_user(self, user_id: str) -> bool:
        """Deletes a user with the events and executions that name the user; whether there was one."""
        return bool(self._written("DELETE", f"/v1/users/{quote(user_id, safe='')}")["deleted"])

    def erase_user(self, user_id: str) -> ErasureReceipt:
        """Deletes a user for good: what comes later is stored without the user."""
        return self._erased({"user_id": user_id})

    def anonymise_user(self, user_id: str) -> ErasureReceipt:
        """Keeps what a user did, for the numbers, under an id that nobody can derive."""
        return self._erased({"user_id": user_id, "keep_numbers": True})

    def erase_author(self, platform: str, author: str) -> ErasureReceipt:
        """Blanks all posts of an author, by id or by name, and keeps out those that are scraped later."""
        return self._erased({"platform": platform, "author": author})

    def erase_post(self, post: UUID | str, external_id: str | None = None) -> ErasureReceipt:
        """Blanks a post for good, by its id or by its platform and external id; then also one never seen."""
        if external_id is None:
            return self._erased({"post_id": str(post_key(post))})
        return self._erased({"platform": str(post), "external_id": external_id})

    def _erased(self, body: dict[str, Any]) -> ErasureReceipt:
        return ErasureReceipt.read(self._written("POST", "/v1/erasures", body))

    def log_crew_execution(self, execution: CrewExecution | Fields) -> int:
        """Stores one run of a crew; returns its id."""
        return int(self._written("POST", "/v1/executions", execution, once=True)["id"])

    def update_crew_execution(self, execution_id: int, changes: ExecutionChanges | Fields) -> None:
        """Changes what is given of an execution. Raises UnknownRecord."""
        self._written("PATCH", f"/v1/executions/{int(execution_id)}", changes)

    def log_crew_calls(self, calls: Iterable[CrewCall | Fields]) -> int:
        """Stores LLM and tool calls of executions; returns how many. Raises UnknownRecord."""
        given, stored = iter(calls), 0
        while some := list(islice(given, AT_ONCE)):
            stored += int(self._written("POST", "/v1/calls", some, once=True)["stored"])
        return stored

    def log_scrape_job(self, job: ScrapeJob | Fields) -> int:
        """Stores one act of collecting; returns its id."""
        return int(self._written("POST", "/v1/scrape-jobs", job, once=True)["id"])

    def get_trending_hashtags(self, platform: str | None = None, limit: int = 50) -> Rows[Any]:
        """The hashtags of the last 7 days by how many posts carry them, one row a hashtag and platform."""
        return self.hashtags.trending(platform, limit=limit)

    def refresh_popular_content(self) -> None:
        """Refreshes `mv_popular_content_24h` and folds the rollups, best every hour; readers go on."""
        self._written("POST", "/v1/popular-content/refresh")

    def ingest_payloads(
        self, captures: Iterable[Capture | Any], *, scrape_source: str = "api"
    ) -> IngestReport:
        """Takes in payloads just fetched, each as it came or with what is known of it as a `Capture`.

        Of a capture `observed_at`, `niche` and `scrape_job_id` are sent. Sent again after a broken connection
        only where it has its `observed_at`.
        """
        return bulk.ingest(self.transport, captures, scrape_source)

    def replay_rejections(self, reason: str | None = None) -> IngestReport:
        """Reads rejected payloads again, as after a fix; what are posts by now come in and are forgotten."""
        params = {} if reason is None else {"reason": reason}
        answer = self.transport.send("POST", "/v1/rejections/replay", params=params)
        return bulk.report_in(reading.document_in(answer))

    def status(self) -> Any:
        """How the warehouse is."""
        return answer_to(self.transport, "", "status")

    def ping(self) -> None:
        """Returns if the server and its database answer. Raises DatabaseUnavailable."""
        self.transport.send("GET", "/readyz")

    def _written(self, method: str, path: str, body: Any = None, *, once: bool = False) -> Any:
        answer = self.transport.send(method, path, body=body, once=once)
        return reading.document_in(answer) if answer.content else None


def _identified(event: AppEvent | Fields) -> AppEvent:
    """The event with an id of its own, so that sent again it is the same one.

    Beside a time of its own the id says none: then that time holds to the microsecond.
    """
    found = AppEvent.read(event)
    if found.event_id is not None:
        return found
    drawn = new_event_id(datetime.now(UTC)) if found.created_at is None else uuid4()
    return found.model_copy(update={"event_id": drawn})

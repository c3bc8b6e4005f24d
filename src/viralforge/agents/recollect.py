"""Which posts deserve a new reading, and who can read them: within quota and budget, in batches."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from viralforge.agents.accounts import Accounts
from viralforge.agents.collect import Collector, Source
from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput
from viralforge.lifecycle.terms import Terms
from viralforge.model.ids import platform_name
from viralforge.model.quota import LIMITS
from viralforge.store.quotas import QuotaStore

QUERIES = Queries("store/snapshots")
TOLERANCE = 0.1
"""By so much a reach may have grown until it is read again: a tenth, as far as one can tell."""
YOUNG = timedelta(days=30)
"""So long after its first sighting a post is read again."""
BATCHES = {"youtube": 50, "twitter": 100, "reddit": 100, "tiktok": 20, "instagram": 1}
"""So many posts the platforms' own calls read at once."""
Fetch = Callable[[list[str]], Any]


class DuePost(NamedTuple):
    """A post that deserves a new reading since `due_at`."""

    id: UUID
    platform: str
    external_id: str
    url: str | None
    last_scraped_at: datetime
    due_at: datetime


class Recollected(NamedTuple):
    """What was read again of a platform: of so many posts due; `stopped` says why not all, None if all.

    `gone` is how many were deleted because the platform has them no longer.
    """

    platform: str
    due: int
    asked: int
    requests: int
    failed: int
    stopped: str | None
    gone: int = 0


class _Fetcher(NamedTuple):
    fetch: Fetch
    source: Source
    batch: int
    omits_gone: bool


class Snapshots:
    """The readings of posts: which are due, and taking them."""

    def __init__(
        self, database: Database, quotas: QuotaStore, accounts: Callable[[], Accounts], terms: Terms
    ) -> None:  # fmt: skip
        self._database, self._quotas, self._accounts, self._terms = database, quotas, accounts, terms
        self._fetchers: dict[str, _Fetcher] = {}

    def due(self, platform: str | None = None, *, limit: int = 1_000) -> Rows[DuePost]:
        """The posts that deserve a new reading, the most overdue first.

        Sources of rising trends and what grows fast are due hourly, others after as long as their reach
        takes to grow by a tenth, at most weekly, for 30 days. Posts under a platform's terms are due a few
        days before those ask for their removal, whatever their age: half of the rows, or what the others
        leave.
        """
        given = {
            "platform": filters.platform(platform), "limit": filters.limit(limit), "tolerance": TOLERANCE,
            "young": YOUNG,
        }  # fmt: skip
        pacing = self._database.rows(DuePost, QUERIES["due"], given)
        known = {post.id for post in pacing}
        expiring = [
            DuePost(*post)
            for post in self._terms.due_for_refresh(platform, limit=limit)
            if post.id not in known
        ]
        room = max(limit - len(pacing), limit // 2)
        return Rows(DuePost._fields, [*pacing[: limit - len(expiring[:room])], *expiring[:room]])

    def fetcher(
        self, platform: str, fetch: Fetch, *, units: int = 1, cost_usd: Decimal | float | str | None = None,
        batch: int | None = None, omits_gone: bool = False,
    ) -> None:  # fmt: skip
        """Names who reads posts of a platform: given external ids, it returns what the platform answers.

        With `omits_gone` an id that is nowhere in an answer is of a post that the platform no longer has, as
        long as others of the batch are there: it goes where the platform's terms ask for that.
        """
        source = Source.of(platform, "recollect", None, units, cost_usd)
        self._fetchers[source.platform] = _Fetcher(
            fetch, source, batch or BATCHES[source.platform], omits_gone
        )

    def recollect(
        self, platform: str | None = None, *, limit: int = 1_000,
        budget_usd: Decimal | float | str | None = None,
    ) -> list[Recollected]:  # fmt: skip
        """Reads what is due anew, of every platform that has a fetcher.

        It stops where the platform's quota or the budget is spent, and after a request that fails. Raises
        InvalidInput for a platform without a fetcher.
        """
        if platform is not None and platform_name(platform) not in self._fetchers:
            raise InvalidInput(f"platform: nobody reads {platform}; name who does with warehouse.fetcher")
        names = sorted(self._fetchers) if platform is None else [platform_name(platform)]
        left = None if budget_usd is None else Decimal(str(budget_usd))
        done = []
        for name in names:
            told, spent = self._read(self._fetchers[name], limit, left)
            left = None if left is None else left - spent
            done.append(told)
        return done

    def _read(self, by: _Fetcher, limit: int, left: Decimal | None) -> tuple[Recollected, Decimal]:
        name = by.source.platform
        due = [post.external_id for post in self.due(name, limit=limit)]
        collector = Collector(self._accounts(), by.source)
        asked = requests = failed = 0
        spent, stopped, missing = Decimal(0), None, list[str]()
        read = collector.around(by.fetch)
        price = collector.price(datetime.now().astimezone()) or Decimal(0)
        for ids in _parts(due, by.batch):
            if left is not None and spent + price > left:
                stopped = "the budget is spent"
                break
            wait = self._quotas.take(name, _wanted(name, by.source.units or 1))
            if wait is not None:
                stopped = f"the quota is spent; there is more in {wait:,.0f} s"
                break
            requests, asked, spent = requests + 1, asked + len(ids), spent + price
            try:
                answer = read(ids)
            except Exception as error:  # noqa: BLE001 - whatever it is, the other platforms go on
                failed, stopped = failed + 1, f"{type(error).__name__}: {error}"[:200]
                break
            if by.omits_gone:
                missing += _missing(ids, answer)
        gone = self._terms.gone(name, missing)
        self._accounts().flush()
        return Recollected(name, len(due), asked, requests, failed, stopped, gone), spent


def fetchers_at(place: str) -> Callable[[Any], Any]:
    """The function that `module:function` names, in the current folder first. Raises InvalidInput."""
    module, colon, name = place.partition(":")
    sys.path.insert(0, "")
    try:
        found = getattr(importlib.import_module(module), name, None) if colon else None
    except ImportError as error:
        raise InvalidInput(f"{module} cannot be imported: {error}") from None
    if not callable(found):
        raise InvalidInput(f"{place} names no function; write MODULE:FUNCTION, such as app.fetchers:register")
    return found  # type: ignore[no-any-return]


def _wanted(platform: str, units: int) -> list[tuple[Any, int]]:
    counts = {"requests": 1, "units": units}
    return [(limit, counts[limit.bucket]) for limit in LIMITS[platform] if limit.bucket in counts]


def _missing(ids: Sequence[str], answer: Any) -> list[str]:
    """The ids that an answer does not hold anywhere; none where it holds none, which may be a fault.

    >>> _missing(["a1", "b2"], {"items": [{"id": "a1"}]}), _missing(["a1", "b2"], {"items": []})
    (['b2'], [])
    """
    written = repr(answer)
    missing = [each for each in ids if each not in written]
    return missing if len(missing) < len(ids) else []


def _parts(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    for begin in range(0, len(ids), size):
        yield list(ids[begin : begin + size])

"""Questions about money: what runs cost, what collecting cost, what the cache saved, what is not priced."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows

QUERIES = Queries("analytics/costs")


class RunCost(NamedTuple):
    """What the runs of a crew type, or of a day, cost in USD, and what came of it.

    `cost_usd` sums the known costs, models, tools and platforms together, `api_usd` what of it platforms
    took; `unpriced_runs` have no known cost and stay out of the costs of a trend (a trend that was
    discovered), a post and a new post. `saved_usd` is what answers from the cache would have cost. None where
    nothing is known, or nothing to divide by.
    """

    name: str
    runs: int
    tokens: int | None
    cost_usd: Decimal | None
    api_usd: Decimal | None
    unpriced_runs: int
    trends: int
    posts: int | None
    new_posts: int | None
    cost_per_trend: Decimal | None
    cost_per_post: Decimal | None
    cost_per_new_post: Decimal | None
    saved_usd: Decimal | None


class CollectingCost(NamedTuple):
    """What collecting from a platform by one operation cost, in USD and units of its quota."""

    platform: str
    operation: str
    requests: int
    cache_hits: int
    errors: int
    quota_units: int | None
    posts: int
    new_posts: int
    rejected: int
    cost_usd: Decimal | None
    cost_per_post: Decimal | None
    cost_per_new_post: Decimal | None
    saved_usd: Decimal | None
    saved_units: int | None


class SlowCall(NamedTuple):
    """A call that took long."""

    crew_execution_id: int
    crew_type: str
    kind: str
    name: str
    agent: str | None
    started_at: datetime
    duration_ms: int
    cost_usd: Decimal | None
    ok: bool


class Unpriced(NamedTuple):
    """A model whose price is not known."""

    model: str
    calls: int
    tokens: int


class Costs:
    """What can be asked about money."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def runs(self, *, by: Literal["type", "day"] = "type", days: float | None = None) -> Rows[RunCost]:
        """What runs cost by crew type, the dearest first, or by UTC day, the latest first."""
        return self._database.rows(RunCost, QUERIES["by_run"], {"by": by, "window": _window(days)})

    def collecting(self, *, days: float | None = None) -> Rows[CollectingCost]:
        """What collecting cost by platform and operation, the dearest first."""
        return self._database.rows(CollectingCost, QUERIES["by_platform"], {"window": _window(days)})

    def slowest(self, *, limit: int = 20) -> Rows[SlowCall]:
        """The calls that took longest."""
        return self._database.rows(SlowCall, QUERIES["slowest"], {"limit": filters.limit(limit)})

    def unpriced(self) -> Rows[Unpriced]:
        """The models whose calls have no known price, the most used first."""
        return self._database.rows(Unpriced, QUERIES["unpriced"])


def _window(days: float | None) -> object:
    return None if days is None else filters.days(days)

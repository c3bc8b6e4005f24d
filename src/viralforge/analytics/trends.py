"""Questions about trends: what revealed them, what they cost, and how good they were."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import UnknownRecord

QUERIES = Queries("analytics/trends")


class StoredTrend(NamedTuple):
    """A trend with its number of sources and their mean relevance (0–1), None where none is scored.

    `platform=None` means across platforms, `crew_execution_id=None` that the run is unknown; `hotness` runs
    from 0 to 100.
    """

    id: int
    title: str
    description: str | None
    category: str | None
    platform: str | None
    hashtags: list[str]
    hotness: float | None
    status: str
    crew_execution_id: int | None
    created_at: datetime
    sources: int
    avg_relevance: Decimal | None


class Source(NamedTuple):
    """A post that revealed a trend; `relevance_score` (0–1) is None where it was not scored."""

    id: UUID
    platform: str
    external_id: str
    url: str | None
    title: str | None
    author: str | None
    published_at: datetime | None
    views: int | None
    reach: int | None
    engagement_rate: Decimal | None
    relevance_score: float | None
    linked_at: datetime


class TrendCost(NamedTuple):
    """What a trend cost in USD: its execution's cost ÷ the trends of that execution; None is unknown."""

    id: int
    title: str
    created_at: datetime
    crew_execution_id: int | None
    crew_type: str | None
    execution_cost_usd: Decimal | None
    execution_trends: int | None
    cost_usd: Decimal | None


class CostSummary(NamedTuple):
    """What discovered trends cost on average, in USD: the first row `overall`, then one for each crew type.

    Only executions that discovered something count here. `unpriced_trends` of `trends` are those of
    executions whose cost is unknown; `cost_per_trend` is the mean of the others, None without any.
    `crew_type` is None overall, and where the execution is not known.
    """

    overall: bool
    crew_type: str | None
    trends: int
    unpriced_trends: int
    cost_usd: Decimal | None
    cost_per_trend: Decimal | None


class TrendQuality(NamedTuple):
    """How good trends were: the first row `overall`, then one for each crew type (None: unknown).

    `median_growth` is the median over sources of reach now ÷ reach when the trend was called, for the
    `measured_sources` seen by then. `relevance_fit` (−1…1) is how well relevance foretold that growth (its
    correlation with the logarithm of growth), None where too few sources tell.
    """

    overall: bool
    crew_type: str | None
    trends: int
    avg_sources: Decimal
    avg_relevance: Decimal | None
    measured_sources: int
    median_growth: float | None
    relevance_fit: float | None


class Trends:
    """What can be asked about trends."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(
        self, platform: str | None = None, *, query: str | None = None, limit: int = 100
    ) -> Rows[StoredTrend]:
        """The latest trends first; `query` is a hashtag, or part of a title, description or category."""
        values = {"platform": filters.platform(platform), "query": query, "limit": filters.limit(limit)}
        return self._database.rows(StoredTrend, QUERIES["list"], values)

    def get(self, trend_id: int) -> StoredTrend | None:
        """The trend with this id, None where there is none."""
        return next(iter(self._database.rows(StoredTrend, QUERIES["get"], {"id": trend_id})), None)

    def sources(self, trend: int | str, *, platform: str | None = None) -> Rows[Source]:
        """Why a trend was called: the posts that revealed it, the most relevant first.

        `trend` is an id, or a whole title in any case. Raises UnknownRecord where no trend is meant, or
        where a title stands for several.
        """
        values = {"id": self._id(trend), "platform": filters.platform(platform)}
        return self._database.rows(Source, QUERIES["sources"], values)

    def costs(self, *, limit: int = 100) -> Rows[TrendCost]:
        """What each trend cost, the latest first."""
        return self._database.rows(TrendCost, QUERIES["costs"], {"limit": filters.limit(limit)})

    def cost_summary(self) -> Rows[CostSummary]:
        """What a discovered trend costs on average, overall and by crew type; no rows without trends.

        An execution discovered the trends that name it; the number it logged counts only where none does.
        """
        return self._database.rows(CostSummary, QUERIES["cost_summary"])

    def quality(self) -> Rows[TrendQuality]:
        """How good the called trends were, overall and by crew type; no rows without trends."""
        return self._database.rows(TrendQuality, QUERIES["quality"])

    def _id(self, trend: int | str) -> int:
        if isinstance(trend, int):
            if self.get(trend) is None:
                raise UnknownRecord(f"no trend with id {trend}; list them with: viralforge trend")
            return trend
        found = [int(row[0]) for row in self._database.read(QUERIES["titled"], {"title": trend.strip()})]
        if not found:
            raise UnknownRecord(f"no trend is called {trend!r:.120}; list them with: viralforge trend")
        if len(found) > 1:
            ids = ", ".join(map(str, found[:10]))
            raise UnknownRecord(f"{len(found)} trends are called {trend!r:.120}; name one by its id: {ids}")
        return found[0]

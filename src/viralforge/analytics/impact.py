"""Questions about what came of trends: whether the call was right, what users did with it, what it cost."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows

QUERIES = Queries("analytics/impact")


class TrendImpact(NamedTuple):
    """A trend, what it stands on, what it cost, and the events of users that name it.

    `cost_usd` and `posts_scraped` are those of its execution ÷ the trends of that execution. None is unknown.
    """

    id: int
    title: str
    platform: str | None
    status: str
    hotness: float | None
    hashtags: list[str]
    created_at: datetime
    crew_execution_id: int | None
    crew_type: str | None
    sources: int
    avg_relevance: Decimal | None
    cost_usd: Decimal | None
    posts_scraped: Decimal | None
    events: int


class TrendDay(NamedTuple):
    """The trends that were found on a UTC day."""

    date: date
    trends: int


class Engagement(NamedTuple):
    """The events of a name that name a trend, and how many trends they name."""

    event_name: str
    events: int
    trends: int


class TrendEvents(NamedTuple):
    """The events of a name that name one trend."""

    event_name: str
    events: int


class CrewTrends(NamedTuple):
    """The trends that executions of a crew type found ("unknown" where none is named).

    `runs` are those that found something; `posts_per_trend` is the mean over trends of what their run
    scraped ÷ all the trends it found.
    """

    crew_type: str
    runs: int
    trends: int
    trends_per_run: Decimal | None
    avg_sources: Decimal
    posts_per_trend: Decimal | None


class RelevanceBand(NamedTuple):
    """Sources whose relevance is `relevance` up to a tenth more.

    `median_growth` is the median of reach now ÷ reach when the trend was called, of the `measured` ones.
    """

    relevance: Decimal
    sources: int
    measured: int
    median_growth: float | None


class SourceGrowth(NamedTuple):
    """A post behind a trend: `times` is its reach now ÷ `reach_then`, when the trend was called."""

    id: UUID
    platform: str
    external_id: str
    title: str | None
    author: str | None
    relevance_score: float | None
    reach_then: int | None
    reach: int | None
    times: Decimal | None
    linked_at: datetime


class RevealedTrend(NamedTuple):
    """A trend that a post revealed."""

    id: int
    title: str
    relevance_score: float | None
    created_at: datetime


class Impact:
    """What can be asked about the impact of trends found in the last `days` UTC days, today among them.

    `platform` leaves out trends of other platforms; those across platforms stay.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def trends(self, *, days: int = 30, platform: str | None = None, limit: int = 50) -> Rows[TrendImpact]:
        """The latest trends first."""
        given = _given(days, platform) | {"limit": filters.limit(limit)}
        return self._database.rows(TrendImpact, QUERIES["trends"], given)

    def by_day(self, *, days: int = 30, platform: str | None = None) -> Rows[TrendDay]:
        """How many trends were found on each day; a day without any has no row."""
        return self._database.rows(TrendDay, QUERIES["by_day"], _given(days, platform))

    def engagement(self, *, days: int = 30, platform: str | None = None) -> Rows[Engagement]:
        """What users did with the trends, by the name of the event."""
        return self._database.rows(Engagement, QUERIES["engagement"], _given(days, platform))

    def by_crew(self, *, days: int = 30, platform: str | None = None) -> Rows[CrewTrends]:
        """What each crew type found."""
        return self._database.rows(CrewTrends, QUERIES["by_crew"], _given(days, platform))

    def relevance(self, *, days: int = 30, platform: str | None = None) -> Rows[RelevanceBand]:
        """Whether the sources said to be relevant grew, in tenths of relevance."""
        return self._database.rows(RelevanceBand, QUERIES["relevance"], _given(days, platform))

    def events(self, trend_id: int) -> Rows[TrendEvents]:
        """What users did with one trend."""
        return self._database.rows(TrendEvents, QUERIES["events"], {"id": trend_id})

    def sources(self, trend_id: int, *, limit: int = 200) -> Rows[SourceGrowth]:
        """The posts behind a trend, the most relevant first, and how they grew since."""
        given = {"id": trend_id, "limit": filters.limit(limit)}
        return self._database.rows(SourceGrowth, QUERIES["sources"], given)

    def revealed(self, post_id: UUID | str) -> Rows[RevealedTrend]:
        """The trends that a post revealed, the latest first."""
        return self._database.rows(RevealedTrend, QUERIES["revealed"], {"id": filters.post_key(post_id)})


def _given(days: int, platform: str | None) -> dict[str, Any]:
    return {"days": filters.whole_days(days), "platform": filters.platform(platform)}

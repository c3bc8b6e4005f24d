"""Questions about collecting: how much, how well, what it cost and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from viralforge.analytics import filters
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.settings import Settings

QUERIES = Queries("analytics/scraping")


class ScrapingDay(NamedTuple):
    """A row of `v_daily_scraping_stats`: the posts first seen on a UTC day, with their numbers now.

    Totals and means are over the posts that tell the number, None where none does.
    """

    date: date
    platform: str
    posts_scraped: int
    total_views: Decimal | None
    avg_views: Decimal | None
    avg_engagement_rate: Decimal | None


class ErrorRate(NamedTuple):
    """The failed requests of a platform's scrape jobs ÷ their requests, None without requests."""

    platform: str
    jobs: int
    requests: int
    errors: int
    error_rate: Decimal | None


class ScrapingCost(NamedTuple):
    """What collecting from a platform cost in USD.

    `cost_usd` is what is known, None if nothing is; `unpriced_jobs` are those whose cost is unknown. A cost
    per post is over priced jobs alone: per post `found` (seen again ones included), per `new` one.
    """

    platform: str
    jobs: int
    unpriced_jobs: int
    found: int
    new: int
    cost_usd: Decimal | None
    cost_per_post: Decimal | None
    cost_per_new_post: Decimal | None


class ScrapingReturn(NamedTuple):
    """Money spent on collecting and on crews, against what came of it, in USD.

    `collecting_usd` is the money of scrape jobs that no execution's cost holds already; what is None is
    unknown, and `unpriced_jobs` and `unpriced_executions` say how many are missing from the sums.
    `interactions` and `generations` are events traced to a trend. `value_usd` is what all traced events are
    worth by the prices in the settings; None means "not priced". `value_per_dollar` is value ÷ spent.
    """

    collecting_usd: Decimal | None
    crews_usd: Decimal | None
    spent_usd: Decimal | None
    unpriced_jobs: int
    unpriced_executions: int
    interactions: int
    generations: int
    value_usd: Decimal | None
    value_per_dollar: Decimal | None


class PlatformPosts(NamedTuple):
    """The posts of a platform first seen in a period, with their numbers now; None where none is told."""

    platform: str
    posts: int
    total_views: Decimal | None
    avg_engagement_rate: Decimal | None


class CollectingDay(NamedTuple):
    """The scrape jobs that began on a UTC day, of one platform; costs in USD, None where none is known.

    `priced_found` are the posts that jobs of known cost found.
    """

    date: date
    platform: str
    jobs: int
    requests: int
    errors: int
    cache_hits: int
    found: int
    new: int
    rejected: int
    cost_usd: Decimal | None
    saved_usd: Decimal | None
    priced_found: int


class CollectingTotal(NamedTuple):
    """The scrape jobs of a platform in a period: failed requests ÷ requests, and what a post cost in USD.

    Costs per post are over priced jobs alone. None where nothing is known, or nothing to divide by.
    """

    platform: str
    requests: int
    errors: int
    error_rate: Decimal | None
    found: int
    new: int
    rejected: int
    cost_usd: Decimal | None
    cost_per_post: Decimal | None
    cost_per_new_post: Decimal | None


class Rejected(NamedTuple):
    """How many payloads were turned away for a reason; `platform` is None where it was not recognised."""

    reason: str
    platform: str | None
    rejections: int
    latest: datetime


class AlarmedJob(NamedTuple):
    """A scrape job that shows what is alarming: `alarms` are measures as those of YieldAlarm."""

    id: int
    platform: str
    operation: str
    tool: str | None
    query: str | None
    started_at: datetime
    requests: int
    errors: int
    found: int
    rejected: int
    alarms: list[str]
    crew_execution_id: int | None


class YieldAlarm(NamedTuple):
    """What collecting brings has fallen: `lately` (the last day) against `usual` (the two weeks before).

    `measure` is "posts a request", or a share: "failed requests", "rejected records", "rejected SHAPE" of all
    records, "unknown FIELD" of the posts found. `requests` are those of the last day.
    """

    platform: str
    operation: str
    measure: str
    usual: Decimal
    lately: Decimal
    requests: int


class Scraping:
    """What can be asked about collecting."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._prices = {
            "event_names": list(settings.event_values),
            "event_values": list(settings.event_values.values()),
        }

    def platforms(self) -> list[str]:
        """The platforms that there are posts of, by name."""
        return sorted({day.platform for day in self.daily(days=filters.LONGEST_DAYS)})

    def daily(self, *, days: int = 30, platform: str | None = None) -> Rows[ScrapingDay]:
        """The last `days` UTC days with today, in the order of time; a day without posts has no row."""
        values = {"window": filters.days(days), "platform": filters.platform(platform)}
        return self._database.rows(ScrapingDay, QUERIES["daily"], values)

    def by_platform(self, *, days: int = 30, platform: str | None = None) -> Rows[PlatformPosts]:
        """The posts first seen in the last `days` UTC days with today, by platform, most posts first."""
        return self._database.rows(PlatformPosts, QUERIES["by_platform"], _given(days, platform))

    def by_day(self, *, days: int = 30, platform: str | None = None) -> Rows[CollectingDay]:
        """What scrape jobs did on each of the last UTC days; a day without jobs has no row."""
        return self._database.rows(CollectingDay, QUERIES["by_day"], _given(days, platform))

    def totals(self, *, days: int = 30, platform: str | None = None) -> Rows[CollectingTotal]:
        """What scrape jobs did in the last UTC days, by platform, most requests first."""
        return self._database.rows(CollectingTotal, QUERIES["totals"], _given(days, platform))

    def rejected(self, *, days: int = 30, platform: str | None = None) -> Rows[Rejected]:
        """Why payloads were turned away in the last UTC days, the most frequent reason first."""
        return self._database.rows(Rejected, QUERIES["rejected"], _given(days, platform))

    def alarmed(self, *, days: int = 30, platform: str | None = None, limit: int = 50) -> Rows[AlarmedJob]:
        """The latest jobs that show what is alarming, as far as they have been marked."""
        given = _given(days, platform) | {"limit": filters.limit(limit)}
        return self._database.rows(AlarmedJob, QUERIES["alarmed"], given)

    def error_rates(self) -> Rows[ErrorRate]:
        """How often requests fail, the worst platform first."""
        return self._database.rows(ErrorRate, QUERIES["error_rates"])

    def alarms(self) -> Rows[YieldAlarm]:
        """Sources that bring less than they used to: a platform, or a tool, has changed."""
        return self._database.rows(YieldAlarm, QUERIES["alarms"])

    def costs(self) -> Rows[ScrapingCost]:
        """What collecting costs, by platform."""
        return self._database.rows(ScrapingCost, QUERIES["costs"])

    def returns(self) -> ScrapingReturn:
        """The return on scraping: what came of everything that was ever spent.

        An event is traced to a trend by `trend_id` in its properties.
        """
        return self._database.rows(ScrapingReturn, QUERIES["returns"], self._prices)[0]


def _given(days: int, platform: str | None) -> dict[str, Any]:
    return {"days": filters.whole_days(days), "platform": filters.platform(platform)}

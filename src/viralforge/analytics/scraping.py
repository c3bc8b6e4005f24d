"""Questions about collecting: how much, how well, what it cost and what came of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

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

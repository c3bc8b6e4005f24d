"""Questions about collecting: how much, how well, for how much, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from uuid import UUID

import pytest

from tests.analytics.conftest import subjects
from tests.analytics.rows import NOW, Rows
from viralforge.db.pool import Database
from viralforge.model.ids import PLATFORMS
from viralforge.settings import Settings

COUNTS = ("posts", "views", "views_known", "rate", "rates_known")


def parts(rng: Random, rows: Rows) -> dict[tuple[date, str], list[Decimal]]:
    """A rollup and deltas on top of it, of posts that come, change and go; what they sum to."""
    sums: dict = defaultdict(lambda: [Decimal(0)] * 5)
    for days in range(-1, 6):
        for platform in PLATFORMS[:3]:
            key = NOW.date() - timedelta(days=days), platform
            values = kept(rng)
            row = dict(zip(COUNTS, values, strict=True))
            rows.insert("daily_rollup", {"day": key[0], "platform": platform} | row)
            add(sums, key, values)
            for _ in range(rng.choice((0, 4))):
                add(sums, key, delta(rng, rows, platform, NOW - timedelta(days=days)))
    return sums


def add(sums: dict, key: tuple[date, str], values: list) -> None:
    sums[key] = [old + new for old, new in zip(sums[key], values, strict=True)]


def kept(rng: Random) -> list:
    known = rng.randrange(4, 9)
    return [
        known + 5,
        Decimal(known * rng.randrange(10**17)),
        known,
        Decimal(rng.randrange(10**6)) / 10**6,
        known,
    ]


def delta(rng: Random, rows: Rows, platform: str, scraped_at: datetime) -> list:
    """One delta, and what it adds."""
    change = rng.choice((1, 0, -1))
    now, was = ([rng.choice((None, rng.randrange(10**6))) for _ in range(2)] for _ in range(2))
    now, was = now if change >= 0 else [None, None], was if change <= 0 else [None, None]
    rates = [None if value is None else Decimal(value) / 10**6 for value in (now[1], was[1])]
    row = {"scraped_post_id": UUID(int=0), "platform": platform, "scraped_at": scraped_at, "change": change}
    row |= {"views": now[0], "was_views": was[0]}
    rows.insert("post_deltas", row | {"engagement_rate": rates[0], "was_engagement_rate": rates[1]})
    known = [(now[n] is not None) - (was[n] is not None) for n in range(2)]
    return [change, (now[0] or 0) - (was[0] or 0), known[0], (rates[0] or 0) - (rates[1] or 0), known[1]]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_day_is_its_rollup_and_the_deltas_not_yet_folded(
    rows: Rows, ask: SimpleNamespace, still: Database, seed: int
):
    sums = parts(Random(seed), rows)
    viewed = {(row[0], row[1]): row[2:] for row in still.read(b"SELECT * FROM v_daily_scraping_stats")}
    assert viewed.keys() == {key for key, (posts, *_) in sums.items() if posts > 0}
    for key, (posts, total, mean, rate) in viewed.items():
        wanted = sums[key]
        assert posts == wanted[0]
        assert total == (wanted[1] if wanted[2] else None)
        assert mean == (pytest.approx(wanted[1] / wanted[2]) if wanted[2] else None)
        assert rate == (pytest.approx(wanted[3] / wanted[4]) if wanted[4] else None)
    first = NOW.date() - timedelta(days=2)
    found = ask.scraping.daily(days=3)
    assert [(row.date, row.platform) for row in found] == sorted(key for key in viewed if key[0] >= first)
    assert all(viewed[row.date, row.platform] == row[2:] for row in found)
    assert {row.platform for row in ask.scraping.daily(platform="twitter")} == {"twitter"}


def test_a_day_whose_posts_were_all_deleted_has_no_row(rows: Rows, ask: SimpleNamespace):
    one = {"day": NOW.date(), "platform": "youtube"} | dict(zip(COUNTS, (1, 10, 1, 0, 0), strict=True))
    rows.insert("daily_rollup", one)
    assert [tuple(row[2:]) for row in ask.scraping.daily()] == [(1, 10, 10, None)]
    gone = {"scraped_post_id": UUID(int=0), "platform": "youtube", "scraped_at": NOW, "change": -1}
    rows.insert("post_deltas", gone | {"was_views": 10})
    assert len(ask.scraping.daily()) == 0


def test_the_error_rate_is_failed_requests_by_requests(rows: Rows, ask: SimpleNamespace):
    rows.job("youtube", requests=90, errors=2)
    rows.job("youtube", requests=10, errors=1)
    rows.job("reddit", requests=10, errors=0)
    rows.job("tiktok")
    assert ask.scraping.error_rates() == [
        ("youtube", 2, 100, 3, Decimal("0.03")),
        ("reddit", 1, 10, 0, 0),
        ("tiktok", 1, 0, 0, None),
    ]


def test_the_cost_per_post_is_over_the_jobs_whose_cost_is_known(rows: Rows, ask: SimpleNamespace):
    rows.job("youtube", found=10, new=4, cost_usd=Decimal("0.5"))
    rows.job("youtube", found=30, new=1, cost_usd=None)
    rows.job("tiktok", found=5, new=5, cost_usd=None)
    rows.job("twitter", found=5, new=0, cost_usd=0)
    assert ask.scraping.costs() == [
        ("tiktok", 1, 1, 5, 5, None, None, None),
        ("twitter", 1, 0, 5, 0, 0, 0, None),
        ("youtube", 2, 1, 40, 5, Decimal("0.5"), Decimal("0.05"), Decimal("0.125")),
    ]


def test_money_spent_in_a_run_is_counted_once(rows: Rows, ask: SimpleNamespace):
    priced, unpriced = rows.execution(cost_usd=Decimal(5)), rows.execution(cost_usd=None)
    rows.job(crew_execution_id=priced, cost_usd=Decimal(3))
    rows.job(crew_execution_id=priced, cost_usd=None)
    rows.job(crew_execution_id=unpriced, cost_usd=Decimal("0.25"))
    rows.job(crew_execution_id=999, cost_usd=Decimal("0.5"))
    rows.job(cost_usd=Decimal(2))
    rows.job(cost_usd=None)
    found = ask.scraping.returns()
    assert (found.collecting_usd, found.crews_usd, found.spent_usd) == (Decimal("2.75"), 5, Decimal("7.75"))
    assert (found.unpriced_jobs, found.unpriced_executions) == (1, 1)


def test_nothing_spent_is_zero_and_unknown_costs_are_unknown(rows: Rows, ask: SimpleNamespace):
    assert ask.scraping.returns()[:5] == (0, 0, 0, 0, 0)
    rows.job(cost_usd=None)
    assert ask.scraping.returns()[:5] == (None, 0, None, 1, 0)
    rows.execution(cost_usd=Decimal(2))
    assert ask.scraping.returns()[:5] == (None, 2, 2, 1, 0)


def test_only_events_of_a_known_trend_are_traced_and_prices_value_them(rows: Rows, ask: SimpleNamespace):
    trend = rows.trend()
    rows.execution(cost_usd=Decimal(4))
    for name, traced in (
        ("trend_action", trend), ("trend_action", str(trend)), ("clip_generation", trend),
        ("content_analysis", trend), ("clip_generation", 10**6), ("clip_generation", "soup"),
        ("clip_generation", None),
    ):  # fmt: skip
        rows.event(name, properties={"trend_id": traced})
    rows.event("clip_generation", properties={})
    rows.event("clip_generation")
    found = ask.scraping.returns()
    assert (found.interactions, found.generations) == (2, 1)
    assert (found.value_usd, found.value_per_dollar) == (None, None)
    prices = {"clip_generation": Decimal("2.5"), "content_analysis": Decimal("0.1"), "never": Decimal(9)}
    priced = subjects(rows.database, Settings(event_values=prices)).scraping.returns()
    assert (priced.value_usd, priced.value_per_dollar) == (Decimal("2.6"), Decimal("0.65"))


def test_a_price_of_what_never_happened_is_a_value_of_zero(rows: Rows):
    found = subjects(rows.database, Settings(event_values={"clip_generation": Decimal(1)})).scraping.returns()
    assert (found.value_usd, found.value_per_dollar) == (0, None)

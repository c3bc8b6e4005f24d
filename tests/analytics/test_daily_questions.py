"""What the pages ask day by day, against sums that Python makes of the same rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest

from tests.analytics.days import DAYS, SEEDS, START, known, moments, summed
from tests.analytics.rows import DAY, HOUR, NOW, Reading, Rows
from viralforge.errors import InvalidInput
from viralforge.model.ids import PLATFORMS


@pytest.mark.parametrize("platform", [None, "tiktok"])
@pytest.mark.parametrize("seed", SEEDS)
def test_scrape_jobs_by_day_and_in_all(rows: Rows, ask: SimpleNamespace, seed, platform) -> None:
    rng, jobs = Random(seed), []
    for at in moments(rng, 40):
        job = {
            name: rng.randrange(50)
            for name in ("requests", "errors", "cache_hits", "found", "new", "rejected")
        }
        job |= {"platform": rng.choice(PLATFORMS[:3]), "started_at": at}
        job |= {
            name: rng.choice([None, Decimal(rng.randrange(10**6)) / 10**6])
            for name in ("cost_usd", "saved_usd")
        }
        rows.job(**job)
        jobs.append(job)
    meant = [job for job in jobs if job["started_at"] >= START and platform in (None, job["platform"])]
    by_day, by_platform = defaultdict(list), defaultdict(list)
    for job in meant:
        by_day[job["started_at"].date(), job["platform"]].append(job)
        by_platform[job["platform"]].append(job)
    found = ask.scraping.by_day(days=DAYS, platform=platform)
    assert [(row.date, row.platform) for row in found] == sorted(by_day)
    for row in found:
        some = by_day[row.date, row.platform]
        assert row.jobs == len(some)
        for name in ("requests", "errors", "cache_hits", "found", "new", "rejected", "cost_usd", "saved_usd"):
            assert getattr(row, name) == summed([job[name] for job in some])
        assert row.priced_found == sum(job["found"] for job in some if job["cost_usd"] is not None)
    for row in ask.scraping.totals(days=DAYS, platform=platform):
        some = by_platform.pop(row.platform)
        priced = [job for job in some if job["cost_usd"] is not None]
        requests, errors = (sum(job[name] for job in some) for name in ("requests", "errors"))
        assert row.error_rate == (round(Decimal(errors) / requests, 6) if requests else None)
        posts = sum(job["found"] for job in priced)
        assert row.cost_per_post == (round(row.cost_usd / posts, 9) if posts else None)
    assert by_platform == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_posts_by_platform(rows: Rows, ask: SimpleNamespace, seed) -> None:
    rng = Random(seed)
    for at in moments(rng, 30):
        numbers = [rng.choice([None, rng.randrange(1, 1_000)]) for _ in range(2)]
        rows.post(rng.choice(PLATFORMS[:3]), Reading(at, *numbers))
    meant: dict = defaultdict(list)
    for post in rows.posts:
        if post.scraped_at >= START:
            meant[post.platform].append(post)
    found = ask.scraping.by_platform(days=DAYS)
    assert [row.platform for row in found] == sorted(meant, key=lambda name: (-len(meant[name]), name))
    for row in found:
        rates = known([post.rate for post in meant[row.platform]])
        assert (row.posts, row.total_views) == (
            len(meant[row.platform]), summed([post.views for post in meant[row.platform]])
        )  # fmt: skip
        assert row.avg_engagement_rate == (round(sum(rates) / len(rates), 6) if rates else None)
    assert len(ask.scraping.by_platform(days=DAYS, platform="youtube")) == len({"youtube"} & meant.keys())


@pytest.mark.parametrize("platform", [None, "tiktok"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_hashtag_by_day_beside_others_and_against_the_week_before(
    rows: Rows, ask: SimpleNamespace, seed, platform
) -> None:
    rng = Random(seed)
    for at in moments(rng, 50) + [NOW - rng.random() * 16 * DAY for _ in range(30)]:
        tags = rng.sample(["ai", "soup", "pie", "tea"], rng.randrange(4))
        numbers = [rng.choice([None, rng.randrange(1, 1_000)]) for _ in range(2)]
        rows.post(rng.choice(["youtube", "tiktok"]), Reading(at, *numbers), hashtags=tags)
    meant = [post for post in rows.posts if platform in (None, post.platform)]
    tagged = [post for post in meant if "ai" in post.columns["hashtags"] and post.scraped_at >= START]
    days: dict = defaultdict(list)
    for post in tagged:
        days[post.scraped_at.date(), post.platform].append(post)
    found = ask.hashtags.history("#AI", days=DAYS, platform=platform)
    assert [(row.date, row.platform) for row in found] == sorted(days)
    for row in found:
        some = days[row.date, row.platform]
        rates = known([post.rate for post in some])
        assert row.posts == len(some) and row.total_views == summed([post.views for post in some])
        assert row.avg_engagement_rate == (round(sum(rates) / len(rates), 6) if rates else None)
    beside = Counter(tag for post in tagged for tag in set(post.columns["hashtags"]) - {"ai"})
    assert [
        (row.hashtag, row.posts, row.share)
        for row in ask.hashtags.together("ai", days=DAYS, platform=platform)
    ] == [
        (tag, many, round(Decimal(many) / len(tagged), 4))
        for tag, many in sorted(beside.items(), key=lambda each: (-each[1], each[0]))
    ]
    week, before = Counter(), Counter()
    for post in meant:
        for tag in set(post.columns["hashtags"]):
            if post.scraped_at > NOW - 7 * DAY:
                week[tag, post.platform] += 1
            elif post.scraped_at > NOW - 14 * DAY:
                before[tag, post.platform] += 1
    found = ask.hashtags.rising(platform)
    assert [(row.hashtag, row.platform, row.post_count, row.post_count_before) for row in found] == [
        (*key, many, before[key]) for key, many in sorted(week.items(), key=lambda each: (-each[1], each[0]))
    ]
    assert [row.change for row in found] == [
        round(Decimal(row.post_count) / row.post_count_before - 1, 4) if row.post_count_before else None
        for row in found
    ]


def test_what_came_of_trends(rows: Rows, ask: SimpleNamespace) -> None:
    run = rows.execution(cost_usd=Decimal("0.9"), posts_scraped=30)
    trends = [
        rows.trend("first", crew_execution_id=run, platform="youtube", created_at=NOW - HOUR),
        rows.trend("second", crew_execution_id=run, platform="tiktok", created_at=NOW - DAY),
        rows.trend("third", created_at=NOW - 2 * DAY), rows.trend("old", created_at=NOW - 9 * DAY),
    ]  # fmt: skip
    grew = rows.post("youtube", Reading(NOW - 2 * DAY, 100), Reading(NOW, 300))
    still = rows.post("youtube", Reading(NOW - 2 * DAY, 100), Reading(NOW, 100))
    later = rows.post("youtube", Reading(NOW, 100))
    for post, relevance in ((grew, 0.95), (still, 0.32), (later, None)):
        rows.source(trends[0], post, relevance)
    rows.source(trends[1], grew, 1.0)
    for trend, many in ((trends[0], 3), (trends[3], 2)):
        rows.events([
            {"event_id": f"00000000-0000-0000-{trend:04d}-{n:012d}", "event_name": "trend_action",
            "event_type": "click",
             "created_at": NOW, "user_id": None, "properties": {"trend_id": trend}} for n in range(many)
        ])  # fmt: skip
    found = ask.impact.trends(days=DAYS)
    assert [(row.title, row.sources, row.events, row.cost_usd, row.posts_scraped) for row in found] == [
        ("first", 3, 3, Decimal("0.45"), 15), ("second", 1, 0, Decimal("0.45"), 15), ("third", 0, 0, None,
        None),
    ]  # fmt: skip
    assert [row.title for row in ask.impact.trends(days=DAYS, platform="tiktok")] == ["second", "third"]
    assert [row.trends for row in ask.impact.by_day(days=DAYS)] == [1, 1, 1]
    assert [tuple(row) for row in ask.impact.engagement(days=DAYS)] == [("trend_action", 3, 1)]
    assert [tuple(row) for row in ask.impact.events(trends[3])] == [("trend_action", 2)]
    assert [tuple(row)[:4] for row in ask.impact.by_crew(days=DAYS)] == [
        ("discovery", 1, 2, 2), ("unknown", 0, 1, None),
    ]  # fmt: skip
    assert [row.posts_per_trend for row in ask.impact.by_crew(days=DAYS)] == [15, None]
    assert [(float(row.relevance), row.sources, row.measured,
    row.median_growth) for row in ask.impact.relevance(days=DAYS)] == [
        (0.3, 1, 1, 1.0), (0.9, 2, 2, 3.0),
    ]  # fmt: skip
    sources = ask.impact.sources(trends[0])
    assert [(row.id, row.reach_then, row.reach, row.times) for row in sources] == [
        (grew.id, 100, 300, 3), (still.id, 100, 100, 1), (later.id, None, 100, None),
    ]  # fmt: skip
    assert [row.title for row in ask.impact.revealed(grew.id)] == ["first", "second"]


@pytest.mark.parametrize("days", [0, -1, 1.5, True, 40_000, "7"])
def test_days_that_are_none_are_refused(ask: SimpleNamespace, days) -> None:
    for question in (ask.usage.by_day, ask.runs.by_day, ask.scraping.by_day, ask.impact.by_day):
        with pytest.raises(InvalidInput, match="is no number of days"):
            question(days=days)

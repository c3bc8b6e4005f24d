"""The seven questions a content team asks most, each answered in a sentence and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from viralforge.analytics.crews import AgentEffect, Crews
from viralforge.analytics.funnel import Funnel
from viralforge.analytics.hashtags import Hashtags
from viralforge.analytics.kept import KeptRows
from viralforge.analytics.post_rows import Performance, ViralPost
from viralforge.analytics.posts import Posts
from viralforge.analytics.scraping import Scraping, ScrapingReturn
from viralforge.analytics.trends import Trends
from viralforge.db.pool import Database
from viralforge.db.rows import Rows
from viralforge.model.ids import platform_name
from viralforge.settings import Settings

_NAMES = {"youtube": "YouTube", "twitter": "X", "tiktok": "TikTok"}
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, its answer in one sentence, and the rows that the sentence stands on.

    `as_of` is when the rows were worked out; None is now.
    """

    question: str
    sentence: str
    rows: Rows[Any]
    as_of: datetime | None = None


class Answers:
    """The seven questions. An empty warehouse gives sentences that say so, and no error.

    Three of them look at every post or source of their period, which takes seconds where there are many:
    `max_age` lets those be answered from rows that were worked out so long ago at most; None means never.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._posts = Posts(database, settings)
        self._hashtags = Hashtags(database)
        self._trends = Trends(database)
        self._scraping = Scraping(database, settings)
        self._funnel = Funnel(database)
        self._crews = Crews(database)
        self._kept = KeptRows(database)
        self._viral = settings.model_dump(
            include={"viral_percentile", "viral_author_multiple", "viral_author_posts"}
        )

    def all(self, *, max_age: timedelta | None = None) -> list[Answer]:
        """All seven in order."""
        return [
            self.went_viral(max_age=max_age), self.hashtags(), self.trend_costs(), self.conversion(),
            self.agents(max_age=max_age), self.performance(max_age=max_age), self.returns(),
        ]  # fmt: skip

    def went_viral(self, platform: str = "youtube", *, max_age: timedelta | None = None) -> Answer:
        """What went viral on a platform in the last 7 days."""
        rows, as_of = self._kept.rows(
            ViralPost, "went viral", {"platform": platform_name(platform)} | self._viral,
            lambda: self._posts.went_viral(platform), max_age,
        )  # fmt: skip
        name = _NAMES.get(platform_name(platform), platform_name(platform).capitalize())
        where = f"on {name} in the last 7 days"
        if not rows:
            sentence = f"Nothing went viral {where}."
        else:
            best = rows[0]
            times = f", {best.author_times:,.0f} times its author's median" if best.author_times else ""
            sentence = (
                f"{_count(len(rows), 'post')} went viral {where}; {_title(best)} gained most: "
                f"{best.growth:,} of its reach of {best.reach:,}{times}."
            )
        return Answer(f"What content went viral on {name} last week?", sentence, rows, as_of)

    def hashtags(self) -> Answer:
        """Which hashtags trend across platforms."""
        rows = self._hashtags.across_platforms()
        if not rows:
            sentence = "No hashtag was used on two platforms or more in the last 7 days."
        else:
            best = rows[0]
            sentence = (
                f"#{best.hashtag} leads with {_count(best.post_count, 'post')} on {len(best.platforms)} "
                f"platforms in the last 7 days, after {best.post_count_before:,} in the 7 days before."
            )
        return Answer("Which hashtags are trending across platforms?", sentence, rows)

    def trend_costs(self) -> Answer:
        """What a discovered trend costs."""
        found = next(iter(self._trends.cost_summary()), None)
        if found is None:
            sentence = "No trend has been discovered yet."
        elif found.cost_per_trend is None:
            sentence = f"What discovering {_count(found.trends, 'trend')} cost is not known."
        else:
            priced = _count(found.trends - found.unpriced_trends, "trend")
            mean = (
                f"A discovered trend has cost {_usd(found.cost_per_trend)} on average so far, over {priced}"
            )
            unknown = found.unpriced_trends
            sentence = f"{mean}; the cost of {unknown:,} more is not known." if unknown else f"{mean}."
        return Answer("How much does each discovered trend cost us?", sentence, self._trends.costs())

    def conversion(self) -> Answer:
        """How many users got from a trend to a clip in the last 30 days."""
        rows = self._funnel.conversion()
        first, last = rows[0].users, rows[-1].users
        if not first:
            sentence = "No known user discovered a trend in the last 30 days."
        else:
            sentence = (
                f"{_count(first, 'user')} discovered a trend in the last 30 days and "
                f"{_count(last, 'user')} generated a clip: {last / first:.1%}."
            )
        return Answer("What is our user engagement funnel conversion rate?", sentence, rows)

    def agents(self, *, max_age: timedelta | None = None) -> Answer:
        """Which agents find most trends for their money."""
        rows, as_of = self._kept.rows(AgentEffect, "agents", {}, self._crews.agents, max_age)
        best = next((row for row in rows if row.trends), None)
        if best is None:
            sentence = "No agent has found a trend yet."
        else:
            money = "" if best.trends_per_dollar is None else f", {best.trends_per_dollar:,.1f} a dollar"
            sentence = (
                f"{best.agent} is the most effective agent: {best.trends_per_run:,.2f} trends a run in "
                f"{_count(best.runs, 'run')}{money}."
            )
        return Answer("Which AI agents are most effective at finding trends?", sentence, rows, as_of)

    def performance(self, *, max_age: timedelta | None = None) -> Answer:
        """How the performance of posts changes with age."""
        rows, as_of = self._kept.rows(Performance, "performance", {}, self._posts.performance, max_age)
        half, most = (
            next((row for row in rows if row.median_share is not None and row.median_share >= share), None)
            for share in (0.5, 0.9)
        )
        if half is None:
            sentence = "No post of the last 30 days has been seen often enough to tell."
        else:
            age = _age(half.from_hours, half.to_hours)
            later = f", and 90% of it {_age(most.from_hours, most.to_hours)} after" if most else ""
            sentence = f"A typical post has half of its last known reach {age} after publication{later}."
        return Answer("How does content performance change over time?", sentence, rows, as_of)

    def returns(self) -> Answer:
        """What came of the money spent on collecting and on crews."""
        found = self._scraping.returns()
        sentence = f"{_spent(found)}; {_value(found)}."
        rows = Rows(ScrapingReturn._fields, [found])
        return Answer("What is the ROI of our scraping infrastructure?", sentence, rows)


def _spent(found: ScrapingReturn) -> str:
    missing = [
        _count(number, name)
        for number, name in ((found.unpriced_jobs, "scrape job"), (found.unpriced_executions, "execution"))
        if number
    ]
    unknown = f" (without {' and '.join(missing)} of unknown cost)" if missing else ""
    if found.spent_usd is None:
        return f"What collecting and crews cost is not known{unknown}"
    return f"Collecting and crews cost {_usd(found.spent_usd)}{unknown}"


def _value(found: ScrapingReturn) -> str:
    came = (
        f"{_count(found.interactions, 'interaction')} and {_count(found.generations, 'generation')} "
        "came of the trends found"
    )
    if found.value_usd is None:
        return f"{came}, which are not priced (set VIRALFORGE_EVENT_VALUES)"
    if found.value_per_dollar is None:
        return f"{came}, worth {_usd(found.value_usd)}"
    return f"{came}, worth {_usd(found.value_usd)}, {_usd(found.value_per_dollar)} for each dollar spent"


def _count(number: int, noun: str) -> str:
    """
    >>> _count(1, "post"), _count(1200, "post")
    ('1 post', '1,200 posts')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _usd(amount: Decimal) -> str:
    """
    >>> _usd(Decimal("1234.5")), _usd(Decimal("0.013498"))
    ('$1,234.50', '$0.0135')
    """
    return f"${amount:,.2f}" if amount >= 1 or not amount else f"${amount:.4f}"


def _age(from_hours: int, to_hours: int | None) -> str:
    """
    >>> _age(6, 12), _age(96, 168), _age(720, None)
    ('6 to 12 hours', '4 to 7 days', 'more than 30 days')
    """
    if to_hours is None:
        return f"more than {from_hours // 24} days"
    if from_hours % 24 or to_hours % 24 or not from_hours:
        return f"{from_hours} to {to_hours} hours"
    return f"{from_hours // 24} to {to_hours // 24} days"


def _title(post: Any) -> str:
    """A post's name for a sentence: one printable line, since what was scraped may hold anything."""
    text = " ".join((post.title or post.external_id).split())
    text = "".join(letter for letter in text if letter.isprintable())
    return f"“{text if len(text) <= _LONGEST_TITLE else text[: _LONGEST_TITLE - 1] + '…'}”"

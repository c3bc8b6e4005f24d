"""Content: what does best, what takes off, and when to post. The explorer stands above these tiles."""

from __future__ import annotations

from viralforge.web.dashboard.tiles import Choice, Column, Page, Question, Tile

POST = Column("post", "title", "post", "post")
WHERE = Column("platform", "platform", "platform")

_TIMES = Choice(
    "times", "times", "At least", {key: (int(key), f"{key}×") for key in ("2", "3", "10", "100")}, "10"
)
_HOURS = Choice(
    "hours", "hours", "Within",
    {"6": (6, "6 h"), "24": (24, "a day"), "72": (72, "3 days"), "168": (168, "a week")}, "24",
)  # fmt: skip

PAGE = Page(
    "content", "Content", "Every post by what it is and how it does.",
    tiles=(
        Tile(
            "took-off", "Took off",
            "Posts whose reach is now so many times what it was so long ago, or more.",
            Question("posts", "gained", {"limit": 10}, choices=(_TIMES, _HOURS), dear=True),
            (POST, WHERE, Column("gained", "times", "times", bar=True), Column("reach", "reach", "short")),
            empty="No post gained as much: choose less, or a longer time.",
        ),
        Tile(
            "popular", "Popular in 24 h",
            "Posts first seen in the last 24 hours with more than 1,000 views, by engagement rate; as of the "
            "last refresh.",
            Question("posts", "popular", {"limit": 10}),
            (POST, WHERE, Column("views", "views", "short"), Column("rate", "engagement_rate", "percent",
            bar=True)),
            empty="Nothing of the last 24 hours has more than 1,000 views.", period="the last 24 hours",
        ),
        Tile(
            "viral", "Went viral",
            "In the top 1% by growth of its platform's posts of the last 7 days, with at least 10 times the "
            "median "
            "reach of its author, where 5 posts of the author are known.",
            Question("posts", "went_viral", {"days": 7, "limit": 10}, skips=("days",), dear=True),
            (POST, WHERE, Column("grew by", "growth", "short", bar=True),
             Column("× author", "author_times", "times")),
            empty="Nothing went viral in the last 7 days.", period="the last 7 days",
        ),
        Tile(
            "posting-times", "Best posting times",
            "The mean engagement rate of posts by the weekday and hour of your time zone at which they were "
            "published.",
            Question("posts", "posting_times", dear=True), heat="avg_engagement_rate", heat_kind="percent",
            empty="No post tells when it was published.", period="of all time", width=2,
        ),
        Tile(
            "performance", "How posts grow",
            "What posts have of their last known reach, by age since publication: the median over readings.",
            Question("posts", "performance", {"days": 30}, skips=("days",), dear=True),
            (Column("from (hours)", "from_hours", "whole"), Column("to", "to_hours", "whole"),
             Column("share of reach", "median_share", "percent", bar=True),
             Column("an hour", "median_velocity", "per_hour")),
            empty="No post of the last 30 days was seen twice: viralforge recollect reads them anew.",
            period="published in the last 30 days",
        ),
    ),
)  # fmt: skip

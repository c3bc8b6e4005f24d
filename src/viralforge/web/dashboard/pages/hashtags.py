"""Hashtags and trends: what is trending now, against the week before."""

from __future__ import annotations

from viralforge.web.dashboard.pages.quality import FOUND, TRENDS
from viralforge.web.dashboard.tiles import Chart, Column, Page, Question, Tile

_TAGGED = "No post with a hashtag was first seen in the last 7 days."
_COUNTED = "Posts first seen in the last 7 days that carry it, and the change against the 7 days before."
_TAG = Column("hashtag", "hashtag", "tag", "hashtag", "hashtag")
_NUMBERS = (
    Column("posts", "post_count", "short", bar=True), Column("change", "change", "change"),
    Column("views", "total_views", "short"), Column("mean rate", "avg_engagement_rate", "percent"),
)  # fmt: skip

PAGE = Page(
    "hashtags", "Hashtags and trends", "What is trending now, where, and against the week before.",
    figures=(FOUND,),
    tiles=(
        Tile(
            "across", "Trending across platforms", f"{_COUNTED} Hashtags on two platforms or more.",
            Question("hashtags", "across_platforms", {"limit": 15}),
            (_TAG, Column("platforms", "platforms", "list"), *_NUMBERS), empty=_TAGGED,
            period="the last 7 days", width=2, rows_shown=15,
        ),
        Tile(
            "trends-by-day", "Trends found by day", "Trends by the UTC day on which they were called.",
            TRENDS,
            chart=Chart("columns", ("trends",)), empty="No trend was found in this range.",
        ),
        Tile(
            "rising", "Trending by platform", _COUNTED, Question("hashtags", "rising", {"limit": 25}),
            (_TAG, Column("platform", "platform", "platform"), *_NUMBERS), empty=_TAGGED,
            period="the last 7 days", width=2, rows_shown=25,
        ),
        Tile(
            "trends", "The latest trends", "What was called a trend, on how many posts, how hot (0–100).",
            Question("impact", "trends", {"limit": 25}),
            (Column("trend", "title", "text", "trend"), Column("sources", "sources", "whole"),
             Column("hotness", "hotness", "whole", bar=True), Column("called", "created_at", "when")),
            empty="No trend was found in this range.", rows_shown=25,
        ),
    ),
)  # fmt: skip

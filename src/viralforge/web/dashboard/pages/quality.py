"""Trend quality: what trends stand on, what users did with them, and whether the call was right."""

from __future__ import annotations

from viralforge.web.dashboard.pages.agents import COST_PER_TREND, RUNS
from viralforge.web.dashboard.reckon import share, total
from viralforge.web.dashboard.tiles import Chart, Column, Figure, Page, Question, Tile

_NONE = "No trend was found in this range: run.discovered_trend(…), or warehouse.create_trend(…)."
TRENDS = Question("impact", "by_day")
FOUND = Figure("trends", "trends found", "Trends by the day on which they were called.", TRENDS,
               total("trends"), better="up")  # fmt: skip

PAGE = Page(
    "quality", "Trend quality",
    "What trends stand on, what users did with them, and whether the call was right.",
    figures=(
        FOUND,
        Figure(
            "per-run", "trends per run", "Trends ÷ executions that began in the range.", RUNS,
            share("trends", "runs"), "score", "up",
        ),
        Figure(
            "posts-per-trend", "posts per trend", "Posts scraped by executions ÷ the trends they found.",
            RUNS,
            share("posts", "trends"), "score",
        ),
        COST_PER_TREND,
    ),
    tiles=(
        Tile(
            "by-day", "Trends by day", "Trends by the UTC day on which they were called.", TRENDS,
            chart=Chart("columns", ("trends",)), empty=_NONE, width=2,
        ),
        Tile(
            "relevance", "Was the call right?",
            "Sources by their relevance, in tenths, and the median of reach now ÷ reach when the trend was "
            "called. Growth that rises with relevance means that relevance is well judged.",
            Question("impact", "relevance", dear=True),
            (Column("from", "relevance", "score"), Column("sources", "sources", "short", bar=True),
             Column("measured", "measured", "short"), Column("grew", "median_growth", "times")),
            empty=_NONE,
        ),
        Tile(
            "crews", "By crew",
            "Trends per execution that found any, the posts each stands on, and the posts scraped for it.",
            Question("impact", "by_crew", dear=True),
            (Column("crew", "crew_type"), Column("trends", "trends", "short", bar=True),
             Column("a run", "trends_per_run", "score"), Column("sources", "avg_sources", "score"),
             Column("scraped", "posts_per_trend", "score")),
            empty=_NONE,
        ),
        Tile(
            "scores", "Relevance and growth by crew",
            "Mean relevance of sources, median growth of the sources seen before the call, and how well "
            "relevance "
            "foretold it: its correlation with the logarithm of growth (−1 to 1).",
            Question("trends", "quality", dear=True),
            (Column("crew", "crew_type"), Column("trends", "trends", "short"),
              Column("relevance", "avg_relevance", "score"),
             Column("grew", "median_growth", "times"), Column("fit", "relevance_fit", "score")),
            empty=_NONE, period="of all time", keep=lambda row: not row.overall,
        ),
        Tile(
            "engagement", "What users did with them",
            "Events of users that name a trend of the range (trend_id in their properties).",
            Question("impact", "engagement", dear=True),
            (Column("event", "event_name"), Column("events", "events", "short", bar=True),
             Column("trends", "trends", "short")),
            empty="No event names a trend of this range: send trend_id in the properties of your events.",
        ),
        Tile(
            "latest", "The trends", "The latest first; cost is their run's ÷ the trends it found.",
            Question("impact", "trends", {"limit": 25}),
            (Column("trend", "title", "text", "trend"), Column("platform", "platform", "platform"),
             Column("status", "status"), Column("sources", "sources", "whole"),
             Column("relevance", "avg_relevance", "score"), Column("cost", "cost_usd", "usd"),
             Column("events", "events", "short", bar=True), Column("called", "created_at", "when")),
            empty=_NONE, width=3, rows_shown=25,
        ),
    ),
)  # fmt: skip

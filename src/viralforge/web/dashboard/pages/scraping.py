"""Scraping health: what comes in, how well, at what cost, and what is wrong with it."""

from __future__ import annotations

from viralforge.web.dashboard.asked import NAMES
from viralforge.web.dashboard.reckon import share, total
from viralforge.web.dashboard.tiles import Chart, Column, Figure, Page, Question, Tile

COLLECTING = Question("scraping", "by_day", dear=True)
POSTS = Question("scraping", "daily")
_TOTALS = Question("scraping", "totals")
_JOBS = "Wrap your tools with WarehouseTool or warehouse.scraped(platform=…): each request is then accounted."
POSTS_SCRAPED = Figure(
    "posts", "posts scraped", "Posts first seen in the range, of every source.", POSTS,
    total("posts_scraped"),
    better="up",
)  # fmt: skip

PAGE = Page(
    "scraping", "Scraping", "What comes in, how well, and at what cost.",
    figures=(
        POSTS_SCRAPED,
        Figure(
            "requests", "requests", "Requests to platforms that scrape jobs tell of.", COLLECTING,
            total("requests"),
        ),
        Figure(
            "error-rate", "error rate", "Failed requests ÷ requests.", COLLECTING,
            share("errors", "requests"), "percent", "down",
        ),
        Figure(
            "cost", "API cost", "What scrape jobs that began in the range cost, where that is known (USD).",
            COLLECTING,
            total("cost_usd", empty=None), "usd",
        ),
        Figure(
            "cost-per-post", "per post", "Known cost ÷ the posts found for it, seen again ones included.",
            COLLECTING, share("cost_usd", "priced_found", known="cost_usd"), "usd", "down",
        ),
        Figure(
            "saved", "saved by the cache", "What answers from the cache would have cost (USD).", COLLECTING,
            total("saved_usd", empty=None), "usd", "up",
        ),
    ),
    tiles=(
        Tile(
            "posts-by-day", "Posts scraped by day", "Posts by the UTC day on which they were first seen.",
            POSTS,
            chart=Chart("area", ("posts_scraped",), by="platform", names=NAMES), width=2,
            empty="No post came in: viralforge ingest FILE, or POST /v1/posts.",
        ),
        Tile(
            "platforms", "By platform",
            "Posts first seen in the range, and the mean of their engagement rates now: "
            "(likes + comments + shares) ÷ views.",
            Question("scraping", "by_platform"),
            (Column("platform", "platform", "platform"), Column("posts", "posts", "short", bar=True),
             Column("mean rate", "avg_engagement_rate", "percent")),
        ),
        Tile(
            "new-and-known", "New against known",
            "Posts that scrape jobs found, and those of them that nobody had seen before; by the day the "
            "job began.", COLLECTING,
            chart=Chart("columns", ("found", "new"), names={"found": "found", "new": "new"}), width=2,
            empty=_JOBS,
        ),
        Tile(
            "errors", "Error rate and cost",
            "Failed requests ÷ requests, and known cost ÷ posts found, by platform.", _TOTALS,
            (Column("platform", "platform", "platform"), Column("errors", "error_rate", "percent",
            bar=True), Column("a post", "cost_per_post", "usd"),
             Column("a new one", "cost_per_new_post", "usd")),
            empty=_JOBS,
        ),
        Tile(
            "alarms", "Yield alarms",
            "Operations that brought less in the last day than in the two weeks before: posts a request "
            "under "
            "half, or shares of failures, rejections or untold fields up by a fifth and to twice what they "
            "were.",
            Question("scraping", "alarms"),
            (Column("platform", "platform", "platform"), Column("operation", "operation"),
             Column("what", "measure"), Column("usual", "usual", "score"), Column("today", "lately",
             "score")),
            empty="Nothing is out of the usual.", period="the last day",
        ),
        Tile(
            "alarmed", "Jobs that show it", "The latest scrape jobs that take part in an alarm.",
            Question("scraping", "alarmed", {"limit": 20}),
            (Column("started", "started_at", "when"), Column("platform", "platform", "platform"),
             Column("operation", "operation"), Column("query", "query"), Column("found", "found", "whole"),
             Column("what", "alarms", "list"),
             Column("run", "crew_execution_id", "text", "run", "crew_execution_id")),
            empty="No job of the range is marked.", width=2,
        ),
        Tile(
            "rejections", "Rejections by reason",
            "Payloads that were turned away, each once. viralforge rejections shows them.",
            Question("scraping", "rejected"),
            (Column("reason", "reason"), Column("platform", "platform", "platform"),
             Column("payloads", "rejections", "short", bar=True), Column("latest", "latest", "when")),
            empty="Nothing was turned away.", width=2,
        ),
        Tile(
            "cache", "Saved by the cache", "What kept answers have saved since they were asked for first.",
            Question("answers_kept", "savings", query="store/cache.savings"),
            (Column("platform", "platform", "platform"), Column("operation", "operation"),
             Column("hits", "hits", "short", bar=True), Column("saved", "saved_usd", "usd"),
             Column("units", "saved_units", "short")),
            empty="Ask platforms through warehouse.cached(…): the same question is then paid for once.",
            period="of all time",
        ),
        Tile(
            "quotas", "Quotas",
            "What all processes have taken of each platform's quota in the window that goes on.",
            Question("quotas", "left", query="store/quotas.left"),
            (Column("platform", "platform", "platform"), Column("quota", "bucket"),
             Column("used", "used", "short", bar=True), Column("of", "most", "short"),
             Column("until", "ends_at", "when")),
            width=2, empty="No quota is in use: viralforge.integrations.http.client(platform) counts them.",
            period="now",
        ),
    ),
)  # fmt: skip

"""Every question that can be asked over HTTP: one table, for the server's routes and the client's methods."""

from __future__ import annotations

from typing import Any, NamedTuple, get_type_hints

from viralforge.warehouse import DataWarehouse


class Question(NamedTuple):
    """A path, and the subject and the method behind it; without a `tag` it is listed under its subject.

    What stands in the path is the method's first parameter.
    """

    path: str
    subject: str
    method: str
    tag: str = ""


QUESTIONS = (
    Question("/v1/posts/top", "posts", "top"),
    Question("/v1/posts/top-by-reach", "posts", "top_by_reach"),
    Question("/v1/posts/popular", "posts", "popular"),
    Question("/v1/posts/popular-by-reach", "posts", "popular_by_reach"),
    Question("/v1/posts/gained", "posts", "gained"),
    Question("/v1/posts/viral", "posts", "went_viral"),
    Question("/v1/posts/posting-times", "posts", "posting_times"),
    Question("/v1/posts/performance", "posts", "performance"),
    Question("/v1/posts/find", "posts", "find"),
    Question("/v1/posts/{post_id:uuid}", "posts", "get"),
    Question("/v1/posts/{post_id:uuid}/history", "posts", "history"),
    Question("/v1/hashtags/trending", "hashtags", "trending"),
    Question("/v1/hashtags/across-platforms", "hashtags", "across_platforms"),
    Question("/v1/hashtags/rising", "hashtags", "rising"),
    Question("/v1/hashtags/{hashtag:str}/history", "hashtags", "history"),
    Question("/v1/hashtags/{hashtag:str}/together", "hashtags", "together"),
    Question("/v1/trends", "trends", "list"),
    Question("/v1/trends/costs", "trends", "costs"),
    Question("/v1/trends/cost-summary", "trends", "cost_summary"),
    Question("/v1/trends/quality", "trends", "quality"),
    Question("/v1/trends/{trend_id:record}", "trends", "get"),
    Question("/v1/trends/{trend_id:record}/sources", "trends", "sources"),
    Question("/v1/scraping/platforms", "scraping", "platforms"),
    Question("/v1/scraping/daily", "scraping", "daily"),
    Question("/v1/scraping/error-rates", "scraping", "error_rates"),
    Question("/v1/scraping/costs", "scraping", "costs"),
    Question("/v1/scraping/by-day", "scraping", "by_day"),
    Question("/v1/scraping/by-platform", "scraping", "by_platform"),
    Question("/v1/scraping/totals", "scraping", "totals"),
    Question("/v1/scraping/rejected", "scraping", "rejected"),
    Question("/v1/scraping/alarmed", "scraping", "alarmed"),
    Question("/v1/scraping/alarms", "scraping", "alarms"),
    Question("/v1/scraping/returns", "scraping", "returns"),
    Question("/v1/funnel/users", "funnel", "users"),
    Question("/v1/funnel/conversion", "funnel", "conversion"),
    Question("/v1/executions", "crews", "executions"),
    Question("/v1/crews/success", "crews", "success"),
    Question("/v1/crews/agents", "crews", "agents"),
    Question("/v1/crews/peak-times", "crews", "peak_times"),
    Question("/v1/crews/tools", "crews", "tools"),
    Question("/v1/crews/models", "crews", "models"),
    Question("/v1/costs/runs", "costs", "runs"),
    Question("/v1/costs/collecting", "costs", "collecting"),
    Question("/v1/costs/slowest-calls", "costs", "slowest"),
    Question("/v1/costs/unpriced-models", "costs", "unpriced"),
    Question("/v1/runs/by-day", "runs", "by_day"),
    Question("/v1/runs/tokens", "runs", "tokens"),
    Question("/v1/runs/most", "runs", "most"),
    Question("/v1/runs/stale", "runs", "stale"),
    Question("/v1/runs/{execution_id:record}", "runs", "get"),
    Question("/v1/runs/{execution_id:record}/calls", "runs", "calls"),
    Question("/v1/impact/trends", "impact", "trends"),
    Question("/v1/impact/by-day", "impact", "by_day"),
    Question("/v1/impact/engagement", "impact", "engagement"),
    Question("/v1/impact/by-crew", "impact", "by_crew"),
    Question("/v1/impact/relevance", "impact", "relevance"),
    Question("/v1/trends/{trend_id:record}/events", "impact", "events"),
    Question("/v1/trends/{trend_id:record}/growth", "impact", "sources"),
    Question("/v1/posts/{post_id:uuid}/trends", "impact", "revealed"),
    Question("/v1/usage/by-day", "usage", "by_day"),
    Question("/v1/usage/features", "usage", "features"),
    Question("/v1/usage/apps", "usage", "apps"),
    Question("/v1/usage/asked-for", "usage", "asked_for"),
    Question("/v1/usage/countries", "usage", "countries"),
    Question("/v1/usage/hours", "usage", "hours"),
    Question("/v1/answers", "answers", "all"),
    Question("/v1/answers/went-viral", "answers", "went_viral"),
    Question("/v1/answers/hashtags", "answers", "hashtags"),
    Question("/v1/answers/trend-costs", "answers", "trend_costs"),
    Question("/v1/answers/conversion", "answers", "conversion"),
    Question("/v1/answers/agents", "answers", "agents"),
    Question("/v1/answers/performance", "answers", "performance"),
    Question("/v1/answers/returns", "answers", "returns"),
    Question("/v1/rejections", "scrapes", "rejections", "upkeep"),
    Question("/v1/rejections/reasons", "scrapes", "rejections_by_reason", "upkeep"),
    Question("/v1/status", "", "status", "upkeep"),
)
"""Every question with its path; what comes first is tried first."""


def method_of(question: Question) -> Any:
    """What answers, as its class defines it: nothing is opened for that."""
    of = get_type_hints(DataWarehouse)[question.subject] if question.subject else DataWarehouse
    return getattr(of, question.method)

"""Every question over HTTP: one table of paths, each with the reader of a subject that answers it.

A route is made of its reader: parameters and their defaults are the reader's own, the rows of its answer
are what it says it returns, and its docstring is the description.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from viralforge.model import values
from viralforge.model.record import PLATFORM_SCHEMA
from viralforge.model.rejection import REASONS
from viralforge.warehouse import DataWarehouse
from viralforge.web.api.documents import record, told
from viralforge.web.api.examples import example_of
from viralforge.web.api.requests import RECORD_ID, routes_of
from viralforge.web.api.schemas import returned
from viralforge.web.problems import Problem
from viralforge.web.reply import reply

MOST_ROWS = 10_000
_CENTURY = 36_500


class Reader(NamedTuple):
    """A path, and the subject and the method behind it; `tag` is the subject's own unless it says another."""

    path: str
    subject: str
    method: str
    tag: str | None = None


READERS = (
    Reader("/v1/posts/top", "posts", "top"),
    Reader("/v1/posts/top-by-reach", "posts", "top_by_reach"),
    Reader("/v1/posts/popular", "posts", "popular"),
    Reader("/v1/posts/popular-by-reach", "posts", "popular_by_reach"),
    Reader("/v1/posts/gained", "posts", "gained"),
    Reader("/v1/posts/viral", "posts", "went_viral"),
    Reader("/v1/posts/posting-times", "posts", "posting_times"),
    Reader("/v1/posts/performance", "posts", "performance"),
    Reader("/v1/posts/find", "posts", "find"),
    Reader("/v1/posts/{post_id}", "posts", "get"),
    Reader("/v1/posts/{post_id}/history", "posts", "history"),
    Reader("/v1/hashtags/trending", "hashtags", "trending"),
    Reader("/v1/hashtags/across-platforms", "hashtags", "across_platforms"),
    Reader("/v1/trends", "trends", "list"),
    Reader("/v1/trends/costs", "trends", "costs"),
    Reader("/v1/trends/cost-summary", "trends", "cost_summary"),
    Reader("/v1/trends/quality", "trends", "quality"),
    Reader("/v1/trends/{trend_id}", "trends", "get"),
    Reader("/v1/trends/{trend}/sources", "trends", "sources"),
    Reader("/v1/scraping/platforms", "scraping", "platforms"),
    Reader("/v1/scraping/daily", "scraping", "daily"),
    Reader("/v1/scraping/error-rates", "scraping", "error_rates"),
    Reader("/v1/scraping/costs", "scraping", "costs"),
    Reader("/v1/scraping/returns", "scraping", "returns"),
    Reader("/v1/funnel/users", "funnel", "users"),
    Reader("/v1/funnel/conversion", "funnel", "conversion"),
    Reader("/v1/executions", "crews", "executions"),
    Reader("/v1/crews/success", "crews", "success"),
    Reader("/v1/crews/agents", "crews", "agents"),
    Reader("/v1/crews/peak-times", "crews", "peak_times"),
    Reader("/v1/crews/tools", "crews", "tools"),
    Reader("/v1/crews/models", "crews", "models"),
    Reader("/v1/rejections", "scrapes", "rejections", "upkeep"),
    Reader("/v1/rejections/reasons", "scrapes", "rejections_by_reason", "upkeep"),
)
"""Every question with its path; what comes first is tried first."""

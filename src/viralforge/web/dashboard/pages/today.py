"""Today: the seven questions at a glance, and what needs attention."""

from __future__ import annotations

from viralforge.web.dashboard.pages.agents import COST, COST_PER_TREND
from viralforge.web.dashboard.pages.quality import FOUND
from viralforge.web.dashboard.pages.scraping import POSTS_SCRAPED
from viralforge.web.dashboard.pages.users import USAGE
from viralforge.web.dashboard.reckon import total
from viralforge.web.dashboard.tiles import Figure, Page

PAGE = Page(
    "today", "Today", "The seven questions at a glance, and what needs attention.",
    figures=(
        POSTS_SCRAPED, FOUND, COST, COST_PER_TREND,
        Figure("events", "events of users", "What users of the app did.", USAGE, total("events"),
        better="up"),
    ),
)  # fmt: skip

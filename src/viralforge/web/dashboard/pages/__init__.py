"""The pages of the dashboard, in the order of the menu: what is on each stands in a module of its own."""

from __future__ import annotations

from viralforge.web.dashboard.pages import agents, content, hashtags, quality, scraping, system, today, users

PAGES = (
    today.PAGE, content.PAGE, hashtags.PAGE, scraping.PAGE, quality.PAGE, agents.PAGE, users.PAGE,
    system.PAGE,
)  # fmt: skip
BY_NAME = {page.name: page for page in PAGES}

"""The questions of the read bench: how ours are asked, and how the same is asked of DuckDB and ClickHouse.

`{now}` is the moment of asking. Where a rival's words differ they stand beside; None where only we are asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from viralforge.warehouse import DataWarehouse

HOUR = timedelta(hours=1)
REACH = "coalesce(views, likes + comments + coalesce(shares, 0))"


@dataclass(frozen=True)
class Question:
    """One question; `bar` is the most milliseconds it may take at the median, None for no bar."""

    name: str
    ours: Callable[[DataWarehouse], Any]
    duckdb: str | None = None
    clickhouse: str | None = None
    bar: float | None = 10


def _view(text: str) -> Callable[[DataWarehouse], Any]:
    return lambda warehouse: warehouse.sql(text)


_TOP = """SELECT id, platform, title, engagement_rate FROM posts WHERE engagement_rate IS NOT NULL {only}
ORDER BY engagement_rate DESC, id LIMIT 100"""
_TRENDING = """SELECT hashtag, platform, count(*) AS post_count, sum(views), avg(engagement_rate)
FROM {tags} WHERE scraped_at > {{now}} - INTERVAL 7 DAY {only}
GROUP BY hashtag, platform ORDER BY post_count DESC, hashtag, platform LIMIT 100"""
_DUCK_TAGS = "(SELECT unnest(hashtags) AS hashtag, * EXCLUDE (hashtags) FROM posts)"
_CLICK_TAGS = "posts ARRAY JOIN hashtags AS hashtag"
_ACROSS = """SELECT hashtag, count(DISTINCT platform) AS platforms, count(*) AS post_count, sum(views),
avg(engagement_rate) FROM {tags} WHERE scraped_at > {{now}} - INTERVAL 7 DAY
GROUP BY hashtag HAVING count(DISTINCT platform) > 1 ORDER BY post_count DESC, hashtag LIMIT 50"""
_DAILY = """SELECT {day} AS day, platform, count(*), sum(views), avg(views), avg(engagement_rate)
FROM posts WHERE scraped_at > {{now}} - INTERVAL 30 DAY GROUP BY day, platform ORDER BY day, platform"""
_STAGES = ("trend_discovery", "trend_action", "content_analysis", "clip_generation")
_FUNNEL = (
    "SELECT user_id, "
    + ", ".join(f"count(DISTINCT CASE WHEN event_name = '{stage}' THEN session_id END)" for stage in _STAGES)
    + " FROM events WHERE event_name IN ('"
    + "', '".join(_STAGES)
    + "') {only} GROUP BY user_id {order} LIMIT 100"
)
_CONVERSION = """SELECT event_name, count(DISTINCT user_id) FROM events
WHERE event_name <> 'page_viewed' AND created_at > {now} - INTERVAL 30 DAY GROUP BY event_name"""
_GAINED = """SELECT id, now_reach, before.reach FROM (
  SELECT id, {reach} AS now_reach FROM posts WHERE last_scraped_at > {{now}} - INTERVAL {hours} HOUR) AS p
JOIN (SELECT scraped_post_id, {last} AS reach FROM history
      WHERE recorded_at <= {{now}} - INTERVAL {hours} HOUR GROUP BY scraped_post_id) AS before
ON before.scraped_post_id = p.id
WHERE before.reach > 0 AND now_reach >= 10 * before.reach
ORDER BY now_reach / before.reach DESC, id LIMIT 100"""
_LAST = {"duckdb": f"arg_max({REACH}, recorded_at)", "clickhouse": f"argMax({REACH}, recorded_at)"}
_POPULAR = """SELECT id, platform, title, engagement_rate FROM posts WHERE views > 1000 {only}
AND engagement_rate > 0.1 AND scraped_at > {{now}} - INTERVAL 24 HOUR LIMIT 50"""
_HISTORY = "SELECT * FROM history WHERE scraped_post_id = '{post}' ORDER BY recorded_at"
_SOURCES = """SELECT posts.id, platform, title, views, relevance_score FROM sources
JOIN posts ON posts.id = sources.scraped_post_id WHERE trend_id = 7 ORDER BY relevance_score DESC, posts.id"""


def _gained(hours: int, name: str) -> Question:
    duck, click = (
        _GAINED.format(reach=REACH, hours=hours, last=_LAST[rival]) for rival in ("duckdb", "clickhouse")
    )
    return Question(name, lambda wh: wh.posts.gained(10, hours=hours, limit=100), duck, click, bar=50)


def _both(text: str, **parts: str) -> tuple[str, str]:
    return text.format(**parts), text.format(**parts)


def questions(post: str) -> list[Question]:
    """All of them; `post` is the id of the one whose history is asked for."""
    youtube, nothing = "AND platform = 'youtube'", ""
    duck_day, click_day = "CAST(scraped_at AS date)", "toDate(scraped_at)"
    return [
        Question("view: top posts of a platform", _view(
            "SELECT platform, title, author, engagement_rate FROM v_top_posts_by_platform "
            "WHERE platform = 'youtube' LIMIT 100"), *_both(_TOP, only=youtube)),
        Question("view: hashtags of a platform", _view(
            "SELECT hashtag, platform, post_count, avg_engagement_rate FROM v_trending_hashtags "
            "WHERE platform = 'twitter' ORDER BY post_count DESC LIMIT 100"),
            _TRENDING.format(tags=_DUCK_TAGS, only="AND platform = 'twitter'"),
            _TRENDING.format(tags=_CLICK_TAGS, only="AND platform = 'twitter'")),
        Question("view: days", _view(
            "SELECT date, platform, posts_scraped, avg_engagement_rate FROM v_daily_scraping_stats "
            "WHERE date > NOW() - INTERVAL '30 days'"),
            _DAILY.format(day=duck_day), _DAILY.format(day=click_day)),
        Question("view: funnel", _view(
            "SELECT user_id, discoveries, interactions, analyses, generations FROM v_user_engagement_funnel "
            "WHERE discoveries > 0 LIMIT 100"), *_both(_FUNNEL, only=nothing, order=nothing)),
        Question("view: popular in 24 h", _view(
            "SELECT * FROM mv_popular_content_24h "
            "WHERE platform = 'youtube' AND engagement_rate > 0.1 LIMIT 50"),
            *_both(_POPULAR, only=youtube)),
        Question("hashtags of a platform", lambda wh: wh.hashtags.trending("youtube", limit=100),
                 _TRENDING.format(tags=_DUCK_TAGS, only=youtube),
                 _TRENDING.format(tags=_CLICK_TAGS, only=youtube)),
        Question("hashtags", lambda wh: wh.hashtags.trending(limit=100),
                 _TRENDING.format(tags=_DUCK_TAGS, only=nothing),
                 _TRENDING.format(tags=_CLICK_TAGS, only=nothing)),
        Question("hashtags across platforms", lambda wh: wh.hashtags.across_platforms(),
                 _ACROSS.format(tags=_DUCK_TAGS), _ACROSS.format(tags=_CLICK_TAGS)),
        Question("top posts", lambda wh: wh.posts.top(limit=100), *_both(_TOP, only=nothing)),
        Question("top posts of a platform", lambda wh: wh.posts.top("youtube", limit=100),
                 *_both(_TOP, only=youtube)),
        Question("30 days", lambda wh: wh.scraping.daily(days=30),
                 _DAILY.format(day=duck_day), _DAILY.format(day=click_day)),
        Question("funnel of 30 days", lambda wh: wh.funnel.conversion(days=30),
                 *_both(_CONVERSION, now="{now}")),
        Question("users who got furthest", lambda wh: wh.funnel.users(limit=100),
                 *_both(_FUNNEL, only=nothing, order="ORDER BY 5 DESC, 4 DESC, 3 DESC, 2 DESC, 1")),
        Question("one user", lambda wh: wh.funnel.users(user_id="user-7"),
                 *_both(_FUNNEL, only="AND user_id = 'user-7'", order=nothing)),
        Question("a post's history", lambda wh: wh.posts.history(post), *_both(_HISTORY, post=post)),
        Question("a trend's sources", lambda wh: wh.trends.sources(7), *_both(_SOURCES)),
        _gained(1, "gained 10x in an hour"), _gained(24, "gained 10x in a day"),
        _gained(168, "gained 10x in a week"),
        Question("answer: went viral, an hour old at most", lambda wh: wh.answers.went_viral(max_age=HOUR)),
        Question("answer: went viral, worked out", lambda wh: wh.answers.went_viral(), bar=None),
        Question("answer: hashtags", lambda wh: wh.answers.hashtags()),
        Question("answer: cost of a trend", lambda wh: wh.answers.trend_costs()),
        Question("answer: conversion", lambda wh: wh.answers.conversion()),
        Question("answer: agents, an hour old at most", lambda wh: wh.answers.agents(max_age=HOUR)),
        Question("answer: agents, worked out", lambda wh: wh.answers.agents(), bar=None),
        Question("answer: performance, an hour old at most", lambda wh: wh.answers.performance(max_age=HOUR)),
        Question("answer: performance, worked out", lambda wh: wh.answers.performance(), bar=None),
        Question("answer: return", lambda wh: wh.answers.returns()),
    ]  # fmt: skip

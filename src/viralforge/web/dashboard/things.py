"""Pages about one thing: a post, a trend, a run, a hashtag."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from viralforge.insight.phases import phase_of
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.asked import NAMES, Asked
from viralforge.web.dashboard.cells import Cell, cell, outside, path_of
from viralforge.web.dashboard.shown import Table, rows_table, series_table
from viralforge.web.dashboard.tiles import Chart, Column, Rows
from viralforge.web.problems import Problem

_LONGEST_RAW = 200_000
_MOST_READINGS = 500


class Timed(NamedTuple):
    """A call on the timeline of its run, in thousandths of the run's length."""

    kind: str
    name: str
    agent: str | None
    ok: bool
    error: str | None
    x: float
    width: float
    took: Cell
    cost: Cell


@dataclass(frozen=True, slots=True)
class Block:
    """A part of such a page: a table, a plot of it, a timeline or a text."""

    name: str
    title: str
    about: str
    sql: str = ""
    table: Table | None = None
    chart: str = ""
    unit: str = "short"
    x: str = "moment"
    timeline: list[Timed] = field(default_factory=list)
    text: str = ""
    empty: str = "Nothing yet."
    width: int = 3


@dataclass(frozen=True, slots=True)
class Thing:
    """What such a page shows."""

    title: str
    facts: list[tuple[str, Cell]]
    blocks: list[Block]
    intro: str = ""
    description: str = ""
    outside: str = ""
    where: str = ""
    filters: bool = False


def post(warehouse: DataWarehouse, settings: Settings, asked: Asked, post_id: UUID) -> Thing:
    """A post, its numbers over time, its phase, and the trends it revealed. Raises Problem."""
    found = warehouse.posts.get(post_id)
    if found is None:
        raise Problem("not-found", f"there is no post {post_id}")
    readings = warehouse.posts.latest_readings(post_id, limit=_MOST_READINGS)
    phase = phase_of(readings, found.published_at or found.scraped_at, settings)
    blocks = _post_blocks(found, readings, warehouse.impact.revealed(post_id), asked)
    return Thing(
        found.title or found.external_id or "An erased post", _post_facts(found, phase), blocks,
        description=(found.description or "")[:10_000],
        outside=outside(found.url), where=NAMES.get(found.platform, found.platform),
    )  # fmt: skip


def _post_facts(found: Any, phase: str | None) -> list[tuple[str, Cell]]:
    archived = [("in the archive", cell(found.archived_at, "when"))] if found.archived_at else []
    return [
        ("platform", cell(found.platform, "platform")), ("author", cell(found.author, "text")),
        ("phase", cell(phase, "text")), ("views", cell(found.views, "whole")), ("likes", cell(found.likes,
        "whole")),
        ("comments", cell(found.comments, "whole")), ("shares", cell(found.shares, "whole")),
        ("rate", cell(found.engagement_rate, "percent")), ("velocity", cell(found.velocity_score,
        "per_hour")),
        ("published", cell(found.published_at, "when")), ("first seen", cell(found.scraped_at, "when")),
        ("last seen", cell(found.last_scraped_at, "when")), ("sightings", cell(found.sightings, "whole")),
        ("type", cell(found.content_type, "text")), ("category", cell(found.category, "text")),
        ("niche", cell(found.niche, "text")), ("language", cell(found.language, "text")),
        ("hashtags", cell(found.hashtags, "tags")), ("scrape job", cell(found.scrape_job_id, "text")),
        *archived,
    ]  # fmt: skip


def _post_blocks(found: Any, readings: Rows, trends: Rows, asked: Asked) -> list[Block]:
    of_all = f"The latest {len(readings):,} of {found.sightings:,} sightings"
    raw = json.dumps(found.raw_json, indent=2, ensure_ascii=False, default=str)[:_LONGEST_RAW]
    return [
        Block("numbers", "Its numbers", f"{of_all}: what each told.", "posts.latest_readings",
              _over_time(readings, ("views", "likes", "comments", "shares"), "short"), "lines",
              empty="Seen once so far: a plot needs two sightings.", width=2),
        Block("trends", "Trends it revealed", "Trends of which it is a source.", "impact.revealed",
              _rows(trends, (Column("trend", "title", "text", "trend"), Column("relevance",
              "relevance_score", "score"),
                             Column("called", "created_at", "when")), asked), empty="None.", width=1),
        Block("rate", "Engagement rate", f"{of_all}: (likes + comments + shares) ÷ views.",
              "posts.latest_readings",
              _over_time(readings, ("engagement_rate",), "percent"), "lines", "percent", width=2),
        Block("velocity", "Velocity",
              f"{of_all}: relative growth of reach per hour since the sighting before.",
              "posts.latest_readings", _over_time(readings, ("velocity_score",), "percent"), "lines",
              "percent", width=1),
        Block("readings", "Its readings", f"{of_all}, the latest first.", "posts.latest_readings",
              _rows(list(reversed(readings)), (
                  Column("seen", "recorded_at", "when"), Column("views", "views", "whole"),
                  Column("likes", "likes", "whole"), Column("comments", "comments", "whole"),
                  Column("shares", "shares", "whole"), Column("rate", "engagement_rate", "percent"),
                  Column("velocity", "velocity_score", "per_hour")), asked)),
        Block("raw", "Raw JSON", "The payload as it was scraped last.", "posts.get",
              text=raw if found.raw_json is not None else "", empty="No payload is kept."),
    ]  # fmt: skip


def trend(warehouse: DataWarehouse, asked: Asked, trend_id: int) -> Thing:
    """Why a trend was called, by whom, at what cost, and what came of it. Raises Problem."""
    found = warehouse.trends.get(trend_id)
    if found is None:
        raise Problem("not-found", f"there is no trend {trend_id}")
    sources, events = warehouse.impact.sources(trend_id), warehouse.impact.events(trend_id)
    run = None if found.crew_execution_id is None else warehouse.runs.get(found.crew_execution_id)
    together = run.trends if run else None
    cost = run.cost_usd / together if run and run.cost_usd is not None and together else None
    query = asked.query()
    facts = [
        ("status", cell(found.status, "text")), ("hotness", cell(found.hotness, "whole")),
        ("platform", cell(found.platform or "across platforms", "platform")),
        ("hashtags", cell(found.hashtags, "tags")), ("called", cell(found.created_at, "when")),
        ("by", cell(run and run.crew_type, "text", path_of("run", run and run.id, query))),
        ("cost", cell(cost, "usd")), ("sources", cell(found.sources, "whole")),
        ("mean relevance", cell(found.avg_relevance, "score")),
    ]  # fmt: skip
    blocks = [
        Block("sources", "Why we say so",
        "The posts that revealed it, the most relevant first, and how their reach "
              "grew since it was called.", "impact.sources",
              _rows(sources, (
                  Column("post", "title", "post", "post"), Column("platform", "platform", "platform"),
                  Column("relevance", "relevance_score", "score", bar=True),
                  Column("reach then", "reach_then", "short"), Column("now", "reach", "short"),
                  Column("grew", "times", "times")), asked),
              empty="No post is linked: warehouse.link_trend_to_sources(…).", width=2),
        Block("events", "What users did with it", "Events that name it.", "impact.events",
              _rows(events, (Column("event", "event_name"), Column("events", "events", "short", bar=True)),
              asked),
              empty="No event names it (trend_id in the properties of an event).", width=1),
    ]  # fmt: skip
    return Thing(found.title, facts, blocks, intro="A trend", description=found.description or "")


def run(warehouse: DataWarehouse, asked: Asked, execution_id: int) -> Thing:
    """A run as a timeline of its calls. Raises Problem."""
    found = warehouse.runs.get(execution_id)
    if found is None:
        raise Problem("not-found", f"there is no run {execution_id}")
    calls = warehouse.runs.calls(execution_id)
    parent = found.parent_execution_id
    facts = [
        ("status", cell(found.status, "text")), ("started", cell(found.start_time, "when")),
        ("took", cell(found.duration_ms, "ms")), ("cost", cell(found.cost_usd, "usd")),
        ("model calls", cell(found.llm_calls, "whole")), ("tool calls", cell(found.tool_calls, "whole")),
        ("tokens", cell(found.tokens_used, "whole")), ("tokens in", cell(found.tokens_in, "whole")),
        ("tokens out", cell(found.tokens_out, "whole")),
        ("trends", cell(found.trends, "whole")), ("posts scraped", cell(found.posts_scraped, "whole")),
        ("new posts", cell(found.posts_new, "whole")), ("platforms", cell(found.platforms, "list")),
        ("niches", cell(found.niches, "list")),
        ("inside of", cell(parent and f"run {parent}", "text", path_of("run", parent, asked.query()))),
    ]  # fmt: skip
    if asked.sees_users:
        facts.append(("user", cell(found.user_id, "text")))
    output = (
        ""
        if found.output_data is None
        else json.dumps(found.output_data, indent=2, ensure_ascii=False, default=str)[:_LONGEST_RAW]
    )
    blocks = [
        Block("calls", "Its calls",
        "Models in the first colour, tools in the second; red ones failed. Length is "
              "time.", "runs.calls", timeline=_timed(calls), empty="No call was recorded."),
        Block("output", "Output", "What the run returned.", "runs.get",
              text=output, empty="It returned nothing."),
    ]  # fmt: skip
    if not asked.sees_users:  # it may say for whom it was
        blocks.pop()
    return Thing(f"{found.crew_type}, run {found.id}", facts, blocks, description=found.error_message or "")


def hashtag(warehouse: DataWarehouse, asked: Asked, tag: str) -> Thing:
    """A hashtag across platforms over time, and what stands beside it. Raises InvalidInput."""
    days = warehouse.hashtags.history(tag, days=asked.days, platform=asked.platform)
    beside = warehouse.hashtags.together(tag, days=asked.days, platform=asked.platform)
    posts = warehouse.views.page("v_posts", {"hashtags": tag} | (
        {"platform": asked.platform} if asked.platform else {}), sort="-reach", limit=10).rows  # fmt: skip
    chart = Chart("area", ("posts",), by="platform", names=NAMES)
    blocks = [
        Block("history", "By day and platform", "Posts with it by the UTC day on which they were first seen.",
              "hashtags.history", series_table(days, chart, asked) if days else None, "area", "whole",
              x="day",
              empty="No post with it was first seen in this range.", width=2),
        Block("together", "Stands beside", "Hashtags of the same posts; share of its posts.",
        "hashtags.together",
              _rows(beside, (Column("hashtag", "hashtag", "tag", "hashtag", "hashtag"),
                             Column("posts", "posts", "short", bar=True), Column("share", "share",
                             "percent")),
                    asked), empty="It stands alone.", width=1),
        Block("posts", "Its posts", "The ten with the greatest reach, of all time.", "",
              _rows(posts, (Column("post", "title", "post", "post"), Column("platform", "platform",
              "platform"),
                            Column("reach", "reach", "short", bar=True),
                            Column("rate", "engagement_rate", "percent")), asked), empty="No post has it."),
    ]  # fmt: skip
    return Thing(f"#{tag.lstrip('#')}", [], blocks, intro=f"A hashtag, {asked.range_name}", filters=True)


def _rows(rows: Rows, columns: Sequence[Column], asked: Asked) -> Table | None:
    return rows_table(rows, columns, asked) if rows else None


def _over_time(readings: Rows, names: Sequence[str], kind: str) -> Table | None:
    """The readings with the fields that any of them tells."""
    told = [name for name in names if any(getattr(each, name) is not None for each in readings)]
    if not told or len(readings) < 2:
        return None
    heads = [
        Cell("when", "seen", "recorded_at"),
        *(Cell(kind, name.replace("_", " "), name) for name in told),
    ]
    return Table(
        heads,
        [
            [cell(each.recorded_at, "when"), *(cell(getattr(each, name), kind) for name in told)]
            for each in readings
        ],
    )


def _timed(calls: Sequence[Any]) -> list[Timed]:
    if not calls:
        return []
    start = min(call.started_at for call in calls)
    moments = [(call.started_at - start).total_seconds() * 1000 for call in calls]
    length = max(at + (call.duration_ms or 0) for at, call in zip(moments, calls, strict=True)) or 1
    return [
        Timed(
            call.kind, call.model or call.name, call.agent, call.ok, call.error, at / length * 1000,
            max(2.0, (call.duration_ms or 0) / length * 1000), cell(call.duration_ms, "ms"),
            cell(call.cost_usd, "usd"),
        )
        for at, call in zip(moments, calls, strict=True)
    ]  # fmt: skip

"""AI performance: how crews, agents, models and tools do, and what they cost."""

from __future__ import annotations

from viralforge.web.dashboard.reckon import mean, share, total
from viralforge.web.dashboard.tiles import Chart, Column, Figure, Page, Question, Tile

RUNS = Question("runs", "by_day")
_RECORD = "record(warehouse) of viralforge.integrations.crewai accounts every run; docs/agents.md shows how."
_RUN = (
    Column("started", "start_time", "when", "run"), Column("crew", "crew_type"), Column("status", "status"),
    Column("took", "duration_ms", "ms"), Column("cost", "cost_usd", "usd"),
    Column("tokens", "tokens_used", "short"), Column("trends", "trends", "whole"),
)  # fmt: skip
COST = Figure("cost", "cost of runs", "Known cost of executions: models, tools and platforms (USD).", RUNS,
              total("cost_usd", empty=None), "usd")  # fmt: skip
COST_PER_TREND = Figure(
    "cost-per-trend", "per trend", "Known cost of all executions that began in the range, those that found "
    "nothing too, ÷ the trends found.", RUNS,
    share("cost_usd", "priced_trends", known="cost_usd"), "usd", "down",
)  # fmt: skip

PAGE = Page(
    "agents", "Agents", "How crews, agents, models and tools do, and what they cost.",
    figures=(
        Figure("runs", "runs", "Executions that began in the range.", RUNS, total("runs")),
        Figure(
            "duration", "average run", "Mean time from start to end of executions.", RUNS,
            mean("avg_duration_ms", "timed"), "ms", "down",
        ),
        Figure(
            "success", "success",
            "Completed ÷ all executions that began; running ones count as not completed.",
            RUNS, share("completed", "runs"), "percent", "up",
        ),
        COST, COST_PER_TREND,
        Figure("tokens", "tokens", "Tokens in and out of language models.", RUNS, total("tokens")),
    ),
    tiles=(
        Tile(
            "tokens", "Tokens by model", "Tokens in and out, by the UTC day of the call.",
            Question("runs", "tokens", dear=True), chart=Chart("area", ("tokens",), by="model",
            unit="short"), width=2,
            empty=_RECORD,
        ),
        Tile(
            "models", "Models", "Calls of language models, and what they cost.", Question("crews", "models",
            dear=True),
            (Column("model", "model"), Column("calls", "calls", "short"),
             Column("in", "tokens_in", "short"), Column("out", "tokens_out", "short"),
             Column("cost", "cost_usd", "usd", bar=True)),
            empty=_RECORD, period="of all time",
        ),
        Tile(
            "crews", "Crews",
            "Executions of the last so many times 24 hours by crew type; success is completed ÷ finished.",
            Question("crews", "success", dear=True),
            (Column("crew", "crew_type"), Column("runs", "runs", "short", bar=True),
             Column("success", "success_rate", "percent"), Column("average", "avg_duration_ms", "ms"),
             Column("trends a run", "trends_per_run", "score"), Column("a trend", "cost_per_trend", "usd")),
            empty=_RECORD, width=2,
        ),
        Tile(
            "tools", "Tools", "Calls of tools; success is those that went well ÷ all.",
            Question("crews", "tools", dear=True),
            (Column("tool", "tool"), Column("calls", "calls", "short", bar=True),
             Column("success", "success_rate", "percent"), Column("average", "avg_duration_ms", "ms")),
            empty=_RECORD, period="of all time",
        ),
        Tile(
            "agents", "Effectiveness by agent",
            "Trends of the runs an agent took part in, per run and per dollar, and the median growth of "
            "their "
            "sources since the trend was called.",
            Question("crews", "agents", dear=True),
            (Column("agent", "agent"), Column("runs", "runs", "short"),
             Column("trends a run", "trends_per_run", "score", bar=True),
             Column("a dollar", "trends_per_dollar", "score"),
             Column("sources grew", "median_source_growth", "times")),
            empty=_RECORD, period="of all time", width=2,
        ),
        Tile(
            "peak", "Peak times", "When executions begin, by weekday and hour of your time zone.",
            Question("crews", "peak_times", dear=True), heat="runs", empty=_RECORD, period="of all time",
        ),
        Tile(
            "dearest", "Most expensive runs", "Executions of the range by their cost.",
            Question("runs", "most", {"by": "cost", "limit": 8}), _RUN, empty=_RECORD, width=2,
        ),
        Tile(
            "calls", "Slowest calls", "Calls of models and tools that took longest.",
            Question("costs", "slowest", {"limit": 8}),
            (Column("call", "name"), Column("agent", "agent"), Column("took", "duration_ms", "ms", bar=True),
             Column("run", "crew_execution_id", "text", "run", "crew_execution_id")),
            empty=_RECORD, period="of all time",
        ),
        Tile(
            "slowest", "Slowest runs", "Executions of the range by how long they took.",
            Question("runs", "most", {"by": "duration", "limit": 8}), _RUN, empty=_RECORD, width=2,
        ),
        Tile(
            "latest", "Latest runs", "The executions that began last.",
            Question("runs", "most", {"by": "start", "limit": 8}),
            (Column("started", "start_time", "when", "run"), Column("crew", "crew_type"),
             Column("status", "status"), Column("cost", "cost_usd", "usd")),
            empty=_RECORD,
        ),
    ),
)  # fmt: skip

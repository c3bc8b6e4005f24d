"""System: how the warehouse itself is."""

from __future__ import annotations

from viralforge.web.dashboard.tiles import Column, Page, Question, Tile

PAGE = Page(
    "system", "System", "Tables, jobs, migrations, connections, slow queries and keys.",
    tiles=(
        Tile(
            "tables", "Tables", "Rows as PostgreSQL last estimated them; bytes with indexes and all months.",
            Question("system", "tables", query="db/status.tables"),
            (Column("table", "name"), Column("rows, about", "rows", "short"),
             Column("months", "months", "whole"), Column("size", "bytes", "size", bar=True)),
            period="now", width=2, rows_shown=12,
        ),
        Tile(
            "facts", "The warehouse", "Server, schema, and what waits.",
            Question("system", "facts", query="db/status.server"),
            (Column("", "name"), Column("", "value")), period="now", rows_shown=20,
        ),
        Tile(
            "jobs", "Jobs", "What maintenance did last, by job.", Question("system", "jobs",
            query="db/status.jobs"),
            (Column("job", "name"), Column("last run", "started_at", "when"), Column("took", "duration_ms",
            "ms"),
             Column("well", "ok", "flag"), Column("error", "error")),
            empty="No job has been recorded.", period="now",
        ),
        Tile(
            "slow", "Slow queries",
            "By total time, of the extension pg_stat_statements where there is one, else those that run now.",
            Question("system", "slow", {"limit": 10}, query="db/status.slow"),
            (Column("query", "query"), Column("calls", "calls", "short"), Column("mean", "mean_ms", "ms"),
             Column("in all", "total_ms", "ms", bar=True)),
            empty="Nothing runs for longer than a second.", period="now", width=2, admin=True,
        ),
        Tile(
            "keys", "Keys", "API keys by name; the keys themselves are kept by nobody.",
            Question("keys", "all", query="store/keys.all"),
            (Column("id", "id"), Column("name", "name"), Column("opens", "scopes", "list"),
             Column("last used", "last_used_at", "when"), Column("revoked", "revoked_at", "when")),
            empty="No key was made: this machine alone is served. viralforge keys create makes one.",
            period="now", width=3, rows_shown=30, admin=True,
        ),
    ),
)  # fmt: skip

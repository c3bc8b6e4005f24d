"""A warehouse with a past: posts, readings, events and calls of months that are due for the archive."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from viralforge.lifecycle.archive.files import duckdb
from viralforge.model.cold import TABLES
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
HOT = {
    "posts": """SELECT id::text, raw_json::text, description, media_urls::text FROM scraped_posts
                WHERE raw_json IS NOT NULL""",
    "history": """SELECT scraped_post_id::text, recorded_at, views, likes, velocity_score
                  FROM post_metrics_history""",
    "events": """SELECT created_at, event_id::text, user_id, session_id, event_name, properties::text
                 FROM app_events""",
    "calls": "SELECT crew_execution_id, id, name, cost_usd, tokens_in FROM crew_calls",
}
COLD = {
    "posts": "SELECT id, raw_json, description, media_urls FROM cold",
    "history": "SELECT scraped_post_id, recorded_at, views, likes, velocity_score FROM cold",
    "events": "SELECT created_at, event_id, user_id, session_id, event_name, properties FROM cold",
    "calls": "SELECT crew_execution_id, id, name, cost_usd, tokens_in FROM cold",
}


def fill(warehouse: DataWarehouse, posts: int = 60, days_apart: int = 20) -> None:
    """Posts read five times between 500 and 420 days ago, of which a tenth is read today again."""
    for seen in range(5):
        ago = timedelta(days=500 - seen * days_apart)
        warehouse.bulk_save_scraped_posts([post(n, seen, NOW - ago) for n in range(posts)])
    warehouse.bulk_save_scraped_posts([post(n, 9, NOW - timedelta(days=1)) for n in range(0, posts, 10)])
    warehouse.track_events(
        {
            "event_name": ("trend_discovery", "trend_action", "page_viewed")[n % 3], "event_type": "view",
            "user_id": f"user-{n % 7}", "session_id": f"session-{n % 11}", "platform": "web",
            "created_at": NOW - timedelta(days=450, minutes=n), "user_agent": f"agent {n % 3}",
            "properties": {"trend_id": n % 5 + 1, "text": "Grüße\n\t\"ja\" 🎈"},
        }
        for n in range(posts * 2)
    )  # fmt: skip
    execution = warehouse.log_crew_execution(
        {
            "crew_type": "discovery", "status": "completed", "start_time": NOW - timedelta(days=430),
            "end_time": NOW - timedelta(days=430) + timedelta(minutes=3), "cost_usd": "0.5",
        }
    )  # fmt: skip
    warehouse.sql(
        """INSERT INTO crew_calls (crew_execution_id, kind, name, model, started_at, tokens_in, cost_usd)
           SELECT %s, 'llm', 'call ' || n, 'model', %s::timestamptz + make_interval(secs => n), n,
                  n * 0.000000001
           FROM generate_series(1, %s) AS n""",
        [execution, NOW - timedelta(days=430), posts],
    )
    warehouse.rollups.fold()


def post(number: int, seen: int, observed_at: datetime) -> dict[str, Any]:
    """A post as it is seen for the so-manieth time; half of them have no views."""
    return {
        "platform": ("youtube", "reddit")[number % 2], "externalId": f"post{number:07}",
        "title": f"Title {number}", "description": f"About {number} \N{SNOWMAN}",
        "views": 1_000 * (seen + 1) + number if number % 2 == 0 else None, "likes": 10 * (seen + 1),
        "hashtags": ["one", f"tag{number % 5}"], "media_urls": [f"https://media.example/{number}"],
        "raw_json": {"number": number, "seen": seen, "text": "x" * 200}, "observed_at": observed_at,
        "author": f"author {number % 4}", "author_id": f"a{number % 4}",
    }  # fmt: skip


def held(warehouse: DataWarehouse) -> dict[str, Counter[tuple[Any, ...]]]:
    """The rows of every table, each as often as hot and cold have it together."""
    found = {}
    for name, query in HOT.items():
        rows = Counter(map(tuple, warehouse.sql(query)))
        rows.update(cold_rows(warehouse, name))
        found[name] = rows
    return found


def cold_rows(warehouse: DataWarehouse, name: str) -> list[tuple[Any, ...]]:
    """What the archive has of a table, in the columns that `HOT` has."""
    lake = warehouse.archive.lake
    if not lake.exists(name):
        return []
    with duckdb() as engine:
        engine.register("cold", lake.table(name).scan().to_arrow())
        rows = engine.execute(COLD[name]).fetchall()
    if name == "posts":
        return [(*row[:3], None if row[3] is None else "{" + ",".join(row[3]) + "}") for row in rows]
    return rows


assert set(HOT) == set(COLD) == set(TABLES)

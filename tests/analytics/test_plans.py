"""Which index answers each question of a dashboard: a plan that reads a whole table is found here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.conftest import new_database, with_database
from viralforge.analytics.views import Views
from viralforge.db.pages import count, count_query, page, page_query
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.db.queries import Queries, Statement
from viralforge.model.ids import post_id
from viralforge.store.rollups import RollupStore
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.pages import PAGES

POSTS = """
INSERT INTO scraped_posts (
    id, platform, external_id, title, views, likes, comments, hashtags, published_at, scraped_at,
    last_scraped_at, sightings, last_reach, last_reach_is_views)
SELECT post_id(platform, number::text), platform, number::text, 'post ' || number, 50 + number,
       number % 50, 1, ARRAY['tag' || number % 5000, 'tag' || number % 37], seen, seen,
       seen + interval '3 hours', 2, 50 + number, true
FROM generate_series(1, 30000) AS number,
     LATERAL (SELECT (ARRAY['youtube', 'tiktok', 'twitter'])[1 + number % 3],
                     now() - number * interval '1 minute' - interval '3 hours') AS drawn (platform, seen)
"""
HISTORY = """
INSERT INTO post_metrics_history (scraped_post_id, recorded_at, views)
SELECT id, CASE reading WHEN 1 THEN scraped_at ELSE last_scraped_at END,
       CASE WHEN reading = 2 THEN views ELSE views / CASE WHEN views % 100 = 0 THEN 20 ELSE 1 END END
FROM scraped_posts, generate_series(1, 2) AS reading
"""
EVENTS = """
INSERT INTO app_events (event_id, user_id, session_id, event_name, event_type, platform, created_at)
SELECT gen_random_uuid(), 'user' || number % 3000, 's' || number,
       (ARRAY['trend_discovery', 'trend_action', 'content_analysis', 'clip_generation'])[1 + number % 4],
       'click', 'web', now() - number * interval '1 minute'
FROM generate_series(1, 20000) AS number
"""
AROUND = """
INSERT INTO crew_executions (crew_type, status, start_time, duration_ms, cost_usd, tokens_used,
posts_scraped, platforms)
SELECT 'crew ' || number % 5, 'completed', at, number % 999, 0.01, 900, 5, ARRAY['youtube']
FROM generate_series(1, 9000) AS number, LATERAL (SELECT now() - number * interval '1 hour') AS drawn (at);
INSERT INTO crew_calls (crew_execution_id, agent, kind, name, model, started_at, duration_ms, tokens_in,
cost_usd)
SELECT id, 'agent', CASE WHEN part = 1 THEN 'llm' ELSE 'tool' END, 'search', 'm', start_time, id % 997, 9,
0.001
FROM crew_executions, generate_series(1, 2) AS part;
INSERT INTO trends (title, crew_execution_id, created_at)
SELECT 'trend ' || id, id, start_time FROM crew_executions;
INSERT INTO trend_sources (trend_id, scraped_post_id, relevance_score)
SELECT trends.id, post_id('youtube', (3 * (trends.id % 9000))::text), 0.5 FROM trends
JOIN scraped_posts AS post ON post.id = post_id('youtube', (3 * (trends.id % 9000))::text);
INSERT INTO scrape_jobs (platform, operation, requests, found, cost_usd, started_at, crew_execution_id)
SELECT 'youtube', 'search', 5, 50, 0.01, start_time, id FROM crew_executions;
INSERT INTO rejections (payload_hash, reason, detail, rejected_at)
SELECT sha256(id::text::bytea), 'unknown_shape', 'none', start_time FROM crew_executions
"""
DAY = {"window": timedelta(hours=24), "platform": None, "limit": 100}


@pytest.fixture(scope="module")
def filled(server_url, admin, template) -> Iterator[Database]:
    """Posts of three weeks and events of two, folded and analysed."""
    with new_database(admin, template) as name:
        url = with_database(server_url, name)
        database = Database.open(url)
        now = database.read(b"SELECT now()")[0][0]
        for table in ("post_metrics_history", "app_events"):
            Months(database).ensure(table, [now - timedelta(days=days) for days in (0, 20, 40)])
        with database.connection() as connection:
            connection.execute(POSTS)
            connection.execute(HISTORY)
            connection.execute("INSERT INTO users SELECT 'user' || n FROM generate_series(0, 2999) AS n")
            connection.execute(EVENTS)
            connection.execute(AROUND)
        RollupStore(database).rebuild()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        yield database
        database.close()


def plan(database: Database, query: bytes, values: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The indexes that a query goes by, and the tables it reads whole."""
    statement = Statement.of(query.decode())
    with database.connection() as connection:
        explain = statement._replace(text=b"EXPLAIN (FORMAT json) " + statement.text)
        found = explain.execute(connection, values).fetchone()
    return places(found[0][0]["Plan"])


def places(plan: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The indexes of a plan, and the tables it reads whole."""
    indexes, whole = set(), set()
    todo = [plan]
    while todo:
        node = todo.pop()
        todo += node.get("Plans", [])
        if "Index Name" in node:
            indexes.add(node["Index Name"])
        if node["Node Type"] == "Seq Scan":
            whole.add(node["Relation Name"])
    return indexes, whole


LARGE = b"SELECT relname FROM pg_class WHERE relnamespace = 'viralforge'::regnamespace AND reltuples > 5000"


@pytest.mark.parametrize(
    ("subject", "name", "values", "index"),
    [
        ("posts", "top", {"platform": None, "limit": 100}, "scraped_posts_rate_idx"),
        ("posts", "top", {"platform": "youtube", "limit": 100}, "scraped_posts_platform_rate_idx"),
        ("posts", "get", {"id": post_id("youtube", "3")}, "scraped_posts_pkey"),
        ("posts", "history", {"id": post_id("youtube", "3")}, "post_metrics_history_%_pkey"),
        ("posts", "latest_readings", {"id": post_id("youtube", "3"), "limit": 9}, "post_metrics_%_pkey"),
        ("posts", "gained", DAY | {"times": Decimal(10)}, "growth_spans_tenfold_idx"),
        ("posts", "gained", DAY | {"times": Decimal(3)}, "growth_spans_twofold_idx"),
        ("posts", "popular", {"platform": "youtube", "min_rate": Decimal("0.1"), "limit": 50}, None),
        ("posts", "popular_by_reach", {"platform": None, "limit": 50}, "scraped_posts_scraped_at_idx"),
        ("hashtags", "trending", {"platform": None, "limit": 100}, "hashtag_rollup_posts_idx"),
        ("hashtags", "trending", {"platform": "tiktok", "limit": 100}, "hashtag_rollup_platform_idx"),
        ("hashtags", "across_platforms", {"limit": 50}, "hashtag_across_rollup_posts_idx"),
        ("funnel", "users", {"user_id": None, "limit": 100}, "funnel_rollup_furthest_idx"),
        ("funnel", "users", {"user_id": "user7", "limit": 100}, "funnel_rollup_pkey"),
        ("funnel", "conversion", {"window": timedelta(days=7), "platform": None}, "funnel_users_stage_idx"),
        ("scraping", "daily", {"window": timedelta(days=30), "platform": None}, None),
        ("trends", "sources", {"id": 7, "platform": None}, "scraped_posts_pkey"),
        ("impact", "sources", {"id": 7, "limit": 200}, "post_metrics_history_%_pkey"),
    ],
)  # fmt: skip
def test_a_question_goes_by_its_index_and_reads_no_large_table_whole(filled, subject, name, values, index):
    indexes, whole = plan(filled, Queries(f"analytics/{subject}")[name], values)
    if index is not None:
        before, _, after = index.partition("%")
        assert any(found.startswith(before) and found.endswith(after) for found in indexes), indexes
    assert not whole & {table for (table,) in filled.read(LARGE)}


TILES = [
    (f"{page.name}/{each.name}", each.question)
    for page in PAGES for each in (*page.figures, *page.tiles) if not each.question.dear
]  # fmt: skip


@pytest.mark.parametrize(("name", "question"), TILES, ids=[name for name, _question in TILES])
def test_no_tile_of_the_dashboard_reads_a_large_table_whole(filled, monkeypatch, name, question):
    asked = []
    rows = Database.rows

    def spied(database, kind, query, values=None):
        asked.append((query, values or {}))
        return rows(database, kind, query, values)

    monkeypatch.setattr(Database, "rows", spied)
    given = Asked(range="7", platform="youtube" if "platform" in question.heeds else None)
    with DataWarehouse.open(filled.url) as warehouse:
        asked.clear()
        question.ask(warehouse, question.given(given))
    large = {table for (table,) in filled.read(LARGE)}
    for query, values in asked:
        _indexes, whole = plan(filled, query, values)
        assert not whole & large


def test_the_printed_view_query_stops_at_its_limit_by_the_index(filled):
    query = b"""
        SELECT hashtag, platform, post_count FROM viralforge.v_trending_hashtags
        WHERE platform = 'twitter' ORDER BY post_count DESC LIMIT 100
    """
    indexes, whole = plan(filled, query, {})
    assert indexes == {"hashtag_rollup_platform_idx", "hashtag_rollup_pkey"}
    assert whole == set()


def test_functions_in_views_start_neither_workers_nor_a_compiler(filled):
    found = filled.read(
        b"""SELECT proname, proconfig FROM pg_proc
        WHERE pronamespace = 'viralforge'::regnamespace AND proname LIKE '%%_changes'"""
    )
    assert len(found) == 2
    for _name, settings in found:
        assert {"jit=off", "max_parallel_workers_per_gather=0"} <= set(settings)


def test_refreshing_the_popular_posts_looks_at_the_posts_of_a_day_alone(filled):
    (definition,) = filled.read(b"SELECT pg_get_viewdef('viralforge.mv_popular_content_24h'::regclass)")[0]
    indexes, whole = plan(filled, definition.rstrip(";").encode(), {})
    assert indexes == {"scraped_posts_scraped_at_idx", "scraped_posts_pkey"}
    assert whole == set()


@pytest.mark.parametrize(
    ("view", "where", "index"),
    [
        ("v_posts", {}, "scraped_posts_scraped_at_idx"),
        ("v_top_posts_by_platform", {}, "scraped_posts_rate_idx"),
        ("v_top_posts_by_platform", {"platform": "youtube"}, "scraped_posts_platform_rate_idx"),
        ("v_trending_hashtags", {}, "hashtag_rollup_posts_idx"),
        ("v_trending_hashtags", {"platform": "tiktok"}, "hashtag_rollup_platform_idx"),
        ("v_user_engagement_funnel", {}, "funnel_rollup_furthest_idx"),
    ],
)
def test_every_page_of_a_view_in_its_own_order_begins_in_its_index(filled, monkeypatch, view, where, index):
    asked = []

    def spied(database, *given):
        asked.append(given)
        return page(database, *given)

    monkeypatch.setattr("viralforge.analytics.views.page", spied)
    views = Views(filled)
    views.page(view, where, limit=50, cursor=views.page(view, where, limit=50).next)
    assert [given[4] is None for given in asked] == [True, False]
    for given in asked:
        query, values = page_query(*given)
        with filled.connection() as connection:
            found = connection.execute(sql.SQL("EXPLAIN (FORMAT json) {}").format(query), values).fetchone()
        indexes, whole = places(found[0][0]["Plan"])
        assert index in indexes
        assert not whole & {table for (table,) in filled.read(LARGE)}


LATELY = {"scraped_at.gte": "2020-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("where", "index"),
    [
        ({}, "scraped_posts_scraped_at_idx"),
        (LATELY, "scraped_posts_scraped_at_idx"),
        (LATELY | {"platform": "youtube"}, "scraped_posts_scraped_at_idx"),
        (LATELY | {"words": "post 17"}, "scraped_posts_search_idx"),
        (LATELY | {"hashtags": "tag4711"}, "scraped_posts_hashtags_idx"),
    ],
)
def test_posts_are_counted_by_an_index_up_to_a_bound(filled, monkeypatch, where, index):
    asked = []

    def spied(database, *given):
        asked.append(given)
        return count(database, *given)

    monkeypatch.setattr("viralforge.analytics.views.count", spied)
    counted = Views(filled).count("v_posts", where, most=1_000)
    assert counted == min(1_001, len(matching(filled, asked[0])))
    query, values = count_query(*asked[0])
    with filled.connection() as connection:
        explain = sql.SQL("EXPLAIN (ANALYZE, FORMAT json) {}").format(query)
        [found] = connection.execute(explain, values).fetchone()
    indexes, whole = places(found[0]["Plan"])
    assert index in indexes
    assert not whole & {table for (table,) in filled.read(LARGE)}
    assert most_rows(found[0]["Plan"]) <= 1_001


def matching(database: Database, asked: tuple[Any, ...]) -> list[Any]:
    view, conditions, order, _most = asked
    query, values = page_query(view, ["id"], conditions, [order], None, 50_000)
    with database.connection() as connection:
        return connection.execute(query, values).fetchall()


def most_rows(plan: dict[str, Any]) -> int:
    """The rows that the busiest node of a plan passed on."""
    return max(plan["Actual Rows"], *map(most_rows, plan.get("Plans", [])), 0)

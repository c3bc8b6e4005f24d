"""The one public door: opened, shared, closed, and every documented verb in either spelling."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from viralforge.db.pool import Database
from viralforge.errors import (
    AccessDenied,
    ConfigurationError,
    DatabaseUnavailable,
    InvalidInput,
    SchemaBehind,
    WarehouseError,
)
from viralforge.model.ids import post_id
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC)


def test_an_empty_database_is_made_ready_by_opening_it(empty_database_url) -> None:
    with DataWarehouse.open(empty_database_url) as warehouse:
        assert warehouse.save_scraped_post({"platform": "x", "externalId": 20}) == post_id("twitter", "20")
        status = warehouse.status()
        assert status.schema is not None
        assert not status.embedded
    with DataWarehouse.open(empty_database_url) as again:
        assert again.sql("SELECT count(*) FROM scraped_posts")[0] == (1,)


def test_eight_processes_worth_of_threads_may_open_an_empty_database_at_once(empty_database_url) -> None:
    def save(number: int) -> int:
        with DataWarehouse.open(empty_database_url) as warehouse:
            return warehouse.bulk_save_scraped_posts([{"platform": "x", "externalId": number}]).new

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(save, range(1, 9))) == 8


def test_a_database_that_is_behind_is_told_and_migrated_only_on_demand(database_url) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE viralforge.schema_state SET objects_hash = 'old'")
    with pytest.raises(SchemaBehind, match="viralforge migrate"):
        DataWarehouse.open(database_url)
    with DataWarehouse.open(database_url, migrate=True) as warehouse:
        assert warehouse.status().schema is not None
    DataWarehouse.open(database_url).close()


def test_the_embedded_one_is_there_where_no_other_is_named(short_dir) -> None:
    place = short_dir / "opened"
    with DataWarehouse.open(data_dir=place) as warehouse:
        warehouse.save_scraped_post({"platform": "x", "externalId": "20"})
        assert warehouse.status().embedded
    with DataWarehouse.open(data_dir=place) as again:
        assert again.status().posts >= 0
        assert again.sql("SELECT external_id FROM scraped_posts")[0] == ("20",)


@pytest.mark.parametrize(
    ("url", "error"),
    [("postgresql://nobody@localhost:1/x", DatabaseUnavailable), ("mysql://x", ConfigurationError),
     ("postgresql://a:b:c@[::1", ConfigurationError)],
)  # fmt: skip
def test_a_database_that_cannot_be_had_is_told(url, error) -> None:
    with pytest.raises(error):
        DataWarehouse.open(url)


def test_after_the_end_nothing_can_be_asked_any_more(database_url) -> None:
    with DataWarehouse.open(database_url) as warehouse:
        pass
    with pytest.raises(WarehouseError, match="this warehouse is closed; open it again"):
        warehouse.save_scraped_post({"platform": "x", "externalId": "20"})
    warehouse.close()


def test_a_connection_that_was_cut_is_replaced(warehouse, database_url) -> None:
    warehouse.save_scraped_post({"platform": "x", "externalId": "20"})
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'viralforge'"
        )
    assert warehouse.bulk_save_scraped_posts([{"platform": "x", "externalId": "20"}]).updated == 1


def test_the_documented_verbs_take_both_spellings_of_keys(warehouse) -> None:
    known = warehouse.save_scraped_post(
        {"platform": "youtube", "externalId": "dQw4w9WgXcQ", "publishedAt": NOW, "views": 5, "likes": 1}
    )
    warehouse.record_metrics_snapshot(str(known), {"views": 6, "recordedAt": NOW + timedelta(seconds=1)})
    trend = warehouse.create_trend({"title": "AI tools", "crewExecutionId": None})
    warehouse.link_trend_to_sources(trend, [str(known)], [0.5])
    warehouse.track_event({"eventName": "trend_action", "eventType": "click", "userId": "u1"})
    run = warehouse.log_crew_execution({"crewType": "discovery", "startTime": NOW, "userId": "u1"})
    warehouse.update_crew_execution(run, {"endTime": NOW, "status": "completed", "costUsd": "0.5"})
    assert warehouse.get_trending_hashtags(limit=5) == []
    warehouse.refresh_popular_content()
    history = warehouse.sql("SELECT views FROM post_metrics_history ORDER BY recorded_at")
    assert sorted(history) == [(5,), (6,)]


def test_ids_come_back_in_input_order_however_often_a_post_comes(warehouse) -> None:
    names = [f"{number % 7:011}" for number in range(300)]
    saved = warehouse.bulk_save_scraped_posts({"platform": "youtube", "externalId": name} for name in names)
    assert list(saved) == [post_id("youtube", name) for name in names]
    assert (saved[3], saved[-1], saved[10:12]) == (saved[10], saved[299], [saved[3], saved[4]])
    assert len(saved) == saved.new + saved.updated + saved.unchanged == 300
    assert saved.new == 7


def test_nothing_at_all_is_saved_as_nothing(warehouse) -> None:
    saved = warehouse.bulk_save_scraped_posts([])
    assert (list(saved), saved.new, saved.updated, saved.unchanged) == ([], 0, 0, 0)
    assert warehouse.track_events([]) == warehouse.log_crew_calls([]) == 0
    assert warehouse.ingest_payloads([]).read == 0


def test_what_an_iterator_raises_comes_through_after_what_it_gave_before_is_saved(
    database_url, monkeypatch
) -> None:
    monkeypatch.setenv("VIRALFORGE_BATCH_SIZE", "10")

    def posts():
        for number in range(25):
            yield {"platform": "youtube", "externalId": f"{number:011}"}
        raise KeyError("the caller's own")

    with DataWarehouse.open(database_url) as warehouse:
        with pytest.raises(KeyError, match="the caller's own"):
            warehouse.bulk_save_scraped_posts(posts())
        assert warehouse.sql("SELECT count(*) FROM scraped_posts")[0] == (25,)


def test_an_iterator_may_itself_use_the_warehouse(database_url) -> None:
    database = Database.open(database_url, pool_size=1)
    with DataWarehouse(database, Settings(pool_size=1, batch_size=2)) as warehouse:

        def posts():
            for number in range(9):
                yield {"platform": "youtube", "externalId": f"{number:011}"}
                warehouse.track_event({"eventName": "a", "eventType": "b"})

        assert warehouse.bulk_save_scraped_posts(posts()).new == 9


def test_a_database_that_only_reads_is_told_so(database_url, admin) -> None:
    name = database_url.split("?")[0].rpartition("/")[2]
    admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with DataWarehouse.open(database_url) as warehouse, pytest.raises(AccessDenied, match="only reads"):
        warehouse.save_scraped_post({"platform": "x", "externalId": "20"})


def test_erased_posts_stay_erased_whatever_is_saved(warehouse, database) -> None:
    post = {"platform": "youtube", "externalId": "dQw4w9WgXcQ", "views": 5, "observedAt": NOW}
    known = warehouse.save_scraped_post(post)
    with database.connection() as connection:
        connection.execute(
            "UPDATE viralforge.scraped_posts SET title = NULL, views = NULL, erased_at = now()"
        )
        connection.execute("DELETE FROM viralforge.post_metrics_history")
    later = post | {"title": "back", "observedAt": NOW + timedelta(seconds=9)}
    saved = warehouse.bulk_save_scraped_posts([later, post | {"views": 9}, later | {"views": 10}])
    warehouse.save_scraped_post(later)
    warehouse.record_metrics_snapshot(known, {"views": 7})
    assert (saved.new, saved.updated, saved.unchanged) == (0, 0, 3)
    assert database.read(b"SELECT title, views, sightings FROM viralforge.scraped_posts") == [(None, None, 1)]
    assert database.read(b"SELECT count(*) FROM viralforge.post_metrics_history") == [(0,)]


def test_a_query_of_ones_own_that_is_wrong_is_told(warehouse) -> None:
    with pytest.raises((InvalidInput, SchemaBehind)):
        warehouse.sql("SELECT nothing FROM nowhere")


def test_who_may_only_read_can_open_a_warehouse_whose_months_have_run_out(database_url, database) -> None:
    months = database.read(
        b"SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class ON oid = inhrelid AND relkind = 'r'"
    )
    role = f"analyst_{os.getpid()}"
    with psycopg.connect(database_url, autocommit=True) as owner:
        for (month,) in months:
            owner.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier("viralforge", month)))
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x'").format(sql.Identifier(role)))
        try:
            for right in ("USAGE ON SCHEMA viralforge", "SELECT ON ALL TABLES IN SCHEMA viralforge"):
                owner.execute(sql.SQL("GRANT {} TO {}").format(sql.SQL(right), sql.Identifier(role)))
            url = f"{database_url}{'&' if '?' in database_url else '?'}options=-c%20role%3D{role}"
            with DataWarehouse.open(url) as warehouse:
                assert list(warehouse.posts.top()) == []
        finally:
            owner.execute(sql.SQL("DROP OWNED BY {0}").format(sql.Identifier(role)))
            owner.execute(sql.SQL("DROP ROLE {0}").format(sql.Identifier(role)))


def test_values_of_a_query_of_ones_own_are_bound(warehouse: DataWarehouse) -> None:
    assert warehouse.sql("SELECT %s || 'x', 5 %% 3", ["'; drop"])[0] == ("'; dropx", 2)
    assert warehouse.sql("SELECT %(a)s::int", {"a": 3})[0] == (3,)
    assert warehouse.sql("SELECT 5 % 3")[0] == (2,)


def test_payloads_come_in_as_they_are(warehouse: DataWarehouse) -> None:
    post = {"source": "x", "id": "1001", "text": "Soup", "metrics": {"likes": 7}}
    report = warehouse.ingest_payloads([post, [post | {"id": "1002"}]])
    assert (report.read, report.new) == (2, 2)


def test_mistakes_in_calls_are_told(warehouse: DataWarehouse) -> None:
    known = warehouse.save_scraped_post({"platform": "x", "externalId": "20"})
    trend = warehouse.create_trend({"title": "soup"})
    with pytest.raises(InvalidInput, match="one id is no list of ids"):
        warehouse.link_trend_to_sources(trend, known)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="no number is known; give one at least of views, likes"):
        warehouse.record_metrics_snapshot(known, {})
    with pytest.raises(InvalidInput, match="limit: -1"):
        warehouse.scrapes.rejections(limit=-1)

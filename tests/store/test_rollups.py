"""The daily rollup: exact while writers write, folded without a flicker, mended after SQL behind our back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

from tests.store.reading import assert_rollups_exact
from viralforge.store import rollups

NOW = datetime.now(UTC)
TOTALS = b"SELECT sum(posts_scraped), sum(total_views) FROM viralforge.v_daily_scraping_stats"


def posts(count: int, **more: object) -> list[dict[str, object]]:
    post = {"platform": "youtube", "views": 10, "likes": 3, "observed_at": NOW - timedelta(days=3)} | more
    return [post | {"external_id": f"1{number:010}"} for number in range(count)]


def test_the_view_is_the_same_before_and_after_folding(warehouse, database) -> None:
    for post in [*posts(20), *posts(30, platform="tiktok", views=None)]:
        warehouse.save_scraped_post(post)
    assert warehouse.rollups.backlog() > 0
    before = database.read(TOTALS)
    assert warehouse.rollups.fold() > 0
    assert (warehouse.rollups.backlog(), warehouse.rollups.fold()) == (0, 0)
    assert database.read(TOTALS) == before
    assert_rollups_exact(database)


def test_a_replay_leaves_no_delta(warehouse) -> None:
    warehouse.bulk_save_scraped_posts(posts(20))
    warehouse.rollups.fold()
    for post in posts(20):
        warehouse.save_scraped_post(post)
    warehouse.bulk_save_scraped_posts(posts(20))
    assert warehouse.rollups.backlog() == 0


def test_what_sql_did_behind_our_back_is_found_and_mended(warehouse, database) -> None:
    warehouse.bulk_save_scraped_posts([*posts(20), *posts(5, platform="tiktok", observed_at=NOW)])
    warehouse.rollups.fold()
    with database.connection() as connection:
        connection.execute("UPDATE viralforge.scraped_posts SET views = 11 WHERE external_id = '10000000001'")
        connection.execute("DELETE FROM viralforge.scraped_posts WHERE external_id = '10000000002'")
        connection.execute("UPDATE viralforge.daily_rollup SET posts = 99 WHERE platform = 'tiktok'")
    drifts = [drift[1:] for drift in warehouse.rollups.check()]
    day, today = ((NOW - timedelta(days=days)).astimezone(UTC).date() for days in (3, 0))
    assert sorted(drifts) == [(f"{day} youtube", "20", "19"), (f"{today} tiktok", "99", "4")]
    assert warehouse.rollups.rebuild() == 2
    assert_rollups_exact(database)
    assert warehouse.rollups.rebuild() == 0
    with database.connection() as connection:
        connection.execute("DELETE FROM viralforge.scraped_posts")
    assert warehouse.rollups.rebuild() == 2
    assert database.read(TOTALS) == [(None, None)]
    assert warehouse.rollups.check() == []


def test_no_reader_sees_a_post_twice_or_not_at_all_while_rollups_are_folded_and_rebuilt(
    warehouse, database
) -> None:
    warehouse.bulk_save_scraped_posts(posts(50))
    done, seen = Event(), set()

    def upkeep() -> None:
        while not done.is_set():
            warehouse.rollups.fold()
            warehouse.rollups.rebuild()

    def write() -> None:
        for number in range(60):
            warehouse.bulk_save_scraped_posts(posts(50, observed_at=NOW - timedelta(hours=number)))

    with ThreadPoolExecutor(4) as threads:
        keepers = [threads.submit(upkeep) for _ in range(2)]
        writer = threads.submit(write)
        while not writer.done():
            seen.update(database.read(TOTALS))
        done.set()
        for each in (writer, *keepers):
            each.result()
    assert seen == {(50, 500)}
    assert_rollups_exact(database)


def test_a_fold_gives_way_to_a_fold_that_runs(warehouse, database) -> None:
    warehouse.save_scraped_post(posts(1)[0])
    with database.connection() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%(lock)s)", {"lock": 0x5646_0003})
        assert warehouse.rollups.fold() is None
        assert warehouse.rollups.backlog() > 0
    assert warehouse.rollups.fold() > 0


def test_readers_wait_neither_for_a_refresh_nor_for_a_rebuild(warehouse, database) -> None:
    warehouse.bulk_save_scraped_posts(posts(30, hashtags=["soup"], observed_at=NOW, views=2000))
    hashtags = b"SELECT post_count FROM viralforge.v_trending_hashtags"
    with database.connection() as busy:
        rollups._made_anew(busy)
        busy.execute("SELECT viralforge.refresh_popular_content()")
        with database.connection() as reader:
            reader.execute("SET LOCAL lock_timeout = '2s'")
            popular = reader.execute("SELECT count(*) FROM viralforge.mv_popular_content_24h").fetchone()
            assert popular == (0,)
            assert reader.execute(TOTALS).fetchone() == (30, 60_000)
            assert reader.execute(hashtags).fetchone() == (30,)
        warehouse.save_scraped_post(posts(1, observed_at=NOW)[0])
    assert database.read(b"SELECT count(*) FROM viralforge.mv_popular_content_24h") == [(30,)]
    assert_rollups_exact(database)


def test_a_rebuild_waits_for_no_deletion_and_gives_way_to_none(warehouse, database) -> None:
    for hours in (30, 1):
        warehouse.bulk_save_scraped_posts(
            posts(3, views=10**6 // hours, observed_at=NOW - timedelta(hours=hours))
        )
    warehouse.rollups.fold()
    assert database.read(b"SELECT count(*) FROM viralforge.growth_spans") == [(6,)]
    known = [row[0] for row in database.read(b"SELECT id FROM viralforge.scraped_posts ORDER BY id")]
    with database.connection() as busy:
        busy.execute(rollups.QUERIES["one_snapshot"])
        busy.execute("SELECT 1")
        assert warehouse.delete_post(known[0])
        rollups._run(busy, (*rollups._REBUILD, *rollups._FOLD))
        assert warehouse.delete_post(known[1])
    assert_rollups_exact(database)
    warehouse.rollups.fold()
    assert database.read(b"SELECT count(*) FROM viralforge.growth_spans") == [(2,)]
    assert_rollups_exact(database)


def test_a_hashtag_that_is_null_counts_for_nothing(warehouse, database) -> None:
    warehouse.save_scraped_post(posts(1, hashtags=["soup"], observed_at=NOW)[0])
    warehouse.sql("UPDATE viralforge.scraped_posts SET hashtags = '{soup,NULL}'")
    assert warehouse.rollups.check() == []
    warehouse.save_scraped_post(posts(1, observed_at=NOW + timedelta(seconds=1), views=20)[0])
    warehouse.rollups.fold()
    assert [row[:3] for row in warehouse.hashtags.trending()] == [("soup", "youtube", 1)]
    assert warehouse.rollups.check() == []

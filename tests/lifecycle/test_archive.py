"""The archive: what is old moves whole, once, and nothing that people ask is answered otherwise."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from tests.lifecycle import old
from viralforge.db.queries import Queries
from viralforge.errors import ArchiveError, ArchiveUnavailable, ConfigurationError
from viralforge.warehouse import DataWarehouse

VIEWS = (
    "v_top_posts_by_platform", "v_trending_hashtags", "v_daily_scraping_stats", "v_user_engagement_funnel",
    "mv_popular_content_24h",
)  # fmt: skip


def answers(warehouse: DataWarehouse) -> dict[str, object]:
    return {view: sorted(map(str, warehouse.sql(f"SELECT * FROM {view}"))) for view in VIEWS}


def test_everything_due_moves_and_nothing_is_lost_or_doubled(past: DataWarehouse) -> None:
    before, shown = old.held(past), answers(past)

    assert past.archive.run() > 0

    assert old.held(past) == before
    assert past.archive.run() == 0
    assert answers(past) == shown
    assert not past.rollups.check()


def test_months_of_readings_and_events_give_their_disk_back(past: DataWarehouse) -> None:
    old_months = """SELECT relname FROM pg_class JOIN pg_inherits ON inhrelid = pg_class.oid
                    WHERE relkind = 'r'
                      AND right(relname, 7) < to_char(now() - interval '400 days', 'YYYY_MM')"""
    assert len(past.sql(old_months)) > 3

    past.archive.run()

    assert not past.sql(old_months)


def test_a_stub_keeps_what_lists_show_and_gives_up_the_rest(past: DataWarehouse) -> None:
    past.archive.run()
    stubs = past.sql(
        """SELECT count(*), count(raw_json), count(description), count(media_urls), count(title), count(url),
                  count(hashtags), count(author)
           FROM scraped_posts WHERE archived_at IS NOT NULL"""
    )
    assert list(stubs) == [(54, 0, 0, 0, 54, 0, 54, 54)]


def test_a_post_that_is_seen_again_is_whole_again_and_is_archived_again(past: DataWarehouse) -> None:
    past.archive.run()
    seen = past.save_scraped_post(old.post(1, 7, old.NOW - timedelta(days=100)) | {"description": None})
    now = """SELECT raw_json ->> 'seen', description, archived_at < last_scraped_at
             FROM scraped_posts WHERE id = %s"""
    assert list(past.sql(now, [seen])) == [("7", None, True)]

    past.archive.run()

    assert list(past.sql(now, [seen])) == [(None, None, False)]
    [(raw, description)] = [
        row[1:3] for row in old.cold_rows(past, "posts") if row[0] == str(seen) and '"seen": 7' in row[1]
    ]
    assert description is None and raw


def test_a_month_that_is_written_to_while_it_is_archived_is_read_again(
    past: DataWarehouse, monkeypatch
) -> None:
    """A reading that comes between export and removal is in the archive in the end."""
    late = old.NOW - timedelta(days=495)
    month = type(past.archive._removal).month

    def written_to(self, table, of, *more):
        if table.name == "history" and not done:
            done.append(True)
            past.record_metrics_snapshot(one, {"views": 5, "recorded_at": late})
        return month(self, table, of, *more)

    done: list[bool] = []
    one = past.sql("SELECT id FROM scraped_posts WHERE external_id = 'post0000002'")[0][0]
    monkeypatch.setattr(type(past.archive._removal), "month", written_to)
    past.archive.run()
    assert [row for row in old.cold_rows(past, "history") if row[0] == str(one) and row[1] == late]
    assert max(old.held(past)["history"].values()) == 1


def test_a_post_that_says_more_of_the_same_moment_meanwhile_stays_whole(
    past: DataWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the archive does not have yet is not given up."""
    posts = type(past.archive._removal).posts
    richer = old.post(2, 4, old.NOW - timedelta(days=420)) | {"views": 10**6, "description": "much more"}

    def written_to(self, files):
        if not done:
            done.append(past.save_scraped_post(richer))
        return posts(self, files)

    done: list[object] = []
    monkeypatch.setattr(type(past.archive._removal), "posts", written_to)
    past.archive.run()
    assert past.posts.get(done[0]).description == "much more"
    assert len([row for row in old.cold_rows(past, "posts") if row[0] == str(done[0])]) == 2
    one = f"SELECT description FROM posts WHERE id = '{done[0]}'"
    assert past.cold.sql(one).rows == [("much more",)]
    past.archive.restore("posts")
    hot = "SELECT description, media_urls FROM scraped_posts WHERE id = %s"
    assert past.sql(hot, done) == [("much more", ["https://media.example/2"])]


def test_a_range_that_cannot_be_moved_does_not_hold_up_the_others(past: DataWarehouse) -> None:
    past.archive.run()
    one = past.sql("SELECT id FROM scraped_posts WHERE external_id = 'post0000002'")[0][0]
    past.record_metrics_snapshot(one, {"views": 7, "recorded_at": old.NOW - timedelta(days=495)})
    past.bulk_save_scraped_posts([old.post(9_999, 1, old.NOW - timedelta(days=200))])
    month = (old.NOW - timedelta(days=495)).strftime("month=%Y-%m")
    lake = past.archive.lake
    [broken] = [file.file_path for file in lake.files("history") if month in file.file_path]
    system, where = lake.place(broken)
    with system.open_output_stream(where) as sink:
        sink.write(b"PAR1, or what was left of it")

    for _ in range(2):
        with pytest.raises(ArchiveError):
            past.archive.run()

    assert past.sql("SELECT count(*) FROM scraped_posts WHERE raw_json IS NOT NULL")[0][0] == 6
    assert [step.table_name for step in past.archive.steps() if step.state != "done"] == ["history"]


def test_late_readings_of_a_month_that_left_join_it(past: DataWarehouse) -> None:
    past.archive.run()
    one = past.sql("SELECT id FROM scraped_posts WHERE external_id = 'post0000002'")[0][0]
    past.record_metrics_snapshot(one, {"views": 7, "recorded_at": old.NOW - timedelta(days=495)})
    before = old.held(past)["history"]

    past.archive.run()

    assert old.held(past)["history"] == before
    assert list(past.sql("SELECT count(*) FROM post_metrics_history")) == [(6,)]


def test_readings_older_than_90_days_are_thinned_to_one_a_day_and_whole_in_the_archive(
    archived: None, warehouse: DataWarehouse
) -> None:
    days = [old.NOW - timedelta(days=130) + timedelta(hours=n * 5) for n in range(12)]
    for at in days:
        warehouse.bulk_save_scraped_posts([old.post(n, 1, at) for n in range(4)])
    whole = warehouse.sql("SELECT count(*) FROM post_metrics_history")[0][0]
    warehouse.rollups.fold()

    warehouse.archive.run()

    per_day = warehouse.sql(
        """SELECT max(n), count(*) FROM (
               SELECT count(*) AS n FROM post_metrics_history
               GROUP BY scraped_post_id, (recorded_at AT TIME ZONE 'UTC')::date) AS days"""
    )
    assert per_day[0][0] == 1 and per_day[0][1] < whole
    assert len(old.cold_rows(warehouse, "history")) == whole
    assert not warehouse.rollups.check()
    assert warehouse.archive.run() == 0


def test_without_an_archive_nothing_is_moved_and_it_says_what_to_set(warehouse: DataWarehouse) -> None:
    old.fill(warehouse, 10)
    with pytest.raises(ConfigurationError, match="VIRALFORGE_ARCHIVE_URL"):
        warehouse.archive.run()
    assert not warehouse.archive.steps()


def test_files_that_are_not_what_was_written_keep_the_rows_in_the_database(
    past: DataWarehouse, monkeypatch
) -> None:
    before = old.held(past)
    verify = type(past.archive)._verify

    def damaged(self, step):
        system, where = self.lake.place(step.files[0].path)
        with system.open_input_file(where) as source:
            content = bytearray(source.read())
        for place in range(len(content) // 8, len(content) // 2, 64):
            content[place : place + 8] = b"damaged!"
        with system.open_output_stream(where) as sink:
            sink.write(bytes(content))
        verify(self, step)

    with monkeypatch.context() as patch:
        patch.setattr(type(past.archive), "_verify", damaged)
        with pytest.raises(ArchiveError):
            past.archive.run()
    assert past.archive.steps()[0].error
    assert list(past.sql("SELECT count(*) FROM post_metrics_history")) == [(sum(before["history"].values()),)]

    past.archive.run()

    assert old.held(past) == before


def test_a_disk_that_is_full_is_told_and_nothing_is_lost(
    warehouse: DataWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", small]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only who may mount a small disk can fill it")
    try:
        monkeypatch.setenv("VIRALFORGE_ARCHIVE_URL", str(small))
        old.fill(warehouse, 400)
        before = old.held(warehouse)
        with DataWarehouse.open(warehouse.url) as cramped:
            with pytest.raises(ArchiveUnavailable, match="No space left on device"):
                cramped.archive.run()
            assert "No space left" in cramped.archive.steps()[0].error
            assert old.held(cramped) == before
            subprocess.run(["mount", "-o", "remount,size=8m", small], check=True)
            cramped.archive.run()
            assert old.held(cramped) == before
    finally:
        subprocess.run(["umount", small], check=True)


def test_what_stubs_free_is_filled_by_new_posts(past: DataWarehouse) -> None:
    """The table does not grow by what comes in place of what left."""
    size = "SELECT pg_table_size('scraped_posts')"
    new = [old.post(n, 1, old.NOW) | {"raw_json": {"n": n, "text": "y" * 200}} for n in range(10_000, 12_000)]
    gone = [old.post(n, 1, old.NOW - timedelta(days=300)) for n in range(20_000, 22_400)]
    past.bulk_save_scraped_posts(gone)
    past.archive.run()
    with psycopg.connect(past.url, autocommit=True) as connection:
        connection.execute("VACUUM viralforge.scraped_posts")
    before = past.sql(size)[0][0]

    past.bulk_save_scraped_posts(new)

    assert past.sql(size)[0][0] <= before * 1.02


def test_a_writer_who_comes_while_a_month_leaves_is_served_and_the_month_leaves(past: DataWarehouse) -> None:
    """Whoever waits for that month while it waits for the writer makes a deadlock, which it gets over."""
    one = past.sql("SELECT id FROM scraped_posts WHERE external_id = 'post0000002'")[0][0]
    hot, begun, written = type(past.archive)._hot, Event(), Event()

    def late() -> None:
        begun.wait(30)
        past.record_metrics_snapshot(one, {"views": 3, "recorded_at": old.NOW - timedelta(days=499)})
        written.set()

    @contextmanager
    def watched(self, step):
        with hot(self, step) as rows:
            if step.state == "verified" and step.table.name == "history":
                begun.set()
                written.wait(1)
            yield rows

    thread = Thread(target=late)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(past.archive), "_hot", watched)
        past.archive.run()
    thread.join()
    assert written.is_set()
    past.archive.run()
    assert list(past.sql("SELECT count(*) FROM post_metrics_history")) == [(6,)]
    assert max(old.held(past)["history"].values()) == 1


def test_whose_lock_was_lost_changes_no_step_that_another_went_on_with(past: DataWarehouse) -> None:
    def taken_over(step) -> None:
        if step.state == "uploaded":
            past.sql("UPDATE archive_steps SET state = 'done'")

    with pytest.raises(ArchiveError, match="another process has gone on"):
        past.archive.run(taken_over)
    assert {step.state for step in past.archive.steps()} == {"done"}


def test_whether_posts_are_due_is_told_without_a_look_at_stubs(warehouse: DataWarehouse) -> None:
    """By the first entry of the index of those that are whole, whatever the statistics say."""
    warehouse.bulk_save_scraped_posts([old.post(n, 1, old.NOW - timedelta(days=300)) for n in range(300)])
    warehouse.sql("UPDATE scraped_posts SET archived_at = last_scraped_at, raw_json = NULL")
    warehouse.bulk_save_scraped_posts([old.post(n, 1, old.NOW) for n in range(300, 400)])
    with psycopg.connect(warehouse.url, autocommit=True) as connection:
        connection.execute("ANALYZE viralforge.scraped_posts; SET enable_seqscan = off")
        query = b"EXPLAIN " + Queries("lifecycle/due")["has_posts"]
        plan = "\n".join(row[0] for row in connection.execute(query, {"until": old.NOW - timedelta(days=90)}))
    assert "Limit" in plan and "Index Scan using scraped_posts_whole_idx" in plan, plan

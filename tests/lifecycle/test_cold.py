"""Hot and cold answer as one, and what was archived can come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.lifecycle import old
from viralforge.errors import ArchiveUnavailable, InvalidInput
from viralforge.warehouse import DataWarehouse

HISTORY = "SELECT scraped_post_id::text, recorded_at, views, likes FROM {} ORDER BY 1, 2"
EVENTS = "SELECT user_id, count(*), count(DISTINCT session_id) FROM {} GROUP BY 1 ORDER BY 1"


def test_a_post_and_its_history_read_the_same_before_and_after(past: DataWarehouse) -> None:
    ids = [row[0] for row in past.sql("SELECT id FROM scraped_posts ORDER BY id")]
    before = [(past.posts.get(each), list(past.posts.history(each))) for each in ids]

    past.archive.run()

    after = [(past.posts.get(each), list(past.posts.history(each))) for each in ids]
    for (post, readings), (kept, kept_readings) in zip(before, after, strict=True):
        assert kept._replace(archived_at=None) == post
        assert kept_readings == readings


def test_queries_over_hot_and_cold_say_what_the_database_said_before(past: DataWarehouse) -> None:
    history, events = past.sql(HISTORY.format("post_metrics_history")), past.sql(EVENTS.format("app_events"))
    raw = past.sql("SELECT id::text, raw_json ->> 'seen' FROM scraped_posts ORDER BY 1")

    past.archive.run()

    assert list(past.cold.sql(HISTORY.format("history")).rows) == list(history)
    assert list(past.cold.sql(EVENTS.format("events")).rows) == list(events)
    assert list(past.cold.sql("SELECT id, raw_json ->> 'seen' FROM posts ORDER BY 1").rows) == list(raw)


def test_a_query_opens_only_the_files_its_filters_leave(past: DataWarehouse) -> None:
    past.archive.run()
    until = (old.NOW - timedelta(days=490)).isoformat()
    answer = past.cold.sql(f"SELECT count(*) FROM history WHERE recorded_at < TIMESTAMPTZ '{until}'")
    assert answer.rows[0][0] == 60
    assert answer.files_read < answer.files
    assert past.cold.arrow("history", f"recorded_at < '{until}'").num_rows == 60
    assert past.cold.polars("events", columns=("user_id",)).columns == ["user_id"]


def test_a_connection_serves_analysts(past: DataWarehouse) -> None:
    past.archive.run()
    with past.cold.connect("history") as engine:
        assert engine.execute("SELECT count(DISTINCT scraped_post_id) FROM history").fetchone() == (60,)


@pytest.mark.parametrize(
    ("where", "columns", "said"),
    [
        ("recorded_at >>= 1", ("*",), "is no filter; write such as recorded_at >= "),
        ("nothing = 1", ("*",), "history has scraped_post_id, recorded_at"),
        ("views = 'many'", ("*",), "Could not convert many into a long"), (None, ("nope",), "nope"),
    ],
)  # fmt: skip
def test_a_wrong_filter_is_told(
    past: DataWarehouse, where: str | None, columns: tuple[str], said: str
) -> None:
    past.archive.run()
    with pytest.raises(InvalidInput, match=said):
        past.cold.arrow("history", where, columns)


def test_an_archive_that_is_broken_is_told_from_a_wrong_query(past: DataWarehouse, tmp_path: Path) -> None:
    past.archive.run()
    for path in (tmp_path / "the archive").rglob("*.parquet"):
        path.unlink()
    for query in ("SELECT sum(views) FROM history", "SELECT max(raw_json) FROM posts"):
        with pytest.raises(ArchiveUnavailable, match=r"cannot be used now: [^\n]*No such file"):
            past.cold.sql(query)
    with pytest.raises(InvalidInput, match="there are posts, history, events, calls"):
        past.cold.sql("SELECT count(*) FROM scraped_posts")


def test_the_latest_readings_come_from_the_archive_where_the_others_left(past: DataWarehouse) -> None:
    seen, back = (past.sql("SELECT id FROM scraped_posts WHERE external_id = %s", [of])[0][0]
                  for of in ("post0000002", "post0000010"))  # fmt: skip
    before = {each: past.posts.history(each) for each in (seen, back)}
    past.archive.run()
    for each, limit in ((seen, 500), (seen, 2), (back, 1), (back, 3)):
        assert list(past.posts.latest_readings(each, limit=limit)) == list(before[each])[-limit:]


def test_growth_is_held_against_the_sighting_before_though_that_is_in_the_archive(
    past: DataWarehouse,
) -> None:
    query = "SELECT growth, velocity_score FROM v_posts WHERE external_id = 'post0000010'"
    latest, before = old.NOW - timedelta(days=1), old.NOW - timedelta(days=420)
    hours = 419 * 24
    past.archive.run()
    assert list(past.sql(query)) == [(5_000, pytest.approx(5_000 / 5_010 / hours))]
    past.save_scraped_post(old.post(10, 9, latest) | {"views": 20_010})
    assert list(past.sql(query)) == [(15_000, pytest.approx(15_000 / 5_010 / hours))]
    past.save_scraped_post(old.post(10, 4, before) | {"views": 5})
    assert list(past.sql(query)) == [(15_000, pytest.approx(15_000 / 5_010 / hours))]
    past.save_scraped_post(old.post(10, 4, before) | {"views": 6_010})
    assert list(past.sql(query)) == [(14_000, pytest.approx(14_000 / 6_010 / hours))]


@pytest.mark.parametrize(("views", "wins"), [(9_999, True), (5, False)])
def test_of_two_readings_of_one_moment_the_larger_reach_wins_wherever_it_is(
    past: DataWarehouse, views: int, wins: bool
) -> None:
    """A moment that the archive has is seen again, later, with other numbers."""
    (known,) = [row[0] for row in past.sql("SELECT id FROM scraped_posts WHERE external_id = 'post0000002'")]
    past.archive.run()
    before = past.posts.history(known)
    at = before[1].recorded_at
    past.save_scraped_post(old.post(2, 0, at) | {"views": views})
    told = [row.views for row in past.posts.history(known)]
    assert told == [views if wins and each == 1 else row.views for each, row in enumerate(before)]
    query = f"SELECT views FROM history WHERE scraped_post_id = '{known}' ORDER BY recorded_at"
    assert [row[0] for row in past.cold.sql(query).rows] == told
    past.archive.run()
    assert [row.views for row in past.posts.history(known)] == told
    assert [row[0] for row in past.cold.sql(query).rows] == told


@pytest.mark.parametrize(
    "query", ["SELECT", "SELECT * FROM history WHERE nothing = 1", "SELECT * FROM elsewhere"]
)
def test_a_wrong_query_is_told_in_one_line(past: DataWarehouse, query: str) -> None:
    past.archive.run()
    with pytest.raises(InvalidInput, match=r"^SQL: [^\n]+$"):
        past.cold.sql(query)


def test_what_comes_back_is_what_left_and_stays_for_a_while(past: DataWarehouse) -> None:
    before, everything = old.held(past), past.sql("SELECT * FROM post_metrics_history ORDER BY 1, 2")
    past.archive.run()

    for name in ("history", "events", "calls", "posts"):
        assert past.archive.restore(name) > 0

    assert list(past.sql("SELECT * FROM post_metrics_history ORDER BY 1, 2")) == list(everything)
    for name in ("events", "calls", "posts"):
        assert {row[:2] for row in past.sql(old.HOT[name])} == {row[:2] for row in before[name]}
    past.rollups.fold()
    assert not past.rollups.check()
    past.archive.run()
    assert list(past.sql("SELECT * FROM post_metrics_history ORDER BY 1, 2")) == list(everything)


def test_what_is_not_in_the_archive_cannot_come_back(past: DataWarehouse) -> None:
    past.archive.run()
    with pytest.raises(InvalidInput, match="no history of 2001-01"):
        past.archive.restore("history", datetime(2001, 1, 1, tzinfo=UTC).date())
    with pytest.raises(InvalidInput, match="none of posts, history, events, calls"):
        past.archive.restore("users")


def test_what_is_missing_of_the_archive_is_told_by_table(
    past: DataWarehouse, tmp_path: Path, empty_database_url: str
) -> None:
    past.archive.run()
    past.backup(tmp_path / "backup")
    for path in (tmp_path / "the archive" / "viralforge" / "calls").rglob("*.parquet"):
        path.unlink()
    done = DataWarehouse.restore(tmp_path / "backup", empty_database_url, allow_missing=True)
    assert done.lost == ["1 file of calls"]

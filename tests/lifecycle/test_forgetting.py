"""Who is erased is erased from the archive too: from its tables, and from every file under its place."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.lifecycle import old
from viralforge.errors import ConfigurationError, ErasureUnfinished
from viralforge.lifecycle.archive.files import duckdb
from viralforge.lifecycle.archive.forgetting import Forgetting
from viralforge.warehouse import DataWarehouse


def everything_archived(folder: Path) -> str:
    """All that the files of the archive hold, packed or not: rows, statistics, manifests, metadata."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            with duckdb() as engine:
                found.append(str(engine.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()))
        if path.is_file():
            found.append(path.read_bytes().decode("latin-1"))
    return "\n".join(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "the archive"


def traced(warehouse: DataWarehouse) -> list[tuple[object, ...]]:
    """What the rollups say that trends brought."""
    warehouse.rollups.fold()
    assert not warehouse.rollups.check()
    query = """SELECT trend_id, event_name, sum(events)::bigint FROM traced_rollup
               GROUP BY 1, 2 HAVING sum(events) > 0 ORDER BY 1, 2"""
    return [*map(tuple, warehouse.sql(query))]


def traced_in_the_archive(warehouse: DataWarehouse) -> list[tuple[object, ...]]:
    """The same, counted event by event where all of them are archived."""
    with duckdb() as engine:
        engine.register("cold", warehouse.cold.arrow("events"))
        return engine.execute(
            """SELECT json_extract_string(properties, '$.trend_id')::BIGINT, event_name, count(*)
               FROM cold GROUP BY 1, 2 ORDER BY 1, 2"""
        ).fetchall()


def test_a_user_is_nowhere_in_the_archive_and_the_sums_are_exact(past: DataWarehouse, folder: Path) -> None:
    past.archive.run()
    assert "user-3" in everything_archived(folder)
    others = [row for row in old.cold_rows(past, "events") if row[2] != "user-3"]

    receipt = past.erase_user("user-3")

    assert receipt.to_dict()["archive"] == {"events": 17, "calls": 0}
    assert past.verify_receipt(receipt.to_dict())
    assert "user-3" not in everything_archived(folder)
    assert sorted(map(str, old.cold_rows(past, "events"))) == sorted(map(str, others))
    assert traced(past) == traced_in_the_archive(past)
    assert past.erase_user("user-3").to_dict()["archive"] == {"events": 0, "calls": 0}


def test_an_author_is_nowhere_in_the_archive(past: DataWarehouse, folder: Path) -> None:
    past.archive.run()
    assert "author 1" in everything_archived(folder)
    ids = [
        str(row[0])
        for row in past.sql("SELECT id FROM scraped_posts WHERE author_id = 'a1' AND platform = 'reddit'")
    ]

    receipt = past.erase_author("reddit", "a1")

    told = receipt.to_dict()["archive"]
    assert told == {"posts": 15, "history": 75, "calls": 0}
    text = everything_archived(folder)
    assert "author 1" not in text
    assert not [each for each in ids if each in text]
    assert past.cold.sql("SELECT count(*) FROM history").rows[0] == (306 - 75,)


def test_a_post_is_nowhere_in_the_archive_and_does_not_come_back(past: DataWarehouse, folder: Path) -> None:
    past.archive.run()
    receipt = past.erase_post("reddit", "post0000001")
    assert receipt.to_dict()["archive"] == {"posts": 1, "history": 5, "calls": 0}
    assert "post0000001" not in everything_archived(folder)
    past.archive.restore("history")
    past.archive.restore("posts")
    assert past.posts.find("reddit", "post0000001").title is None
    assert not past.posts.history(past.posts.find("reddit", "post0000001").id)


def test_an_anonymous_user_leaves_the_numbers_and_nothing_else(past: DataWarehouse, folder: Path) -> None:
    past.archive.run()
    shown = sorted(row[1:] for row in past.sql("SELECT * FROM v_user_engagement_funnel"))
    past.anonymise_user("user-3")
    assert "user-3" not in everything_archived(folder)
    assert len(old.cold_rows(past, "events")) == 120
    assert sorted(row[1:] for row in past.sql("SELECT * FROM v_user_engagement_funnel")) == shown
    past.rollups.fold()
    assert not past.rollups.check()
    past.archive.restore("events")
    past.rollups.fold()
    assert not past.rollups.check()
    assert sorted(row[1:] for row in past.sql("SELECT * FROM v_user_engagement_funnel")) == shown


def test_the_calls_of_an_erased_users_runs_go_with_them(past: DataWarehouse) -> None:
    past.add_user("someone")
    past.sql("UPDATE crew_executions SET user_id = 'someone'")
    past.archive.run()
    assert len(old.cold_rows(past, "calls")) == 60
    assert past.erase_user("someone").to_dict()["archive"] == {"events": 0, "calls": 60}
    assert old.cold_rows(past, "calls") == []


class Killed(BaseException):
    """What no handler of errors catches."""


def test_an_erasure_killed_after_the_archive_changed_counts_all_the_same(
    past: DataWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.archive.run()

    def killed(self) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Forgetting, "_count_anew", killed)
        past.erase_user("user-3")
    assert traced(past) != traced_in_the_archive(past)

    assert len(past.finish_erasures()) == 1

    assert traced(past) == traced_in_the_archive(past)


def test_what_a_call_failed_with_is_forgotten_where_it_names_whom_is_erased(
    past: DataWarehouse, folder: Path
) -> None:
    past.sql(
        "UPDATE crew_calls SET ok = false, error = 'no such page: ' || id || ' of Author 1!' WHERE id % 2 = 0"
    )
    past.archive.run()
    before = old.cold_rows(past, "calls")

    assert past.erase_author("reddit", "a1").to_dict()["archive"]["calls"] == 30

    assert "of author 1" not in everything_archived(folder).lower()
    assert sorted(old.cold_rows(past, "calls")) == sorted(before)


@pytest.mark.parametrize("state", ["exporting", "uploaded", "verified"])
def test_an_erasure_after_an_archive_was_killed_leaves_nothing(
    past: DataWarehouse, folder: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """What was written or committed, and not removed yet, does not bring the user back either."""
    move = type(past.archive)._move

    def moved(self, step, to, **more) -> None:
        move(self, step, to, **more)
        if (step.table.name, to) == ("events", state):
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(type(past.archive), "_move", moved)
        past.archive.run()

    past.erase_user("user-2")

    assert "user-2" not in everything_archived(folder)
    before = old.held(past)
    past.archive.run()
    assert "user-2" not in everything_archived(folder)
    assert old.held(past) == before


def test_what_a_platform_says_is_gone_is_gone_from_the_archive(past: DataWarehouse, folder: Path) -> None:
    past.sql("UPDATE scraped_posts SET fetched_via = 'official_api'")
    past.archive.run()
    assert "post0000003" in everything_archived(folder)
    assert past.terms.gone("reddit", ["post0000003"]) == 1
    assert "post0000003" not in everything_archived(folder)
    assert past.posts.find("reddit", "post0000003") is None


def test_an_export_has_what_is_in_the_archive(past: DataWarehouse) -> None:
    past.add_user("user-1")
    past.sql("UPDATE crew_executions SET user_id = 'user-1'")
    past.archive.run()
    user = json.loads("".join(past.export_user("user-1")))
    assert len(user["archived_events"]) == 17 and len(user["archived_calls"]) == 60
    author = json.loads("".join(past.export_author("reddit", "a1")))
    assert len(author["archived_posts"]) == 15 and len(author["archived_history"]) == 75
    assert "Title 1" in {post["title"] for post in author["archived_posts"]}


def test_the_posts_of_an_author_that_were_deleted_are_erased_from_the_archive(
    past: DataWarehouse, folder: Path
) -> None:
    past.archive.run()
    past.delete_post(past.posts.find("reddit", "post0000001").id)
    receipt = past.erase_author("reddit", "a1")
    assert receipt.to_dict()["archive"] == {"posts": 15, "history": 75, "calls": 0}
    assert "author 1" not in everything_archived(folder)


def test_events_of_a_user_who_was_deleted_do_not_come_back(past: DataWarehouse) -> None:
    past.archive.run()
    past.delete_user("user-3")
    past.archive.restore("events")
    assert past.sql("SELECT count(*) FROM app_events WHERE user_id IS NULL")[0][0] == 0
    assert past.sql("SELECT count(*) FROM app_events")[0][0] == 103
    past.rollups.fold()
    assert not past.rollups.check()


def test_a_restored_copy_changes_nothing_in_the_archive_until_it_is_told_to(
    past: DataWarehouse, tmp_path: Path, empty_database_url: str
) -> None:
    past.archive.run()
    past.backup(tmp_path / "backup")
    DataWarehouse.restore(tmp_path / "backup", empty_database_url)
    with DataWarehouse.open(empty_database_url) as copy:
        assert copy.cold.sql("SELECT count(*) FROM history").rows[0] == (306,)
        copy.bulk_save_scraped_posts([old.post(9_999, 1, old.NOW - timedelta(days=200))])
        with pytest.raises(ConfigurationError, match="viralforge archive adopt"):
            copy.archive.run()
        with pytest.raises(ErasureUnfinished, match=r"viralforge archive adopt.*viralforge erasures"):
            copy.erase_user("user-3")
        copy.archive.lake.adopt()
        assert len(copy.finish_erasures()) == 1
        assert copy.archive.run()

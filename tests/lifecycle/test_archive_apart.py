"""An archive that is away, elsewhere or another's: nothing of people is left there, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event
from uuid import UUID

import psycopg
import pytest
import sqlalchemy

from tests.lifecycle import old
from tests.lifecycle.test_forgetting import everything_archived
from tests.store.reading import WAITING, wait_for_a_lock
from viralforge.db.locks import SessionLocks
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.errors import ArchiveUnavailable, ConfigurationError, ErasureUnfinished, WarehouseError
from viralforge.lifecycle.archive import turns
from viralforge.lifecycle.backup.archive_part import ArchivePart
from viralforge.warehouse import DataWarehouse


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "the archive"


def test_who_does_not_know_where_the_archive_is_erases_nobody_by_halves(
    past: DataWarehouse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.archive.run()
    with monkeypatch.context() as patch:
        patch.delenv("VIRALFORGE_ARCHIVE_URL")
        with DataWarehouse.open(past.url) as elsewhere:
            with pytest.raises(ErasureUnfinished, match="set VIRALFORGE_ARCHIVE_URL"):
                elsewhere.erase_user("user-3")
            with pytest.raises(ConfigurationError, match="set VIRALFORGE_ARCHIVE_URL"):
                "".join(elsewhere.export_user("user-2"))
    assert "user-3" in everything_archived(folder)

    assert len(past.finish_erasures()) == 1

    assert "user-3" not in everything_archived(folder)


def test_an_erasure_that_cannot_be_done_holds_up_no_other(past: DataWarehouse, folder: Path) -> None:
    past.archive.run()
    shutil.move(folder, folder.with_name("away"))
    for erase in (lambda: past.erase_user("user-3"), lambda: past.erase_author("reddit", "a1")):
        with pytest.raises(ErasureUnfinished, match="viralforge erasures"):
            erase()
    tried: list[str] = []
    forget = past._privacy._cold
    assert forget is not None

    def watched(subject):
        tried.append(subject.kind)
        return forget(subject)

    past._privacy._cold = watched
    with pytest.raises(ErasureUnfinished):
        past.finish_erasures()
    assert tried == ["user", "author"]
    shutil.rmtree(folder, ignore_errors=True)
    shutil.move(folder.with_name("away"), folder)
    assert len(past.finish_erasures()) == 2
    assert "user-3" not in everything_archived(folder)


def test_what_the_terms_remove_leaves_an_archive_that_was_away(past: DataWarehouse, folder: Path) -> None:
    past.sql("UPDATE scraped_posts SET fetched_via = 'official_api'")
    past.archive.run()
    shutil.move(folder, folder.with_name("away"))
    assert past.terms.gone("reddit", ["post0000003"]) == 1
    with pytest.raises(ArchiveUnavailable):
        past.finish_erasures()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.move(folder.with_name("away"), folder)
    assert "post0000003" in everything_archived(folder)

    past.finish_erasures()

    assert "post0000003" not in everything_archived(folder)
    assert past.sql("SELECT count(*) FROM archive_debts")[0] == (0,)


def test_terms_on_numbers_leave_archived_content_and_terms_on_content_the_numbers(
    archived: None, warehouse: DataWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.fill(warehouse)
    warehouse.sql("UPDATE scraped_posts SET fetched_via = 'scraper'")
    warehouse.archive.run()
    rules = {"youtube": {"scraper": {"statistics_days": 200}}, "reddit": {"scraper": {"content_days": 200}}}
    monkeypatch.setenv("VIRALFORGE_TERMS", json.dumps(rules))
    with DataWarehouse.open(warehouse.url) as bound:
        stubs = "SELECT id::text FROM scraped_posts WHERE platform = %s AND archived_at IS NOT NULL"
        youtube, reddit = ({row[0] for row in bound.sql(stubs, [name])} for name in ("youtube", "reddit"))
        readings = len([row for row in old.cold_rows(bound, "history") if row[0] in reddit])

        bound.terms.enforce()

        posts = {row["id"]: row for row in bound.cold.arrow("posts").to_pylist()}
        assert {row[0] for row in old.cold_rows(bound, "history")} & youtube == set()
        assert len([row for row in old.cold_rows(bound, "history") if row[0] in reddit]) == readings > 0
    for one in youtube:
        assert (posts[one]["views"], posts[one]["raw_json"]) == (None, None)
        assert posts[one]["description"] and posts[one]["media_urls"]
    for one in reddit:
        assert posts[one]["likes"] is not None and posts[one]["external_id"]
        assert [posts[one][name] for name in ("description", "author", "raw_json", "hashtags")] == [None] * 4


def test_an_export_needs_nothing_of_the_archives_while_there_is_none(
    warehouse: DataWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.save_scraped_post(old.post(1, 1, old.NOW))
    for name in [
        each for each in sys.modules if each.partition(".")[0] in ("pyiceberg", "pyarrow", "duckdb")
    ]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("pyiceberg", "pyarrow", "duckdb"):
        monkeypatch.setitem(sys.modules, name, None)
    assert len(json.loads("".join(warehouse.export_author("reddit", "a1")))["posts"]) == 1
    assert json.loads("".join(warehouse.export_user("u1")))["archived_events"] == []


def test_a_catalog_that_cannot_be_asked_is_told_as_a_database_is(past: DataWarehouse) -> None:
    past.archive.run()
    nowhere = sqlalchemy.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    past.archive.lake._catalog.engine = nowhere
    for ask in (past.cold.tables, past.archive.lake.require_own, lambda: past.archive.lake.table("posts")):
        with pytest.raises(WarehouseError, match=r"127\.0\.0\.1"):
            ask()


def test_a_backup_that_would_miss_the_archive_is_refused_and_a_copy_of_an_older_one_keeps_off_it(
    past: DataWarehouse,
    folder: Path,
    tmp_path: Path,
    empty_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past.archive.run()
    past.backup(tmp_path / "backup")
    with monkeypatch.context() as patch:
        patch.delenv("VIRALFORGE_ARCHIVE_URL")
        with (
            DataWarehouse.open(past.url) as elsewhere,
            pytest.raises(ConfigurationError, match="Set VIRALFORGE_ARCHIVE_URL"),
        ):
            elsewhere.backup(tmp_path / "without")
    folder.rename(folder.with_name("away"))
    folder.mkdir()
    with pytest.raises(ConfigurationError, match="mount its disk"):
        past.backup(tmp_path / "unmounted", with_archive=True)
    assert not (tmp_path / "without").exists() and not (tmp_path / "unmounted").exists()
    folder.rmdir()
    folder.with_name("away").rename(folder)
    manifest = tmp_path / "backup" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"archive": None}))
    DataWarehouse.restore(tmp_path / "backup", empty_database_url)
    with DataWarehouse.open(empty_database_url) as copy:
        copy.bulk_save_scraped_posts([old.post(9_999, 1, old.NOW - timedelta(days=200))])
        with pytest.raises(ConfigurationError, match="viralforge archive adopt"):
            copy.archive.run()


def test_an_archive_that_lies_elsewhere_is_not_adopted(
    past: DataWarehouse, tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.archive.run()
    past.backup(tmp_path / "backup")
    DataWarehouse.restore(tmp_path / "backup", empty_database_url)
    with monkeypatch.context() as patch:
        patch.setenv("VIRALFORGE_ARCHIVE_URL", str(tmp_path / "another"))
        with (
            DataWarehouse.open(empty_database_url) as copy,
            pytest.raises(ConfigurationError, match="the archive lies at"),
        ):
            copy.archive.lake.adopt()
    with DataWarehouse.open(empty_database_url) as copy:
        with pytest.raises(ConfigurationError, match="viralforge archive adopt"):
            copy.archive.lake.require_own()
        assert copy.archive.lake.adopt() == {}
        copy.archive.lake.require_own()


def test_an_archive_with_a_lost_file_is_adopted_without_it(past: DataWarehouse, folder: Path) -> None:
    past.archive.run()
    rows = len(old.cold_rows(past, "history"))
    [*_, lost] = sorted((folder / "viralforge" / "history").rglob("*.parquet"))
    gone = past.cold.sql(f"SELECT count(*) FROM read_parquet('{lost}')").rows[0][0]
    lost.unlink()
    with pytest.raises(ArchiveUnavailable, match="viralforge archive adopt goes on without"):
        past.cold.sql("SELECT sum(views) FROM history")

    with pytest.raises(ConfigurationError, match=r"lacks files of history: .*--without-lost"):
        past.archive.lake.adopt()
    assert past.archive.lake.adopt(without_lost=True) == {"history": 1}

    assert len(old.cold_rows(past, "history")) == rows - gone < rows
    assert past.erase_user("user-3").total > 0
    shutil.rmtree(folder / "viralforge" / "events" / "metadata")
    with pytest.raises(ErasureUnfinished):
        past.erase_user("user-2")
    assert past.archive.lake.adopt(without_lost=True) == {"events": None}
    assert len(past.finish_erasures()) == 1
    assert [table.table for table in past.cold.tables()] == ["posts", "history", "calls"]


def test_an_archive_by_a_relative_path_is_in_backups(
    warehouse: DataWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIRALFORGE_ARCHIVE_URL", "./the//archive")
    with DataWarehouse.open(warehouse.url) as here:
        old.fill(here, 10)
        here.archive.run()
        found = here.backup(tmp_path / "backup").archive
        assert found is not None and all(Path(file.path).is_absolute() for file in found.files)


def test_a_restore_that_broke_off_while_it_put_files_back_is_done_again(
    past: DataWarehouse,
    folder: Path,
    tmp_path: Path,
    empty_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past.archive.run()
    before = old.held(past)
    past.backup(tmp_path / "backup", with_archive=True)
    shutil.rmtree(folder)

    put_back = ArchivePart.put_back

    def broken(self, tell):
        put_back(ArchivePart(self.files, self.backup, self.mark, self.back[:3], [], is_ours=True), tell)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ArchivePart, "put_back", broken)
        DataWarehouse.restore(tmp_path / "backup", empty_database_url)
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 4

    DataWarehouse.restore(tmp_path / "backup", empty_database_url)

    assert not list(folder.glob(".restoring*"))
    with DataWarehouse.open(empty_database_url) as copy:
        assert old.held(copy) == before
        copy.archive.lake.require_own()


def test_who_waits_for_the_archive_is_let_in_between_two_steps_or_told(
    past: DataWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, order = Event(), []

    def told(step) -> None:
        order.append(step.state)
        begun.set()

    with ThreadPoolExecutor(1) as threads:
        run = threads.submit(past.archive.run, told)
        begun.wait(30)
        past.erase_user("user-3")
        order.append("erased")
        assert run.result(60) > 1
    assert order.index("erased") < len(order) - 1
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.5)
    with closing(SessionLocks(past.url)) as locks:
        assert locks.take(turns.LOCK)
        with pytest.raises(ErasureUnfinished, match="another process is at the archive"):
            past.erase_user("user-2")


def test_readings_of_a_post_that_is_erased_while_they_come_back_do_not_stay(
    past: DataWarehouse, database: Database
) -> None:
    """The erasure begins when some of them are in, and others wait for somebody's row."""
    past.archive.run()
    rows = sorted(row[:2] for row in old.cold_rows(past, "history"))
    last, at = rows[-1]
    month = at.date().replace(day=1)
    known = next(UUID(row[0]) for row in rows if row[1].date().replace(day=1) == month)
    Months(database).ensure("post_metrics_history", [month])
    state = "SELECT count(*) FROM scraped_posts WHERE erased_at IS NOT NULL"
    with ThreadPoolExecutor(2) as threads:
        with psycopg.connect(past.url) as connection:
            mine = (
                "INSERT INTO viralforge.post_metrics_history (scraped_post_id, recorded_at) VALUES (%s, %s)"
            )
            connection.execute(mine, [last, at])
            restored = threads.submit(past.archive.restore, "history", month)
            wait_for_a_lock(database)
            erased = threads.submit(past.erase_post, known)
            while database.read(WAITING)[0][0] < 2 and past.sql(state)[0] == (0,):
                time.sleep(0.01)
            connection.rollback()
        restored.result(60)
        erased.result(60)
    found = past.sql("SELECT count(*) FROM post_metrics_history WHERE scraped_post_id = %s", [known])
    assert found[0] == (0,)

"""A restore refuses what it cannot do before it touches anything, and is all or nothing whatever happens."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time

import psycopg
import pytest

from tests.conftest import new_database, with_database
from tests.lifecycle.backups.conftest import looked_at, rows_of
from viralforge.db import migrate
from viralforge.errors import (
    ArchiveUnavailable,
    ConfigurationError,
    DamagedBackup,
    InvalidInput,
    SchemaAhead,
    StorageFull,
    WarehouseError,
)
from viralforge.warehouse import DataWarehouse

NEWER = r"UNION ALL\nSELECT .* FROM viralforge\.sealed_\w+"
"""What views have of tables that an older schema has not."""
IN_THE_MIDDLE = """
import sys, time
from viralforge.warehouse import DataWarehouse
def tell(step, done, total):
    if step == sys.argv[3]:
        print("there", flush=True)
        time.sleep(100)
DataWarehouse.restore(sys.argv[1], sys.argv[2], replace=True, progress=tell)
"""


def manifest_changed(backup, **changes) -> None:
    place = backup / "manifest.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | changes))


def is_empty(url) -> bool:
    return looked_at(url, rows_of) == {}


def flip(backup) -> None:
    with (backup / "database.dump").open("r+b") as file:
        file.seek(5_000)
        byte = file.read(1)
        file.seek(5_000)
        file.write(bytes([byte[0] ^ 1]))


def cut(backup) -> None:
    os.truncate(backup / "database.dump", 20_000)


def lose_the_dump(backup) -> None:
    (backup / "database.dump").unlink()


def lose_the_manifest(backup) -> None:
    (backup / "manifest.json").unlink()


def cut_the_manifest(backup) -> None:
    os.truncate(backup / "manifest.json", 300)


def name_a_file_elsewhere(backup) -> None:
    found = json.loads((backup / "manifest.json").read_text())["files"]
    manifest_changed(backup, files=[*found, found[0] | {"path": "../../etc/passwd"}])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (flip, r"database\.dump: is damaged: its checksum"),
        (cut, r"database\.dump: has 20,000 bytes of [\d,]+: it was cut off"),
        (lose_the_dump, r"database\.dump: is missing"),
        (lose_the_manifest, r"is no backup, or only a part of one: it has no manifest\.json"),
        (cut_the_manifest, r"manifest\.json: the file: Invalid JSON"),
        (name_a_file_elsewhere, r"manifest\.json: files\.1\.path: String should match"),
    ],
)
def test_a_damaged_backup_is_refused_with_what_and_where(damage, said, backup, empty_database_url) -> None:
    damage(backup)
    for only_check in (True, False):
        with pytest.raises(DamagedBackup, match=said):
            DataWarehouse.restore(backup, empty_database_url, only_check=only_check)
    assert is_empty(empty_database_url)


def test_rows_that_are_not_those_of_the_manifest_are_not_kept(backup, empty_database_url) -> None:
    tables = json.loads((backup / "manifest.json").read_text())["tables"]
    manifest_changed(backup, tables=tables | {"trends": tables["trends"] + 1})
    with pytest.raises(DamagedBackup, match=r"trends has \d+ rows and not the \d+ of the manifest"):
        DataWarehouse.restore(backup, empty_database_url)
    assert is_empty(empty_database_url)


def test_a_dump_that_is_none_leaves_nothing(backup, empty_database_url) -> None:
    from viralforge.lifecycle.backup import manifest

    (backup / "database.dump").write_bytes((backup / "database.dump").read_bytes()[:-9_000])
    manifest_changed(backup, files=[manifest.described(backup, "database.dump").model_dump()])
    with pytest.raises(DamagedBackup, match=r"database\.dump: pg_restore: error"):
        DataWarehouse.restore(backup, empty_database_url)
    assert is_empty(empty_database_url)


def test_a_check_says_what_there_is_and_touches_nothing(backup, empty_database_url) -> None:
    done = DataWarehouse.restore(backup, empty_database_url, only_check=True)
    assert done.only_checked
    assert done.manifest.tables["trends"] > 0
    assert is_empty(empty_database_url)


@pytest.mark.parametrize(
    "changes", [{"schema_revision": "9999"}, {"objects_version": 9999}], ids=["schema", "views"]
)
def test_a_backup_of_a_newer_viralforge_is_refused(changes, backup, empty_database_url) -> None:
    manifest_changed(backup, **changes)
    with pytest.raises(SchemaAhead, match=r"9999.*pip install --upgrade viralforge"):
        DataWarehouse.restore(backup, empty_database_url)
    manifest_changed(backup, format=2)
    with pytest.raises(DamagedBackup, match=r"newer ViralForge. Run: pip install"):
        DataWarehouse.restore(backup, empty_database_url)
    assert is_empty(empty_database_url)


def test_a_backup_of_an_older_viralforge_is_migrated(
    server_url, admin, empty_database_url, tmp_path, monkeypatch
) -> None:
    from alembic import command

    upgrade, objects = command.upgrade, migrate.objects
    with new_database(admin) as name, monkeypatch.context() as older:
        url = with_database(server_url, name)
        older.setattr("alembic.command.upgrade", lambda config, _head: upgrade(config, "0006"))
        older.setattr(migrate, "newest", lambda: "0006")
        older.setattr(migrate, "objects", lambda: tuple(re.sub(NEWER, "", text) for text in objects()))
        older.setattr(migrate.grants, "restore", lambda _connection: None)
        with DataWarehouse.open(url) as warehouse:
            warehouse.save_scraped_post({"platform": "x", "externalId": "20", "views": 7})
            manifest = warehouse.backup(tmp_path / "backup")
    assert manifest.schema_revision == "0006"
    assert DataWarehouse.restore(tmp_path / "backup", empty_database_url).migrated == ("0007",)
    with DataWarehouse.open(empty_database_url) as warehouse:
        assert warehouse.status().posts == 1
        assert list(warehouse.rollups.check()) == []


def test_a_warehouse_that_is_there_is_only_replaced_where_that_is_wanted(backup, database_url) -> None:
    with DataWarehouse.open(database_url) as warehouse:
        warehouse.save_scraped_post({"platform": "x", "externalId": "20", "views": 7})
    before = looked_at(database_url, rows_of)
    with pytest.raises(InvalidInput, match=r"holds a warehouse already \(.*scraped_posts.*--replace"):
        DataWarehouse.restore(backup, database_url)
    assert looked_at(database_url, rows_of) == before
    manifest = DataWarehouse.restore(backup, database_url, replace=True).manifest
    assert looked_at(database_url, rows_of)["scraped_posts"][0] == manifest.tables["scraped_posts"]


def test_a_warehouse_in_which_nothing_is_yet_gives_way(backup, database_url) -> None:
    DataWarehouse.open(database_url).close()
    assert DataWarehouse.restore(backup, database_url).manifest.rows > 1000


def test_a_warehouse_in_use_is_not_replaced(backup, database_url, monkeypatch) -> None:
    monkeypatch.setattr("viralforge.db.dump._GOING_SECONDS", 0.3)
    with DataWarehouse.open(database_url) as warehouse:
        warehouse.save_scraped_post({"platform": "x", "externalId": "20", "views": 7})
        with pytest.raises(WarehouseError, match=r"other processes use this warehouse \(\d+ connections"):
            DataWarehouse.restore(backup, database_url, replace=True)
        assert warehouse.status().posts == 1


def test_a_transaction_left_open_is_waited_for_not_for_ever(backup, database_url, monkeypatch) -> None:
    monkeypatch.setattr("viralforge.db.dump._LOCK_SECONDS", 0.2)
    with psycopg.connect(database_url) as reader:
        reader.execute("SELECT count(*) FROM viralforge.trends")
        with pytest.raises(WarehouseError, match="others are at work in this database"):
            DataWarehouse.restore(backup, database_url, replace=True)
    assert looked_at(database_url, rows_of)["trends"][0] == 0


def test_what_is_of_others_stays_and_a_view_of_theirs_on_ours_is_named(backup, database_url) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE public.trends AS SELECT 'of the app' AS title")
        connection.execute("CREATE VIEW public.mine AS SELECT id FROM viralforge.trends")
    with pytest.raises(WarehouseError, match="what is yours stands on this warehouse: view mine"):
        DataWarehouse.restore(backup, database_url, replace=True)
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP VIEW public.mine")
    DataWarehouse.restore(backup, database_url, replace=True)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT title FROM public.trends").fetchall() == [("of the app",)]


@pytest.mark.parametrize(("step", "there"), [("rows", "a warehouse"), ("indexes", "nothing")])
def test_a_restore_that_is_killed_changes_nothing_and_a_second_succeeds(
    step, there, backup, database_url, empty_database_url
) -> None:
    url = database_url if there == "a warehouse" else empty_database_url
    if there == "a warehouse":
        with DataWarehouse.open(url) as warehouse:
            warehouse.save_scraped_post({"platform": "x", "externalId": "20", "views": 7})
    before = looked_at(url, rows_of)
    command = [sys.executable, "-c", IN_THE_MIDDLE, str(backup), url, step]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "there\n"
        process.kill()
    give_up = time.monotonic() + 10
    while looked_at(url, restorers) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert looked_at(url, rows_of) == before
    manifest = DataWarehouse.restore(backup, url, replace=True).manifest
    assert looked_at(url, rows_of)["app_events"][0] == manifest.tables["app_events"]


def restorers(connection) -> list:
    query = "SELECT pid FROM pg_stat_activity WHERE application_name = 'viralforge restore'"
    return connection.execute(f"{query} AND datname = current_database()").fetchall()


@pytest.fixture
def archived(source_url, tmp_path, monkeypatch):
    """An archive of two files and a backup of its warehouse, with copies of them or without."""
    archive = tmp_path / "archive"
    (archive / "history").mkdir(parents=True)
    for name in ("history/one.parquet", "history/two.parquet"):
        (archive / name).write_text(name)
    monkeypatch.setenv("VIRALFORGE_ARCHIVE_URL", str(archive))
    with DataWarehouse.open(source_url) as warehouse:
        warehouse.backup(tmp_path / "listed")
        warehouse.backup(tmp_path / "copied", with_archive=True)
    return archive


def test_a_missing_file_of_the_archive_is_named_before_anything_is_touched(
    archived, tmp_path, empty_database_url
) -> None:
    lost = archived / "history" / "two.parquet"
    lost.unlink()
    with pytest.raises(InvalidInput, match=rf"1 of the archive's files are missing.*{re.escape(str(lost))}"):
        DataWarehouse.restore(tmp_path / "listed", empty_database_url)
    assert DataWarehouse.restore(tmp_path / "listed", only_check=True).absent == (str(lost),)
    with pytest.raises(InvalidInput, match=r"\(copy .*/copied/archive/00000\d there\)"):
        DataWarehouse.restore(tmp_path / "copied", empty_database_url)
    assert is_empty(empty_database_url)
    done = DataWarehouse.restore(tmp_path / "listed", empty_database_url, allow_missing=True)
    assert done.absent == (str(lost),)
    assert not is_empty(empty_database_url)


def test_an_archive_that_cannot_be_looked_at_here_is_told(backup, empty_database_url) -> None:
    file = {"path": "s3://bucket/archive/one.parquet", "bytes": 3}
    manifest_changed(backup, archive={"url": "s3://bucket/archive", "files": [file]})
    with pytest.raises(ArchiveUnavailable, match=r"s3://bucket/archive cannot be used now"):
        DataWarehouse.restore(backup, empty_database_url)
    assert is_empty(empty_database_url)
    done = DataWarehouse.restore(backup, empty_database_url, allow_missing=True)
    assert done.absent == (file["path"],)
    assert not is_empty(empty_database_url)


def test_the_archives_files_come_back_from_a_backup_that_has_them(
    archived, tmp_path, empty_database_url
) -> None:
    shutil.rmtree(archived)
    done = DataWarehouse.restore(tmp_path / "copied", empty_database_url)
    assert len(done.put_back) == 2
    assert (archived / "history" / "two.parquet").read_text() == "history/two.parquet"
    assert sorted(found.name for found in (archived / "history").iterdir()) == ["one.parquet", "two.parquet"]


def test_a_damaged_copy_of_an_archives_file_is_refused(archived, tmp_path, empty_database_url) -> None:
    (tmp_path / "copied" / "archive" / "000001").write_text("history/2wo.parquet")
    with pytest.raises(DamagedBackup, match=r"archive/000001: is damaged"):
        DataWarehouse.restore(tmp_path / "copied", empty_database_url)
    assert is_empty(empty_database_url)


def test_a_missing_or_too_old_pg_restore_is_told(backup, empty_database_url, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("viralforge.db.cluster.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"needs pg_restore \d+ or later; here is none"):
        DataWarehouse.restore(backup, empty_database_url)


def test_a_disk_that_fills_up_leaves_the_database_as_it_was(backup, tmp_path, short_dir) -> None:
    home = short_dir / "small"
    home.mkdir()
    options = ["-t", "tmpfs", "-o", "size=70m,mode=755", "tmpfs"]
    if subprocess.run(["mount", *options, home], capture_output=True, check=False).returncode:
        pytest.skip("only who may mount a small disk can fill it")
    try:
        DataWarehouse.open(data_dir=home).close()
        free = shutil.disk_usage(home).free
        (home / "ballast").write_bytes(b"\0" * (free - 2_000_000))
        with pytest.raises(StorageFull):
            DataWarehouse.restore(backup, data_dir=home)
        (home / "ballast").unlink()
        with DataWarehouse.open(data_dir=home) as warehouse:
            assert warehouse.status().posts == 0
    finally:
        subprocess.run(["umount", home], check=True)

"""The drill: a warehouse is backed up while it is written to, lost, and restored; nothing may be missing."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.conftest import new_database, with_database
from tests.lifecycle.backups.conftest import (
    EMPTY_ON_PURPOSE,
    SALT,
    answers_of,
    definitions_of,
    looked_at,
    rows_of,
)
from viralforge.db.cluster import programs
from viralforge.errors import AccessDenied, ConfigurationError, InvalidInput, StorageFull, WarehouseError
from viralforge.lifecycle.backup import kept_files
from viralforge.lifecycle.backup.kept_files import KeptFiles
from viralforge.warehouse import DataWarehouse

NOW = "2026-11-20 12:00+00"


def seen_in_the_snapshot(seen: dict) -> KeptFiles:
    """An archive without files, which looks at the very state that is dumped when it is asked for them."""

    def listed(connection):
        seen["rows"] = rows_of(connection)
        connection.execute("SELECT set_config('viralforge.now', %s, false)", [NOW])
        seen["answers"] = answers_of(connection)
        return []

    return KeptFiles("/archive", listed, shutil.copyfile, shutil.copyfile, lambda _path: None, print)


def answers_at_that_time(connection) -> dict:
    connection.execute("SELECT set_config('viralforge.now', %s, false)", [NOW])
    return answers_of(connection)


@contextmanager
def written_to(warehouse: DataWarehouse):
    """Posts and events come in for as long as the block lasts."""
    done = threading.Event()

    def write():
        number = 10_000
        while not done.is_set():
            number += 1
            warehouse.save_scraped_post({"platform": "x", "externalId": str(number), "views": number})
            warehouse.track_event(
                {"event_name": "trend_action", "event_type": "view", "user_id": f"u{number}"}
            )
        counts.append(number - 10_000)

    counts: list[int] = []
    writer = threading.Thread(target=write)
    writer.start()
    try:
        time.sleep(0.1)
        yield
    finally:
        done.set()
        writer.join()
    assert counts[0] > 2


def test_what_was_backed_up_while_it_was_written_to_comes_back_whole(
    server_url, world, admin, empty_database_url, tmp_path
) -> None:
    seen: dict = {}
    with new_database(admin, world) as name:
        url = with_database(server_url, name)
        with DataWarehouse.open(url) as warehouse:
            defined = looked_at(url, definitions_of)
            with written_to(warehouse):
                manifest = warehouse.backup(tmp_path / "backup", archive=seen_in_the_snapshot(seen))
                time.sleep(0.1)
            later = looked_at(url, rows_of)
    # The database is dropped here.
    assert later["scraped_posts"] != seen["rows"]["scraped_posts"]
    done = DataWarehouse.restore(tmp_path / "backup", empty_database_url)
    assert (done.migrated, done.absent) == ((), ())

    found = looked_at(empty_database_url, rows_of)
    empty = {name for name, (count, _) in seen["rows"].items() if not count}
    assert empty == set(), "the world must have something in every table, or the drill proves nothing"
    for table in EMPTY_ON_PURPOSE:
        assert found.pop(table)[0] == 0
        assert manifest.tables[table] == 0
        seen["rows"].pop(table)
    found.pop("schema_state"), seen["rows"].pop("schema_state")  # the order in which objects are made
    assert found == seen["rows"]
    assert looked_at(empty_database_url, answers_at_that_time) == seen["answers"]
    assert looked_at(empty_database_url, definitions_of) == defined
    in_manifest = {name.removeprefix("viralforge_lake."): count for name, count in manifest.tables.items()}
    assert in_manifest == in_manifest | {name: count for name, (count, _) in found.items()}


def test_writing_goes_on_after_a_restore(kept_backup, source_url, empty_database_url) -> None:
    with DataWarehouse.open(source_url) as lost:
        drift = list(lost.rollups.check())
    DataWarehouse.restore(kept_backup, empty_database_url)
    with DataWarehouse.open(empty_database_url) as warehouse:
        assert list(warehouse.rollups.check()) == drift
        highest = warehouse.sql("SELECT max(id) FROM trends")[0][0]
        known = warehouse.sql("SELECT id, external_id FROM scraped_posts WHERE platform = 'youtube' LIMIT 1")[
            0
        ]
        again = {"platform": "youtube", "externalId": known[1], "views": 10**9}
        assert warehouse.save_scraped_post(again) == known[0]
        assert warehouse.create_trend({"title": "after"}) == highest + 1
        warehouse.track_event({"event_name": "a", "event_type": "b", "ip_address": "8.8.8.8"})
        assert warehouse.sql("SELECT ip_hash FROM app_events WHERE event_name = 'a'")[0][0] is not None
        assert warehouse.sql("SELECT min(day) >= current_date - 1 FROM ip_salts")[0][0], "drawn anew"
        with pytest.raises(InvalidInput):
            warehouse.add_user("gone")
        ran = []
        warehouse.once("a-key", b"hash", lambda: ran.append(1))
        assert ran == [], "a request that comes again was answered before the backup"
        warehouse.refresh_popular_content()
        assert list(warehouse.rollups.check()) == drift


def test_the_embedded_warehouse_comes_back_after_its_directory_is_gone(short_dir, tmp_path) -> None:
    home = short_dir / "recovered"
    with DataWarehouse.open(data_dir=home) as warehouse:
        kept = warehouse.save_scraped_post({"platform": "x", "externalId": "20", "views": 7})
        with written_to(warehouse):
            warehouse.backup(tmp_path / "backup")
    shutil.rmtree(home)
    DataWarehouse.restore(tmp_path / "backup", data_dir=home)
    with DataWarehouse.open(data_dir=home) as warehouse:
        assert warehouse.posts.get(kept).views == 7
        assert list(warehouse.rollups.check()) == []


def test_no_salt_and_no_session_is_in_a_backup(kept_backup, server_url, world) -> None:
    with psycopg.connect(with_database(server_url, world)) as connection:
        secrets = connection.execute(
            "SELECT encode(salt, 'hex') FROM viralforge.ip_salts"
            " UNION ALL SELECT encode(token_hash, 'hex') FROM viralforge.web_sessions"
        ).fetchall()
    dumped = subprocess.run(
        [programs() / "pg_restore", "-f", "-", kept_backup / "database.dump"], capture_output=True, check=True
    ).stdout.lower()
    assert SALT.hex() in {secret for (secret,) in secrets}
    assert len(secrets) > 1
    assert b"copy viralforge.app_events_2019_03" in dumped
    for (secret,) in secrets:
        assert secret.encode() not in dumped
        assert bytes.fromhex(secret) not in dumped


def test_a_role_that_may_only_read_takes_a_backup(source_url, admin, tmp_path) -> None:
    role = f"reader_{os.getpid()}"
    admin.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    try:
        url = f"{source_url}{'&' if '?' in source_url else '?'}options=-c%20role%3D{role}"
        with psycopg.connect(source_url) as owner:
            for right in ("USAGE ON SCHEMA viralforge", "SELECT ON ALL TABLES IN SCHEMA viralforge"):
                owner.execute(sql.SQL("GRANT {} TO {}").format(sql.SQL(right), sql.Identifier(role)))
        with DataWarehouse.open(url) as warehouse:
            with pytest.raises(AccessDenied, match="pg_read_all_data"):
                warehouse.backup(tmp_path / "refused")
            admin.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(role)))
            assert warehouse.backup(tmp_path / "backup").rows > 1000
        assert [found.name for found in tmp_path.iterdir()] == ["backup"]
    finally:
        with psycopg.connect(source_url) as owner:
            owner.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_an_app_next_door_is_no_part_of_a_backup(source_url, tmp_path) -> None:
    with psycopg.connect(source_url) as connection:
        connection.execute("CREATE TABLE public.trends (secret_of_the_app text)")
    with DataWarehouse.open(source_url) as warehouse:
        warehouse.backup(tmp_path / "backup")
    listed = subprocess.run(
        [programs() / "pg_restore", "--list", tmp_path / "backup" / "database.dump"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "public" not in listed
    assert "viralforge_lake iceberg_tables" in listed


def test_only_its_owner_may_read_a_backup(kept_backup) -> None:
    modes = [stat.S_IMODE(place.stat().st_mode) for place in (kept_backup, *kept_backup.iterdir())]
    assert modes[0] == 0o700
    assert set(modes[1:]) == {0o600}


def test_a_folder_that_is_there_is_left_alone(database_url, tmp_path) -> None:
    (tmp_path / "mine").write_text("mine")
    with DataWarehouse.open(database_url) as warehouse:
        for there in (tmp_path, tmp_path / "mine"):
            with pytest.raises(InvalidInput, match="is there already"):
                warehouse.backup(there)
    assert [found.name for found in tmp_path.iterdir()] == ["mine"]


def test_a_backup_that_was_killed_leaves_none_and_the_next_sweeps_up(database_url, tmp_path) -> None:
    code = (
        "import sys, time\n"
        "from viralforge.warehouse import DataWarehouse\n"
        "def tell(step, done, total):\n"
        "    if step == 'dumping': print('there', flush=True); time.sleep(60)\n"
        "with DataWarehouse.open(sys.argv[1]) as warehouse: warehouse.backup(sys.argv[2], progress=tell)\n"
    )
    command = [sys.executable, "-c", code, database_url, str(tmp_path / "backup")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "there\n"
        process.kill()
    assert not (tmp_path / "backup").exists()
    assert len(list(tmp_path.iterdir())) == 1
    with DataWarehouse.open(database_url) as warehouse:
        warehouse.backup(tmp_path / "backup")
    assert [found.name for found in tmp_path.iterdir()] == ["backup"]


def test_a_full_disk_leaves_no_backup(source_url, tmp_path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only who may mount a small disk can fill it")
    try:
        full = pytest.raises(StorageFull, match="no space is left for the backup")
        with DataWarehouse.open(source_url) as warehouse, full:
            warehouse.backup(small / "backup")
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.fixture
def other_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where programs are found: the embedded PostgreSQL is not installed."""
    monkeypatch.setattr("viralforge.db.cluster.find_spec", lambda _name: None)
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))
    return place


def test_a_missing_or_too_old_pg_dump_is_told_with_versions(
    warehouse, database, tmp_path, other_programs
) -> None:
    major = database.value(b"SELECT current_setting('server_version_num')::int / 10000")
    with pytest.raises(ConfigurationError, match=rf"needs pg_dump {major} or later; here is none"):
        warehouse.backup(tmp_path / "backup")
    old = other_programs / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.2 (Old 14.2-1)'\n")
    old.chmod(0o755)
    with pytest.raises(
        ConfigurationError, match=rf"needs pg_dump {major} or later; here is 14\.2 \(.*pg_dump"
    ):
        warehouse.backup(tmp_path / "backup")
    assert [found.name for found in tmp_path.iterdir()] == ["bin"]


def test_no_password_stands_among_the_arguments_of_pg_dump(
    warehouse, server_url, tmp_path, other_programs, monkeypatch
) -> None:
    said = tmp_path / "said"
    spy = other_programs / "pg_dump"
    spy.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) 18.1"; exit; fi\n'
        f'echo "$@" > {said}; echo "env $PGPASSWORD" >> {said}; exit 1\n'
    )
    spy.chmod(0o755)
    joint = "&" if "?" in warehouse.url else "?"
    monkeypatch.setattr(warehouse._database, "url", f"{warehouse.url}{joint}password=letmein")
    with pytest.raises(WarehouseError, match="nothing of it was kept"):
        warehouse.backup(tmp_path / "backup")
    arguments, environment = said.read_text().splitlines()
    assert "letmein" not in arguments
    assert environment == "env letmein"


def test_the_archives_files_are_listed_and_copied_where_that_is_wanted(
    source_url, tmp_path, monkeypatch
) -> None:
    archive = tmp_path / "archive"
    (archive / "history").mkdir(parents=True)
    (archive / "history" / "one.parquet").write_bytes(b"one")
    (archive / "v1.json").write_bytes(b"{}")
    monkeypatch.setenv("VIRALFORGE_ARCHIVE_URL", archive.as_uri())
    with DataWarehouse.open(source_url) as warehouse:
        listed = warehouse.backup(tmp_path / "listed").archive
        copied = warehouse.backup(tmp_path / "copied", with_archive=True)
    assert listed.url == str(archive)
    assert [(file.path, file.bytes, file.copied_to) for file in listed.files] == [
        (str(archive / "history" / "one.parquet"), 3, None),
        (str(archive / "v1.json"), 2, None),
    ]
    assert [file.copied_to for file in copied.archive.files] == ["archive/000000", "archive/000001"]
    assert (tmp_path / "copied" / "archive" / "000000").read_bytes() == b"one"
    assert len(copied.files) == 3
    assert json.loads((tmp_path / "copied" / "manifest.json").read_text())["files"][1]["bytes"] == 3
    assert kept_files.in_folder(archive).absent(listed.files) == []

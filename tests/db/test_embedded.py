"""The embedded server's life: started, shared, stopped, and whatever dies in between."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import psycopg
import pytest

from viralforge.db import cluster, embedded
from viralforge.errors import EmbeddedServerError

START = "server = embedded.start(place)\n"
START_AND_WAIT = START + "say('up')\nsys.stdin.read()\n"
FAST = {"fsync": "off"}


def query(url: str, sql: str) -> object:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def test_a_server_is_made_where_there_is_none_and_stopped_at_the_end(new_place):
    with embedded.start(new_place.place) as server:
        assert query(server.url, "SHOW server_encoding") == "UTF8"
        assert query(server.url, "SHOW timezone") == "UTC"
        assert new_place.runs()
    assert not new_place.runs()
    assert not (new_place.data / "postmaster.pid").exists()


def test_what_was_committed_is_there_after_stop_and_start(place):
    with embedded.start(place.place) as server:
        query(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    with embedded.start(place.place) as server:
        assert query(server.url, "SELECT answer FROM kept") == 42


def test_the_last_of_several_users_stops_the_server(place):
    other = place.script(START_AND_WAIT)
    assert other.stdout.readline() == "up\n"
    first, second = embedded.start(place.place), embedded.start(place.place)
    first.stop()
    second.stop()
    second.stop()
    assert place.runs()
    other.communicate("", timeout=20)
    assert not place.runs()


def test_a_user_keeps_the_server_that_another_started_and_left(place):
    other = place.script(START_AND_WAIT)
    assert other.stdout.readline() == "up\n"
    with embedded.start(place.place) as server:
        other.communicate("", timeout=20)
        assert query(server.url, "SELECT 1") == 1
    assert not place.runs()


def test_a_forked_child_does_not_stop_its_parents_server(place):
    with embedded.start(place.place) as server:
        if (child := os.fork()) == 0:
            server.stop()
            os._exit(0)
        os.waitpid(child, 0)
        assert query(server.url, "SELECT 1") == 1


def test_eight_processes_start_one_server_at_once(new_place):
    body = START + "query(server.url, 'SELECT 1'); say(os.getpid()); sys.stdin.read()"
    processes = [new_place.script(body) for _ in range(8)]
    said = {process.stdout.readline().strip() for process in processes}
    assert said == {str(process.pid) for process in processes}
    assert len([pid for pid in new_place.processes("postgres") if os.getsid(pid) == pid]) == 1
    for process in processes:
        _, complaint = process.communicate("", timeout=30)
        assert (process.returncode, complaint) == (0, "")
    assert not new_place.runs()


def test_a_killed_server_starts_again_with_what_was_committed(place):
    with embedded.start(place.place) as server:
        query(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        place.kill()
        with embedded.start(place.place) as again:
            assert query(again.url, "SELECT answer FROM kept") == 42
    assert not place.runs()


def test_a_killed_server_whose_number_another_process_has_by_now_starts_again(place):
    server = embedded.start(place.place, settings=FAST)
    pid_file = place.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines(keepends=True)
    place.kill()
    pid_file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
    with embedded.start(place.place, settings=FAST) as again:
        assert query(again.url, "SELECT 1") == 1
    server.stop()


def test_a_killed_servers_last_child_is_waited_for(place):
    """PostgreSQL refuses to start beside one, which might still write."""
    server = embedded.start(place.place, settings=FAST)
    with psycopg.connect(server.url) as connection:
        child = connection.info.backend_pid
        os.kill(child, signal.SIGSTOP)
        place.kill()
        threading.Timer(1, os.kill, [child, signal.SIGCONT]).start()
        began = time.monotonic()
        with embedded.start(place.place, settings=FAST) as again:
            assert time.monotonic() - began > 0.9
            assert query(again.url, "SELECT 1") == 1
    server.stop()


def test_the_server_of_a_killed_process_is_taken_over_and_stopped(place):
    other = place.script(START_AND_WAIT)
    assert other.stdout.readline() == "up\n"
    pid = place.pid()
    other.kill()
    other.communicate()
    with embedded.start(place.place) as server:
        assert place.pid() == pid
        assert query(server.url, "SELECT 1") == 1
    assert not place.runs()


def test_a_process_that_just_ends_stops_its_server(place):
    place.run(START + "assert query(server.url, 'SELECT 1') == 1")
    assert not place.runs()


def test_a_process_killed_while_it_makes_the_server_leaves_nothing_in_the_way(new_place, wait_until):
    other = new_place.script(START_AND_WAIT)
    wait_until(lambda: list(new_place.place.glob("pg18.new-*/base")))
    other.kill()
    other.communicate()
    with embedded.start(new_place.place) as server:
        assert query(server.url, "SELECT 1") == 1
    wait_until(lambda: not new_place.processes("initdb"))
    embedded.start(new_place.place).stop()
    assert not list(new_place.place.glob("pg18.new-*"))


def test_a_killed_initdb_is_told_and_leaves_nothing_in_the_way(new_place, wait_until):
    body = (
        "try: embedded.start(place)\nexcept ViralForgeError as error: say(f'{type(error).__name__}: {error}')"
    )
    other = new_place.script(body)
    wait_until(lambda: new_place.processes("initdb"))
    os.kill(new_place.processes("initdb")[0], signal.SIGKILL)  # its children are trials that may fail
    said, complaint = other.communicate(timeout=20)
    assert said.startswith("EmbeddedServerError: the embedded PostgreSQL cannot be made")
    assert not complaint
    with embedded.start(new_place.place) as server:
        assert query(server.url, "SELECT 1") == 1


def test_a_recovery_that_takes_long_is_waited_for_by_everyone(place, monkeypatch, caplog, wait_until):
    """A real one, from an archive that takes a second to say that it has no more."""
    monkeypatch.setattr(embedded, "_SILENT_SECONDS", 0.3)
    with embedded.start(place.place) as server:
        query(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        place.kill()
    signal_file = place.data / "recovery.signal"
    signal_file.touch()
    shutil.copystat(place.data / "PG_VERSION", signal_file)
    shutil.chown(signal_file, (place.data / "PG_VERSION").stat().st_uid)
    other = place.script("server = embedded.start(place); say(query(server.url, 'SELECT answer FROM kept'))")
    began = time.monotonic()
    slow = {"restore_command": "sleep 1; false", "hot_standby": "off"}
    with caplog.at_level(logging.WARNING), embedded.start(place.place, settings=slow) as server:
        assert time.monotonic() - began > 2
        assert query(server.url, "SELECT answer FROM kept") == 42
        assert other.communicate(timeout=20)[0].strip() == "42"
    assert f"{place.data} needs more time, as it does after a crash; waiting" in caplog.text


def test_a_process_that_starts_or_stops_for_long_is_waited_for_and_told(place, monkeypatch, caplog):
    monkeypatch.setattr(embedded, "_SILENT_SECONDS", 0.3)
    with (place.place / "pg18.lock").open() as lock, caplog.at_level(logging.WARNING):
        fcntl.flock(lock, fcntl.LOCK_EX)
        threading.Timer(1, fcntl.flock, [lock, fcntl.LOCK_UN]).start()
        with embedded.start(place.place) as server:
            assert query(server.url, "SELECT 1") == 1
    assert caplog.text.count(f"another process starts or stops PostgreSQL in {place.data}; waiting") == 1


def test_what_keeps_the_server_from_starting_is_told_in_its_own_words(place):
    with pytest.raises(EmbeddedServerError, match=r'invalid value for parameter "work_mem": "lots"'):
        embedded.start(place.place, settings={"work_mem": "lots"})
    with pytest.raises(EmbeddedServerError, match=r"could not open file|could not locate a valid checkpoint"):
        shutil.move(place.data / "global" / "pg_control", place.data / "global" / "away")
        embedded.start(place.place)


def test_data_of_another_major_version_are_not_passed_over(new_place):
    (new_place.place / "pg17").mkdir(parents=True)
    with pytest.raises(EmbeddedServerError, match="pg17 holds the data of another PostgreSQL"):
        embedded.start(new_place.place)


def test_the_server_logs_into_a_file_a_weekday_and_forgets_it_after_a_week(place, wait_until):
    with embedded.start(place.place) as server, pytest.raises(psycopg.errors.UndefinedTable):
        query(server.url, "SELECT 1 FROM nowhere")
    (log,) = place.data.glob("log/*.log")
    wait_until(lambda: "database system is shut down" in log.read_text())
    assert 'relation "nowhere" does not exist' in log.read_text()
    week_ago = time.time() - 7 * 86_400
    os.utime(log, (week_ago, week_ago))
    with embedded.start(place.place):
        (log,) = place.data.glob("log/*.log")
        assert "nowhere" not in log.read_text()


def test_a_system_without_proc_is_served_as_well(place, monkeypatch):
    if not shutil.which("ps"):
        pytest.skip("without /proc the program ps is needed")
    monkeypatch.setattr(cluster, "_PROC", Path("/nowhere"))
    with embedded.start(place.place) as server, embedded.start(place.place):
        assert query(server.url, "SELECT 1") == 1
        place.kill()
        with embedded.start(place.place) as again:
            assert query(again.url, "SELECT 1") == 1
    assert not place.runs()

"""Connections: which databases are taken, what is said of the others, and what is tried again."""

from __future__ import annotations

import runpy
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from viralforge.db import embedded
from viralforge.db.pool import Database
from viralforge.errors import (
    AccessDenied,
    ConfigurationError,
    DatabaseUnavailable,
    SchemaBehind,
    StorageFull,
    WarehouseError,
)

TransactionPooler = runpy.run_path(str(Path(__file__).with_name("pooler.py")))["TransactionPooler"]


class Answer(NamedTuple):
    """A row."""

    number: int
    name: str


def test_every_connection_speaks_utc_and_finds_our_tables(database):
    shown = b"SELECT current_setting('timezone'), current_setting('search_path'), current_setting('jit')"
    for _ in range(2):
        assert database.read(shown) == [("UTC", "viralforge, public", "off")]


def test_rows_come_typed_by_the_names_of_their_columns(database):
    assert database.rows(Answer, b"SELECT 1 AS number, %(name)s::text AS name", {"name": "x"}) == [
        Answer(1, "x")
    ]
    with pytest.raises(AssertionError, match="not the fields of Answer"):
        database.rows(Answer, b"SELECT 'x' AS name, 1 AS number")


def test_a_wrong_password_is_told_without_showing_it(place, tmp_path):
    with embedded.start(place.place) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'the-right-one'")
    rules = place.data / "guests_hba.conf"
    rules.write_text("local all guest scram-sha-256\nlocal all stranger trust\n")
    rules.chmod(0o644)
    with embedded.start(place.place, settings={"hba_file": str(rules)}) as server:
        url = server.url.replace("viralforge@", "guest:the-right-one@")
        Database.open(url).close()
        for refused, why in (
            (url.replace("right", "wrong"), "password authentication failed"),
            (url.replace("guest:the-right-one", "guest"), "no password supplied"),
            (url.replace("guest", "stranger"), 'role "stranger" does not exist'),
            (url.replace("guest", "viralforge"), "no pg_hba.conf entry"),
        ):
            with pytest.raises(AccessDenied, match=why) as raised:
                Database.open(refused)
            assert "one" not in str(raised.value)
            assert "DATABASE_URL" in str(raised.value)


def test_a_server_that_is_away_is_told_at_once(tmp_path):
    began = time.monotonic()
    for away in (f"postgresql:///app?host={tmp_path}", "postgresql://me:secret@127.0.0.1:1/app"):
        with pytest.raises(DatabaseUnavailable, match="does not answer") as raised:
            Database.open(away)
        assert raised.value.retryable
        assert "secret" not in str(raised.value)
    assert time.monotonic() - began < 5


def test_a_database_that_does_not_exist_is_told_with_what_to_do(database_url):
    name = conninfo_to_dict(database_url)["dbname"]
    with pytest.raises(ConfigurationError, match=r'database "nowhere" does not exist.*createdb'):
        Database.open(database_url.replace(name, "nowhere"))


def test_an_encoding_other_than_utf8_is_refused(admin, database_url):
    name = conninfo_to_dict(database_url)["dbname"]
    make = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"
    admin.execute(sql.SQL(make).format(sql.Identifier(f"{name}_latin")))
    try:
        with pytest.raises(ConfigurationError, match="encoding is LATIN1; create it with ENCODING 'UTF8'"):
            Database.open(database_url.replace(name, f"{name}_latin"))
    finally:
        admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(f"{name}_latin")))


@pytest.fixture
def pooled(place):
    """Makes a transaction-mode pooler before a server, which may pretend to be of another version."""
    poolers = []

    def pool(version=None):
        pooler = TransactionPooler(str(place.data / ".s.PGSQL.5432"), "viralforge", "postgres", version)
        poolers.append(pooler)
        return f"postgresql://viralforge@127.0.0.1:{pooler.port}/postgres"

    with embedded.start(place.place):
        yield pool
        for pooler in poolers:
            pooler.close()


def test_a_pooler_in_transaction_mode_is_refused(pooled):
    with pytest.raises(ConfigurationError, match="pooler in transaction mode"):
        Database.open(pooled())


@pytest.mark.parametrize("version", [b"14.19", b"19.0"])
def test_versions_that_are_not_supported_are_refused(pooled, version):
    with pytest.raises(
        ConfigurationError, match=rf"PostgreSQL {version.decode()[:2]} is not supported; use 15 to 18"
    ):
        Database.open(pooled(version))


def test_a_transaction_is_kept_whole_or_not_at_all(database):
    def half(connection):
        connection.execute("INSERT INTO users (id) VALUES ('half')")
        raise ValueError("on second thoughts")

    with pytest.raises(ValueError, match="second thoughts"):
        database.write(half)
    assert database.read(b"SELECT count(*) FROM users") == [(0,)]
    database.write(lambda connection: connection.execute("INSERT INTO users (id) VALUES ('whole')"))
    assert database.read(b"SELECT count(*) FROM users") == [(1,)]


def test_a_single_statement_is_a_transaction_of_its_own(database):
    def two(connection):
        connection.execute("INSERT INTO users (id) VALUES ('kept')")
        connection.execute("INSERT INTO users (id) VALUES (NULL)")

    with pytest.raises(WarehouseError, match="null value"):
        database.write(two, autocommit=True)
    assert database.read(b"SELECT id FROM users") == [("kept",)]


def test_whatever_a_block_leaves_open_is_gone_before_the_next(database_url):
    database = Database.open(database_url, pool_size=1)
    with pytest.raises(WarehouseError, match="no_such"):
        database.write(lambda connection: connection.execute("SELECT no_such()"))
    database.write(lambda connection: connection.execute("BEGIN"), autocommit=True)
    database.query(
        "INSERT INTO users (id) VALUES ('a'); ROLLBACK; BEGIN; INSERT INTO users (id) VALUES ('b')"
    )
    with pytest.raises(ValueError, match="second thoughts"), database.connection() as connection:
        connection.execute("INSERT INTO users (id) VALUES ('c')")
        raise ValueError("on second thoughts")
    states = b"SELECT id, pg_current_xact_id_if_assigned() FROM users"
    assert database.read(states) == [("b", None)]
    database.close()


def test_one_writer_stays_with_one_connection(database):
    pids = {database.value(b"SELECT pg_backend_pid()") for _ in range(50)}
    assert len(pids) == 1


def test_a_connection_that_was_cut_off_unnoticed_is_replaced(database_url):
    database = Database.open(database_url, pool_size=1)
    gone = database.value(b"SELECT pg_backend_pid()")
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [gone])
    assert database.value(b"SELECT pg_backend_pid()") != gone
    database.close()


def test_a_deadlock_between_two_writers_is_tried_again_by_the_one_that_lost(database):
    database.write(lambda connection: connection.execute("INSERT INTO users (id) VALUES ('a'), ('b')"))
    both_hold_one = threading.Barrier(2)
    attempts = []

    def rename(first: str, second: str) -> None:
        def work(connection):
            attempts.append(first)
            connection.execute("SET LOCAL deadlock_timeout = '10ms'")
            for number, user in enumerate((first, second)):
                connection.execute(
                    "UPDATE users SET display_name = coalesce(display_name, '') || %s WHERE id = %s",
                    [first, user],
                )
                if number == 0 and attempts.count(first) == 1:
                    both_hold_one.wait(10)

        database.write(work)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(rename, "ab", "ba"))
    assert len(attempts) == 3
    assert {"".join(sorted(name)) for (name,) in database.read(b"SELECT display_name FROM users")} == {"ab"}


def test_a_writer_whom_others_always_outrun_is_told_to_try_again(database, monkeypatch):
    monkeypatch.setattr("viralforge.db.pool.ATTEMPTS", 3)
    attempts = []

    def lose(connection):
        attempts.append(connection)
        connection.execute("DO $$ BEGIN RAISE 'outrun' USING ERRCODE = 'serialization_failure'; END $$")

    with pytest.raises(DatabaseUnavailable, match=r"came first each time: outrun\. Try again"):
        database.write(lose)
    assert len(attempts) == 3


def test_more_threads_than_connections_wait_for_their_turn(database_url):
    database = Database.open(database_url, pool_size=2)
    with ThreadPoolExecutor(12) as threads:
        pids = list(
            threads.map(lambda _: database.read(b"SELECT pg_backend_pid(), pg_sleep(0.01)")[0][0], range(48))
        )
    assert len(set(pids)) <= 2
    database.close()


def test_a_closed_database_says_so(database_url):
    database = Database.open(database_url)
    database.close()
    with pytest.raises(WarehouseError, match="closed; open it again"):
        database.read(b"SELECT 1")


def test_a_restarted_server_costs_a_running_pool_at_most_one_clear_error(place):
    with embedded.start(place.place) as server:
        database = Database.open(server.url)
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(lambda _: database.read(b"SELECT pg_sleep(0.05)"), range(3)))
            cut_off = threads.submit(database.read, b"SELECT pg_sleep(60)")
            time.sleep(0.2)
            place.kill()
            with pytest.raises(DatabaseUnavailable) as raised:
                cut_off.result(timeout=10)
        assert raised.value.retryable
        with embedded.start(place.place):
            failed = 0
            for _ in range(10):
                try:
                    database.read(b"SELECT 1")
                except DatabaseUnavailable:
                    failed += 1
            assert failed <= 1
        database.close()


def test_a_read_only_server_is_told(database):
    def write(connection):
        connection.execute("SET TRANSACTION READ ONLY")
        connection.execute("INSERT INTO users (id) VALUES ('x')")

    with pytest.raises(AccessDenied, match="only reads"):
        database.write(write)


def test_a_missing_table_is_told_with_the_command_that_makes_it(empty_database_url):
    database = Database.open(empty_database_url)
    with pytest.raises(SchemaBehind, match="viralforge migrate"):
        database.read(b"SELECT 1 FROM viralforge.scraped_posts")
    database.close()


def test_rights_that_are_missing_are_told(database):
    def write(connection):
        connection.execute("SET LOCAL ROLE pg_monitor")
        connection.execute("INSERT INTO viralforge.users (id) VALUES ('x')")

    with pytest.raises(AccessDenied, match="permission denied"):
        database.write(write)


def test_anything_else_is_told_in_postgresqls_words(database):
    with pytest.raises(WarehouseError, match="division by zero"):
        database.read(b"SELECT 1 / 0")


def test_a_full_disk_is_told_and_nothing_of_the_batch_is_kept(as_root, new_place, pristine):
    new_place.place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "mode=755,size=120m", "tmpfs", new_place.place]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        subprocess.run(["cp", "-a", pristine / "pg18", new_place.place], check=True)
        with embedded.start(new_place.place) as server:
            database = Database.open(server.url)
            database.write(lambda connection: connection.execute("CREATE UNLOGGED TABLE large (page text)"))
            fill = "INSERT INTO large SELECT repeat(random()::text, 100) FROM generate_series(1, 1000000)"
            with pytest.raises(StorageFull, match="no space left"):
                database.write(lambda connection: connection.execute(fill))
            assert database.read(b"SELECT count(*) FROM large") == [(0,)]
            database.close()
    finally:
        subprocess.run(["umount", new_place.place], check=True)

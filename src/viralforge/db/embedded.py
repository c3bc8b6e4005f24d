"""The embedded PostgreSQL: a server in the user's data directory, for whoever names no other database.

The first process starts it, every further one shares it, the last one stops it. Who still uses it is told
by a file lock, which the kernel drops even when a process is killed: no count goes stale.
"""

from __future__ import annotations

import atexit
import errno
import fcntl
import logging
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Self

from viralforge.db.cluster import Cluster, fault
from viralforge.errors import ConfigurationError, EmbeddedServerError, StorageFull, ViralForgeError

_LOG = logging.getLogger(__name__)
_LINGERING = "pre-existing shared memory block"
_LINGER_SECONDS = 30
_LOG_SECONDS = 0.2  # the process that writes the server's log ends a little after the server
_SILENT_SECONDS = 10


class EmbeddedServer:
    """A share in a running server: `url` reaches it; `stop`, or the end of a `with` block, gives it back."""

    def __init__(self, cluster: Cluster, users: FileIO, process: subprocess.Popen[bytes] | None) -> None:
        self.url = cluster.url
        self._cluster = cluster
        self._users = users
        self._process = process
        self._owner = os.getpid()
        atexit.register(self._stop_at_exit)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stops the server unless others still use it; done twice, or in a forked child, it does nothing.

        Raises EmbeddedServerError if the server does not stop.
        """
        if self._users.closed or os.getpid() != self._owner:
            return
        atexit.unregister(self._stop_at_exit)
        with _told(self._cluster.data), closing(self._users), _locked(self._cluster):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._cluster.halt()
            if self._process:
                self._process.wait()

    def revive(self) -> None:
        """Starts the server again if it died, unless this share was given back. Raises as `start` does."""
        if self._cluster.status() == "ready":
            return
        with _told(self._cluster.data), _locked(self._cluster):
            if not self._users.closed:
                self._process = _running(self._cluster, {}) or self._process

    def _stop_at_exit(self) -> None:
        with suppress(ViralForgeError):
            self.stop()


def start(
    data_dir: Path, *, settings: Mapping[str, str] | None = None, create: bool = True
) -> EmbeddedServer:
    """A share in the server whose data lie in `data_dir/pg<major version>`; makes and starts it if need be.

    Waits for as long as recovery after a crash takes. `settings` are PostgreSQL's own, in front of ours; they
    do nothing when the server runs already. With `create=False` the data must be there.
    Raises ConfigurationError where they are not, EmbeddedServerError with the last lines of the server's log,
    and StorageFull.
    """
    with _told(data_dir):
        if not (create or any(data_dir.glob("pg[0-9][0-9]"))):
            raise ConfigurationError(
                f"there is no warehouse in {data_dir}: fill one (viralforge demo, viralforge ingest PATH), "
                "or name the directory of yours (--data-dir, VIRALFORGE_DATA_DIR)"
            )
        cluster = Cluster(data_dir)
        cluster.prepare()
        with _locked(cluster):
            process = _running(cluster, settings or {})
            users = cluster.open_beside("users")
            fcntl.flock(users, fcntl.LOCK_SH)
    return EmbeddedServer(cluster, users, process)


def _running(cluster: Cluster, settings: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
    """Returns once the server takes connections, with its process if that was started here."""
    cluster.make()
    began = time.monotonic()
    silent = True
    process = None
    while (status := cluster.status()) != "ready":
        if process is None and status is None:
            process = cluster.launch(settings)
        elif process and process.poll() is not None:
            time.sleep(_LOG_SECONDS)
            said = cluster.last_words()
            # A killed server's children go when they notice; until then PostgreSQL rightly refuses to start.
            if _LINGERING not in said or time.monotonic() - began > _LINGER_SECONDS:
                raise fault("the embedded PostgreSQL did not start", said)
            process = None
        if silent and time.monotonic() - began > _SILENT_SECONDS:
            silent = False
            _LOG.warning("PostgreSQL in %s needs more time, as it does after a crash; waiting", cluster.data)
        time.sleep(0.01)
    return process


@contextmanager
def _locked(cluster: Cluster) -> Iterator[None]:
    """Alone among all processes that start or stop this server."""
    with cluster.open_beside("lock") as lock:
        began = time.monotonic()
        silent = True
        while not _alone(lock):
            if silent and time.monotonic() - began > _SILENT_SECONDS:
                silent = False
                _LOG.warning("another process starts or stops PostgreSQL in %s; waiting", cluster.data)
            time.sleep(0.01)
        yield


def _alone(lock: FileIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _told(directory: Path) -> Iterator[None]:
    """Raises our errors in place of the operating system's."""
    try:
        yield
    except OSError as error:
        where = error.filename or directory
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"no space left at {where}: free some and try again") from error
        raise EmbeddedServerError(
            f"the embedded PostgreSQL in {directory} cannot be used: {error.strerror}: {where}. "
            "Set VIRALFORGE_DATA_DIR to a directory of yours, or DATABASE_URL to another PostgreSQL"
        ) from error

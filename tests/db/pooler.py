"""A tiny pooler in transaction mode, as PgBouncer often runs: one server session, lent for a transaction."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

IDLE = b"Z\0\0\0\5I"


class TransactionPooler:
    """Listens at `port`; passes every client's transactions on to one session of the server at `path`."""

    def __init__(self, path: str, user: str, database: str, version: bytes | None = None) -> None:
        self._server = socket.socket(socket.AF_UNIX)
        self._server.connect(path)
        self._server.sendall(_startup(user, database))
        self._greeting = self._answer()
        if version is not None:
            self._greeting = _with_version(self._greeting, version)
        self._lent = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._admit, daemon=True).start()

    def close(self) -> None:
        self._door.close()
        self._server.close()

    def _admit(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            while _startup_code(client) != 196608:
                client.sendall(b"N")
            client.sendall(self._greeting)
            while first := client.recv(65536):
                with self._lent:
                    message = first
                    while not message.startswith(b"X"):
                        self._server.sendall(message)
                        client.sendall(answer := self._answer())
                        if answer.endswith(IDLE):
                            break
                        message = client.recv(65536)

    def _answer(self) -> bytes:
        """What the server says up to and with its being ready for the next message."""
        said = b""
        while len(said) < 6 or said[-6:-1] != IDLE[:-1]:
            said += self._server.recv(65536)
        return said


def _startup(user: str, database: str) -> bytes:
    words = f"user\0{user}\0database\0{database}\0client_encoding\0UTF8\0\0".encode()
    return struct.pack("!ii", len(words) + 8, 196608) + words


def _startup_code(client: socket.socket) -> int:
    """The protocol's version, or what else a client asks before the first message."""
    length, code = struct.unpack("!ii", client.recv(8, socket.MSG_WAITALL))
    client.recv(length - 8, socket.MSG_WAITALL)
    return code


def _with_version(greeting: bytes, version: bytes) -> bytes:
    """The server's greeting with another version of PostgreSQL in it."""
    start = greeting.index(b"server_version\0") - 5
    end = start + 1 + struct.unpack("!i", greeting[start + 1 : start + 5])[0]
    words = b"server_version\0" + version + b"\0"
    return greeting[:start] + b"S" + struct.pack("!i", len(words) + 4) + words + greeting[end:]

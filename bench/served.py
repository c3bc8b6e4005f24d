"""The server under measurement: the real application, with one more handler that does nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError

from fastapi import FastAPI

from viralforge.web import edge
from viralforge.web.app import create_app

EMPTY = "/bench/empty"


def with_empty_handler() -> FastAPI:
    """The application; its empty handler is logged no more than the capture of events is."""
    app = create_app()
    edge.QUIET |= {EMPTY}

    @app.post(EMPTY)
    async def empty() -> dict[str, str]:
        return {}

    return app


@contextmanager
def served(database_url: str) -> Iterator[str]:
    """Where one worker serves the database, as `viralforge serve` would."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = (
        "import uvicorn; uvicorn.run('bench.served:with_empty_handler', factory=True, access_log=False,"
        f" port={port}, loop='uvloop', http='httptools', ws='none', log_level='error', server_header=False)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"DATABASE_URL": database_url})
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/readyz", timeout=10).close()
                break
            except URLError:
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(60)

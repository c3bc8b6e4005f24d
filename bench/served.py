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

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

from viralforge.web import edge
from viralforge.web.app import create_app
from viralforge.web.lane import Lane

EMPTY, LANE = "/bench/empty", "/bench/lane"


def with_empty_handlers() -> FastAPI:
    """The application with a route and a lane that do nothing: neither is logged, as events are not."""
    app = create_app()
    edge.QUIET |= {EMPTY, LANE}

    @app.post(EMPTY)
    async def empty() -> dict[str, str]:
        return {}

    async def nothing(_request: Request) -> Response:
        return Response(b"{}", media_type="application/json")

    app.user_middleware.insert(-1, Middleware(Lane, route=APIRoute(LANE, nothing, methods=["POST"])))
    return app


@contextmanager
def served(database_url: str) -> Iterator[str]:
    """Where one worker serves the database, as `viralforge serve` would."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = (
        "import uvicorn; uvicorn.run('bench.served:with_empty_handlers', factory=True, access_log=False,"
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

"""Runs the server: where it listens, who may come, how many processes, and how it ends."""

from __future__ import annotations

import logging.config
import os
import signal
import socket
import sys
import tempfile
from contextlib import ExitStack
from threading import Event
from typing import Any

import uvicorn
from pythonjsonlogger.core import RESERVED_ATTRS

from viralforge.errors import ConfigurationError
from viralforge.lifecycle.spool import Spool
from viralforge.settings import Settings, read_settings
from viralforge.warehouse import DataWarehouse
from viralforge.web.access import is_loopback
from viralforge.web.upkeep import kept_well

GRACE_SECONDS = 30
"""So long requests that have begun may go on when the server is told to stop."""
IDLE_SECONDS = 75
"""So long a connection may be idle: longer than clients keep theirs, so that none of them finds it closed."""
HEALTH_SECONDS = 60
"""So long a worker may be silent before it is replaced: a busy machine needs some for its start alone."""
_WAIT_SECONDS = "5"
"""So long a request waits for a connection to the database."""


def serve(host: str, port: int, workers: int, *, upkeep: bool = False) -> None:
    """Serves until told to stop, by SIGTERM or Ctrl-C; what was accepted by then is committed.

    The warehouse is the one of the environment; with `upkeep` it is kept well meanwhile.
    Raises ConfigurationError where everybody could come in, for beyond this machine only those with a key
    may, and where the port is taken.
    """
    settings = read_settings()
    with ExitStack() as stack:
        # Kept open beside the workers' own, so that an embedded PostgreSQL goes on from one to the next.
        warehouse = stack.enter_context(DataWarehouse.open())
        _require_keys(warehouse, host)
        _require_port(host, port)
        if settings.spool_dir:
            Spool(settings.spool_dir)  # which says what is wrong with it, before workers do
        os.environ.setdefault("VIRALFORGE_POOL_WAIT_SECONDS", _WAIT_SECONDS)
        if workers > 1:
            os.environ["VIRALFORGE_POOL_SIZE"] = str(max(2, settings.pool_size // workers))
            counted = stack.enter_context(tempfile.TemporaryDirectory(prefix="viralforge-metrics-"))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
        if upkeep:
            stack.enter_context(kept_well(warehouse, settings))
        # uvicorn raises the signal again once it has ended, and nothing below would come to its end.
        signal.signal(signal.SIGTERM, lambda *_: None)
        uvicorn.run(
            "viralforge.web.app:create_app", factory=True, host=host, port=port, workers=workers,
            loop="uvloop", http="httptools", ws="none", access_log=False, server_header=False,
            log_config=_logging(), timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=IDLE_SECONDS, timeout_worker_healthcheck=HEALTH_SECONDS, **_proxies(settings),
        )  # fmt: skip


def work() -> None:
    """Keeps the warehouse of the environment well until told to stop."""
    logging.config.dictConfig(_logging())
    told = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    with DataWarehouse.open() as warehouse, kept_well(warehouse, read_settings()):
        logging.getLogger("viralforge.worker").info("keeping the warehouse well until told to stop")
        told.wait()
    logging.getLogger("viralforge.worker").info("stopped")


def _require_keys(warehouse: DataWarehouse, host: str) -> None:
    if not (is_loopback(host) or warehouse.keys.any_good()):
        raise ConfigurationError(
            f"listening on {host} needs an API key: make one with viralforge keys create --scope admin, "
            "or listen on 127.0.0.1"
        )
    if warehouse.keys.any_made():
        return
    print(  # noqa: T201 - said once, to whoever starts it
        "No API key was ever made: everybody on this machine may read and write. "
        "viralforge keys create --scope admin closes it.",
        file=sys.stderr,
    )


def _require_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {host}, port {port}: {error.strerror}; choose another with --port or --host"
        ) from None


def _proxies(settings: Settings) -> dict[str, Any]:
    if not settings.trusted_proxies:
        return {"proxy_headers": False}
    return {"proxy_headers": True, "forwarded_allow_ips": settings.trusted_proxies}


def _logging() -> dict[str, Any]:
    """Lines for a person on a terminal, JSON for whatever reads them elsewhere."""
    json = {
        "()": "pythonjsonlogger.orjson.OrjsonFormatter",
        "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        "reserved_attrs": [*RESERVED_ATTRS, "color_message"],
        "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
    }
    plain = {"format": "%(asctime)s  %(levelname)s  %(message)s", "datefmt": "%H:%M:%S"}
    to_stderr = {"handlers": ["stderr"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": json, "plain": plain},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler", "stream": "ext://sys.stderr",
                "formatter": "plain" if sys.stderr.isatty() else "json",
            },
        },
        "loggers": {
            "uvicorn": to_stderr, "viralforge": to_stderr, "psycopg": to_stderr | {"level": "CRITICAL"}
        },
    }  # fmt: skip

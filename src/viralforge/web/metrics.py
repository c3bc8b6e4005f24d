"""What the server counts, for Prometheus."""

from __future__ import annotations

import os
from functools import cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.registry import REGISTRY

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

_requests = Counter(
    "viralforge_http_requests", "Requests by route and outcome.", ("method", "route", "status")
)
_seconds = Histogram("viralforge_http_request_seconds", "How long they took.", ("route",), buckets=_SECONDS)
_events = Counter("viralforge_events", "Events by what became of them.", ("outcome",))
stored, spooled, refused, rejected = (
    _events.labels(outcome) for outcome in ("stored", "spooled", "refused", "rejected")
)
"""Events in the database, in the spool, answered with 503, and kept among the rejections."""
waiting = Gauge("viralforge_events_waiting", "Events that wait for a commit.", multiprocess_mode="livesum")
group = Histogram(
    "viralforge_event_group_size",
    "Events in one commit.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000),
)


@cache
def requests(method: str, route: str, status: int) -> Counter:
    """The counter of such requests; there are as many as the server has routes and answers."""
    return _requests.labels(method, route, status)


@cache
def request_seconds(route: str) -> Histogram:
    """How long requests of this route take."""
    return _seconds.labels(route)


def exposition() -> bytes:
    """All of it in Prometheus' text format, over all workers."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)

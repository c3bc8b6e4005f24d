"""Time: a request may last as long as something of it comes, and no longer."""

from __future__ import annotations

import json
import time

import pytest

from tests.web.conftest import served


@pytest.fixture
def hasty(database_url, monkeypatch):
    """A server that waits for a second."""
    monkeypatch.setenv("VIRALFORGE_REQUEST_SECONDS", "1")
    with served(database_url) as found:
        yield found


def lines(count: int, pause: float):
    for number in range(count):
        yield (json.dumps({"platform": "youtube", "external_id": f"aaaaaaaa{number:03}"}) + "\n").encode()
        time.sleep(pause)


def test_a_long_stream_is_read_to_its_end(hasty) -> None:
    with hasty.client("write") as client:
        kind = {"Content-Type": "application/x-ndjson"}
        answer = client.post("/v1/posts/bulk", content=lines(12, 0.25), headers=kind)
    assert answer.status_code == 200, answer.text
    assert answer.json()["new"] == 12


@pytest.mark.parametrize("path", ["/v1/posts/bulk", "/v1/events"])
def test_a_body_that_stops_coming_is_given_up(hasty, path) -> None:
    with hasty.client("write") as client:
        kind = {"Content-Type": "application/x-ndjson"}
        answer = client.post(path, content=lines(2, 4), headers=kind)
    assert answer.status_code == 504


def test_one_payload_may_come_as_it_is(hasty) -> None:
    post = {"source": "x", "id": "1001", "text": "Soup", "metrics": {"likes": 7}}
    with hasty.client("write") as client:
        assert client.post("/v1/payloads", json=post).json()["new"] == 1
        assert client.post("/v1/payloads", json=7).status_code == 422

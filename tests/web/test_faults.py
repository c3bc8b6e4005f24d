"""What goes wrong on the way: it is logged where it is ours, and told as it is."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from tests.web.conftest import served
from tests.web.running import running, wait_for
from viralforge.db.faults import translated

LOCKED = "LOCK TABLE viralforge.trends IN ACCESS EXCLUSIVE MODE"


def test_what_the_database_refuses_is_in_the_log_under_the_requests_id(database_url, tmp_path) -> None:
    hasty = f"{database_url}&options=-c%20statement_timeout%3D100"
    with running(hasty, tmp_path) as server, psycopg.connect(database_url) as locked:
        locked.execute(LOCKED)
        answer = httpx.get(f"{server.url}/v1/trends", headers={"X-Request-Id": "mine-1"}, timeout=30)
        assert (answer.status_code, answer.json()["request_id"]) == (500, "mine-1"), answer.text
        wait_for(lambda: '"message":"request"' in server.log)
    [failed] = [line for line in server.log.splitlines() if '"message":"failed"' in line]
    assert '"request_id":"mine-1"' in failed and "WarehouseError" in failed and "trends.py" in failed


def test_a_client_that_breaks_off_is_no_failure_of_ours(database_url, tmp_path) -> None:
    with running(database_url, tmp_path) as server:
        place = urlsplit(server.url)
        for path in ("/v1/events", "/v1/trends"):
            with socket.create_connection((place.hostname, place.port)) as client:
                client.sendall(
                    f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{{".encode()
                )
        wait_for(lambda: server.log.count('"status":400') == 2)
    assert '"message":"failed"' not in server.log


def test_a_write_whose_connection_is_lost_on_the_way_is_in_doubt(database_url, admin) -> None:
    with (
        served(database_url) as found,
        psycopg.connect(database_url) as locked,
        ThreadPoolExecutor() as threads,
    ):
        locked.execute(LOCKED)
        with found.client() as client:
            asked = threads.submit(client.post, "/v1/trends", json={"title": "Soup"})
            waits = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
            name = locked.info.dbname
            wait_for(lambda: admin.execute(waits, [name]).fetchone())
            admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM (" + waits + ") AS waiting", [name])
            answer = asked.result()
    assert answer.status_code == 504
    assert "may still have been kept" in answer.json()["detail"]
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("place", ["host=/nowhere", "host=127.0.0.1 port=1", "host=no-such-host.invalid"])
def test_where_nobody_is_nothing_was_kept(place) -> None:
    with pytest.raises(psycopg.OperationalError) as told:
        psycopg.connect(f"{place} dbname=x", connect_timeout=3)
    assert not translated(told.value).in_doubt

"""The server as a process: it ends well, it works as several, and it says what it cannot do."""

from __future__ import annotations

import json
import re
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.integrations.posthog.stand_in import StandIn
from tests.web.running import EVENT, running, wait_for


def test_told_to_stop_it_commits_what_it_accepted(database_url, database, tmp_path) -> None:
    acknowledged: list[str] = []

    def send(server) -> None:
        while True:
            try:
                answer = server.post([EVENT] * 5)
            except httpx.TransportError:
                return
            if answer.status_code == 200:
                acknowledged.extend(answer.json()["event_ids"])

    with running(database_url, tmp_path) as server, ThreadPoolExecutor(4) as threads:
        for _ in range(4):
            threads.submit(send, server)
        wait_for(lambda: len(acknowledged) > 50)
        assert server.kill(signal.SIGTERM) in (0, -signal.SIGTERM)
    stored = {row[0] for row in database.read(b"SELECT event_id::text FROM viralforge.app_events")}
    assert set(acknowledged) <= stored


def test_several_workers_serve_and_count_as_one(database_url, database, tmp_path) -> None:
    with running(database_url, tmp_path, "--workers", "2") as server:
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda _: server.post(EVENT), range(200)))
        assert {answer.status_code for answer in answers} == {200}
        metrics = httpx.get(f"{server.url}/metrics").text
        assert 'viralforge_events_total{outcome="stored"} 200.0' in metrics
        assert "viralforge_events_waiting 0.0" in metrics
    assert database.read(b"SELECT count(*) FROM viralforge.app_events") == [(200,)]


def test_up_keeps_the_warehouse_well_meanwhile(database_url, warehouse, tmp_path) -> None:
    warehouse.save_scraped_post({"platform": "youtube", "externalId": "aaaaaaaaaa1", "views": 5})
    assert warehouse.rollups.backlog()
    with running(database_url, tmp_path, command="up"):
        wait_for(lambda: not warehouse.rollups.backlog())


def test_up_sends_what_it_captures_to_posthog(database_url, tmp_path) -> None:
    with StandIn() as posthog:
        more = {"VIRALFORGE_POSTHOG_HOST": posthog.url, "VIRALFORGE_POSTHOG_KEY": "phc_test"}
        with running(database_url, tmp_path, command="up", **more) as server:
            event_id = server.post(EVENT | {"userId": "u1"}).json()["event_id"]
            wait_for(lambda: list(posthog.taken) == [event_id])
        posthog.shutdown()


def test_a_port_that_is_taken_is_told_in_one_sentence(run_cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run_cli("serve", "--port", port)
    assert refused.returncode == 1
    assert f"Error: cannot listen on 127.0.0.1, port {port}: " in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_log_is_json_where_no_person_watches(database_url, tmp_path) -> None:
    with running(database_url, tmp_path) as server:
        httpx.get(f"{server.url}/nowhere?secret=1")
        wait_for(lambda: '"status":404' in server.log)
        lines = [line for line in server.log.splitlines() if line.startswith("{")]
    [told] = [found for found in map(json.loads, lines) if found.get("status") == 404]
    assert (told["method"], told["route"], told["level"]) == ("GET", "unknown", "INFO")
    assert re.fullmatch(r"[0-9a-f]{16}", told["request_id"])
    assert "secret" not in server.log
    assert any("No API key was ever made" in line for line in server.log.splitlines())


def test_a_spool_that_is_no_directory_is_told_when_the_server_starts(tmp_path, run_cli) -> None:
    (tmp_path / "file").write_text("")
    refused = run_cli("serve", "--spool", str(tmp_path / "file"))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1 + refused.stderr.count("No API key")

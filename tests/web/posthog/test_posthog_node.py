"""posthog-node, pointed at a warehouse, in both of the protocols that it speaks."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta

import pytest

from tests.web.conftest import NODE
from tests.web.posthog.stored import away, events, named
from tests.web.running import wait_for


@pytest.fixture(params=["v0", "v1"])
def running_client(request, served, node_modules):
    """The client at work; `communicate` says how it went."""
    command = ["node", str(NODE / "posthog_node.cjs"), served.url, request.param]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def outcome(process: subprocess.Popen[str]) -> dict:
    out, problems = process.communicate(timeout=120)
    assert process.returncode == 0, problems
    return json.loads(out)


def test_everything_is_stored_once_in_its_batches(running_client, warehouse) -> None:
    said = outcome(running_client)
    assert said["errors"] == []
    assert said["flag"] is None
    found = {event["event_name"]: event for event in events(warehouse)}
    assert len(found) == len(events(warehouse))
    assert [str(found[f"event {number}"]["event_id"]) for number in range(30)] == said["ids"]
    seventh = found["event 7"]
    assert (seventh["user_id"], seventh["session_id"], seventh["event_type"]) == ("u1", "s1", "api_call")
    assert seventh["properties"]["number"] == 7
    assert found["exception"]["event_type"] == "error"
    assert found["$identify"]["user_id"] == "u1"
    assert "any-token" not in str(found)


def test_an_id_holds_its_own_time_and_another_that_was_given_stays_in_the_properties(
    running_client, warehouse
) -> None:
    outcome(running_client)
    (event,) = named(warehouse, "of another time")
    (other,) = named(warehouse, "drawn")
    assert abs(event["created_at"] - other["created_at"]) < timedelta(seconds=5)
    given = warehouse.sql("SELECT %s::timestamptz", [event["properties"]["$timestamp"]])[0][0]
    assert timedelta(minutes=59) < event["created_at"] - given < timedelta(minutes=61)


def test_what_could_not_be_stored_at_first_is_stored_once(running_client, warehouse, admin, served) -> None:
    with away(admin, warehouse):
        wait_for(lambda: "503" in served.log or running_client.poll() is not None)
    said = outcome(running_client)
    stored = [str(event["event_id"]) for event in events(warehouse)]
    assert set(said["ids"]) <= set(stored)
    assert len(stored) == len(set(stored)) == 34

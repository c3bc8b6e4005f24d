"""Sending events to PostHog by processes of its own: killed, told to end, asked what became of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.integrations.posthog.stand_in import at_most, refuse, say
from tests.integrations.posthog.tracking import be_patient, track
from tests.web.running import wait_for


def test_a_sender_killed_at_any_moment_loses_nothing_and_its_successor_sends_nothing_new(
    server, warehouse, database_url, stress
) -> None:
    ids = track(warehouse, 60)
    server.usually = at_most(3)  # so there are many requests to be killed in
    command = [sys.executable, "-m", "viralforge", "posthog", "forward"]
    for _ in range(stress.measure(1, 15)):
        before = len(server.requests)
        process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": database_url})
        wait_for(lambda before=before: len(server.requests) > before + 2 or len(server.taken) == len(ids))
        process.send_signal(signal.SIGKILL)
        process.wait()
    outcome = subprocess.run([*command, "--once", "--json"], env=os.environ | {"DATABASE_URL": database_url})
    assert outcome.returncode == 0
    assert list(server.taken) == ids
    assert warehouse.outbox.backlog() == (0, 0, None)


def test_the_commands_say_what_was_sent_what_waits_and_what_was_refused(
    server, warehouse, database_url
) -> None:
    def run(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "viralforge", "posthog", *words]
        ran = subprocess.run(
            command, env=os.environ | {"DATABASE_URL": database_url}, capture_output=True, text=True
        )
        return ran.returncode, ran.stdout + ran.stderr

    track(warehouse, 3)
    server.usually = refuse("e1")
    assert run("forward", "--once") == (0, "Sent 2 events.\n1 event refused: viralforge posthog dead\n")
    assert "PostHog said 400 (invalid_payload)" in run("dead")[1]
    assert run("retry", "999999") == (0, "0 events to be sent again.\n")
    assert run("retry") == (0, "1 event to be sent again.\n")
    server.usually = say(503, Retry_After="60")
    code, said = run("forward", "--once")
    assert code == 1
    assert "PostHog said 503" in said
    assert "In the outbox: 1 event." in said
    server.usually = say(401)
    be_patient(warehouse)
    code, said = run("forward", "--once")
    assert (code, said.count("Error: VIRALFORGE_POSTHOG_KEY")) == (1, 1)
    assert "phc_key" not in said


def test_a_sender_that_goes_on_sends_what_comes_and_ends_when_it_is_told_to(
    server, warehouse, database_url
) -> None:
    command = [sys.executable, "-m", "viralforge", "posthog", "forward"]
    process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": database_url})
    for count in (1, 2):
        track(warehouse, 1)
        wait_for(lambda count=count: len(server.taken) == count)
    process.terminate()
    assert process.wait(30) == 0
    assert warehouse.outbox.backlog() == (0, 0, None)

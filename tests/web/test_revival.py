"""An embedded PostgreSQL that died under a server is started again by it."""

from __future__ import annotations

import os
import signal

import httpx
import pytest

from tests.web.running import EVENT, running, wait_for


@pytest.mark.parametrize("command", ["serve", "up"])
def test_an_embedded_server_that_was_killed_is_started_again(short_dir, tmp_path, command) -> None:
    place = short_dir / f"revived-{command}"
    with running("", tmp_path, command=command, VIRALFORGE_DATA_DIR=str(place)) as server:
        assert server.post(EVENT).status_code == 200
        old = (place / "pg18" / "postmaster.pid").read_text().split()[0]
        os.kill(int(old), signal.SIGKILL)
        wait_for(lambda: server.post(EVENT).status_code == 200)
        assert httpx.get(f"{server.url}/readyz", timeout=60).status_code == 200
        assert (place / "pg18" / "postmaster.pid").read_text().split()[0] != old
    assert not (place / "pg18" / "postmaster.pid").exists()

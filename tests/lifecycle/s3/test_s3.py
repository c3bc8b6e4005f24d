"""The archive on a real S3, and what becomes of it when the network, the server or the settings fail."""

from __future__ import annotations

import pytest

from tests.lifecycle import old
from tests.lifecycle.s3.store import Way
from viralforge.errors import ArchiveUnavailable, ConfigurationError
from viralforge.model.cold import ArchiveStep
from viralforge.warehouse import DataWarehouse


def test_an_archive_on_s3_holds_everything_and_gives_it_back(far: DataWarehouse) -> None:
    before = old.held(far)
    far.archive.run()
    assert old.held(far) == before
    assert far.cold.tables()[0].rows > 0
    assert far.cold.sql("SELECT count(*) FROM history").rows[0] == (102,)
    assert far.archive.restore("history") > 0


@pytest.mark.parametrize(
    ("trouble", "state"),
    [("cut", "uploaded"), ("cut", "verified"), ("error", "uploaded"), ("error", "removed")],
)
def test_a_network_that_fails_loses_nothing_and_the_next_run_goes_on(
    far: DataWarehouse, way: Way, trouble: str, state: str
) -> None:
    before = old.held(far)

    def upset(step: ArchiveStep) -> None:
        if step.state == state:
            way.trouble = trouble

    with pytest.raises(ArchiveUnavailable, match="cannot be used now"):
        far.archive.run(upset)
    assert way.met
    assert far.archive.steps()[0].state != "done"
    assert "cannot be used now" in far.archive.steps()[0].error
    way.trouble = None
    assert old.held(far) == before

    far.archive.run()

    assert old.held(far) == before
    assert {step.state for step in far.archive.steps()} == {"done"}


def test_a_slow_network_is_waited_for(far: DataWarehouse, way: Way) -> None:
    before = old.held(far)
    way.trouble = "slow"
    far.archive.run()
    way.trouble = None
    assert old.held(far) == before


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("S3_SECRET_KEY", "another", "the secret key is wrong"),
        ("S3_ACCESS_KEY", "nobody", "the access key is not known there"),
        ("URL", "s3://no-such-bucket/archive", "there is no such bucket; create it"),
    ],
)  # fmt: skip
def test_wrong_settings_are_told_before_anything_is_done(
    far: DataWarehouse, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"VIRALFORGE_ARCHIVE_{setting}", value)
    with DataWarehouse.open(far.url) as wrong:
        with pytest.raises(ConfigurationError, match=said):
            wrong.archive.run()
        assert not wrong.archive.steps()


def test_a_wrong_clock_is_told(far: DataWarehouse, way: Way) -> None:
    way.trouble = "skewed"
    with pytest.raises(ConfigurationError, match="this machine's clock is wrong"):
        far.archive.run()
    assert way.met

"""Settings come from the environment; a wrong one is told by the name of its variable."""

from __future__ import annotations

from decimal import Decimal

import pytest

from viralforge.errors import ConfigurationError
from viralforge.settings import read_settings


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("VIRALFORGE_EVENT_VALUES", '{"a":', "VIRALFORGE_EVENT_VALUES: not JSON; write {"),
        ("VIRALFORGE_EVENT_VALUES", "2.5", "VIRALFORGE_EVENT_VALUES: Input should be a valid dict"),
        ("VIRALFORGE_EVENT_VALUES", '{"a": "NaN"}', "VIRALFORGE_EVENT_VALUES: a: Input should be a finite"),
        ("VIRALFORGE_EVENT_VALUES", '{"a": 1, "b": []}', "VIRALFORGE_EVENT_VALUES: b: "),
        ("VIRALFORGE_POOL_SIZE", "0", "VIRALFORGE_POOL_SIZE: Input should be greater"),
    ],
)
def test_a_wrong_setting_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as raised:
        read_settings()
    assert str(raised.value).startswith(said)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRALFORGE_DATA_DIR", raising=False)
    usual = read_settings().data_dir
    monkeypatch.setenv("VIRALFORGE_DATA_DIR", "")
    monkeypatch.setenv("DATABASE_URL", "")
    assert (read_settings().data_dir, read_settings().database_url) == (usual, None)
    with pytest.raises(ConfigurationError, match="VIRALFORGE_DATA_DIR: is empty; name a directory"):
        read_settings(data_dir="")


def test_what_an_event_is_worth_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRALFORGE_EVENT_VALUES", '{"clip_generation": "2.5"}')
    assert read_settings().event_values == {"clip_generation": Decimal("2.5")}

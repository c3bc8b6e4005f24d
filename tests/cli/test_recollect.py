"""Reading posts again from the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import Run
from viralforge.warehouse import DataWarehouse

FETCHERS = """
def register(warehouse):
    @warehouse.fetcher("x", cost_usd="0.01")
    def tweets(ids):
        items = [{"source": "x", "id": each, "metrics": {"likes": 9}} for each in ids]
        return {"success": True, "tweets": items}

number = 7
"""


@pytest.fixture
def due(empty_world: str, tmp_path, monkeypatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_fetchers.py").write_text(FETCHERS)
    with DataWarehouse.open(empty_world) as warehouse:
        seen = datetime.now(UTC) - timedelta(days=2)
        warehouse.save_scraped_post({"platform": "x", "external_id": "20", "likes": 1, "observed_at": seen})
    return empty_world


def test_what_is_due_is_shown_and_read(run: Run, due: str) -> None:
    assert [post["external_id"] for post in run("recollect", "--plan", "--json").document] == ["20"]
    [done] = run("recollect", "own_fetchers:register", "--json").document
    assert done == {
        "platform": "twitter", "due": 1, "asked": 1, "requests": 1, "failed": 0, "stopped": None, "gone": 0,
    }  # fmt: skip
    assert run("recollect", "--plan", "--json").document == []
    with DataWarehouse.open(due) as warehouse:
        assert warehouse.posts.find("x", "20").likes == 9


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "--plan"), (["own_fetchers"], "MODULE:FUNCTION"), (["own_fetchers:number"], "MODULE:FUNCTION"),
        (["no_such_module:register"], "cannot be imported"),
        (["own_fetchers:register", "--platform", "tiktok"], "nobody reads tiktok"),
    ],
)  # fmt: skip
def test_who_names_no_reader_is_told_how(run: Run, due: str, given: list[str], said: str) -> None:
    refused = run("recollect", *given)
    assert (refused.code, said in refused.err) == (1, True)

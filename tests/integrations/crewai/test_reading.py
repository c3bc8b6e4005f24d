"""Agents ask the warehouse by tools of their own; and the example shows all of it at work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from viralforge.integrations.crewai import reading_tools

ROOT = Path(__file__).parents[3]
ASKED = {
    "warehouse_trending_hashtags": {}, "warehouse_top_posts": {"platform": "twitter"},
    "warehouse_took_off": {"times": 2},
    "warehouse_post_history": {"platform": "twitter", "external_id": "20"},
    "warehouse_search": {"query": "soup", "forms": "en"}, "warehouse_what_is_known": {"topic": "soup"},
}  # fmt: skip


def test_every_tool_answers_an_agent(recorded) -> None:
    recorded.save_scraped_post({"platform": "x", "external_id": "20", "title": "Soup", "hashtags": ["soup"]})
    tools = {tool.name: tool for tool in reading_tools()}
    assert set(tools) == set(ASKED)
    for name, asked in ASKED.items():
        answer = tools[name].run(**asked)
        assert isinstance(answer, str) and answer
        assert len(tools[name].description) < 500
    assert "[twitter 20]" in tools["warehouse_search"].run(query="soup")


def test_what_cannot_be_asked_is_told_to_the_agent(recorded) -> None:
    tools = {tool.name: tool for tool in reading_tools()}
    assert "cannot answer" in tools["warehouse_search"].run(query="soup", forms="klingon")


def test_the_example_runs_offline(tmp_path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("VIRALFORGE_", "DATABASE_"))
    }
    ran = subprocess.run(
        [sys.executable, ROOT / "examples" / "crew.py"], env=environment, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "20 new posts" in ran.stdout and "Soup: 20 sources" in ran.stdout

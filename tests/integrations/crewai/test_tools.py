"""A tool in the warehouse's keeping: its answers are saved with their run, and handed on as they came."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from crewai.tools import BaseTool, tool
from crewai.tools.tool_failure import ToolFailure
from pydantic import BaseModel

from tests.integrations.crewai.crews import Search, crew, ledger
from viralforge.errors import InvalidPost
from viralforge.integrations.crewai import WarehouseTool
from viralforge.model.post import ScrapedPost
from viralforge.sources.recognise import read_payload
from viralforge.warehouse import DataWarehouse

PAYLOADS = {
    "youtube": "youtube/videos_chart_paged_1.json", "twitter": "twitter/search_tweets_for_nyc.json",
    "instagram": "instagram/apify_instagram.json", "tiktok": "tiktok/aweme_detail.json",
    "reddit": "reddit/TestSubreddit.test_search.json",
}  # fmt: skip
ITEM = {"text": "soup #soup", "metrics": {"likes": 7}, "published_at": "2026-01-02T03:04:05Z"}
UNIFIED = {
    "youtube": ("videos", "dQw4w9WgXcQ"), "x": ("tweets", "1001"), "instagram": ("posts", "CabcdefghiJ"),
    "tiktok": ("videos", "7012345678901234567"), "reddit": ("posts", "abc123"),
}  # fmt: skip


class Returns(BaseTool):
    """A tool that returns what it holds."""

    name: str = "search"
    description: str = "Searches."
    holds: Any = None

    def _run(self, query: str) -> Any:
        return self.holds


def jobs(warehouse: DataWarehouse) -> list[tuple[Any, ...]]:
    warehouse.accounts.flush()
    query = (
        "SELECT platform, tool, query, requests, found, new, rejected, errors FROM scrape_jobs ORDER BY id"
    )
    return [tuple(row) for row in warehouse.sql(query)]


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("platform", PAYLOADS)
def test_what_a_platform_answered_is_saved_and_handed_on(shared: Path, recorded, platform, as_text) -> None:
    text = (shared / "data" / "sample" / PAYLOADS[platform]).read_text()
    answer = text if as_text else json.loads(text)
    kept = WarehouseTool(Returns(holds=answer), platform=platform)
    assert kept.run(query="soup") is answer
    ids = {post.id for post in read_payload(json.loads(text)) if isinstance(post, ScrapedPost)}
    rejected = sum(not isinstance(each, ScrapedPost) for each in read_payload(json.loads(text)))
    assert ids
    assert jobs(recorded) == [(platform, "search", "soup", 1, len(ids), len(ids), rejected, 0)]
    stored = recorded.sql("SELECT id, scrape_source FROM scraped_posts")
    assert {tuple(row) for row in stored} == {(each, "api") for each in ids}


@pytest.mark.parametrize("platform", UNIFIED)
def test_the_apps_own_tools_are_understood(recorded, platform) -> None:
    name, known = UNIFIED[platform]
    items = [ITEM | {"source": platform, "id": known}]
    answer = json.dumps({"success": True, "count": 1, name: items})
    assert WarehouseTool(Returns(holds=answer), platform=platform).run(query="soup") == answer
    [job] = jobs(recorded)
    assert job[4:] == (1, 1, 0, 0)
    assert recorded.posts.find(platform, known).likes == 7


def test_in_a_crew_the_posts_belong_to_its_run(recorded, executions) -> None:
    done = ledger()
    answer = {"success": True, "tweets": [ITEM | {"source": "x", "id": f"{n}"} for n in (1001, 1002)]}
    search = Search(answer=answer)
    search._ledger, search._crew = done, "mine"
    crew(
        "mine", done, ["soup", "bad", "bread"], tool=WarehouseTool(search, platform="x", niche="food")
    ).kickoff()
    row = executions()["mine"]
    assert (row["posts_scraped"], row["posts_new"], row["tool_calls"]) == (2, 2, 3)
    assert [job[4:] for job in jobs(recorded)] == [(2, 2, 0, 0), (0, 0, 0, 1), (2, 0, 0, 0)]
    posts = recorded.sql("SELECT niche, scrape_source, sightings FROM scraped_posts")
    assert {tuple(post) for post in posts} == {("food", "crew_ai", 2)}


def test_asynchronous_tools_are_kept_too(recorded) -> None:
    answer = {"success": True, "tweets": [ITEM | {"source": "x", "id": "1001"}]}

    @tool("search")
    async def search(query: str) -> dict[str, Any]:
        """Searches."""
        return answer

    class Native(Returns):
        async def _arun(self, query: str) -> Any:
            return self.holds

    assert WarehouseTool(search, platform="x").run(query="a") == answer
    assert asyncio.run(WarehouseTool(Native(holds=answer), platform="x").arun(query="b")) is answer
    assert asyncio.run(WarehouseTool(Returns(holds=answer), platform="x").arun(query="c")) is answer
    assert [job[2:6] for job in jobs(recorded)] == [("a", 1, 1, 1), ("b", 1, 1, 0), ("c", 1, 1, 0)]


def test_an_answer_holds_for_as_long_as_its_tool_says(recorded, executions) -> None:
    asked: list[str] = []

    class Counts(Returns):
        def _run(self, query: str) -> Any:
            asked.append(query)
            return self.holds

    class Native(Counts):
        async def _arun(self, query: str) -> Any:
            return self._run(query)

    answer = {"success": True, "tweets": [ITEM | {"source": "x", "id": "1001"}]}
    kept = WarehouseTool(Counts(holds=answer), platform="x", units=1, cost_usd="0.01", cache=60)
    with recorded.crew_run("discovery"):
        assert [kept.run(query=query) for query in ("soup", "soup", "pie", "soup")] == [answer] * 4
        again = WarehouseTool(Native(holds=answer), platform="x", units=1, cost_usd="0.01", cache=60)
        assert asyncio.run(again.arun(query="soup")) == answer
        assert asyncio.run(again.arun(query="cake")) == answer
    assert asked == ["soup", "pie", "cake"]
    assert [job[2:6] for job in jobs(recorded)] == [
        ("soup", 1, 1, 1), ("soup", 0, 1, 0), ("pie", 1, 1, 0), ("soup", 0, 1, 0), ("soup", 0, 1, 0),
        ("cake", 1, 1, 0),
    ]  # fmt: skip
    assert float(executions()["discovery"]["cost_usd"]) == 0.03
    [saving] = recorded.answers_kept.savings()
    assert (saving.hits, float(saving.saved_usd), saving.saved_units) == (3, 0.03, 3)


def test_a_failure_of_the_tool_is_not_kept(recorded) -> None:
    answers = [ToolFailure(message="no"), "later"]

    class Fails(Returns):
        def _run(self, query: str) -> Any:
            return answers.pop(0)

    kept = WarehouseTool(Fails(), platform="x", cache=60)
    assert isinstance(kept.run(query="soup"), ToolFailure)
    assert [kept.run(query="soup"), kept.run(query="soup")] == ["later", "later"]


class Model(BaseModel):
    """An answer of a type of its own."""

    tweets: list[dict[str, Any]]
    success: bool = True


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("I found nothing.", (0, 0, 1, 0)), ("", (0, 0, 0, 0)), (None, (0, 0, 0, 0)), (b"\xff", (0, 0, 0, 0)),
        ({"weather": "rain"}, (0, 0, 1, 0)), ({"success": False, "error": "quota"}, (0, 0, 1, 0)),
        (object(), (0, 0, 1, 0)), (ToolFailure(message="no"), (0, 0, 0, 1)),
        (Model(tweets=[ITEM | {"source": "x", "id": "1001"}]), (1, 1, 0, 0)),
        (b'{"success": true, "tweets": []}', (0, 0, 0, 0)),
    ],
)  # fmt: skip
def test_whatever_a_tool_returns_comes_back_as_it_is(recorded, answer, expected) -> None:
    assert WarehouseTool(Returns(holds=answer), platform="x").run(query="soup") is answer
    assert [job[4:] for job in jobs(recorded)] == [expected]


def test_an_error_of_the_tool_is_its_own_and_counted(recorded) -> None:
    class Fails(Returns):
        def _run(self, query: str) -> Any:
            raise ZeroDivisionError(query)

    with pytest.raises(ZeroDivisionError, match="soup"):
        WarehouseTool(Fails(), platform="x").run(query="soup")
    assert [job[3:] for job in jobs(recorded)] == [(1, 0, 0, 0, 1)]


def test_it_looks_to_the_agent_like_the_tool_it_keeps(recorded) -> None:
    class Arguments(BaseModel):
        query: str

    inner = Returns(args_schema=Arguments, result_as_answer=True, max_usage_count=2)
    kept = WarehouseTool(inner, platform="x", warehouse=recorded)
    for name in ("name", "description", "args_schema", "result_as_answer", "max_usage_count"):
        assert getattr(kept, name) == getattr(inner, name), name


def test_a_platform_that_there_is_not_is_told_at_once(recorded) -> None:
    with pytest.raises(InvalidPost, match="myspace"):
        WarehouseTool(Returns(), platform="myspace")
    with pytest.raises(InvalidPost, match="myspace"):
        recorded.scraped(platform="myspace")

"""A run is stored as it went: its figures are those of its calls and of what it collected, exactly."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.agents.conftest import PRICED, USAGE, own
from viralforge.agents.run import current_run
from viralforge.errors import InvalidInput, UnknownPosts, UnknownRecord

TWEETS = {
    "success": True, "count": 2,
    "tweets": [{"source": "x", "id": f"{n}", "text": "soup", "metrics": {"likes": 1}} for n in (20, 21)],
}  # fmt: skip


def test_a_run_has_the_figures_of_its_calls(priced, figures) -> None:
    before = datetime.now(UTC)
    with priced.crew_run("discovery", platforms=["x"], niches=["soup"]) as run:
        for _ in range(3):
            run.llm_call("house", USAGE, agent="finder", task="find", duration_ms=250)
        run.llm_call("house", error="429", agent="finder")
        with run.tool("search", agent="finder"):
            pass
        with pytest.raises(ZeroDivisionError), run.tool("search"):
            1 / 0  # noqa: B018
        run.output = {"found": 2}
    [found] = figures(
        "crew_type", "status", "platforms", "niches", "llm_calls", "tool_calls", "tokens_used", "tokens_in",
        "tokens_out", "tokens_cached", "tokens_reasoning", "cost_usd", "posts_scraped", "posts_new",
        "trends_discovered", "output_data", "error_message",
    )  # fmt: skip
    assert found == {
        "crew_type": "discovery", "status": "completed", "platforms": ["twitter"], "niches": ["soup"],
        "llm_calls": 4, "tool_calls": 2, "tokens_used": 3_300, "tokens_in": 3_000, "tokens_out": 300,
        "tokens_cached": 600, "tokens_reasoning": None, "cost_usd": Decimal("0.0054"), "posts_scraped": 0,
        "posts_new": 0, "trends_discovered": 0, "output_data": {"found": 2}, "error_message": None,
    }  # fmt: skip
    [(began, ended, took)] = priced.sql("SELECT start_time, end_time, duration_ms FROM crew_executions")
    assert before <= began <= ended <= datetime.now(UTC)
    assert took == pytest.approx((ended - began).total_seconds() * 1000, abs=0.5)
    calls = priced.sql("SELECT kind, name, agent, ok, error, cost_usd FROM crew_calls ORDER BY started_at")
    assert [tuple(call) for call in calls][3:] == [
        ("llm", "house", "finder", False, "429", Decimal(0)),
        ("tool", "search", "finder", True, None, None),
        ("tool", "search", None, False, "ZeroDivisionError: division by zero", None),
    ]


@pytest.mark.parametrize("error", [ValueError("no soup"), KeyboardInterrupt(), SystemExit(1)])
def test_a_run_that_an_error_ends_has_failed(warehouse, figures, error) -> None:
    with pytest.raises(type(error)), warehouse.crew_run("discovery"):
        raise error
    [found] = figures("status", "error_message", "end_time")
    assert (found["status"], found["end_time"] is not None) == ("failed", True)
    assert found["error_message"].startswith(type(error).__name__)


def test_a_run_is_there_while_it_goes_on(warehouse, figures) -> None:
    with warehouse.crew_run("discovery") as run:
        run.llm_call("house", USAGE)
        assert figures("status", "llm_calls", "end_time") == [
            {"status": "running", "llm_calls": 1, "end_time": None}
        ]
        assert warehouse.sql("SELECT id FROM crew_executions")[0][0] == run.id
    assert run.has_ended


def test_an_unknown_price_leaves_the_cost_unknown(priced, figures) -> None:
    with priced.crew_run("known") as run:
        run.llm_call("house", USAGE)
    with priced.crew_run("unknown") as run:
        run.llm_call("house", USAGE)
        run.llm_call("nobody-knows-it", USAGE)
    assert figures("cost_usd") == [{"cost_usd": Decimal("0.0018")}, {"cost_usd": None}]
    assert [row.unpriced_runs for row in priced.crews.success()] == [0, 1]


def test_usage_that_was_not_told_is_unknown_and_not_nothing(priced, figures) -> None:
    with priced.crew_run("quiet") as run:
        run.llm_call("house")
    assert figures("llm_calls", "tokens_in", "cost_usd") == [
        {"llm_calls": 1, "tokens_in": None, "cost_usd": None}
    ]


def test_a_run_inside_of_another_is_an_execution_of_its_own(priced, figures) -> None:
    assert current_run() is None
    with priced.crew_run("outer") as outer:
        with priced.crew_run("inner") as inner:
            assert current_run() is inner
            inner.llm_call("house", USAGE)
        assert current_run() is outer
        outer.llm_call("house", USAGE)
    assert current_run() is None
    found = figures("crew_type", "parent_execution_id", "llm_calls", "cost_usd")
    assert [row["crew_type"] for row in found] == ["outer", "inner"]
    assert [row["llm_calls"] for row in found] == [1, 1]
    assert found[1]["parent_execution_id"] == outer.id


def test_who_refuses_or_was_erased_is_not_named(warehouse, figures) -> None:
    warehouse.add_user("refuses", analytics=False)
    warehouse.add_user("erased")
    warehouse.erase_user("erased")
    for user in ("somebody", "refuses", "erased"):
        with warehouse.crew_run("discovery", user_id=user):
            pass
    assert [row["user_id"] for row in figures("user_id")] == ["somebody", None, None]


def test_what_is_told_of_a_deleted_execution_goes_with_it(warehouse, figures) -> None:
    with warehouse.crew_run("discovery", user_id="u1") as run:
        assert run.id
        warehouse.erase_user("u1")
        run.llm_call("house", USAGE)
    assert figures("id") == []
    with pytest.raises(UnknownRecord):
        _ = run.id


def test_a_discovered_trend_is_linked_to_what_the_run_collected(warehouse, figures) -> None:
    search = warehouse.scraped(platform="x", niche="soup")(lambda query: TWEETS)
    with warehouse.crew_run("discovery") as run:
        assert search("soup") is TWEETS
        trend = run.discovered_trend("Soup", description="warm", hashtags=["#soup"], hotness=70)
        assert run.discovered_trend("Soup", status="peaking") == trend
    sources = warehouse.trends.sources(trend)
    assert sorted(source.external_id for source in sources) == ["20", "21"]
    found = warehouse.trends.list()
    assert [(each.title, each.description, each.status) for each in found] == [("Soup", "warm", "peaking")]
    assert figures("posts_scraped", "posts_new", "trends_discovered") == [
        {"posts_scraped": 2, "posts_new": 2, "trends_discovered": 1}
    ]
    assert found[0].crew_execution_id == run.id


def test_sources_of_a_trend_may_be_posts_and_ids(warehouse) -> None:
    known = warehouse.save_scraped_post({"platform": "x", "externalId": "30"})
    with warehouse.crew_run("discovery") as run:
        new = {"platform": "x", "externalId": "31"}
        trend = run.discovered_trend("Soup", sources=[known, str(known), new], relevance=[0.2, 0.4, None])
        assert {each.external_id: each.relevance_score for each in warehouse.trends.sources(trend)} == {
            "30": pytest.approx(0.4), "31": None,
        }  # fmt: skip
        with pytest.raises(UnknownPosts):
            run.discovered_trend("Bread", sources=["5cd6213d-2e90-b8cb-be8b-5dab10494180"])
        with pytest.raises(InvalidInput, match="relevance"):
            run.discovered_trend("Bread", relevance=[1])
        with pytest.raises(InvalidInput, match="hotness"):
            run.discovered_trend("Bread", hotness=1_000)
    assert [each.title for each in warehouse.trends.list()] == ["Soup"]


def test_known_posts_are_counted_as_found_but_not_as_new(warehouse, figures) -> None:
    search = warehouse.scraped(platform="x")(lambda: TWEETS)
    for _ in range(2):
        with warehouse.crew_run("discovery"):
            search()
            search()
    assert figures("posts_scraped", "posts_new") == [
        {"posts_scraped": 2, "posts_new": 2}, {"posts_scraped": 2, "posts_new": 0}
    ]  # fmt: skip
    jobs = warehouse.sql("SELECT found, new, requests FROM scrape_jobs ORDER BY id")
    assert [tuple(job) for job in jobs] == [(2, 2, 1), (2, 0, 1), (2, 0, 1), (2, 0, 1)]
    assert warehouse.posts.find("x", "20").sightings == 4


def test_history_is_priced_anew_by_what_is_known_now(warehouse, figures) -> None:
    with warehouse.crew_run("discovery") as run:
        run.llm_call("house", USAGE)
        run.llm_call("house", error="429")
        run.tool_call("search")
        run.tool_call("search", from_cache=True)
    assert figures("cost_usd") == [{"cost_usd": None}]
    warehouse.prices.set(own(**PRICED))
    warehouse.prices.set(own(kind="tool", name="search", each_usd="0.01"))
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert warehouse.reprice_calls(since) == (3, 3)
    assert figures("cost_usd") == [{"cost_usd": Decimal("0.0118")}]
    assert warehouse.reprice_calls(since) == (3, 0)
    assert warehouse.reprice_calls(datetime.now(UTC)) == (0, 0)


def test_a_cost_that_its_caller_told_is_not_worked_out_anew(warehouse) -> None:
    start = "2026-03-01T12:00Z"
    run = warehouse.log_crew_execution({"crewType": "by hand", "startTime": start, "costUsd": "0.5"})
    call = {"crewExecutionId": run, "kind": "llm", "name": "house", "model": "house", "startedAt": start}
    more = {"tokensIn": 1_000, "tokensOut": 100, "tokensCached": 200}
    warehouse.log_crew_calls([call | more | {"costUsd": "0.4"}, call | more])
    warehouse.set_price(PRICED)
    assert warehouse.reprice_calls(datetime(2026, 1, 1, tzinfo=UTC)) == (1, 1)
    calls = warehouse.sql("SELECT cost_usd FROM crew_calls ORDER BY id")
    assert [row[0] for row in calls] == [Decimal("0.4"), Decimal("0.0018")]
    [price] = warehouse.prices.stored()
    warehouse.prices.drop(price.id)
    assert warehouse.reprice_calls(datetime(2026, 1, 1, tzinfo=UTC)) == (1, 0)


def test_a_run_that_cannot_be_stored_is_refused_at_once(warehouse) -> None:
    for wrong in ({"platforms": ["linkedin"]}, {"user_id": "x" * 201}):
        with pytest.raises(InvalidInput):
            warehouse.crew_run("discovery", **wrong)
    with pytest.raises(InvalidInput, match="cost_usd"):
        warehouse.scraped(platform="x", cost_usd=-1)(print)


def test_usage_may_be_an_object_of_a_providers_library(priced, figures) -> None:
    class Usage:
        def __init__(self) -> None:
            self.prompt_tokens, self.completion_tokens = 7, 3

    with priced.crew_run("discovery") as run:
        run.llm_call("house", Usage())
    assert figures("tokens_in", "tokens_out") == [{"tokens_in": 7, "tokens_out": 3}]


def test_what_is_kept_of_a_question_holds_no_key(warehouse) -> None:
    @warehouse.scraped(platform="x", cost_usd=0.1 / 3)
    def search(**asked):
        return None

    search(params={"q": "soup", "api_key": "s3cr3t"}, token="s3cr3t")
    warehouse.cached("x", "s", {"q": "soup", "access_token": "s3cr3t"}, ttl=60, fetch=lambda: "soup")
    warehouse.accounts.flush()
    kept = warehouse.sql("SELECT query, cost_usd FROM scrape_jobs ORDER BY id")
    assert "soup" in kept[0][0] and "s3cr3t" not in str(list(kept))
    assert kept[0][1] == Decimal("0.033333333")

"""A crew that looks for trends, recorded whole, with a model that needs no network: `make example`.

Take away `Scripted`, give the agent the model of your choice and the tool a platform to ask: the rest stays.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("CREWAI_DISABLE_TELEMETRY", "true")  # else CrewAI waits for the network at its end
os.environ.setdefault("CREWAI_TRACING_ENABLED", "false")
os.environ.setdefault("OTEL_SDK_DISABLED", "true")

from crewai import Agent, Crew, Task
from crewai.events.types.llm_events import LLMCallType
from crewai.llms.base_llm import BaseLLM, llm_call_context
from crewai.tools import tool

from viralforge import DataWarehouse, current_run
from viralforge.integrations.crewai import WarehouseTool, reading_tools, record


class Scripted(BaseLLM):
    """Asks for the tool twice, then answers."""

    def supports_function_calling(self) -> bool:
        """It asks for tools as the large models do."""
        return True

    def call(self, messages: Any, tools: Any = None, **about: Any) -> Any:
        """What a model would say."""
        asked = sum(1 for message in messages if message["role"] == "tool")
        place = {name: about.get(name) for name in ("from_task", "from_agent")}
        with llm_call_context():
            self._emit_call_started_event(messages=messages, tools=tools, **place)
            query = json.dumps({"query": f"#soup page {asked + 1}"})
            function = {"name": "newest_posts", "arguments": query}
            said: Any = [{"id": f"call-{asked}", "type": "function", "function": function}]
            kind = LLMCallType.TOOL_CALL
            if asked == 2:
                said, kind = "Soup is rising: 20 posts in an hour.", LLMCallType.LLM_CALL
            usage = {"prompt_tokens": 900 + 400 * asked, "completion_tokens": 60}
            self._emit_call_completed_event(said, kind, usage=usage, messages=messages, **place)
            return said


@tool
def newest_posts(query: str) -> str:
    """The newest posts about something."""
    first = 10 * int(query[-1])
    posts = [
        {
            "source": "x",
            "id": str(1_000 + n),
            "text": "All about #soup",
            "metrics": {"likes": n, "views": 90 * n},
        }
        for n in range(first, first + 10)
    ]
    return json.dumps({"success": True, "count": len(posts), "tweets": posts})


def discovered(_output: Any) -> None:
    """Links what the run collected to the trend it found."""
    if run := current_run():
        run.discovered_trend("Soup", hashtags=["soup"])


def main() -> None:
    """Runs the crew, and says what the warehouse knows of it."""
    place = os.environ.get("VIRALFORGE_DATA_DIR") or tempfile.mkdtemp(prefix="viralforge-example-")
    Path(place).mkdir(parents=True, exist_ok=True)
    Path(place).chmod(0o755)  # the embedded PostgreSQL runs under another account than root's
    with DataWarehouse.open(data_dir=place) as warehouse:
        record(warehouse)
        search = WarehouseTool(newest_posts, platform="x", cost_usd=0.005)
        scout = Agent(
            role="trend scout", goal="Find what is rising.", backstory="You read all day.",
            llm=Scripted(model="gpt-4o-mini"), tools=[search, *reading_tools()],
        )  # fmt: skip
        look = Task(
            description="Look for trends about food.", expected_output="A trend.", agent=scout,
            callback=discovered,
        )  # fmt: skip
        Crew(name="discovery", agents=[scout], tasks=[look]).kickoff()
        warehouse.accounts.flush()
        run = next(each for each in warehouse.costs.runs() if each.name == "discovery")
        print(f"{run.name}: {run.tokens:,} tokens, ${run.cost_usd:.4f}, ${run.api_usd:.4f} of it for X")
        print(f"{run.new_posts} new posts at ${run.cost_per_new_post:.6f}, {run.trends} trend")
        for trend in warehouse.trends.list():
            print(f"{trend.title}: {len(warehouse.trends.sources(trend.id))} sources")


if __name__ == "__main__":
    main()

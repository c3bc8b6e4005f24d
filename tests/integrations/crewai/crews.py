"""Crews whose every call is known: a model that follows a plan, and tools that answer or fail."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from crewai import Agent, Crew, Process, Task
from crewai.events.types.llm_events import LLMCallType
from crewai.llms.base_llm import BaseLLM, llm_call_context
from crewai.tools import BaseTool
from pydantic import PrivateAttr

Ledger = dict[str, dict[str, int]]
_lock = threading.Lock()


def ledger() -> Ledger:
    """What each crew's model and tools did, by the crew's name."""
    return defaultdict(lambda: defaultdict(int))


class FakeLLM(BaseLLM):
    """Calls the tool as the plan says, one query after the other, then answers; or fails."""

    crew: str
    plan: Sequence[str] = ()
    fails_at: int = -1
    seconds: float = 0.0
    _ledger: Ledger = PrivateAttr()
    _tell: Callable[[str], None] = PrivateAttr(default_factory=lambda: lambda _said: None)
    _calls: int = PrivateAttr(default=0)

    native: bool = True

    def supports_function_calling(self) -> bool:
        return self.native

    def call(
        self, messages: Any, tools: Any = None, callbacks: Any = None, available_functions: Any = None,
        from_task: Any = None, from_agent: Any = None, response_model: Any = None,
    ) -> Any:  # fmt: skip
        about = {"from_task": from_task, "from_agent": from_agent}
        with llm_call_context():
            self._emit_call_started_event(messages=messages, tools=tools, **about)
            with _lock:
                number, self._calls = self._calls, self._calls + 1
                done = self._ledger[self.crew]
                done["llm"] += 1
            time.sleep(self.seconds)
            if number == self.fails_at:
                self._emit_call_failed_event("429", **about)
                raise RuntimeError("429")
            usage = {
                "prompt_tokens": 100 + number, "completion_tokens": 10 + number,
                "prompt_tokens_details": {"cached_tokens": number},
                "completion_tokens_details": {"reasoning_tokens": number},
            }  # fmt: skip
            with _lock:
                done["in"] += 100 + number
                done["out"] += 10 + number
                done["cached"] += number
                done["reasoning"] += number
            response, kind = self._said(number, tools)
            self._emit_call_completed_event(
                response, kind, **about, messages=messages, usage=usage, finish_reason="stop"
            )
            self._tell("llm")
            return response

    def _said(self, number: int, tools: Any) -> tuple[Any, LLMCallType]:
        if not self.native:
            said = "I know it.\nFinal Answer: done"
            if number < len(self.plan):
                said = f'I look.\nAction: search\nAction Input: {{"query": "{self.plan[number]}"}}'
            return f"Thought: {said}", LLMCallType.LLM_CALL
        if not tools or number >= len(self.plan):
            return "done", LLMCallType.LLM_CALL
        arguments = json.dumps({"query": self.plan[number]})
        function = {"name": "search", "arguments": arguments}
        return [{"id": f"c{number}", "type": "function", "function": function}], LLMCallType.TOOL_CALL


class Search(BaseTool):
    """Answers what it is told to; a query that is `bad` makes it fail."""

    name: str = "search"
    description: str = "Searches."
    answer: Any = "nothing"
    during: Any = None
    _ledger: Ledger = PrivateAttr()
    _crew: str = PrivateAttr()

    def _run(self, query: str) -> Any:
        with _lock:
            self._ledger[self._crew]["tool"] += 1
        if self.during is not None:
            self.during(query)
        if query.startswith("bad"):
            with _lock:
                self._ledger[self._crew]["failed"] += 1
            raise ValueError("quotaExceeded")
        return self.answer


def crew(
    name: str, done: Ledger, plan: Sequence[str] = ("soup",), *, fails_at: int = -1, seconds: float = 0.0,
    during: Callable[[str], Any] | None = None, tool: BaseTool | None = None, native: bool = True,
    **more: Any,
) -> Crew:  # fmt: skip
    """A crew of one agent with one task, which keeps its ledger under its name."""
    llm = FakeLLM(model="fake/gpt-x", crew=name, plan=plan, fails_at=fails_at, seconds=seconds, native=native)
    llm._ledger = done
    if tool is None:
        tool = Search(during=during)
        tool._ledger, tool._crew = done, name
    agent = Agent(
        role=f"finder of {name}", goal="g", backstory="b", llm=llm, tools=[tool], max_iter=len(plan) + 3,
        max_retry_limit=0, verbose=False,
    )  # fmt: skip
    task = Task(description=f"find {name}", expected_output="posts", agent=agent)
    return Crew(name=name, agents=[agent], tasks=[task], process=Process.sequential, verbose=False, **more)

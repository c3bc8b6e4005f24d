"""Records crews and flows: hooks tell where a run begins and ends, a sink sees each call as it happens.

CrewAI hands events to handlers in threads of their own, out of order and a little later, and loses them with
its process. So events are taken where they arise: a hook at the start of a run puts a sink into the context
the run goes on in, and into that of every task and thread that inherits it. What a tool does in a bare thread
has no such context; a handler takes that.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from crewai.events import crewai_event_bus
from crewai.events.event_bus import is_replaying
from crewai.events.stream_context import add_stream_sink
from crewai.events.types import llm_events, tool_usage_events
from crewai.execution import get_execution_uuid
from crewai.hooks import HookAborted, InterceptionPoint, register_hook, unregister_hook

from viralforge.agents.run import CrewRun, current_run, enter, leave
from viralforge.errors import BudgetSpent, ConfigurationError
from viralforge.model.usage import Tokens
from viralforge.warehouse import DataWarehouse

log = logging.getLogger("viralforge.agents")
_CALLS = (
    llm_events.LLMCallStartedEvent, llm_events.LLMCallCompletedEvent, llm_events.LLMCallFailedEvent,
    tool_usage_events.ToolUsageStartedEvent, tool_usage_events.ToolUsageFinishedEvent,
    tool_usage_events.ToolUsageErrorEvent,
)  # fmt: skip
_BLOCKED = "Tool execution blocked by hook"
_recorder: _Recording | None = None
_one = Lock()


class _Frame(NamedTuple):
    """A crew or flow that goes on in this context; `run` is None where it is part of a run told by hand."""

    subject: int
    name: str
    execution: str | None
    run: CrewRun | None


_FRAMES: ContextVar[tuple[_Frame, ...]] = ContextVar("viralforge_crewai_frames", default=())
_SEEN: ContextVar[bool] = ContextVar("viralforge_crewai_seen", default=False)
"""Whether the sink is in this context."""


def record(warehouse: DataWarehouse) -> None:
    """Records every crew and flow of this process in the warehouse from now on; once is enough.

    Each is an execution of its own, one that goes on inside of another names it as its parent; inside of a
    `warehouse.crew_run` they are part of that run. A crew's type is its `name`, else its class's.
    """
    global _recorder
    with _one:
        if _recorder is not None:
            _recorder.stop()
        _recorder = _Recording(warehouse)


def recording() -> DataWarehouse:
    """The warehouse that CrewAI's runs are recorded in. Raises ConfigurationError where none is."""
    if _recorder is None:
        raise ConfigurationError("no warehouse records CrewAI's runs: call record(warehouse) first")
    return _recorder.warehouse


class _Recording:
    """What listens to CrewAI on behalf of one warehouse."""

    def __init__(self, warehouse: DataWarehouse) -> None:
        self.warehouse, self._accounts = warehouse, warehouse.accounts
        self._lock = Lock()
        self._begun: dict[str, datetime] = {}
        self._live: set[CrewRun] = set()
        self._stray: CrewRun | None = None
        self._hooks = {
            InterceptionPoint.EXECUTION_START: self._starts, InterceptionPoint.EXECUTION_END: self._ends,
            InterceptionPoint.PRE_MODEL_CALL: _within_budget, InterceptionPoint.PRE_TOOL_CALL: _within_budget,
        }  # fmt: skip
        for point, hook in self._hooks.items():
            register_hook(point, hook)
        for kind in _CALLS:
            crewai_event_bus.on(kind)(self._strays)

    def stop(self) -> None:
        """Listens no more."""
        for point, hook in self._hooks.items():
            unregister_hook(point, hook)
        for kind in _CALLS:
            crewai_event_bus.off(kind, self._strays)
        if self._stray is not None:
            self._stray.end()

    def _starts(self, context: Any) -> None:
        """A crew or flow begins, in this very context."""
        subject = context.crew or context.flow
        name = _name(subject)
        frames = self._living(get_execution_uuid())
        run = None
        if current_run() is None or any(frame.run is current_run() for frame in frames):
            run = self._accounts.begin(name)
            enter(run)
            with self._lock:
                self._live.add(run)
        _FRAMES.set((*frames, _Frame(id(subject), name, get_execution_uuid(), run)))
        if not _SEEN.get():
            _SEEN.set(True)
            add_stream_sink(_sink)
        try:
            _within_budget(context)
        except HookAborted as error:  # then CrewAI does not tell of the end
            self._left(id(subject), None, error)
            raise

    def _ends(self, context: Any) -> None:
        self._left(id(context.crew or context.flow), context.output, context.error)

    def _left(self, subject: int, output: Any, error: BaseException | None) -> None:
        frames = _FRAMES.get()
        place = next((i for i in reversed(range(len(frames))) if frames[i].subject == subject), None)
        if place is None:
            return
        self._abandon(frames[place + 1 :])
        _FRAMES.set(frames[:place])
        run = frames[place].run
        if run is not None:
            run.output = _told(output)
            run.end(error)
            leave(run)
            with self._lock:
                self._live.discard(run)

    def _living(self, execution: str | None) -> tuple[_Frame, ...]:
        """The frames of this execution; others were interrupted, and nobody told of their end."""
        frames = _FRAMES.get()
        living = tuple(frame for frame in frames if frame.execution == execution)
        self._abandon(tuple(frame for frame in frames if frame.execution != execution))
        return living

    def _abandon(self, frames: tuple[_Frame, ...]) -> None:
        for frame in reversed(frames):
            if frame.run is not None:
                frame.run.end("interrupted")
                leave(frame.run)
                with self._lock:
                    self._live.discard(frame.run)

    def _strays(self, _source: Any, event: Any) -> None:
        """Sees what arose in a context without the sink."""
        if _SEEN.get() or is_replaying():
            return
        run = current_run()
        if run is None:
            with self._lock:
                live = list(self._live)
                if len(live) == 1:
                    run = live[0]
                else:
                    run = self._stray = self._stray or self._accounts.begin("unattributed")
        self.note(event, run)

    def note(self, event: Any, run: CrewRun | None) -> None:
        """Tells a run of one of its calls."""
        if run is None or is_replaying():
            return
        if isinstance(event, llm_events.LLMCallStartedEvent):
            self._begun[event.call_id] = event.timestamp
        elif isinstance(event, tool_usage_events.ToolUsageStartedEvent):
            self._begun[event.event_id] = event.timestamp
        elif isinstance(event, llm_events.LLMEventBase):
            self._llm(event, run)
        else:
            self._tool(event, run)

    def _llm(self, event: Any, run: CrewRun) -> None:
        at = self._begun.pop(event.call_id, event.timestamp)
        failed = isinstance(event, llm_events.LLMCallFailedEvent)
        run.note_llm_call(
            event.model or "unknown", None if failed else Tokens.read(event.usage), crew=_crew(),
            agent=event.agent_role, task=event.task_name, started_at=at,
            duration_ms=_milliseconds(at, event.timestamp), error=event.error if failed else None,
            call_key=UUID(event.event_id),
        )  # fmt: skip

    def _tool(self, event: Any, run: CrewRun) -> None:
        at = self._begun.pop(event.started_event_id, event.timestamp)
        error: str | None = None
        if isinstance(event, tool_usage_events.ToolUsageErrorEvent):
            error = str(event.error) or type(event.error).__name__
        elif event.failure is not None:
            error = event.failure.message
        elif str(event.output).startswith(_BLOCKED):  # it was not run, and CrewAI calls that finished
            error = str(event.output)
        run.tool_call(
            event.tool_name, crew=_crew(), agent=event.agent_role, task=event.task_name, started_at=at,
            duration_ms=_milliseconds(at, event.timestamp), error=error,
            from_cache=bool(getattr(event, "from_cache", False)), call_key=UUID(event.event_id),
        )  # fmt: skip


def _sink(_source: Any, event: Any) -> None:
    """Sees every event of a context, in order, before it goes on: it must not raise, nor take long."""
    try:
        if _recorder is not None and isinstance(event, _CALLS):
            _recorder.note(event, current_run())
    except Exception:
        log.exception("an event of CrewAI could not be recorded")


def _within_budget(_context: Any) -> None:
    """Stops a run before its next call once its budget is spent."""
    run = current_run()
    if run is None:
        return
    try:
        run.check_budget()
    except BudgetSpent as error:
        raise HookAborted(str(error), source="viralforge") from error


def _crew() -> str | None:
    frames = _FRAMES.get()
    return frames[-1].name if frames else None


def _name(subject: Any) -> str:
    given = getattr(subject, "name", None)
    # "crew" is what CrewAI calls a crew that has no name.
    return str(given) if given and given != "crew" else type(subject).__name__


def _told(output: Any) -> Any:
    """A result as JSON: an object where the crew was asked for one, else its text."""
    for name in ("json_dict", "pydantic", "raw"):
        if (found := getattr(output, name, None)) is not None:
            return found.model_dump(mode="json") if hasattr(found, "model_dump") else found
    return output


def _milliseconds(begun: datetime, ended: datetime) -> int:
    return max(0, round((ended - begun).total_seconds() * 1000))

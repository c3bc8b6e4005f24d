"""One run of agents, as whoever runs them sees it: its calls, what it collects and discovers, its cost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID, uuid4

from viralforge.errors import BudgetSpent, InvalidInput
from viralforge.model.fact import RunStarted
from viralforge.model.record import MAX_NAME
from viralforge.model.usage import Tokens

if TYPE_CHECKING:
    from viralforge.agents.accounts import Accounts

log = logging.getLogger("viralforge.agents")
_CURRENT: ContextVar[CrewRun | None] = ContextVar("viralforge_run", default=None)
_LONGEST_TEXT = 10_000
"""Letters of an error that are kept."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend, in USD and in tokens (input and output); None: no limit."""

    usd: Decimal | None = None
    tokens: int | None = None

    def __post_init__(self) -> None:
        for name, limit in (("budget_usd", self.usd), ("budget_tokens", self.tokens)):
            if limit is not None and not float(limit) >= 0:
                raise InvalidInput(f"{name}: {limit} is no budget; write 0 or more")


def current_run() -> CrewRun | None:
    """The run in whose context this is called; None outside of any."""
    return _CURRENT.get()


def enter(run: CrewRun) -> None:
    """Makes it the current run of this context, until it is left."""
    _CURRENT.set(run)


def leave(run: CrewRun) -> None:
    """Makes the run around it the current one, if it is that."""
    if _CURRENT.get() is run:
        _CURRENT.set(run.parent)


class CrewRun:
    """A run of agents, to be used in a `with` block: its end is that of the run, an error its failure.

    What is told of it is written down at once and stored behind its back; nothing of that is ever raised.
    `key` is what it is known by before it is stored, `parent` the run inside of which it goes on.
    """

    def __init__(
        self, accounts: Accounts, crew_type: str, *, platforms: Sequence[str] | None = None,
        niches: Sequence[str] | None = None, user_id: str | None = None, budget: Budget | None = None,
        parent: CrewRun | None = None,
    ) -> None:  # fmt: skip
        self.key, self.crew_type, self.parent = uuid4(), crew_type.strip()[:MAX_NAME] or "crew", parent
        self.output: Any = None
        self._accounts, self._budget = accounts, budget or Budget()
        self._lock = threading.Lock()
        self._usd, self._tokens = Decimal(0), 0
        self._has_ended = self._has_warned = False
        self._refused: str | None = None
        started = RunStarted.read({
            "key": self.key, "recorder": accounts.recorder_id, "parent": parent and parent.key,
            "crew_type": self.crew_type, "user_id": user_id, "platforms": platforms, "niches": niches,
            "start_time": _now(),
        })  # fmt: skip
        accounts.note("started", **started.model_dump())

    def __enter__(self) -> Self:
        enter(self)
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        leave(self)
        self.end(error)

    @property
    def id(self) -> int:
        """The id of its execution, once what was told is stored. Raises DatabaseUnavailable."""
        return self._accounts.execution_of(self.key)

    def end(self, error: BaseException | str | None = None) -> None:
        """Ends the run, as failed with an error; what ended stays so."""
        with self._lock:
            if self._has_ended:
                return
            self._has_ended = True
        said = self._refused or (error if isinstance(error, str) else _said(error))
        self._accounts.note(
            "ended", run=self.key, status="failed" if said else "completed", end_time=_now(),
            output_data=self.output, error_message=said and said[:_LONGEST_TEXT],
        )  # fmt: skip

    @property
    def has_ended(self) -> bool:
        """Whether it came to its end."""
        return self._has_ended

    def llm_call(self, model: str, usage: Any = None, **about: Any) -> None:
        """Tells of a call of a language model; `usage` as its provider reports it, in any of their shapes.

        `about` is what `note_llm_call` takes besides. Raises BudgetSpent where the budget was spent before
        this call: `check_budget` tells it before the call is made.
        """
        spent = self._spent_up()
        self.note_llm_call(model, usage, **about)
        if spent:
            self.check_budget()

    def note_llm_call(
        self, model: str, usage: Any = None, *, provider: str | None = None,
        agent: str | None = None, task: str | None = None, crew: str | None = None,
        started_at: datetime | None = None, duration_ms: int | None = None, error: str | None = None,
        call_key: UUID | None = None,
    ) -> None:  # fmt: skip
        """Tells of a call as `llm_call` does, whatever the budget.

        With an `error` and without usage nothing was charged. `provider` (`openai`, `aws`) helps to find the
        price of a model that several serve.
        """
        tokens = usage if isinstance(usage, Tokens) else Tokens.read(usage)
        at = started_at or _now()
        price = self._accounts.price_of_model(model, provider, tokens, at)
        usd = Decimal(0) if error is not None and tokens == Tokens() else price.usd
        self._call(
            "llm", model, agent, task, crew, at, duration_ms, usd, error, call_key, model=model[:MAX_NAME],
            provider=provider, price_source=price.source, tokens_in=tokens.input, tokens_out=tokens.output,
            tokens_cached=tokens.cached, tokens_cache_write=tokens.cache_write,
            tokens_reasoning=tokens.reasoning,
        )  # fmt: skip
        self.spend(usd, (tokens.input or 0) + (tokens.output or 0))

    def tool_call(
        self, name: str, *, agent: str | None = None, task: str | None = None, crew: str | None = None,
        started_at: datetime | None = None, duration_ms: int | None = None, error: str | None = None,
        from_cache: bool = False, call_key: UUID | None = None,
    ) -> None:  # fmt: skip
        """Tells of a call of a tool; its price is the user's own for it, and 0 for an answer from a cache."""
        at = started_at or _now()
        price = self._accounts.price_of_each("tool", name, 1, at)
        usd = Decimal(0) if from_cache and price.usd is not None else price.usd
        self._call(
            "tool", name, agent, task, crew, at, duration_ms, usd, error, call_key, from_cache=from_cache,
            price_source=price.source,
        )  # fmt: skip
        self.spend(usd, 0)

    @contextmanager
    def tool(self, name: str, *, agent: str | None = None, task: str | None = None) -> Iterator[None]:
        """Tells of the block as a call of a tool, and stops before it if the budget is spent."""
        self.check_budget()
        at, begun = _now(), time.perf_counter()
        error: BaseException | None = None
        try:
            yield
        except BaseException as raised:
            error = raised
            raise
        finally:
            took = round((time.perf_counter() - begun) * 1000)
            self.tool_call(name, agent=agent, task=task, started_at=at, duration_ms=took, error=_said(error))

    def check_budget(self) -> None:
        """Returns while something is left to spend, here and in the runs around. Raises BudgetSpent."""
        if spent := self._spent_up():
            run, said = spent
            run._refused = self._refused = said
            raise BudgetSpent(said)

    def _spent_up(self) -> tuple[CrewRun, str] | None:
        """The run, this one or one around it, whose budget is spent, and what is said then."""
        run: CrewRun | None = self
        while run is not None:
            if said := run._over() or self._accounts.over_budget(run.crew_type):
                return run, said
            run = run.parent
        return None

    def discovered_trend(
        self, title: str, *, sources: Sequence[Any] | None = None,
        relevance: Sequence[float | None] | None = None, **about: Any,
    ) -> int:  # fmt: skip
        """Creates the trend, or updates the one of this title that this run discovered; returns its id.

        `sources` are posts or their ids, `relevance` one number from 0 to 1 for each; without sources the
        posts that this run collected are linked. `about` is what a Trend has besides its title.
        Raises InvalidInput, UnknownPosts, DatabaseUnavailable.
        """
        return self._accounts.discover(self, title, sources, relevance, about)

    def _call(
        self, kind: str, name: str, agent: str | None, task: str | None, crew: str | None, at: datetime,
        duration_ms: int | None, usd: Decimal | None, error: str | None, call_key: UUID | None, **more: Any,
    ) -> None:  # fmt: skip
        self._accounts.note(
            "call", run=self.key, call_key=call_key or uuid4(), kind=kind, name=name[:MAX_NAME] or kind,
            agent=agent, task=task and task[:MAX_NAME], crew=crew, started_at=at, duration_ms=duration_ms,
            cost_usd=usd, ok=error is None, error=error and error[:_LONGEST_TEXT], **more,
        )  # fmt: skip

    def spend(self, usd: Decimal | None, tokens: int = 0) -> None:
        """Counts what was spent against the budgets of this run and of those around it."""
        if usd:
            self._accounts.spent(self.crew_type, usd)
        run: CrewRun | None = self
        while run is not None:
            if usd is None and run._budget.usd is not None and not run._has_warned:
                run._has_warned = True
                log.warning("%s: its budget in USD does not count what has no price", run.crew_type)
            with run._lock:
                run._usd += usd or 0
                run._tokens += tokens
            run = run.parent

    def _over(self) -> str | None:
        limit = self._budget
        if limit.usd is not None and self._usd >= limit.usd:
            return f"the budget of ${limit.usd:f} is spent: ${self._usd:f}"
        if limit.tokens is not None and self._tokens >= limit.tokens:
            return f"the budget of {limit.tokens:,} tokens is spent: {self._tokens:,}"
        return None


def _now() -> datetime:
    return datetime.now(UTC)


def _said(error: BaseException | None) -> str | None:
    if error is None:
        return None
    return f"{type(error).__name__}: {error}".removesuffix(": ")

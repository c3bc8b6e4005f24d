"""What a warehouse does for agents: it keeps their runs, as they go on or told afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from viralforge.agents import spans
from viralforge.agents.accounts import Accounts
from viralforge.agents.cache import ResponseCache, Terms
from viralforge.agents.collect import Collector, F, Source
from viralforge.agents.recollect import Fetch, Snapshots
from viralforge.agents.run import Budget, CrewRun
from viralforge.db.locks import SessionLocks
from viralforge.db.pool import Database
from viralforge.errors import ConfigurationError, InvalidInput
from viralforge.insight.costs import Prices
from viralforge.lifecycle.terms import Terms as PlatformTerms
from viralforge.model.crew import CrewCall, CrewExecution, ExecutionChanges
from viralforge.model.ids import platform_name
from viralforge.model.price import OwnPrice, Price
from viralforge.model.report import Repriced
from viralforge.model.usage import Tokens
from viralforge.store.cache import CacheStore
from viralforge.store.crews import CrewStore
from viralforge.store.prices import PricedCall, PriceStore
from viralforge.store.quotas import QuotaStore
from viralforge.store.runs import RunStore

Fields = Mapping[str, Any]


class ForAgents:
    """The part of a warehouse that agents work with; `prices` are the user's own."""

    prices: PriceStore
    answers_kept: CacheStore
    quotas: QuotaStore
    terms: PlatformTerms
    _database: Database
    _crew_store: CrewStore
    _run_store: RunStore
    _stack: ExitStack
    _open_accounts: Callable[[], Accounts]

    @cached_property
    def accounts(self) -> Accounts:
        """What the runs of this process share. Raises ConfigurationError where no disk can be written."""
        found = self._open_accounts()
        self._stack.callback(found.close)
        return found

    def log_crew_execution(self, execution: CrewExecution | Fields) -> int:
        """Stores one run of a crew; returns its id."""
        return self._crew_store.log(CrewExecution.read(execution))

    def update_crew_execution(self, execution_id: int, changes: ExecutionChanges | Fields) -> None:
        """Changes what is given of an execution. Raises UnknownRecord."""
        self._crew_store.update(execution_id, ExecutionChanges.read(changes))

    def log_crew_calls(self, calls: Iterable[CrewCall | Fields]) -> int:
        """Stores LLM and tool calls of executions; returns how many. Raises UnknownRecord."""
        return self._crew_store.log_calls(CrewCall.read(call) for call in calls)

    def crew_run(
        self, crew_type: str, *, platforms: Sequence[str] | None = None, niches: Sequence[str] | None = None,
        user_id: str | None = None, budget_usd: Decimal | float | str | None = None,
        budget_tokens: int | None = None,
    ) -> CrewRun:  # fmt: skip
        """A run of agents, recorded as it goes on in a `with` block.

        Once its budget is spent, the next call of a model or a tool is refused, and the run has failed.

        >>> from viralforge import DataWarehouse
        >>> with DataWarehouse.open() as warehouse, warehouse.crew_run("discovery", platforms=["x"]) as run:
        ...     run.llm_call("gpt-4o-mini", {"prompt_tokens": 1_000, "completion_tokens": 100})
        """
        budget = Budget(None if budget_usd is None else Decimal(str(budget_usd)), budget_tokens)
        return self.accounts.begin(
            crew_type, platforms=platforms, niches=niches, user_id=user_id, budget=budget
        )

    def scraped(
        self, *, platform: str, operation: str | None = None, niche: str | None = None,
        units: int | None = None, cost_usd: Decimal | float | str | None = None, tool: str | None = None,
    ) -> Callable[[F], F]:  # fmt: skip
        """A decorator for a function, sync or async, that asks a platform: the posts it returns are saved.

        `units` is what one call takes of the platform's quota, `cost_usd` what it costs; None: what the
        price of a unit says. What it returns, and raises, stays as it is. Raises InvalidPost for a platform
        that there is not.

        >>> from viralforge import DataWarehouse
        >>> with DataWarehouse.open() as warehouse:
        ...     @warehouse.scraped(platform="youtube", units=100)
        ...     def search(query):
        ...         return {"items": []}
        ...     search("soup")
        {'items': []}
        """

        def decorate(function: F) -> F:
            named = operation or str(getattr(function, "__name__", "call"))
            source = Source.of(platform, named, niche, units, cost_usd)
            return Collector(self.accounts, source, tool).around(function)

        platform_name(platform)
        return decorate

    def cached(
        self, platform: str, operation: str, params: Any = None, *, fetch: Callable[[], Any],
        ttl: timedelta | float, stale: timedelta | float = 0, negative_ttl: timedelta | float = 0,
        cost: Decimal | float | str | None = None, units: int | None = None, niche: str | None = None,
    ) -> Any:  # fmt: skip
        """What a platform answers to a question: what is kept of it, else what `fetch` returns.

        It holds for `ttl` seconds (or a timedelta), and for `stale` more while a fresh one is fetched behind
        the caller's back; an error is kept for `negative_ttl`. The same question is asked once, however many
        ask it, in whatever process. `cost` (USD) and `units` of quota are what one request takes. The posts
        in a fresh answer are saved. Await it where `fetch` is asynchronous.

        Raises what `fetch` raises, UpstreamFailed for an error that is kept, InvalidPost for a platform that
        there is not.

        >>> from viralforge import DataWarehouse
        >>> with DataWarehouse.open() as warehouse:
        ...     warehouse.cached("youtube", "search", {"q": "soup"}, ttl=3600, fetch=lambda: {"items": []})
        {'items': []}
        """
        collector = Collector(self.accounts, Source.of(platform, operation, niche, units, cost))
        return self.response_cache.ask(collector, params, Terms.of(ttl, stale, negative_ttl), fetch)

    @cached_property
    def snapshots(self) -> Snapshots:
        """The readings of posts: which are due, and who takes them."""
        return Snapshots(self._database, self.quotas, lambda: self.accounts, self.terms)

    def fetcher(self, platform: str, **terms: Any) -> Callable[[Fetch], Fetch]:
        """A decorator for a function that reads posts of a platform anew, from a list of external ids.

        `terms` are `units` of quota and `cost_usd` of one call, how many posts are a `batch`, and whether
        an answer `omits_gone` posts, which are then deleted where the platform's terms ask for that.

        >>> from viralforge import DataWarehouse
        >>> with DataWarehouse.open() as warehouse:
        ...     @warehouse.fetcher("youtube", units=1)
        ...     def videos(ids):
        ...         return {"items": []}
        ...     warehouse.snapshots.recollect("youtube")[0].failed
        0
        """

        def register(fetch: Fetch) -> Fetch:
            self.snapshots.fetcher(platform, fetch, **terms)
            return fetch

        return register

    @cached_property
    def response_cache(self) -> ResponseCache:
        """The answers of platforms that are kept."""
        locks = SessionLocks(self._database.url)
        self._stack.callback(locks.close)
        return ResponseCache(self.answers_kept, locks)

    def take_traces(self, request: Any) -> None:
        """Stores the runs and calls in an OpenTelemetry ExportTraceServiceRequest; again: changes nothing.

        Raises InvalidInput for spans without the ids and times that they must have.
        """
        if not spans.is_well_formed(request):
            raise InvalidInput("spans: each needs a traceId, a spanId, and a start before its end")
        found = spans.told(request, Prices(self.prices.all()))
        first = {start.key: start for start in reversed(found.starts)}
        self._run_store.note(list(first.values()), found.calls, [])
        self._run_store.note_roots(found.roots)
        self._run_store.note([], [], found.ends)
        self._run_store.still_here(first)

    def sweep_runs(self) -> int:
        """Marks runs whose process has died, and those nobody hears of any more, as stale; says how many."""
        try:
            accounts = self.accounts
        except ConfigurationError:  # a server that may write to no disk has no runs of its own
            return self._run_store.sweep()
        return accounts.sweep()

    def spent_today(self, crew_types: Sequence[str]) -> dict[str, Decimal]:
        """What the runs of each crew type that began today (UTC) have cost so far, in USD."""
        return self._run_store.spent_today(crew_types)

    def set_price(self, price: OwnPrice | Fields) -> int:
        """Sets a price of the user's own, in place of that of the same thing from the same day; its id."""
        read = OwnPrice.read(price)
        if read.kind == "unit":
            read = read.model_copy(update={"name": platform_name(read.name)})
        return self.prices.set(read)

    def reprice_calls(self, since: datetime) -> Repriced:
        """Works out the cost of every call since then anew, by the prices that are known now.

        What failed without usage cost nothing, and a tool's answer from a cache neither.
        """
        prices = Prices(self.prices.all())
        looked_at, changed = self.prices.reprice(since.astimezone(UTC), lambda call: _price_of(prices, call))
        return Repriced(looked_at, changed)


def _price_of(prices: Prices, call: PricedCall) -> Price:
    if call.kind == "tool":
        price = prices.of_each("tool", call.name, 1, call.started_at)
        return Price(usd=0, source=price.source) if call.from_cache and price.usd is not None else price
    tokens = Tokens(call.tokens_in, call.tokens_out, call.tokens_cached, call.tokens_cache_write)
    if not call.ok and tokens == Tokens():
        return Price(usd=0)
    return prices.of_model(call.model, call.provider, tokens, call.started_at)

"""What all runs of a process share: the recorder, the prices, and what a kind of crew has spent today."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from threading import Lock, Thread
from typing import Any
from uuid import UUID

from viralforge.agents.recorder import Recorder
from viralforge.agents.run import Budget, CrewRun, current_run
from viralforge.agents.shipping import Shipping
from viralforge.analytics.filters import post_key
from viralforge.db.urls import place_of
from viralforge.errors import ConfigurationError, InvalidInput, UnknownRecord
from viralforge.ingest.run import Ingest
from viralforge.insight.costs import Prices
from viralforge.model.price import Price
from viralforge.model.trend import Trend
from viralforge.model.usage import Tokens
from viralforge.settings import Settings
from viralforge.store.posts import PostStore
from viralforge.store.prices import PriceStore
from viralforge.store.runs import RunStore
from viralforge.store.trends import TrendStore

log = logging.getLogger("viralforge.agents")
MOST_SOURCES = 1_000
"""So many of the posts that a run collected are linked to a trend for which no sources are given."""


_PRICES_SECONDS = 30
_WARM_SECONDS = 2
"""So long the first run waits for prices at most."""


class Accounts:
    """Keeps the accounts of runs; safe among threads."""

    def __init__(
        self, database_url: str, settings: Settings, runs: RunStore, prices: PriceStore, posts: PostStore,
        trends: TrendStore, ingest: Ingest,
    ) -> None:  # fmt: skip
        """Raises ConfigurationError where facts cannot be kept on disk."""
        self._settings, self._runs, self._own = settings, runs, prices
        self._posts, self._trends = posts, trends
        self._prices = Prices()
        self._is_warm, self._warming, self._counting = False, Lock(), Lock()
        self._looked = float("-inf")
        self._spent: dict[str, Decimal] = {}
        self._unstored: list[tuple[float, str, Decimal]] = []
        """What runs of this process have spent since: when, by crew type, how much."""
        # A folder for each database: what a dead process left belongs in that one alone.
        directory = (settings.facts_dir or settings.data_dir / "facts") / place_of(database_url)
        try:
            self._recorder = Recorder(directory, Shipping(runs, ingest), runs, self._look_again)
        except ConfigurationError as error:
            raise ConfigurationError(f"{error}; name another with VIRALFORGE_FACTS_DIR") from None
        self.note = self._recorder.note

    def begin(
        self, crew_type: str, *, platforms: Sequence[str] | None = None, niches: Sequence[str] | None = None,
        user_id: str | None = None, budget: Budget | None = None,
    ) -> CrewRun:  # fmt: skip
        """A run, inside of the one in whose context this is called."""
        self._warmed()
        return CrewRun(
            self, crew_type, platforms=platforms, niches=niches, user_id=user_id, budget=budget,
            parent=current_run(),
        )  # fmt: skip

    @property
    def recorder_id(self) -> UUID:
        """Who records in this process."""
        return self._recorder.id

    def _warmed(self) -> None:
        """Knows the prices, and what was spent; with the database away what is known must do."""
        with self._warming:
            if self._is_warm:
                return
            self._is_warm = True
            # No daemon: the interpreter must not end while a thread is in the middle of an import.
            thread = Thread(target=self._warm, name="viralforge-prices")
            thread.start()
            thread.join(_WARM_SECONDS)

    def _warm(self) -> None:
        with suppress(Exception):  # then each call says what is wrong
            self._look_again()
        with suppress(Exception):
            self._prices.of_model("gpt-4o-mini", None, Tokens(1, 1), datetime.now(UTC))

    def flush(self) -> None:
        """Returns once all that was told is stored. Raises DatabaseUnavailable."""
        self._recorder.flush()

    def sweep(self) -> int:
        """Stores what is left of processes that died, and marks their runs as stale; how many."""
        return self._recorder.sweep()

    def close(self) -> None:
        """Stores what was told, if the database is there."""
        self._recorder.close()

    def execution_of(self, run: UUID) -> int:
        """The id of the run's execution. Raises DatabaseUnavailable, UnknownRecord where it was deleted."""
        self.flush()
        if (found := self._runs.execution_of(run)) is None:
            raise UnknownRecord(f"no execution is stored for the run {run}")
        return found

    def price_of_model(self, model: str, provider: str | None, tokens: Tokens, at: datetime) -> Price:
        """The price of a call; unknown too if something goes wrong with it."""
        try:
            return self._prices.of_model(model, provider, tokens, at)
        except Exception:
            log.exception("the price of a call of %s could not be worked out", model)
            return Price()

    def price_of_each(self, kind: str, name: str, count: int, at: datetime) -> Price:
        """The price of so many calls of a tool, or units of a platform; unknown if something goes wrong."""
        try:
            return self._prices.of_each(kind, name, count, at)  # type: ignore[arg-type]
        except Exception:
            log.exception("the price of %s could not be worked out", name)
            return Price()

    def over_budget(self, crew_type: str) -> str | None:
        """What is said where a kind of crew has spent what it may in a day; None where it has not."""
        limit = self._settings.crew_budgets.get(crew_type)
        if limit is None:
            return None
        spent = self._spent.get(crew_type, Decimal(0))
        spent += sum(usd for _at, name, usd in self._unstored.copy() if name == crew_type)
        if spent < limit:
            return None
        return f"the budget of ${limit:f} a day for {crew_type} is spent: ${spent:f}"

    def spent(self, crew_type: str, usd: Decimal) -> None:
        """Counts what a run has spent, until it is stored and counted there."""
        if crew_type in self._settings.crew_budgets:
            with self._counting:
                self._unstored.append((time.monotonic(), crew_type, usd))

    def discover(
        self, run: CrewRun, title: str, sources: Sequence[Any] | None,
        relevance: Sequence[float | None] | None, about: Mapping[str, Any],
    ) -> int:  # fmt: skip
        """The trend that a run discovered, made or brought up to date and linked to its sources."""
        if sources is None and relevance is not None:
            raise InvalidInput("relevance: there are no sources it could be of; give both")
        if isinstance(sources, str | UUID):
            raise InvalidInput("sources: one id is no list of them; write [id]")
        execution = run.id
        trend = Trend.read({**about, "title": title, "crew_execution_id": execution})
        if sources is None:
            ids = self._runs.posts_of(execution, MOST_SOURCES)
        else:
            ids = [self._post(source) for source in sources]
        found = self._trends.discover(trend, ids, relevance)
        self._runs.count_up(run.key)
        return found

    def _post(self, source: Any) -> UUID:
        """The id of a source; a post that is given whole is saved."""
        if isinstance(source, UUID | str):
            return post_key(source)
        return self._posts.save(source)

    def _look_again(self, stored_until: float = float("-inf")) -> None:
        """Takes over what others have changed: prices, and what was spent."""
        if time.monotonic() - self._looked > _PRICES_SECONDS:
            self._prices = Prices(self._own.all())
            self._looked = time.monotonic()
        if kinds := list(self._settings.crew_budgets):
            self._spent |= self._runs.spent_today(kinds)
            with self._counting:
                self._unstored = [each for each in self._unstored if each[0] >= stored_until]

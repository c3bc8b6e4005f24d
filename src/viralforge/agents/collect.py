"""What tools and functions collect, told as it is and handed on unchanged."""

from __future__ import annotations

import inspect
import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from viralforge.agents.run import current_run
from viralforge.errors import InvalidInput, QuotaSpent, UpstreamFailed
from viralforge.model.ids import platform_name
from viralforge.model.record import MAX_NAME
from viralforge.model.values import shown

if TYPE_CHECKING:
    from viralforge.agents.accounts import Accounts

log = logging.getLogger("viralforge.agents")
F = TypeVar("F", bound=Callable[..., Any])
_LONGEST_QUERY = 2_000
_MOST_USD = 999_999_999
NOT_ASKED = (QuotaSpent, UpstreamFailed)
"""Errors of ours for which no platform was asked."""
_SECRET = re.compile(
    r"""(?ix)( (?:api[_-]?|access[_-]?|client[_-]?)?(?:key|token|secret)|password|authorization )
    (["']?\s*[:=]\s*)(?:bearer\s+)?["']?[^&\s"',}]+""",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is collected: `units` is what one request takes of the platform's quota.

    `cost_usd=None` is what the user's own price of a unit says, unknown where there is none.
    """

    platform: str
    operation: str
    niche: str | None = None
    units: int | None = None
    cost_usd: Decimal | None = None

    @classmethod
    def of(
        cls, platform: str, operation: str, niche: str | None = None, units: int | None = None,
        cost_usd: Decimal | float | str | None = None,
    ) -> Source:  # fmt: skip
        """The source, its platform by its own name. Raises InvalidInput for what it cannot be."""
        usd = None if cost_usd is None else round(Decimal(str(cost_usd)), 9)
        if usd is not None and not 0 <= usd <= _MOST_USD:
            raise InvalidInput(f"cost_usd: {usd} is no price of a request; write what one costs in USD")
        if units is not None and units < 0:
            raise InvalidInput(f"units: {units} is below 0")
        return cls(platform_name(platform), operation.strip()[:MAX_NAME] or "request", niche, units, usd)


class Collector:
    """Tells the accounts what was collected from a source, in the run that goes on if any."""

    def __init__(
        self, accounts: Accounts, source: Source, tool: str | None = None,
        is_failure: Callable[[Any], bool] = lambda _answer: False,
        payload_of: Callable[[Any], Any] = lambda answer: answer,
        sent: Callable[[bool], tuple[int, int]] = lambda failed: (1, int(failed)),
    ) -> None:  # fmt: skip
        """`sent` says how many requests were sent for the latest answer, and how many of them failed."""
        self._accounts, self.source, self._tool = accounts, source, tool and tool[:MAX_NAME]
        self.is_failure, self._payload_of, self._sent = is_failure, payload_of, sent

    def around(self, function: F) -> F:
        """The function, whose answers are told; sync or async as it is, its answers and errors unchanged."""

        @wraps(function)
        def told(*args: Any, **kwargs: Any) -> Any:
            within_budget()
            begun = Begun()
            try:
                answer = function(*args, **kwargs)
            except BaseException:
                self.tell(begun, _Asked(args, kwargs), None, failed=True)
                raise
            if inspect.isawaitable(answer):
                return self._awaited(answer, begun, _Asked(args, kwargs))
            self.tell(begun, _Asked(args, kwargs), answer)
            return answer

        @wraps(function)
        async def told_async(*args: Any, **kwargs: Any) -> Any:
            within_budget()
            return await self._awaited(function(*args, **kwargs), Begun(), _Asked(args, kwargs))

        return told_async if inspect.iscoroutinefunction(function) else told  # type: ignore[return-value]

    async def _awaited(self, coming: Any, begun: Begun, query: Any) -> Any:
        try:
            answer = await coming
        except BaseException:
            self.tell(begun, query, None, failed=True)
            raise
        self.tell(begun, query, answer)
        return answer

    def price(self, at: datetime) -> Decimal | None:
        """What one request costs; None if unknown."""
        if self.source.cost_usd is not None or self.source.units is None:
            return self.source.cost_usd
        return self._accounts.price_of_each("unit", self.source.platform, self.source.units, at).usd

    def tell(
        self, begun: Begun, query: Any, answer: Any, *, failed: bool = False, from_cache: bool = False,
        seen_at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Notes one request and what it brought; an answer from the cache was paid for already.

        `seen_at` is when the answer came from the platform; None: now.
        """
        try:
            self._tell(begun, query, answer, failed or self.is_failure(answer), from_cache, seen_at)
        except Exception:  # whoever collects goes on, whatever we do
            log.exception("what %s collected was not written down", self.source.operation)

    def _tell(
        self, begun: Begun, query: Any, answer: Any, failed: bool, from_cache: bool, seen_at: datetime | None
    ) -> None:
        run, source, ended = current_run(), self.source, begun.ended()
        requests, errors = (0, int(failed)) if from_cache else self._sent(failed)
        if not (requests or from_cache):
            return
        usd, units = self.price(begun.at), source.units
        if not from_cache:
            usd, units = usd and usd * requests, units and units * requests
        saved: dict[str, Any] = {}
        if from_cache:
            saved = {"saved_usd": usd, "saved_units": units}
            usd, units = usd and Decimal(0), 0
        if isinstance(query, dict):
            query = _Asked((), query)
        asked = None if query is None else redacted(str(query)[:_LONGEST_QUERY]) or None
        self._accounts.note(
            "collected", run=run and run.key, job_key=uuid4(), platform=source.platform,
            operation=source.operation, query=asked,
            tool=self._tool, niche=source.niche, requests=requests, cache_hits=int(from_cache),
            errors=errors, quota_units=units, cost_usd=usd, **saved,
            started_at=begun.at, ended_at=ended, seen_at=seen_at or ended,
            payload=None if failed else as_json(self._payload_of(answer)),
        )  # fmt: skip
        if run is not None and usd:
            run.spend(usd)


def within_budget() -> None:
    """Returns while the run that goes on, if any, has something left to spend. Raises BudgetSpent."""
    if (run := current_run()) is not None:
        run.check_budget()


class Begun:
    """When something began, and how long ago that was by a clock that does not jump."""

    def __init__(self) -> None:
        self.at, self._clock = datetime.now(UTC), time.perf_counter()

    def ended(self) -> datetime:
        """Now."""
        return datetime.fromtimestamp(self.at.timestamp() + time.perf_counter() - self._clock, UTC)


def as_json(answer: Any) -> Any:
    """An answer as JSON takes it: models and dataclasses as objects, bytes as text."""
    if isinstance(answer, bytes | bytearray):
        with suppress(UnicodeDecodeError):
            return bytes(answer).decode()
        return None
    if hasattr(answer, "model_dump"):
        return answer.model_dump(mode="json")
    if is_dataclass(answer) and not isinstance(answer, type):
        return asdict(answer)
    if isinstance(answer, list | tuple):
        return [as_json(each) for each in answer]
    return answer


class _Asked:
    """What was asked for: the argument that says so, else all of them; said only when it is told."""

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._args, self._kwargs = args, kwargs

    def __str__(self) -> str:
        for name in ("query", "q", "keyword", "hashtag", "search_query", "url"):
            if isinstance(found := self._kwargs.get(name), str) and found:
                return found
        given = [repr_of(each) for each in self._args]
        given += [f"{name}={repr_of(value)}" for name, value in self._kwargs.items()]
        return ", ".join(given)


def repr_of(value: Any) -> str:
    """A value in few letters."""
    return value if isinstance(value, str) else shown(value, 200)


def redacted(text: str) -> str:
    """The text without what looks like a key in it.

    >>> redacted("GET /search?q=soup&key=AIza123"), redacted("{'api_key': 'x', 'q': 'soup'}")
    ('GET /search?q=soup&key=…', "{'api_key': …', 'q': 'soup'}")
    """
    return _SECRET.sub(lambda found: f"{found[1]}{found[2]}…", text)

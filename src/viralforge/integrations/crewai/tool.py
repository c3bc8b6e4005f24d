"""A tool of CrewAI whose answers are kept: the posts in them are saved, and the agent sees no difference."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from crewai.tools import BaseTool
from crewai.tools.tool_failure import ToolFailure
from pydantic import PrivateAttr

from viralforge.agents.cache import ResponseCache, Terms
from viralforge.agents.collect import Collector, Source
from viralforge.integrations.crewai.recording import recording
from viralforge.warehouse import DataWarehouse

_TAKEN_OVER = (
    "name", "description", "env_vars", "args_schema", "result_schema", "cache_function", "result_as_answer",
    "max_usage_count", "tool_failure_policy",
)  # fmt: skip


class WarehouseTool(BaseTool):
    """Another tool, sync or async, whose answers also go into the warehouse.

    Posts of any known shape in them are saved with the run that collected them; what is no post is kept as a
    rejection. The answer, or the error, is handed on as it came.

    >>> from crewai.tools import tool
    >>> @tool
    ... def youtube_search(query: str) -> str:
    ...     "Searches YouTube."
    ...     return '{"items": []}'
    >>> with DataWarehouse.open() as warehouse:
    ...     kept = WarehouseTool(youtube_search, platform="youtube", units=100, warehouse=warehouse)
    ...     kept.run(query="soup")
    '{"items": []}'
    """

    _tool: BaseTool = PrivateAttr()
    _collector: Collector = PrivateAttr()
    _cache: ResponseCache | None = PrivateAttr(None)
    _terms: Terms = PrivateAttr()

    def __init__(
        self, tool: BaseTool, *, platform: str, warehouse: DataWarehouse | None = None,
        operation: str | None = None, niche: str | None = None, units: int | None = None,
        cost_usd: Decimal | float | str | None = None, cache: timedelta | float | None = None,
    ) -> None:  # fmt: skip
        """`warehouse=None` is the one that records; `units` and `cost_usd` are those of one call.

        With `cache` an answer holds for so many seconds (or a timedelta), in all processes: the tool is not
        asked the same again. A failure is not kept, nor what is no text and no JSON.

        Raises InvalidPost for a platform that there is not, ConfigurationError where nothing records.
        """
        super().__init__(**{name: getattr(tool, name) for name in _TAKEN_OVER})
        self.description = tool.description  # CrewAI has written its arguments into it already
        self._tool = tool
        source = Source.of(platform, operation or tool.name, niche, units, cost_usd)
        kept_in = warehouse or recording()
        self._collector = Collector(kept_in.accounts, source, tool.name, _is_failure)
        if cache is not None:
            self._cache, self._terms = kept_in.response_cache, Terms.of(cache)

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        return self._asking(self._tool._run, args, kwargs)

    async def _arun(self, *args: Any, **kwargs: Any) -> Any:
        if type(self._tool)._arun is not BaseTool._arun:
            return await self._asking(self._tool._arun, args, kwargs)
        return await asyncio.to_thread(self._run, *args, **kwargs)

    def _asking(self, ask: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The tool's answer, or that which is kept of it; to be awaited where `ask` is asynchronous."""
        if self._cache is None:
            return self._collector.around(ask)(*args, **kwargs)
        params = {**kwargs, "args": args} if args else kwargs
        return self._cache.ask(self._collector, params, self._terms, partial(ask, *args, **kwargs))


def _is_failure(answer: Any) -> bool:
    return isinstance(answer, ToolFailure)

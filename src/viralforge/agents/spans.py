"""From OpenTelemetry's spans to runs and calls, by the semantic conventions for generative AI.

A trace is a run: its root span, whoever made it, gives the run its type, its times and its outcome; spans of
models and of tools in it are calls. Spans come as they end, so that calls arrive before their root.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from viralforge.insight.costs import Prices
from viralforge.model.fact import CallMade, RunEnded, RunStarted
from viralforge.model.record import MAX_NAME
from viralforge.model.usage import Tokens

NOBODY = UUID(int=0)
"""Stands for the recorder of runs whose process is not ours to watch."""
_MODELS = frozenset(("chat", "text_completion", "generate_content", "embeddings"))
_TOOLS = frozenset(("execute_tool",))
_AGENTS = frozenset(("invoke_agent", "create_agent", "invoke_workflow"))
_FAILED = 2
_AGENT = "gen_ai.agent.name"
_DEEPEST = 100
"""No real trace nests more spans; one whose spans are each other's parents would go on for ever."""
_MAX_ERROR = 10_000


class Told(NamedTuple):
    """What some spans tell: `roots` are runs whose root came, with what it says of the run."""

    starts: list[RunStarted]
    calls: list[CallMade]
    ends: list[RunEnded]
    roots: list[RunStarted]


def told(request: Any, prices: Prices) -> Told:
    """The facts in an ExportTraceServiceRequest; spans that say nothing of agents are left out."""
    found = Told([], [], [], [])
    agents = _Agents(request)
    for service, span in _spans(request):
        attributes = _attributes(span.attributes)
        operation = attributes.get("gen_ai.operation.name")
        run = UUID(bytes=span.trace_id)
        is_call = operation in _MODELS or operation in _TOOLS
        if is_call or operation in _AGENTS:
            found.starts.append(_start(run, service or "trace", span))
        if is_call:
            found.calls.append(_call(run, str(operation), attributes, span, prices, agents.of(span)))
        if not span.parent_span_id:
            name = attributes.get("gen_ai.agent.name") or attributes.get("gen_ai.workflow.name") or span.name
            found.roots.append(_start(run, str(name) or service or "trace", span))
            found.ends.append(_end(run, span))
    return found


class _Agents:
    """Which agent made a call: the one that its span names, else the nearest of the spans around it."""

    def __init__(self, request: Any) -> None:
        self._known = {
            (span.trace_id, span.span_id): (span.parent_span_id, _attributes(span.attributes).get(_AGENT))
            for _service, span in _spans(request)
        }

    def of(self, span: Any) -> str | None:
        place = span.span_id
        for _ in range(_DEEPEST):
            if (found := self._known.get((span.trace_id, place))) is None:
                return None
            place, agent = found
            if agent is not None:
                return str(agent)
        return None


def is_well_formed(request: Any) -> bool:
    """Whether every span has the ids and the times that it must have."""
    return all(
        len(span.trace_id) == 16 and any(span.trace_id) and len(span.span_id) == 8
        and 0 < span.start_time_unix_nano <= span.end_time_unix_nano < 2**62
        for _service, span in _spans(request)
    )  # fmt: skip


def _spans(request: Any) -> Iterator[tuple[str | None, Any]]:
    for resource in request.resource_spans:
        service = _attributes(resource.resource.attributes).get("service.name")
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield service, span


def _attributes(given: Iterable[Any]) -> dict[str, Any]:
    found = {}
    for each in given:
        kind = each.value.WhichOneof("value")
        if kind in ("string_value", "int_value", "double_value", "bool_value"):
            found[each.key] = getattr(each.value, kind)
    return found


def _start(run: UUID, name: str, span: Any) -> RunStarted:
    return RunStarted(
        key=run,
        recorder=NOBODY,
        crew_type=_name(name, "trace"),
        start_time=_moment(span.start_time_unix_nano),
    )


def _end(run: UUID, span: Any) -> RunEnded:
    failed = span.status.code == _FAILED
    return RunEnded(
        run=run, status="failed" if failed else "completed", end_time=_moment(span.end_time_unix_nano),
        error_message=(span.status.message or "failed")[:_MAX_ERROR] if failed else None,
    )  # fmt: skip


def _call(
    run: UUID, operation: str, attributes: Mapping[str, Any], span: Any, prices: Prices, agent: str | None
) -> CallMade:
    began = _moment(span.start_time_unix_nano)
    failed = span.status.code == _FAILED
    error = span.status.message or str(attributes.get("error.type", "failed"))
    about: dict[str, Any] = {
        "run": run, "call_key": UUID(bytes=sha256(span.trace_id + span.span_id).digest()[:16]),
        "agent": agent, "started_at": began,
        "duration_ms": (span.end_time_unix_nano - span.start_time_unix_nano) // 1_000_000,
        "ok": not failed, "error": error[:_MAX_ERROR] if failed else None,
    }  # fmt: skip
    if operation in _TOOLS:
        name = _name(attributes.get("gen_ai.tool.name") or span.name, "tool")
        price = prices.of_each("tool", name, 1, began)
        return CallMade(kind="tool", name=name, cost_usd=price.usd, price_source=price.source, **about)
    model = _name(
        attributes.get("gen_ai.response.model") or attributes.get("gen_ai.request.model"), "unknown"
    )
    provider = _text(attributes.get("gen_ai.provider.name") or attributes.get("gen_ai.system"))
    tokens = _tokens(attributes)
    price = prices.of_model(model, provider, tokens, began)
    return CallMade(
        kind="llm", name=model, model=model, provider=provider, tokens_in=tokens.input,
        tokens_out=tokens.output, tokens_cached=tokens.cached, tokens_cache_write=tokens.cache_write,
        tokens_reasoning=tokens.reasoning, price_source=price.source,
        cost_usd=0 if failed and tokens == Tokens() else price.usd, **about,
    )  # fmt: skip


def _tokens(attributes: Mapping[str, Any]) -> Tokens:
    return Tokens.read({
        "prompt_tokens": attributes.get("gen_ai.usage.input_tokens"),
        "completion_tokens": attributes.get("gen_ai.usage.output_tokens"),
        "cached_tokens": attributes.get("gen_ai.usage.cache_read.input_tokens"),
        "cache_creation_tokens": attributes.get("gen_ai.usage.cache_creation.input_tokens"),
        "reasoning_tokens": attributes.get("gen_ai.usage.reasoning.output_tokens"),
    })  # fmt: skip


def _text(given: Any) -> str | None:
    return None if given is None else str(given)


def _name(given: Any, otherwise: str) -> str:
    return (str(given or "").strip() or otherwise)[:MAX_NAME]


def _moment(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1_000_000_000, UTC)

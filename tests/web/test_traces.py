"""OpenTelemetry's traces: a trace is a run, spans of models and tools are its calls, each once."""

from __future__ import annotations

import gzip
import json
import random
from decimal import Decimal
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from viralforge.web.api.traces import _with_bytes

START = 1_759_478_400_000_000_000
TRACE = "5b8efff798038103d269b633813fc60c"
PROTOBUF = "application/x-protobuf"


def span(
    number: int, operation: str | None, *, parent: int | None = 9, trace: str = TRACE, **more: Any
) -> dict:
    attributes = {"gen_ai.operation.name": operation} | more.pop("attributes", {})
    start = START + number * 10**9
    return {
        "traceId": trace, "spanId": f"{number:016x}", "name": more.pop("name", f"{operation} {number}"),
        **({} if parent is None else {"parentSpanId": f"{parent:016x}"}),
        "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + 5 * 10**8),
        "attributes": [{"key": key, "value": value_of(value)} for key, value in attributes.items() if value],
        **more,
    }  # fmt: skip


def value_of(value: str | int) -> dict:
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def document(*spans: dict) -> dict:
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "my-graph"}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}


USED = {
    "gen_ai.response.model": "gpt-4o-mini", "gen_ai.provider.name": "openai",
    "gen_ai.usage.input_tokens": 1_000, "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.cache_read.input_tokens": 200, "gen_ai.agent.name": "finder",
}  # fmt: skip
SPANS = [
    span(1, "chat", attributes=USED), span(2, "execute_tool", attributes={"gen_ai.tool.name": "search"}),
    span(3, "chat", attributes={"gen_ai.request.model": "nobody"}, status={"code": 2, "message": "429"}),
    span(4, None, name="GET /"), span(5, "invoke_agent", attributes={"gen_ai.agent.name": "finder"}),
]  # fmt: skip
ROOT = span(0, "invoke_agent", parent=None, attributes={"gen_ai.agent.name": "discovery"})
RUN = """
SELECT crew_type, status, start_time, llm_calls, tool_calls, tokens_in, tokens_out, tokens_cached, cost_usd
FROM crew_executions
"""


def send(client, given: dict, how: str = "json"):
    if how == "json":
        return client.post("/v1/traces", json=given)
    packed = ParseDict(_with_bytes(given), ExportTraceServiceRequest()).SerializeToString()
    headers = {"Content-Type": PROTOBUF}
    if how == "gzip":
        packed, headers = gzip.compress(packed), headers | {"Content-Encoding": "gzip"}
    return client.post("/v1/traces", content=packed, headers=headers)


@pytest.mark.parametrize("how", ["json", "protobuf", "gzip"])
def test_a_trace_is_a_run_with_its_calls(admin_client, warehouse, how) -> None:
    answer = send(admin_client, document(*SPANS, ROOT), how)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == ("application/json" if how == "json" else PROTOBUF)
    [run] = warehouse.sql(RUN)
    assert tuple(run)[:2] == ("discovery", "completed")
    assert run[2].timestamp() * 10**9 == START
    assert tuple(run)[3:8] == (2, 1, 1_000, 100, 200)
    assert run[8] == Decimal("0.000195")
    calls = warehouse.sql(
        "SELECT kind, name, agent, ok, error, duration_ms FROM crew_calls ORDER BY started_at"
    )
    assert [tuple(call) for call in calls] == [
        ("llm", "gpt-4o-mini", "finder", True, None, 500), ("tool", "search", None, True, None, 500),
        ("llm", "nobody", None, False, "429", 500),
    ]  # fmt: skip


def test_a_call_is_its_agents_though_only_a_span_around_it_says_so(admin_client, warehouse) -> None:
    names = {"gen_ai.request.model": "gpt-4o"}
    around = span(1, "invoke_agent", attributes={"gen_ai.agent.name": "sub"})
    within = [span(2, None, parent=1, name="step"), span(3, "chat", parent=2, attributes=names)]
    ring = [span(6, "chat", parent=7, attributes=names), span(7, None, parent=6, name="loop")]
    assert send(admin_client, document(ROOT, around, *within, *ring)).status_code == 200
    found = warehouse.sql("SELECT agent FROM crew_calls ORDER BY agent NULLS LAST")
    assert [row[0] for row in found] == ["sub", None]


def test_spans_may_come_in_any_order_and_again(admin_client, warehouse) -> None:
    spans = [*SPANS, ROOT]
    for seed in range(5):
        random.Random(seed).shuffle(spans)
        for each in spans:
            assert send(admin_client, document(each)).status_code == 200
    [run] = warehouse.sql(RUN)
    assert (run[0], run[1], run[3], run[4], run[5]) == ("discovery", "completed", 2, 1, 1_000)


def test_a_trace_without_its_root_is_a_run_that_goes_on(admin_client, warehouse) -> None:
    send(admin_client, document(SPANS[0]))
    assert [tuple(run)[:2] for run in warehouse.sql(RUN)] == [("my-graph", "running")]
    send(admin_client, document(ROOT | {"status": {"code": 2, "message": "no soup"}}))
    found = warehouse.sql("SELECT status, error_message, duration_ms FROM crew_executions")
    assert [tuple(run) for run in found] == [("failed", "no soup", 500)]


def test_a_trace_of_something_else_is_let_go(admin_client, warehouse) -> None:
    assert send(admin_client, document(span(1, None), span(0, None, parent=None))).status_code == 200
    assert warehouse.sql(RUN) == []


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400), (b"[]", {}, 422), (b'{"resourceSpans": 7}', {}, 422),
        (b"\xff\xff", {"Content-Type": PROTOBUF}, 400),
        (json.dumps(document(span(1, "chat", trace="xyz"))).encode(), {}, 422),
        (json.dumps(document(span(1, "chat", trace="00"))).encode(), {}, 422),
        (json.dumps(document(span(1, "chat") | {"endTimeUnixNano": "1"})).encode(), {}, 422),
        (json.dumps(document(span(1, "chat") | {"startTimeUnixNano": "soon"})).encode(), {}, 422),
    ],
)  # fmt: skip
def test_what_is_no_trace_is_refused(admin_client, warehouse, body, headers, status) -> None:
    answer = admin_client.post("/v1/traces", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert warehouse.sql(RUN) == []

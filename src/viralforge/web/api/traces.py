"""OpenTelemetry's traces in (OTLP over HTTP), so that agents of every kind land in the same tables."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from viralforge.web.api.documents import told
from viralforge.web.api.requests import Warehouse, routes_of
from viralforge.web.body import json_in, unpacked
from viralforge.web.problems import Problem

routes = routes_of("crews", "write")
PROTOBUF = "application/x-protobuf"
_IDS = ("traceId", "spanId", "parentSpanId")
_SPAN = {
    "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "chat gpt-4o-mini",
    "startTimeUnixNano": "1759478400000000000", "endTimeUnixNano": "1759478401000000000",
    "attributes": [
        {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
        {"key": "gen_ai.response.model", "value": {"stringValue": "gpt-4o-mini"}},
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "1200"}},
        {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "80"}},
    ],
}  # fmt: skip
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "description": f"ExportTraceServiceRequest in OTLP's JSON; {PROTOBUF} is taken too.",
            },
            "example": {"resourceSpans": [{"scopeSpans": [{"spans": [_SPAN]}]}]},
        },
    },
}  # fmt: skip


async def _request_in(request: Request) -> Any:
    """The exporter's request, from protobuf or JSON. Raises Problem."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == PROTOBUF:
        try:
            return ExportTraceServiceRequest.FromString(await unpacked(request))
        except DecodeError:
            raise Problem("unreadable", "the body is no ExportTraceServiceRequest in protobuf") from None
    try:
        document = _with_bytes(await json_in(request))
        if not isinstance(document, dict):
            raise TypeError("it is no object")
        return ParseDict(document, ExportTraceServiceRequest(), ignore_unknown_fields=True)
    except (ParseError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Problem("invalid-input", f"the body is no ExportTraceServiceRequest: {error}"[:500]) from None


def _with_bytes(document: Any) -> Any:
    """The document with ids as protobuf has bytes in JSON: OTLP writes them in hexadecimal."""
    if isinstance(document, dict):
        return {name: _id(found) if name in _IDS else _with_bytes(found) for name, found in document.items()}
    if isinstance(document, list):
        return [_with_bytes(each) for each in document]
    return document


def _id(written: Any) -> str:
    try:
        return base64.b64encode(bytes.fromhex(written)).decode()
    except (ValueError, TypeError, binascii.Error):
        raise ValueError(f"{written!r:.60} is no id in hexadecimal") from None


@routes.post(
    "/v1/traces",
    **told(
        body=_BODY,
        answer={"type": "object"},
        example={},
        says="All are stored that tell of agents.",
    ),
)
def take_traces(
    request: Request, traces: Annotated[Any, Depends(_request_in)], warehouse: Warehouse
) -> Response:
    """Takes spans with the semantic conventions for generative AI, as OTLP exporters send them.

    A trace is a run, spans of models and tools are its calls; a span that comes again changes nothing. Point
    an exporter here with `OTEL_EXPORTER_OTLP_ENDPOINT` and the key in `OTEL_EXPORTER_OTLP_HEADERS`.
    """
    warehouse.take_traces(traces)
    kind = request.headers.get("content-type", "")
    if kind.startswith(PROTOBUF):
        return Response(b"", media_type=PROTOBUF)
    return Response(b"{}", media_type="application/json")

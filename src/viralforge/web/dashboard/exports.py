"""What a tile stands on, for machines: its rows as CSV or JSON."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
from starlette.responses import Response

from viralforge.web.dashboard.cells import attributes
from viralforge.web.dashboard.tiles import Rows
from viralforge.web.reply import reply

KINDS = ("csv", "json")
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the start of a text."""


def exported(rows: Rows, name: str, kind: str, as_of: datetime | None = None) -> Response:
    """The rows as a file to be kept."""
    about = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    found = [dict(attributes(row)) for row in rows]
    if kind == "json":
        return reply({"rows": found, "as_of": as_of or datetime.now(UTC)}, headers=about)
    written = io.StringIO()
    writer = csv.DictWriter(written, getattr(rows, "columns", None) or list(found[0]) if rows else [])
    writer.writeheader()
    writer.writerows({field: _plain(value) for field, value in row.items()} for row in found)
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=about)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | dict):
        return orjson.dumps(value, default=str).decode()
    if isinstance(value, str) and value.startswith(_RISKY):
        return f"'{value}"
    return value

"""The published views over HTTP: filtered by column, sorted, and page by page."""

from __future__ import annotations

import inspect
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, get_type_hints
from uuid import UUID

from fastapi import APIRouter, Query, Response

from viralforge.model.record import PLATFORM_SCHEMA
from viralforge.warehouse import DataWarehouse
from viralforge.web.api.documents import record, told
from viralforge.web.api.examples import example_of
from viralforge.web.api.requests import Warehouse, routes_of, scope_of
from viralforge.web.api.schemas import returned
from viralforge.web.reply import reply

_SCHEMAS: dict[Any, dict[str, Any]] = {
    int: {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
    Decimal: {"type": "number"}, float: {"type": "number"}, str: {"type": "string"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"}, date: {"type": "string", "format": "date"},
}  # fmt: skip
_SAYS = {"gt": "is above", "gte": "is at least", "lt": "is below", "lte": "is at most", "": "is"}
Limit = Annotated[int, Query(ge=1, le=1_000, description="How many rows a page has at most.")]
Cursor = Annotated[
    str | None, Query(max_length=4_000, description="`next` of the page before; none for the first page.")
]


def routes() -> list[APIRouter]:
    """A router for each view."""
    kinds: Any = get_type_hints(DataWarehouse)["views"]
    return [_routed(name, view) for name, view in kinds.all().items()]


def _routed(name: str, view: Any) -> APIRouter:
    filters = {parameter.replace(".", "__"): parameter for parameter in view.filters()}

    def answer(
        warehouse: Warehouse, sort: str | None, limit: int, cursor: str | None, **asked: str | None
    ) -> Response:
        where = {filters[each]: value for each, value in asked.items() if value is not None}
        page = warehouse.views.page(name, where, sort=sort, limit=limit, cursor=cursor)
        return reply({"rows": page.rows.to_dicts(), "next": page.next})

    answer.__name__ = f"view_{name.removeprefix('v_').removeprefix('mv_')}"
    answer.__doc__ = (
        f"A page of `{name}`: rows under `rows`, and under `next` the cursor of the page after it.\n\n"
        "`views.gte=1000` asks for at least so many views, and so do gt, lt and lte; a column alone is "
        "compared as it is (`platform` also takes `x`), and of a list asked whether it contains that. On "
        "unchanged data no row comes twice, and none is missed."
    )
    answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            _keyword("warehouse", Warehouse, inspect.Parameter.empty),
            _keyword("sort", Annotated[str | None, _sort(view)], None),
            _keyword("limit", Limit, 100),
            _keyword("cursor", Cursor, None),
            *(_keyword(at, _filter(alias, view.filters()[alias]), None) for at, alias in filters.items()),
        ]
    )
    rows = returned(list[view.row])
    schema = record(
        f"{view.row.__name__}Page", rows=rows,
        next={"type": ["string", "null"], "description": "The cursor of the next page; null after the last."},
    )  # fmt: skip
    router = routes_of("views", scope_of(view.row))
    example = {"rows": [example_of(view.row)], "next": "WyItZW5nYWdlbWVudF9yYXRlLGlkIixbXV0"}
    router.get(f"/v1/views/{name}", **told(answer=schema, example=example, says="A page of rows."))(answer)
    return router


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _filter(alias: str, kind: Any) -> Any:
    column, _, operator = alias.partition(".")
    description = f"Only rows whose {column} {_SAYS[operator]} this."
    schema = PLATFORM_SCHEMA if alias == "platform" else _SCHEMAS[kind]
    if alias == "words":
        description = 'Only posts with these words, as in a search engine: "exact phrase", or, -not.'
    return Annotated[str | None, Query(alias=alias, description=description, json_schema_extra=schema)]


def _sort(view: Any) -> Any:
    columns = "|".join(view.sortable())
    return Query(
        description=f"Columns to sort by, `-` before those that go down; else `{','.join(view.order)}`.",
        pattern=f"^-?({columns})(,-?({columns}))*$",
        json_schema_extra={"examples": [view.order[0]]},
    )

"""What the routes take from a request: the warehouse, a JSON body, parameters, and an idempotency key."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any, get_type_hints
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.routing import APIRoute
from starlette.convertors import Convertor, register_url_convertor

from viralforge.warehouse import DataWarehouse
from viralforge.web.access import Needs
from viralforge.web.body import json_in
from viralforge.web.problems import Problem, place_in
from viralforge.web.reply import reply

RECORD_ID = 2**63 - 1
"""The largest id that the database counts to."""


async def _warehouse(request: Request) -> DataWarehouse:
    warehouse: DataWarehouse = request.app.state.warehouse
    return warehouse


async def _sees_users(request: Request) -> bool:
    found: bool = getattr(request.state, "sees_users", False)
    return found


Warehouse = Annotated[DataWarehouse, Depends(_warehouse)]
SeesUsers = Annotated[bool, Depends(_sees_users)]
PostId = Annotated[UUID, Path(description="The post's id.")]
TrendId = Annotated[int, Path(ge=1, le=RECORD_ID, description="The trend's id.")]
ExecutionId = Annotated[int, Path(ge=1, le=RECORD_ID, description="The execution's id.")]
JsonBody = Annotated[Any, Depends(json_in)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$",
        description="Draw one for each request, such as a UUID: sent again within 24 hours, the request is "
        "not done again; its first answer comes again, with the header `Idempotency-Replayed: true`.",
        examples=["5f0c7c6e-8a5e-4f3c-9d53-0a4f0b7f2b11"],
    ),
]  # fmt: skip


class _RecordId(Convertor[str]):
    """An id in a path; other words in its place are other paths."""

    regex = "[0-9]{1,19}"

    def convert(self, value: str) -> str:
        """The digits as they stand."""
        return value

    def to_string(self, value: str) -> str:
        """The digits as they stand."""
        return value


register_url_convertor("record", _RecordId())


class Once:
    """Does what a request asks, once for each of its idempotency keys."""

    def __init__(self, request: Request, body: Any, key: str | None) -> None:
        self._request, self._body, self._key = request, body, key

    def __call__(self, verb: Callable[[], Any], status: int) -> Response:
        """The answer of `verb`, which writes through the request's warehouse."""
        if self._key is None:
            return reply(verb(), status)
        warehouse: DataWarehouse = self._request.app.state.warehouse
        owner = getattr(self._request.state, "key_id", 0)
        answer, replayed = warehouse.once(self._key, self._hash(), verb, owner=owner)
        return reply(answer, status, {"Idempotency-Replayed": "true"} if replayed else None)

    def _hash(self) -> bytes:
        """The same for requests that ask the same, however their JSON is written."""
        asked = [self._request.method, self._request.url.path, self._body]
        try:
            written = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
        except TypeError:
            written = repr(asked).encode("utf-8", "backslashreplace")
        return sha256(written).digest()


async def _once(request: Request, body: JsonBody, key: IdempotencyKey = None) -> Once:
    return Once(request, body, key)


OnceForKey = Annotated[Once, Depends(_once)]


async def known_parameters(request: Request) -> None:
    """Raises Problem for a parameter that the route does not know, and for one that is given twice."""
    route: APIRoute = request.scope["route"]
    known = sorted({field.alias for field in route.dependant.query_params})
    given = request.query_params.multi_items()
    names = [name for name, _value in given]
    errors = [
        {"pointer": place_in((name[:200],)), "in": "query", "detail": said}
        for name in dict.fromkeys(names)
        if (said := _refusal(name, names.count(name), known))
    ]
    if errors:
        raise Problem("invalid-input", "; ".join(error["detail"] for error in errors[:5]), errors=errors[:20])


def _refusal(name: str, count: int, known: list[str]) -> str:
    if name not in known:
        there = f"there are {', '.join(known)}" if known else "there are none here"
        return f"{name[:80]!r} is no parameter; {there}"
    return f"{name} is given {count} times; give it once" if count > 1 else ""


def scope_of(row: Any) -> str:
    """The scope that opens rows of a kind: those that are one user each are for who may see users."""
    named = get_type_hints(row) if isinstance(row, type) else {}
    return "read:users" if named.get("user_id") is str else "read"


def routes_of(subject: str, scope: str) -> APIRouter:
    """A router of one subject whose routes all need `scope`, and take no parameter that they do not know."""
    return APIRouter(tags=[subject], dependencies=[Depends(Needs(scope)), Depends(known_parameters)])

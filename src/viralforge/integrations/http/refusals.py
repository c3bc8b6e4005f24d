"""What the server refuses, as the errors that a warehouse at hand raises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

from viralforge.errors import (
    AccessDenied,
    ArchiveUnavailable,
    DatabaseUnavailable,
    InvalidInput,
    InvalidPost,
    StorageFull,
    UnknownPosts,
    UnknownRecord,
    UserErased,
    ViralForgeError,
    WarehouseError,
)

_URN = "urn:viralforge:problem:"
_KINDS: dict[str, type[ViralForgeError]] = {
    "key-needed": AccessDenied, "not-allowed": AccessDenied, "access-denied": AccessDenied,
    "not-found": UnknownRecord, "too-many-requests": DatabaseUnavailable,
    "unavailable": DatabaseUnavailable, "archive-away": ArchiveUnavailable, "timeout": DatabaseUnavailable,
    "storage-full": StorageFull, "failed": WarehouseError,
}  # fmt: skip
"""What is not named here is wrong with what was sent, or from 500 on with the server."""


def error_of(response: httpx.Response) -> ViralForgeError:
    """The error that a response means.

    >>> problem = {"type": "urn:viralforge:problem:not-found", "detail": "no trend with id 7"}
    >>> error_of(httpx.Response(404, json=problem))
    UnknownRecord('no trend with id 7')
    """
    problem = _problem_in(response)
    kind = str(problem.get("type", ""))
    if not kind.startswith(_URN):
        return WarehouseError(
            f"{response.url.host} answered {response.status_code} and no problem of ViralForge's: "
            "is this the address of viralforge serve?"
        )
    error = _error_of(kind.removeprefix(_URN), problem)
    error.saved = problem.get("saved")
    return error


def _problem_in(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _error_of(kind: str, problem: Mapping[str, Any]) -> ViralForgeError:
    said = problem["detail"]
    if known := _KINDS.get(kind):
        return UnknownPosts(problem["post_ids"]) if "post_ids" in problem else known(said)
    if kind == "erased" and "reason" not in problem:
        return UserErased(said)
    if int(problem.get("status", 422)) >= 500:
        return WarehouseError(said)
    places = [(_way(each["pointer"]), each["detail"]) for each in problem.get("errors", ())]
    refusal = _invalid_post(problem["reason"], said) if "reason" in problem else InvalidInput(said)
    refusal.places = places
    return refusal


def _invalid_post(reason: str, said: str) -> InvalidPost:
    """The error whose words are these: `reason: field: detail`, or without a field."""
    detail = said.removeprefix(f"{reason}: ")
    field, colon, rest = detail.partition(": ")
    return InvalidPost(reason, rest, field) if colon and field.isidentifier() else InvalidPost(reason, detail)


def _way(pointer: str) -> tuple[str | int, ...]:
    """The way that a JSON pointer shows.

    >>> _way("/3/event_name")
    (3, 'event_name')
    """
    parts = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    return tuple(int(part) if part.isdecimal() else part for part in parts)

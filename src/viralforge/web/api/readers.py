"""Every question over HTTP: a route for each of the table.

A route is made of the method that answers: parameters and their defaults are its own, the rows of the
answer are what it says it returns, and its docstring is the description.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

from fastapi import APIRouter, Response

from viralforge.integrations.http.questions import QUESTIONS, Question, method_of
from viralforge.model import values
from viralforge.web.api.documents import record, told
from viralforge.web.api.examples import example_of
from viralforge.web.api.parameters import as_given, parameter
from viralforge.web.api.requests import SeesUsers, Warehouse, routes_of, scope_of
from viralforge.web.api.schemas import returned
from viralforge.web.problems import Problem
from viralforge.web.reply import reply

_OF_USERS = {"user_id", "output_data", "payload"}
"""What rows tell of users: for whom a run was made, what it returned, and what was turned away."""


def routes() -> list[APIRouter]:
    """A router for each question of the table."""
    return [_routed(question) for question in QUESTIONS]


def _routed(question: Question) -> APIRouter:
    method = method_of(question)
    hints = get_type_hints(method)
    given = [each for name, each in inspect.signature(method).parameters.items() if name != "self"]

    def answer(warehouse: Warehouse, sees_users: SeesUsers, **asked: Any) -> Response:
        lent = getattr(warehouse, question.subject) if question.subject else warehouse
        found = getattr(lent, question.method)(
            **{name: as_given(name, value) for name, value in asked.items()}
        )
        if found is None:
            raise Problem("not-found", f"there is none with {_written(asked)}")
        return reply(in_json(found, sees_users=sees_users))

    answer.__name__ = f"{question.subject}_{question.method}".strip("_")
    said = inspect.getdoc(method) or ""
    answer.__doc__ = said.replace("None where it was", "404 where it was").replace(
        "None where there is none", "404 where there is none"
    )
    kept = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind)
        for name, kind in (("warehouse", Warehouse), ("sees_users", SeesUsers))
    ]
    asked = [parameter(each, hints[each.name], question.path) for each in given]
    answer.__signature__ = inspect.Signature([*kept, *asked])  # type: ignore[attr-defined]
    schema, example = _documented(hints["return"])
    may_miss = type(None) in get_args(hints["return"]) or question.method == "sources"
    rows = [each for each in get_args(hints["return"]) if each is not type(None)]
    router = routes_of(question.tag or question.subject, scope_of(rows[0] if rows else hints["return"]))
    router.get(
        question.path,
        **told(answer=schema, example=example, says="Found.", refuses=(404,) if may_miss else ()),
    )(answer)
    return router


def _documented(kind: Any) -> tuple[dict[str, Any], Any]:
    """The schema and an example of what a reader returns."""
    inside = [each for each in get_args(kind) if each is not type(None)]
    if type(None) in get_args(kind):
        return returned(inside[0]), example_of(inside[0])
    if not inside:
        return returned(kind), example_of(kind)
    rows = returned(list[inside[0]])  # type: ignore[valid-type]
    name = "Text" if inside[0] is str else inside[0].__name__
    return record(f"{name}Rows", rows=rows), {"rows": [example_of(inside[0])]}


def in_json(found: Any, *, sees_users: bool = True) -> Any:
    """What a reader returned as JSON has it: rows under `rows`, each an object.

    What says who a user is, or may say it, is null for who may not see users.

    >>> in_json(["tiktok", "youtube"])
    {'rows': ['tiktok', 'youtube']}
    """
    plain = _plain(found)
    if not sees_users:
        for row in plain if isinstance(plain, list) else [plain]:
            if isinstance(row, dict):
                row.update(dict.fromkeys(_OF_USERS & row.keys()))
    return {"rows": plain} if isinstance(plain, list) else plain


def _plain(found: Any) -> Any:
    if hasattr(found, "to_dicts"):
        return found.to_dicts()
    if hasattr(found, "_asdict"):
        return {name: _plain(value) for name, value in found._asdict().items()}
    if hasattr(found, "__dataclass_fields__"):
        return {name: _plain(getattr(found, name)) for name in found.__dataclass_fields__}
    return [_plain(each) for each in found] if isinstance(found, list) else found


def _written(asked: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={values.clean(str(value))}" for name, value in asked.items())

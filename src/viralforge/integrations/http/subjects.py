"""The subjects of a warehouse far away: each question goes to its path, and its answer comes back as rows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache, partial
from typing import Any, Generic, TypeVar, cast, get_args, get_type_hints, overload
from urllib.parse import quote

from viralforge.errors import InvalidInput, UnknownRecord
from viralforge.integrations.http import reading
from viralforge.integrations.http.questions import QUESTIONS, Question, method_of
from viralforge.integrations.http.transport import Transport
from viralforge.integrations.http.written import post_key
from viralforge.warehouse import DataWarehouse

T = TypeVar("T")
_ASKED = {(question.subject, question.method): question for question in QUESTIONS}
_PART = re.compile(r"\{\w+:(\w+)\}")
_SHOWN = {
    "went_viral": ("posts", "went_viral"), "hashtags": ("hashtags", "across_platforms"),
    "trend_costs": ("trends", "costs"), "conversion": ("funnel", "conversion"),
    "agents": ("crews", "agents"), "performance": ("posts", "performance"),
    "returns": ("scraping", "returns"),
}  # fmt: skip
"""The question whose rows each of the seven answers shows, in their order."""


class Lent(Generic[T]):
    """A subject of a remote warehouse; `like` says which of a warehouse at hand it is like."""

    def __init__(self, like: Callable[[DataWarehouse], T]) -> None:
        self._like = like

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, remote: None, owner: type) -> Lent[T]: ...
    @overload
    def __get__(self, remote: Any, owner: type) -> T: ...
    def __get__(self, remote: Any, owner: type) -> Lent[T] | T:
        if remote is None:
            return self
        kind = RemoteViews if self._name == "views" else RemoteSubject
        return cast(T, kind(remote.transport, self._name))


class RemoteSubject:
    """One subject: it has the methods that the server has paths for."""

    def __init__(self, transport: Transport, name: str) -> None:
        self._transport, self._name = transport, name

    def __dir__(self) -> list[str]:
        return [method for subject, method in _ASKED if subject == self._name]

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if (self._name, method) not in _ASKED:
            raise AttributeError(
                f"{self._name}.{method} is not asked over HTTP; there are {', '.join(self.__dir__())}"
            )
        return partial(answer_to, self._transport, self._name, method)


class RemoteViews:
    """The views, a page at a time."""

    def __init__(self, transport: Transport, name: str) -> None:
        self._transport, self._of = transport, get_type_hints(DataWarehouse)[name]

    def all(self) -> Any:
        """Every view by its name."""
        return self._of.all()

    def page(
        self, view: str, where: Mapping[str, Any] | None = None, *, sort: str | None = None,
        limit: int = 100, cursor: str | None = None,
    ) -> Any:  # fmt: skip
        """A page of a view, as a warehouse at hand gives it. Raises InvalidInput."""
        if view not in self.all():
            raise InvalidInput(f"view: {view!r:.80} is none; it is one of {', '.join(self.all())}")
        asked = {"sort": sort, "limit": limit, "cursor": cursor, **(where or {})}
        params = {name: str(value) for name, value in asked.items() if value is not None}
        found = reading.document_in(self._transport.get(f"/v1/views/{view}", params))
        page = get_type_hints(self._of.page)["return"]
        as_rows = get_type_hints(page)["rows"].__origin__
        return page(reading.rows(as_rows, self.all()[view].row, found["rows"]), found["next"])


def answer_to(transport: Transport, subject: str, name: str, *args: Any, **kwargs: Any) -> Any:
    """The answer to a question, asked as the method behind it is. Raises what that raises."""
    question = _ASKED[subject, name]
    method = method_of(question)
    parameters = inspect.signature(method).parameters
    given = dict(list(inspect.signature(method).bind(None, *args, **kwargs).arguments.items())[1:])
    path = question.path
    if part := _PART.search(path):
        value = given.pop(list(parameters)[1])
        path = path.replace(part[0], _in_path(part[1], value))
    params = {each: _in_query(value) for each, value in given.items() if value is not None}
    for each in given.keys() - params.keys():
        if parameters[each].default is not None:
            raise InvalidInput(f"{each}: None cannot be asked over HTTP; write a number")
    kind = _returned(question)
    try:
        found = reading.document_in(transport.get(path, params))
    except UnknownRecord:
        if type(None) in get_args(kind):
            return None
        raise
    return _read(question, kind, found)


def _in_path(kind: str, value: Any) -> str:
    """What stands in a path. Raises InvalidInput where the server would know no such path."""
    if kind == "uuid":
        return str(post_key(value))
    if kind == "str":
        return quote(str(value), safe="")
    if not isinstance(value, int):
        raise InvalidInput(f"{value!r:.80} is no id of a trend; over HTTP a trend is named by its id")
    return str(value)


def _in_query(value: Any) -> str:
    return str(value.total_seconds() if isinstance(value, timedelta) else value)


@cache
def _returned(question: Question) -> Any:
    return get_type_hints(method_of(question))["return"]


def _read(question: Question, kind: Any, found: Any) -> Any:
    listed = found["rows"] if _is_list(kind) else found
    if question.subject != "answers":
        return reading.read_as(kind, listed)
    if question.method != "all":
        return _answer(kind, question.method, found)
    return [_answer(get_args(kind)[0], *each) for each in zip(_SHOWN, listed, strict=True)]


def _answer(kind: Any, method: str, found: Mapping[str, Any]) -> Any:
    """An answer with the rows that its question shows."""
    shown = _returned(_ASKED[_SHOWN[method]])
    row = get_args(shown)[0] if get_args(shown) else shown
    hints = get_type_hints(kind)
    as_rows = hints["rows"].__origin__
    told = {name: reading.read_as(hints[name], found[name]) for name in hints if name != "rows"}
    return kind(**told, rows=reading.rows(as_rows, row, found["rows"]))


def _is_list(kind: Any) -> bool:
    return bool(get_args(kind)) and type(None) not in get_args(kind)

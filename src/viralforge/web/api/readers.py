"""Every question over HTTP: one table of paths, each with the reader of a subject that answers it.

A route is made of its reader: parameters and their defaults are the reader's own, the rows of its answer
are what it says it returns, and its docstring is the description.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple, get_args, get_type_hints

from fastapi import APIRouter, Response

from viralforge.model import values
from viralforge.warehouse import DataWarehouse
from viralforge.web.api.documents import record, told
from viralforge.web.api.examples import example_of
from viralforge.web.api.parameters import as_given, parameter
from viralforge.web.api.requests import Warehouse, routes_of
from viralforge.web.api.schemas import returned
from viralforge.web.problems import Problem
from viralforge.web.reply import reply


class Reader(NamedTuple):
    """A path, and the subject and the method behind it; without a `tag` it is listed under its subject."""

    path: str
    subject: str
    method: str
    tag: str = ""


READERS = (
    Reader("/v1/posts/top", "posts", "top"),
    Reader("/v1/posts/top-by-reach", "posts", "top_by_reach"),
    Reader("/v1/posts/popular", "posts", "popular"),
    Reader("/v1/posts/popular-by-reach", "posts", "popular_by_reach"),
    Reader("/v1/posts/gained", "posts", "gained"),
    Reader("/v1/posts/viral", "posts", "went_viral"),
    Reader("/v1/posts/posting-times", "posts", "posting_times"),
    Reader("/v1/posts/performance", "posts", "performance"),
    Reader("/v1/posts/find", "posts", "find"),
    Reader("/v1/posts/{post_id:uuid}", "posts", "get"),
    Reader("/v1/posts/{post_id:uuid}/history", "posts", "history"),
    Reader("/v1/hashtags/trending", "hashtags", "trending"),
    Reader("/v1/hashtags/across-platforms", "hashtags", "across_platforms"),
    Reader("/v1/trends", "trends", "list"),
    Reader("/v1/trends/costs", "trends", "costs"),
    Reader("/v1/trends/cost-summary", "trends", "cost_summary"),
    Reader("/v1/trends/quality", "trends", "quality"),
    Reader("/v1/trends/{trend_id:record}", "trends", "get"),
    Reader("/v1/trends/{trend_id:record}/sources", "trends", "sources"),
    Reader("/v1/scraping/platforms", "scraping", "platforms"),
    Reader("/v1/scraping/daily", "scraping", "daily"),
    Reader("/v1/scraping/error-rates", "scraping", "error_rates"),
    Reader("/v1/scraping/costs", "scraping", "costs"),
    Reader("/v1/scraping/returns", "scraping", "returns"),
    Reader("/v1/funnel/users", "funnel", "users"),
    Reader("/v1/funnel/conversion", "funnel", "conversion"),
    Reader("/v1/executions", "crews", "executions"),
    Reader("/v1/crews/success", "crews", "success"),
    Reader("/v1/crews/agents", "crews", "agents"),
    Reader("/v1/crews/peak-times", "crews", "peak_times"),
    Reader("/v1/crews/tools", "crews", "tools"),
    Reader("/v1/crews/models", "crews", "models"),
    Reader("/v1/answers", "answers", "all"),
    Reader("/v1/answers/went-viral", "answers", "went_viral"),
    Reader("/v1/answers/hashtags", "answers", "hashtags"),
    Reader("/v1/answers/trend-costs", "answers", "trend_costs"),
    Reader("/v1/answers/conversion", "answers", "conversion"),
    Reader("/v1/answers/agents", "answers", "agents"),
    Reader("/v1/answers/performance", "answers", "performance"),
    Reader("/v1/answers/returns", "answers", "returns"),
    Reader("/v1/rejections", "scrapes", "rejections", "upkeep"),
    Reader("/v1/rejections/reasons", "scrapes", "rejections_by_reason", "upkeep"),
    Reader("/v1/status", "", "status", "upkeep"),
)
"""Every question with its path; what comes first is tried first."""


def routes() -> list[APIRouter]:
    """A router for each reader of the table."""
    return [_routed(reader) for reader in READERS]


def _routed(reader: Reader) -> APIRouter:
    method = _method(reader)
    hints = get_type_hints(method)
    given = [each for name, each in inspect.signature(method).parameters.items() if name != "self"]

    def answer(warehouse: Warehouse, **asked: Any) -> Response:
        lent = getattr(warehouse, reader.subject) if reader.subject else warehouse
        found = getattr(lent, reader.method)(**{name: as_given(name, value) for name, value in asked.items()})
        if found is None:
            raise Problem("not-found", f"there is none with {_written(asked)}")
        return reply(in_json(found))

    answer.__name__ = f"{reader.subject}_{reader.method}".strip("_")
    answer.__doc__ = inspect.getdoc(method)
    kept = inspect.Parameter("warehouse", inspect.Parameter.KEYWORD_ONLY, annotation=Warehouse)
    asked = [parameter(each, hints[each.name], reader.path) for each in given]
    answer.__signature__ = inspect.Signature([kept, *asked])  # type: ignore[attr-defined]
    schema, example = _documented(hints["return"])
    may_miss = type(None) in get_args(hints["return"]) or reader.method == "sources"
    router = routes_of(reader.tag or reader.subject, "read")
    router.get(
        reader.path,
        **told(answer=schema, example=example, says="Found.", refuses=(404,) if may_miss else ()),
    )(answer)
    return router


def _method(reader: Reader) -> Any:
    """What answers, as its class defines it: nothing is opened for that."""
    of = get_type_hints(DataWarehouse)[reader.subject] if reader.subject else DataWarehouse
    return getattr(of, reader.method)


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


def in_json(found: Any) -> Any:
    """What a reader returned as JSON has it: rows under `rows`, each an object.

    >>> in_json(["tiktok", "youtube"])
    {'rows': ['tiktok', 'youtube']}
    """
    plain = _plain(found)
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

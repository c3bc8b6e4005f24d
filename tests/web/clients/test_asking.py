"""A question asked over HTTP has the answer that it has on the spot: the same rows, of the same types."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from viralforge import DataWarehouse, RemoteWarehouse
from viralforge.errors import AccessDenied, InvalidInput, UnknownRecord
from viralforge.integrations.http.questions import QUESTIONS

GIVEN: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "posts.top": (("youtube",), {"limit": 5}),
    "posts.top_by_reach": (("x",), {"days": 30.5}),
    "posts.popular": ((), {"min_rate": 0.01}),
    "posts.gained": ((1.1,), {"hours": 48}),
    "posts.went_viral": ((), {"days": 60}),
    "posts.posting_times": (("youtube",), {"zone": "Europe/Berlin"}),
    "trends.list": ((), {"limit": 3}),
    "answers.all": ((), {"max_age": timedelta(days=1)}),
    "scrapes.rejections": ((), {"limit": 1000}),
}
"""What is asked with more than nothing."""
FEW = {
    "scraping.alarms",
    "costs.unpriced",
    "posts.popular",
    "posts.gained",
    "posts.went_viral",
    "crews.tools",
    "scraping.alarmed",
    "impact.events",
    "impact.revealed",
    "runs.stale",
    "usage.asked_for",
}
"""What may well have no rows in a small world."""


def name(question: Any) -> str:
    return f"{question.subject}.{question.method}"


@pytest.mark.parametrize("question", QUESTIONS, ids=name)
def test_every_question_has_the_same_answer_far_away(question, here: DataWarehouse, there: RemoteWarehouse):
    args, kwargs = GIVEN.get(name(question), ((), {}))
    if question.subject == "runs" and question.method in ("get", "calls"):
        args = (here.crews.executions(limit=3)[2].id,)
    elif question.subject == "hashtags" and question.method in ("history", "together"):
        args = (here.hashtags.trending(limit=1)[0].hashtag,)
    elif question.method in ("get", "history", "find", "sources", "events", "revealed"):
        # Not just the first trend: another test may have made one that no post revealed.
        trend = next(each for each in here.trends.list() if here.trends.sources(each.id))
        post = here.posts.top(limit=1)[0]
        of = {"find": (post.platform, post.external_id), "sources": (trend.id,), "events": (trend.id,)}
        args = of.get(question.method, (trend.id if question.subject == "trends" else post.id,))

    def asked(warehouse: Any) -> Any:
        subject = getattr(warehouse, question.subject) if question.subject else warehouse
        return getattr(subject, question.method)(*args, **kwargs)

    local, far = asked(here), asked(there)
    if question.method == "status":
        local, far = ([(each.posts, each.schema, len(each.tables))] for each in (local, far))
    assert far == local
    assert name(question) in FEW or far
    assert types_in(far) == types_in(local)


def test_views_are_paged_through_far_away_as_on_the_spot(here: DataWarehouse, there: RemoteWarehouse):
    for view in here.views.all():
        cursor = None
        for _ in range(3):
            local, far = (each.views.page(view, limit=7, cursor=cursor) for each in (here, there))
            assert far == local and type(far) is type(local)
            assert types_in(far.rows) == types_in(local.rows)
            if (cursor := far.next) is None:
                break
    narrowed = {"platform": "youtube", "views.gte": 1000}
    local, far = (
        each.views.page("v_top_posts_by_platform", narrowed, sort="-views", limit=5) for each in (here, there)
    )
    assert far == local and far.rows


def test_the_documented_reader_asks_far_away_too(here: DataWarehouse, there: RemoteWarehouse):
    found = there.get_trending_hashtags("youtube", 5)
    assert found == here.get_trending_hashtags("youtube", 5) and len(found) == 5
    assert found.to_dicts()[0]["hashtag"] == found[0].hashtag


def test_what_is_not_there_is_none_or_raises_as_on_the_spot(there: RemoteWarehouse):
    assert there.posts.get("00000000-0000-0000-0000-000000000000") is None
    assert there.posts.find("youtube", "never-saved") is None
    assert there.trends.get(2**40) is None
    with pytest.raises(UnknownRecord, match="no trend with id"):
        there.trends.sources(2**40)


def test_wrong_questions_are_refused_as_on_the_spot(there: RemoteWarehouse):
    with pytest.raises(InvalidInput, match="platform"):
        there.posts.top("myspace")
    with pytest.raises(InvalidInput, match="limit"):
        there.posts.top(limit=-1)
    with pytest.raises(InvalidInput, match="sort"):
        there.views.page("v_trending_hashtags", sort="mood")
    with pytest.raises(InvalidInput, match="is none; it is one of"):
        there.views.page("v_moods")
    with pytest.raises(InvalidInput, match="is not the id of a post"):
        there.posts.history("7")
    with pytest.raises(InvalidInput, match="named by its id"):
        there.trends.sources("Eighties revival")
    with pytest.raises(InvalidInput, match="None cannot be asked"):
        there.posts.performance(days=None)
    with pytest.raises(TypeError, match="unexpected keyword"):
        there.posts.top(mood="good")
    with pytest.raises(AttributeError, match=r"posts\.worst is not asked over HTTP; there are top,"):
        there.posts.worst()  # type: ignore[attr-defined]


def test_a_key_that_only_reads_writes_nothing(there: RemoteWarehouse):
    with pytest.raises(AccessDenied, match="asks for the scope write"):
        there.create_trend({"title": "AI tools"})


def types_in(found: Any) -> Any:
    """The types of what was found, down to the values."""
    if isinstance(found, str | bytes) or found is None:
        return type(found)
    if hasattr(found, "columns"):
        return type(found), found.columns, [types_in(row) for row in found]
    if isinstance(found, list | tuple):
        return type(found), [types_in(each) for each in found]
    if hasattr(found, "__dataclass_fields__"):
        return type(found), [types_in(getattr(found, name)) for name in found.__dataclass_fields__]
    return type(found)

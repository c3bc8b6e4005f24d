"""Whatever comes in, reading it raises nothing: it is a valid post or has one of the known reasons."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from viralforge.model import values
from viralforge.model.post import METRICS, ScrapedPost
from viralforge.model.rejection import REASONS
from viralforge.sources.recognise import SHAPE_NAMES, SHAPES, read_payload

EXAMPLES = [
    json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "examples").glob("*.json"))
]
KEYS = sorted({
    *(mark for shape in SHAPES for mark in shape.marks.split()),
    "id", "data", "items", "user", "title", "likes",
})  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.sampled_from([-1, 0, "", "null", "\x00", "\ud800", "5.7E+17", "2024-02-30", 10**30, "#a @b"])
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner, max_size=6)
    ),
    max_leaves=25,
)


def check(document: Any, **how: str) -> None:
    for result in read_payload(document, **how):
        if isinstance(result, ScrapedPost):
            assert result.external_id.isprintable()
            assert result.id
            assert all(values.count(getattr(result, metric)) == getattr(result, metric) for metric in METRICS)
        else:
            assert result.reason in REASONS
            assert result.detail


@settings(max_examples=400, deadline=None)
@given(JSON)
def test_any_json_is_read_without_an_error(document):
    check(document)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(KEYS), SCALARS | st.just({}) | st.just([])), st.sampled_from(SHAPE_NAMES)
)
def test_any_object_is_read_as_any_named_shape_without_an_error(document, shape):
    check(document, shape=shape)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a document."""
    if isinstance(document, dict):
        below = document.items()
    elif isinstance(document, list):
        below = enumerate(document)
    else:
        return [path] if path else []
    found = [place for key, value in below for place in places(value, (*path, key))]
    return [*found, path] if path else found


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_a_known_payload_with_any_value_replaced_is_read_without_an_error(data):
    document = copy.deepcopy(data.draw(st.sampled_from(EXAMPLES))["payload"])
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(document) or [(None,)]))
        holder = document
        for step in way:
            holder = holder[step]
        if last is not None:
            holder[last] = data.draw(JSON)
    check(document)

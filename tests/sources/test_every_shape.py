"""Each known shape is read in full, and nothing that is no post is taken for one."""

from __future__ import annotations

import copy
import json
from dataclasses import fields
from pathlib import Path

import pytest

from viralforge.model.post import ScrapedPost
from viralforge.sources.recognise import SHAPE_NAMES, read_payload

EXAMPLES = Path(__file__).parent / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.json"))


@pytest.mark.parametrize("shape", NAMES)
def test_the_example_of_a_shape_becomes_exactly_what_it_must(shape, plain):
    written = json.loads((EXAMPLES / f"{shape}.json").read_text())
    assert [plain(result) for result in read_payload(written["payload"])] == written["expected"]


def test_every_shape_has_an_example_and_every_example_a_shape():
    assert sorted(SHAPE_NAMES) == NAMES


@pytest.mark.parametrize("shape", NAMES)
def test_reading_leaves_the_payload_as_it_was(shape, example):
    payload = example(shape)
    before = copy.deepcopy(payload)
    list(read_payload(payload))
    assert payload == before


@pytest.mark.parametrize("shape", NAMES)
def test_what_is_kept_as_raw_reads_as_the_same_post_again(shape, example):
    for result in read_payload(example(shape)):
        if isinstance(result, ScrapedPost) and shape != "viralforge.post":
            [again] = read_payload(result.raw_json)
            assert isinstance(again, ScrapedPost)
            # When it was collected stands in the envelope alone.
            same = [field.name for field in fields(again) if field.name not in ("raw_json", "observed_at")]
            assert {name: getattr(again, name) for name in same} == {n: getattr(result, n) for n in same}


@pytest.mark.parametrize("shape", NAMES)
def test_a_named_shape_reads_as_a_recognised_one(shape, example):
    for result in read_payload(example(shape)):
        if isinstance(result, ScrapedPost) and shape != "viralforge.post":
            named = shape if shape != "reddit.thing" else "reddit.submission"
            [again] = read_payload(result.raw_json, shape=named)
            assert isinstance(again, ScrapedPost)
            assert (again.id, again.likes) == (result.id, result.likes)

"""Envelopes unfold in any nesting, shapes are told apart, and what is unknown is named."""

from __future__ import annotations

import base64
import gzip
import json
import zlib

import pytest

from viralforge.errors import InvalidInput
from viralforge.model.post import ScrapedPost
from viralforge.model.rejection import Rejection
from viralforge.sources.recognise import columns_of_headerless, read_payload

VIDEO = {
    "kind": "youtube#video",
    "id": "souPs0up_-1",
    "snippet": {"title": "Cold soup"},
    "statistics": {"viewCount": "7"},
}


def ids(document, **how):
    return [result.external_id for result in read_payload(document, **how) if isinstance(result, ScrapedPost)]


def reasons(document, **how):
    return [result.reason for result in read_payload(document, **how) if isinstance(result, Rejection)]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda video: video,
        lambda video: [video],
        lambda video: [[video]],
        lambda video: {"kind": "youtube#videoListResponse", "items": [video]},
        lambda video: {"data": [video]},
        lambda video: {"data": video, "meta": {"total": 1}},
        lambda video: {"success": True, "videos": [video]},
        lambda video: {"timestamp_collected": 1700000000000, "data": {"items": [video]}},
        lambda video: [{"success": True, "data": [{"items": [video], "kind": "youtube#list"}]}],
        lambda video: {"http_interactions": [{"response": {"body": {"string": json.dumps(video)}}}]},
    ],
)
def test_envelopes_unfold_in_any_nesting(wrap):
    assert ids(wrap(VIDEO)) == ["souPs0up_-1"]


def test_an_empty_page_holds_nothing_and_is_no_fault():
    for page in ([], {"items": [], "kind": "youtube#videoListResponse"}, {"statuses": []}, {"data": []}):
        assert list(read_payload(page)) == []


def test_one_bad_record_of_a_page_leaves_the_others():
    page = {"kind": "youtube#videoListResponse", "items": [VIDEO, {**VIDEO, "id": "short"}, None, VIDEO]}
    assert ids(page) == ["souPs0up_-1"] * 2
    assert reasons(page) == ["damaged_id", "empty"]


def test_the_time_of_collecting_is_when_the_post_was_seen():
    [post] = read_payload({"timestamp_collected": 1700000000000, "data": VIDEO})
    assert post.observed_at.isoformat() == "2023-11-14T22:13:20+00:00"


def test_a_time_of_collecting_that_cannot_be_is_a_reason():
    assert reasons({"timestamp_collected": 99, "data": VIDEO}) == ["time_out_of_range"]
    assert reasons({"timestamp_collected": "soon", "data": VIDEO}) == ["bad_time"]


def _recorded(body, at="2024-02-21T10:00:00"):
    return {"interactions": [{"recorded_at": at, "response": {"body": body}}]}


def test_recorded_exchanges_are_read_from_text_and_from_packed_bodies(example):
    plain = json.dumps(example("reddit.thing"))
    packed = base64.b64encode(gzip.compress(plain.encode())).decode()
    for body in ({"string": plain}, {"base64_string": packed}):
        posts = [result for result in read_payload(_recorded(body)) if isinstance(result, ScrapedPost)]
        assert [post.external_id for post in posts] == ["18soup1", "18soup2", "18soup3"]
        assert {post.observed_at.isoformat() for post in posts} == {"2024-02-21T10:00:00+00:00"}


def test_a_recorded_key_to_an_account_is_neither_read_nor_kept():
    body = {"string": json.dumps({"access_token": "secret", "token_type": "bearer"})}
    assert list(read_payload(_recorded(body))) == []


def test_a_recorded_body_that_cannot_be_unpacked_is_a_reason():
    broken = base64.b64encode(b"\x1f\x8b" + zlib.compress(b"soup")).decode()
    cut = base64.b64encode(gzip.compress(json.dumps(VIDEO).encode())[:-12]).decode()
    for body in ({"base64_string": "%%%"}, {"base64_string": broken}, {"base64_string": cut}):
        assert reasons(_recorded(body)) == ["bad_value"]
    assert list(read_payload(_recorded({"string": "<html>"}))) == []


def test_an_unknown_shape_is_rejected_with_the_keys_it_has():
    [rejection] = read_payload({"soup": 1, "bread": 2}, origin="kitchen.json:3")
    assert (rejection.reason, rejection.platform, rejection.shape) == ("unknown_shape", None, None)
    assert "soup, bread" in rejection.detail
    assert (rejection.origin, rejection.payload) == ("kitchen.json:3", {"soup": 1, "bread": 2})


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (None, "empty"), ("", "empty"), ({}, "empty"), ("soup", "unknown_shape"), (7, "unknown_shape"),
        (True, "unknown_shape"), ({"error": {"code": 403}}, "not_a_post"),
        ({"errors": [{"message": "Rate limit exceeded"}]}, "not_a_post"),
    ],
)  # fmt: skip
def test_what_is_no_record_has_its_reason(document, reason):
    assert reasons(document) == [reason]


def test_envelopes_nested_without_end_are_turned_away():
    document = VIDEO
    for _ in range(10_000):
        document = [document]
    assert reasons(document) == ["unknown_shape"]


def test_a_rejection_tells_platform_shape_and_field():
    [rejection] = read_payload({**VIDEO, "statistics": {"viewCount": "many"}})
    assert (rejection.reason, rejection.platform, rejection.shape) == (
        "bad_number", "youtube", "youtube.video",
    )  # fmt: skip
    assert "views" in rejection.detail
    assert "many" in rejection.detail


def test_a_shape_that_does_not_exist_is_refused_at_once_and_known_ones_are_named():
    with pytest.raises(InvalidInput, match=r"youtube\.video"):
        read_payload(VIDEO, shape="youtube.film")


def test_a_named_shape_is_not_asked_whether_it_matches():
    bare = {"id": "souPs0up_-1", "snippet": {"title": "Cold soup"}}
    assert reasons(bare) == ["unknown_shape"]
    assert ids(bare, shape="youtube.video") == ["souPs0up_-1"]


def test_pages_are_unfolded_lazily():
    def records():
        yield VIDEO
        raise RuntimeError("nobody asked for more")

    class Page(dict):
        def __getitem__(self, key):
            return records() if key == "items" else super().__getitem__(key)

    page = Page(kind="youtube#videoListResponse", items=[VIDEO])
    assert next(read_payload(page)).external_id == "souPs0up_-1"


def test_the_columns_of_a_table_without_a_header_are_known_by_its_first_row():
    first = [
        "souPs0up_-1", "Cold soup", "2024-03-05T16:00:08Z", "UCinventedChannel00000001", "Soup Channel", "26",
        "2024-03-06T00:00:00Z", "soup", "100", "5", "0", "7", "https://i.example/d.jpg", "False", "False", "",
    ]  # fmt: skip
    columns = columns_of_headerless(first)
    [post] = read_payload(dict(zip(columns, first, strict=True)))
    assert (post.views, post.observed_at.isoformat()) == (100, "2024-03-06T00:00:00+00:00")
    assert columns_of_headerless(columns) is None
    assert columns_of_headerless(first[:-1]) is None
    assert columns_of_headerless([]) is None


@pytest.mark.parametrize(
    ("shares", "retweets", "kept"), [(0, 10, 10), (None, 10, 10), (25, 10, 25), (0, None, 0)]
)
def test_on_x_what_was_retweeted_was_shared(shares: int | None, retweets: int | None, kept: int):
    metrics = {"shares": shares, "retweets": retweets}
    (post,) = read_payload({"source": "twitter", "id": "1001", "text": "soup", "metrics": metrics})
    assert isinstance(post, ScrapedPost)
    assert (post.shares, post.retweets) == (kept, retweets)

"""Rough values become clean ones, or are refused with their reason."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viralforge.errors import InvalidPost
from viralforge.model import values


@pytest.mark.parametrize(("written", "count"), [
    (None, None), (0, 0), (7, 7), ("7", 7), (" 7 ", 7), ("1,234,567", 1234567), ("1,00,000", 100000),
    (7.0, 7),
    ("7.0", 7), ("1e3", 1000), (10**15, 10**15), ("3000000000", 3_000_000_000), ("007", 7),
])  # fmt: skip
def test_a_count_is_read_from_any_way_of_writing_it(written, count):
    assert values.count(written) == count
    assert type(values.count(written)) in (int, type(None))


@pytest.mark.parametrize(("written", "reason"), [
    (-1, "bad_number"), ("-1", "bad_number"), (1.5, "bad_number"), ("1.5", "bad_number"),
    ("1,5", "bad_number"),
    ("", "bad_number"), ("many", "bad_number"), ("1_000", "bad_number"), ("1.2K", "bad_number"),
    (math.nan, "bad_number"), (math.inf, "bad_number"), ("nan", "bad_number"), ("inf", "bad_number"),
    (True, "bad_number"), ([1], "bad_number"), ("1e400", "bad_number"),
    (10**15 + 1, "number_out_of_range"), (2**63, "number_out_of_range"), ("9" * 300, "number_out_of_range"),
    (1e300, "number_out_of_range"),
])  # fmt: skip
def test_what_is_no_count_has_its_reason(written, reason):
    with pytest.raises(InvalidPost) as caught:
        values.count(written, "likes")
    assert (caught.value.reason, caught.value.field) == (reason, "likes")
    assert len(caught.value.detail) < 200


@pytest.mark.parametrize(("written", "moment"), [
    ("2024-03-05T16:00:08Z", "2024-03-05T16:00:08+00:00"),
    ("2024-03-05T16:00:08.250+02:00", "2024-03-05T14:00:08.250000+00:00"),
    ("2024-03-05T16:00:08+0000", "2024-03-05T16:00:08+00:00"),
    ("2024-03-05 16:00:08", "2024-03-05T16:00:08+00:00"),
    ("2024-03-05 16:00:08 UTC", "2024-03-05T16:00:08+00:00"),
    ("2024-03-05", "2024-03-05T00:00:00+00:00"),
    ("2024-03-05T16", "2024-03-05T16:00:00+00:00"),
    (1709654408, "2024-03-05T16:00:08+00:00"),
    (1709654408.5, "2024-03-05T16:00:08.500000+00:00"),
    (1709654408000, "2024-03-05T16:00:08+00:00"),
    ("1709654408", "2024-03-05T16:00:08+00:00"),
    ("1709654408.0", "2024-03-05T16:00:08+00:00"),
    ("1709654408000", "2024-03-05T16:00:08+00:00"),
    (datetime(2024, 3, 5, 16, tzinfo=timezone(timedelta(hours=2))), "2024-03-05T14:00:00+00:00"),
    (datetime(2024, 3, 5, 16), "2024-03-05T16:00:00+00:00"),
    (date(2024, 3, 5), "2024-03-05T00:00:00+00:00"),
])  # fmt: skip
def test_a_moment_is_read_from_any_way_of_writing_it(written, moment):
    found = values.moment(written)
    assert found.isoformat() == moment
    assert found.tzinfo is UTC


@pytest.mark.parametrize("written", [
    "2024-02-30", "2024-13-01", "0000-00-00 00:00:00", "2024", "20240305", "soon", "05/03/2024", "9" * 30,
    1e20, -1e20,
    math.nan, True, [], "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2024-03-05T16:00:08+25:00",
])  # fmt: skip
def test_what_is_no_moment_has_its_reason(written):
    with pytest.raises(InvalidPost) as caught:
        values.moment(written, "published_at")
    assert (caught.value.reason, caught.value.field) == ("bad_time", "published_at")


def test_a_blank_moment_is_unknown():
    assert values.moment(None) is values.moment("  ") is None


def test_an_observation_lies_between_2005_and_five_minutes_ahead():
    now = datetime.now(UTC)
    assert values.observation(now + timedelta(minutes=4)) is not None
    assert values.observation(datetime(2005, 1, 1, tzinfo=UTC)) is not None
    for beyond in (now + timedelta(minutes=6), datetime(2004, 12, 31, tzinfo=UTC), 99):
        with pytest.raises(InvalidPost, match="time_out_of_range"):
            values.observation(beyond)


@pytest.mark.parametrize(("written", "seconds"), [
    (None, None), (0, 0.0), (212, 212.0), (9.5, 9.5), ("12", 12.0), ("PT3M32S", 212.0), ("PT1H2M3S", 3723.0),
    ("P1DT1S", 86401.0), ("PT1.5S", 1.5),
])  # fmt: skip
def test_a_length_is_read_in_seconds(written, seconds):
    assert values.seconds(written) == seconds


@pytest.mark.parametrize("written", [-1, math.nan, math.inf, "nan", "long", True, [], 10**9, 10**400, "1:02"])
def test_what_is_no_length_has_its_reason(written):
    with pytest.raises(InvalidPost, match="bad_number"):
        values.seconds(written)


@pytest.mark.parametrize(("written", "clean"), [
    ("a\x00b", "ab"), ("\ud83d\ude00", "😀"), ("a\ud800b", "ab"), ("\ude00\ud83d", None), (" a ", "a"),
    ("\x00", None),
    ("", None), (None, None), (5, "5"), ("é\x00", "é"),
])  # fmt: skip
def test_text_is_freed_of_what_postgresql_does_not_take(written, clean):
    assert values.text(written) == clean


@pytest.mark.parametrize("written", [True, 5.5, [], {}, b"a"])
def test_what_is_no_text_has_its_reason(written):
    with pytest.raises(InvalidPost, match="bad_value"):
        values.text(written, "title")


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_clean_text_can_be_stored_and_stays_clean(written):
    clean = values.clean(written)
    assert "\x00" not in clean
    clean.encode("utf-8")
    assert values.clean(clean) == clean


@pytest.mark.parametrize(("written", "tag"), [
    ("#AItools", "aitools"), ("AItools", "aitools"), ("＃Ａｉ", "ai"), ("Straße", "strasse"),
    ("#ñANDÚ", "ñandú"),
    ("@bread.ben", "bread.ben"), ("@bread.ben,", "bread.ben"), (" #x ", "x"), ("#80s", "80s"), ("a_b", "a_b"),
    ("open source", "open source"), ("ﷺ", "صلىاللهعليهوسلم"), ("a\x00b", "ab"),
])  # fmt: skip
def test_a_tag_is_stored_folded_and_without_its_sign(written, tag):
    assert values.tag(written) == tag


@given(st.text())
def test_a_stored_tag_stays_as_it_is(written):
    once = values.tag(written)
    assert values.tag(once) == once


def test_tags_are_distinct_in_order_and_never_endless():
    assert values.tags(["#A", "b", "a", None, 5, "", "#", "x" * 201]) == ["a", "b"]
    assert len(values.tags([str(n) for n in range(9999)])) == values.MAX_TAGS
    for wrong in ("#a #b", 5, {"a": 1}):
        with pytest.raises(InvalidPost, match="bad_value"):
            values.tags(wrong, "hashtags")


@pytest.mark.parametrize(("text", "tags"), [
    ("#One and #two_three!", ["one", "two_three"]), ("C# and a/#b and x#y and &#39; and ##z", []),
    ("#1 of #2024 but #1st", ["1st"]), ("(#in) [#brackets]", ["in", "brackets"]),
    ("＃全角 #日本", ["全角", "日本"]),
    ("#a#b", ["a"]), ("# heading", []), ("#_ #__x", ["__x"]), ("https://a.example/#b", []), (None, []),
    ("none", []),
])  # fmt: skip
def test_hashtags_are_found_in_a_text(text, tags):
    assert values.hashtags_in(text) == tags


@pytest.mark.parametrize(("text", "names"), [
    ("@Anna and @bread.ben.", ["anna", "bread.ben"]), ("a@b.example", []), ("(@anna)", ["anna"]),
    ("https://a.example/@anna", []), ("@", []), ("@anna-lena_", ["anna-lena_"]), ("＠anna", ["anna"]),
    (None, []),
])  # fmt: skip
def test_mentions_are_found_in_a_text(text, names):
    assert values.mentions_in(text) == names


def test_scrubbing_takes_out_what_json_in_a_database_cannot_hold_and_counts_it():
    dirty = {"a\x00": ["\ud800x", math.nan, {"b": math.inf}], "c": [1, None, True, "clean", 1.5]}
    assert values.scrub(dirty) == ({"a": ["x", None, {"b": None}], "c": [1, None, True, "clean", 1.5]}, 4)
    assert values.scrub("clean") == ("clean", 0)

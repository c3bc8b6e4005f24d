"""Whatever exists as a post is valid; what is not is refused with field, value and reason."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from viralforge.errors import InvalidInput, InvalidPost
from viralforge.model.ids import canonical_external_id, platform_name, post_id
from viralforge.model.post import METRICS, ScrapedPost


def post(**given):
    return ScrapedPost(**({"platform": "youtube", "external_id": "souPs0up_-1"} | given))


def test_a_post_is_read_from_camel_case_as_from_snake_case():
    camel = {
        "platform": "youtube", "externalId": "souPs0up_-1", "publishedAt": "2024-03-05",
        "contentType": "video",
        "thumbnailUrl": "https://i.example/h.jpg", "durationSeconds": 212, "rawJson": {"a": 1}, "views": "7",
        "scrapeSource": "crew_ai", "authorId": 5, "mediaUrls": ["https://i.example/h.jpg"],
        "detectedTopics": ["Food"], "fetchedVia": "scraper", "observedAt": 1735689600, "scrapeJobId": 3,
    }  # fmt: skip
    found = ScrapedPost.from_mapping(camel)
    assert found == ScrapedPost(
        platform="youtube", external_id="souPs0up_-1", published_at=datetime(2024, 3, 5, tzinfo=UTC),
        content_type="video", thumbnail_url="https://i.example/h.jpg", duration_seconds=212.0,
        raw_json={"a": 1},
        views=7, scrape_source="crew_ai", author_id="5", media_urls=["https://i.example/h.jpg"],
        detected_topics=["Food"], fetched_via="scraper", observed_at=datetime(2025, 1, 1, tzinfo=UTC),
        scrape_job_id=3,
    )  # fmt: skip


@pytest.mark.parametrize(("given", "message"), [
    ({"veiws": 3}, "did you mean views"), ({"externalID": "x"}, "no such field"),
    ({"external_id": "a", "externalId": "a"}, "given twice"), ({5: 1}, "no such field"),
])  # fmt: skip
def test_a_key_that_no_post_has_is_named_with_the_nearest(given, message):
    with pytest.raises(InvalidPost, match=message):
        ScrapedPost.from_mapping({"platform": "youtube", **given})


@pytest.mark.parametrize("missing", ["platform", "external_id"])
def test_a_post_without_platform_or_id_is_refused(missing):
    given = {"platform": "youtube", "external_id": "souPs0up_-1"}
    del given[missing]
    with pytest.raises(InvalidPost, match=missing) as caught:
        ScrapedPost.from_mapping(given)
    assert caught.value.reason == "missing_id"


@pytest.mark.parametrize("wrong", [None, 5, "post", [1], [("platform", "youtube")]])
def test_what_is_no_mapping_is_no_post(wrong):
    with pytest.raises(InvalidPost, match="not a post"):
        ScrapedPost.from_mapping(wrong)


@pytest.mark.parametrize(("field", "value", "reason"), [
    ("views", -1, "bad_number"), ("likes", math.nan, "bad_number"),
    ("comments", 10**16, "number_out_of_range"),
    ("shares", "lots", "bad_number"), ("title", 5.5, "bad_value"), ("published_at", "2024-02-30", "bad_time"),
    ("observed_at", "1999-01-01", "time_out_of_range"), ("duration_seconds", -5, "bad_number"),
    ("hashtags", "#a", "bad_value"), ("hashtags", 5, "bad_value"),
    ("mentions", "", "bad_value"), ("keywords", "a,b", "bad_value"),
    ("media_urls", {"a": 1}, "bad_value"), ("scrape_source", "dream", "bad_value"),
    ("fetched_via", "pigeon", "bad_value"), ("platform", "myspace", "bad_value"),
    ("platform", None, "bad_value"),
    ("external_id", None, "missing_id"), ("external_id", 5.7e17, "damaged_id"),
    ("external_id", " ", "missing_id"),
    ("external_id", "x" * 256, "damaged_id"), ("external_id", "https://x.com/a/status/1", "damaged_id"),
])  # fmt: skip
def test_a_wrong_value_is_refused_with_field_and_reason(field, value, reason):
    with pytest.raises(InvalidPost) as caught:
        post(**{field: value})
    assert (caught.value.reason, caught.value.field) == (reason, field)
    assert field in str(caught.value)
    assert isinstance(caught.value, InvalidInput)
    assert isinstance(caught.value, ValueError)


def test_an_observation_in_the_future_is_refused():
    with pytest.raises(InvalidPost, match="time_out_of_range"):
        post(observed_at=datetime.now(UTC) + timedelta(hours=1))


def test_unknown_is_none_and_zero_is_zero():
    assert all(getattr(post(), metric) is None for metric in METRICS)
    assert all(getattr(post(**{metric: 0}), metric) == 0 for metric in METRICS)


def test_texts_and_tags_are_cleaned_and_bounded():
    found = post(
        title="a\x00" + "b" * 20_000, author="\ud800", description=" \n", hashtags=["#A", "a"],
        mentions=["@B"],
        keywords=["x", "x", " ", "y" * 600],
    )  # fmt: skip
    assert (len(found.title), found.author, found.description) == (10_000, None, None)
    assert (found.hashtags, found.mentions) == (["a"], ["b"])
    assert [len(word) for word in found.keywords] == [1, 500]


@pytest.mark.parametrize(("alias", "name"), [
    ("X", "twitter"), ("x.com", "twitter"), (" YouTube ", "youtube"), ("yt", "youtube"), ("ig", "instagram"),
    ("TikTok", "tiktok"), ("REDDIT", "reddit"), ("twitter", "twitter"),
])  # fmt: skip
def test_a_platform_has_one_name(alias, name):
    assert platform_name(alias) == post(platform=alias, external_id="181").platform == name


@pytest.mark.parametrize(("platform", "written", "canonical"), [
    ("youtube", " souPs0up_-1\n", "souPs0up_-1"), ("twitter", 20, "20"),
    ("reddit", "t3_18soup1", "18soup1"), ("reddit", "18e777", "18e777"),
    ("instagram", "C3L9IQOygAB", "C3L9IQOygAB"),
    ("instagram", "3300000000000000001", "C3L9IQOygAB"),
    ("instagram", "3300000000000000001_12", "C3L9IQOygAB"),
    ("youtube", "ABC", "ABC"), ("youtube", "abc", "abc"),
])  # fmt: skip
def test_an_external_id_has_one_form(platform, written, canonical):
    assert canonical_external_id(platform, written) == canonical
    assert canonical_external_id(platform, canonical) == canonical


@pytest.mark.parametrize("damaged", [
    "5.70306E+17", "5,7E+17", "5E+17", "5e17", 5.7e17, "570306000000000000.0", "#NAME?", "#REF!", "a b",
    "a\x00b",
    "a\nb",
])  # fmt: skip
def test_a_damaged_id_is_never_guessed(damaged):
    with pytest.raises(InvalidPost) as caught:
        canonical_external_id("twitter", damaged)
    assert caught.value.reason == "damaged_id"


def test_a_graph_api_id_does_not_name_a_post():
    with pytest.raises(InvalidPost, match=r"shortcode or permalink") as caught:
        canonical_external_id("instagram", "17900000000000001")
    assert caught.value.reason == "missing_id"


def test_the_id_of_a_post_follows_from_platform_and_external_id():
    assert post(platform="x", external_id=20).id == post_id("twitter", "20")
    assert post(external_id="abc").id != post(external_id="ABC").id
    assert post(platform="tiktok", external_id="20").id != post(platform="twitter", external_id="20").id


@pytest.mark.parametrize("platform", ["twitter", "tiktok"])
@pytest.mark.parametrize("given", ["0020", "abc", "12a", "1" * 21])
def test_platforms_of_digits_have_no_other_ids(platform, given):
    with pytest.raises(InvalidPost) as caught:
        post(platform=platform, external_id=given)
    assert caught.value.reason == "damaged_id"

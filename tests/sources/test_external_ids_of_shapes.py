"""The frozen table: which id a post has, platform by payload shape; it is never changed, only added to."""

from __future__ import annotations

import pytest

from viralforge.model.ids import canonical_external_id, post_id, shortcode
from viralforge.model.post import ScrapedPost
from viralforge.sources.recognise import read_payload

YT, CODE, X, TT, RD = "a-b_C1d2E3f", "C-soup_1", "1760000000000000001", "7300000000000000001", "18wabcd"
YOUTUBE = {
    "API video": ({"kind": "youtube#video", "id": YT, "snippet": {}}, YT),
    "API search result": ({"kind": "youtube#searchResult", "id": {"videoId": YT}}, YT),
    "API playlist item": (
        {"kind": "youtube#playlistItem", "id": "UEx4", "snippet": {"resourceId": {"videoId": YT}}}, YT),
    "yt-dlp": ({"id": YT, "extractor_key": "Youtube"}, YT),
    "trending CSV": ({"video_id": f" {YT} ", "title": "x", "likes": "1", "trending_date": ""}, YT),
}  # fmt: skip
TWITTER = {
    "v1.1, rounded number and text": (
        {"id": int(X) - 1, "id_str": X, "created_at": None, "text": "", "user": {"screen_name": "a"}}, X),
    "v1.1, number alone": ({"id": int(X), "created_at": None, "text": "", "user": {"screen_name": "a"}}, X),
    "activity": ({"objectType": "activity", "actor": {}, "id": f"tag:search.twitter.com,2005:{X}"}, X),
    "v2": ({"id": X, "text": "x", "author_id": "1"}, X),
    "web": ({"rest_id": X, "legacy": {"full_text": "x"}}, X),
    "snscrape": ({"_type": "snscrape.modules.twitter.Tweet", "id": int(X)}, X),
    "Apify": ({"id": X, "createdAt": None, "retweetCount": 0, "text": "x"}, X),
    "Bright Data": ({"id": X, "user_posted": "a", "date_posted": "null", "reposts": "0"}, X),
    "CSV": ({"tweet_id": X, "text": "x"}, X),
    "yt-dlp": (
        {"id": "1760000000000000099", "extractor_key": "Twitter",
         "webpage_url": f"https://twitter.com/a/status/{X}/video/1"}, X),
}  # fmt: skip
GRAPH_ID = "17900000000000001"
INSTAGRAM = {
    "Graph, permalink": (
        {"id": GRAPH_ID, "media_type": "IMAGE", "permalink": f"https://www.instagram.com/p/{CODE}/"}, CODE),
    "Graph, reel": (
        {"id": GRAPH_ID, "media_type": "VIDEO", "permalink": f"https://instagram.com/reel/{CODE}/"}, CODE),
    "Graph, shortcode": ({"id": GRAPH_ID, "media_type": "IMAGE", "shortcode": CODE}, CODE),
    "app, code": ({"pk": 1, "code": CODE, "media_type": 1, "taken_at": 1700000000}, CODE),
    "app, pk": ({"pk": 3300000000000000001, "media_type": 1, "taken_at": 1700000000}, "C3L9IQOygAB"),
    "app, pk_owner": ({"pk": "3300000000000000001_55", "media_type": 1, "taken_at": 1}, "C3L9IQOygAB"),
    "web": ({"shortcode": CODE, "__typename": "GraphImage", "id": "5"}, CODE),
    "instaloader": ({"instaloader": {"node_type": "Post"}, "node": {"shortcode": CODE}}, CODE),
    "Apify": ({"shortCode": CODE, "caption": "x"}, CODE),
    "yt-dlp": (
        {"id": "5", "extractor_key": "Instagram", "webpage_url": f"https://www.instagram.com/reel/{CODE}/"},
        CODE),
}  # fmt: skip
TIKTOK = {
    "web": ({"id": TT, "createTime": 1700000000, "stats": {}}, TT),
    "app": ({"aweme_id": TT, "statistics": {}}, TT),
    "Research API": ({"id": int(TT), "video_description": "x"}, TT),
    "Apify": ({"webVideoUrl": f"https://www.tiktok.com/@a/video/{TT}", "playCount": 1}, TT),
    "yt-dlp": ({"id": TT, "extractor_key": "TikTok"}, TT),
}
REDDIT = {
    "API": ({"kind": "t3", "data": {"id": RD, "name": f"t3_{RD}"}}, RD),
    "name alone": ({"kind": "t3", "data": {"name": f"t3_{RD}"}}, RD),
    "one that looks like a damaged number": ({"kind": "t3", "data": {"id": "18e777"}}, "18e777"),
    "CSV": ({"id": RD, "title": "x", "score": "1", "num_comments": "1"}, RD),
    "yt-dlp": (
        {"id": "v", "extractor_key": "Reddit", "webpage_url": f"https://www.reddit.com/r/a/comments/{RD}/x/"},
        RD),
}  # fmt: skip
FROZEN = [
    pytest.param(platform, *row, id=f"{platform}: {shape}")
    for platform, table in (
        ("youtube", YOUTUBE), ("twitter", TWITTER), ("instagram", INSTAGRAM), ("tiktok", TIKTOK),
        ("reddit", REDDIT),
    )
    for shape, row in table.items()
]  # fmt: skip


@pytest.mark.parametrize(("platform", "payload", "expected"), FROZEN)
def test_a_post_has_the_id_that_is_frozen_for_its_shape(platform, payload, expected):
    [post] = read_payload(payload)
    assert isinstance(post, ScrapedPost), post
    assert (post.platform, post.external_id) == (platform, expected)
    assert post.id == post_id(platform, expected)
    assert canonical_external_id(platform, post.external_id) == expected


IDS = {
    ("youtube", "dQw4w9WgXcQ"): "5cd6213d-2e90-b8cb-be8b-5dab10494180",
    ("twitter", "20"): "673fad94-cf7a-e728-9910-4493040e3f6a",
    ("instagram", "C3L9IQOygAB"): "0c616561-b22f-5145-ee2e-535821a38bc9",
    ("tiktok", "7300000000000000001"): "279688d6-6162-c8f1-abdf-5646fb83926d",
    ("reddit", "18wabcd"): "e933bcb4-31f9-39ae-3297-6eab3802ba4d",
    ("reddit", "ключ"): "3e40d20c-e154-a281-c8b8-7e0d32e01c1c",
}


def test_the_ids_of_posts_are_frozen():
    """Rows, archives and shards hold these: SHA-256 of platform, 0x1F and external id, cut to 16 bytes."""
    assert {pair: str(post_id(*pair)) for pair in IDS} == IDS


def test_a_numeric_pk_is_its_shortcode():
    assert shortcode(3300000000000000001) == "C3L9IQOygAB"


@pytest.mark.parametrize("damaged", [
    "5.70306E+17", "5,70306E+17", "5E+17", "5e17", 5.70306e17, "570306000000000000.0", "#NAME?", "17600 00",
    "1７６", "https://x.com/a/status/1760000000000000001",
])  # fmt: skip
@pytest.mark.parametrize("shape", ["tweet_id", "id"])
def test_a_damaged_status_id_is_turned_away_and_never_guessed(damaged, shape):
    payload = {"tweet_id": damaged, "text": "x"} if shape == "tweet_id" else {
        "id": damaged, "text": "x", "author_id": "1"}  # fmt: skip
    [rejection] = read_payload(payload)
    assert (rejection.reason, rejection.platform) == ("damaged_id", "twitter")


@pytest.mark.parametrize(("payload", "reason"), [
    ({"kind": "youtube#video", "id": "#NAME?", "snippet": {}}, "damaged_id"),
    ({"kind": "youtube#video", "id": "tooShort", "snippet": {}}, "damaged_id"),
    ({"kind": "youtube#video", "id": None, "snippet": {}}, "missing_id"),
    ({"id": 7.3e18, "video_description": "x"}, "damaged_id"),
    ({"id": "7.3E+18", "video_description": "x"}, "damaged_id"),
    ({"id": "", "video_description": "x"}, "missing_id"),
    ({"id": "17900000000000001", "media_type": "IMAGE"}, "missing_id"),
    ({"kind": "t3", "data": {"id": "1.23E+05"}}, "damaged_id"),
    ({"kind": "t3", "data": {}}, "missing_id"),
    ({"id": True, "text": "x", "author_id": "1"}, "missing_id"),
])  # fmt: skip
def test_what_does_not_say_which_post_it_is_has_its_reason(payload, reason):
    [rejection] = read_payload(payload)
    assert rejection.reason == reason

"""What a payload hides, leaves out or damages is unknown: never 0, never guessed, never somebody else's."""

from __future__ import annotations

import pytest

from viralforge.model.post import ScrapedPost
from viralforge.sources.recognise import read_payload


def read(payload) -> ScrapedPost:
    [post] = read_payload(payload)
    assert isinstance(post, ScrapedPost), post
    return post


def youtube(**statistics):
    return {"kind": "youtube#video", "id": "souPs0up_-1", "snippet": {}, "statistics": statistics}


def app_item(**more):
    return {"pk": 1, "code": "C-soup_1", "media_type": 1, "taken_at": 1700000000, "like_count": 3, **more}


def tweet(**metrics):
    return {"id": "1760000000000000001", "text": "x", "author_id": "1", "public_metrics": metrics}


@pytest.mark.parametrize(("payload", "metric"), [
    (youtube(viewCount="5"), "likes"),
    (youtube(viewCount="5"), "comments"),
    (youtube(viewCount="5", likeCount=""), "likes"),
    ({"shortCode": "C-soup_1", "caption": "x", "likesCount": -1}, "likes"),
    (app_item(like_and_view_counts_disabled=True), "likes"),
    (app_item(like_and_view_counts_disabled=True, play_count=9), "views"),
    (app_item(play_count=None), "views"),
    ({"shortcode": "C-soup_1", "__typename": "x", "edge_media_preview_like": {"count": -1}}, "likes"),
    ({"kind": "t3", "data": {"id": "18soup1", "score": -5}}, "likes"),
    ({"id": "18soup1", "title": "x", "score": "-5", "num_comments": "1"}, "likes"),
    ({"kind": "t3", "data": {"id": "18soup1", "view_count": None}}, "views"),
    ({"video_id": "souPs0up_-1", "title": "x", "trending_date": "", "likes": "0", "ratings_disabled": "True"},
     "likes"),
    ({"id": "1760000000000000001", "user_posted": "a", "date_posted": "", "reposts": "null"}, "retweets"),
    ({"id": "7300000000000000001", "createTime": 1, "stats": {"playCount": ""}}, "views"),
])  # fmt: skip
def test_a_hidden_or_absent_count_is_unknown(payload, metric):
    assert getattr(read(payload), metric) is None


@pytest.mark.parametrize(("payload", "metric"), [
    (youtube(likeCount="0"), "likes"),
    (app_item(like_count=0), "likes"),
    ({"kind": "t3", "data": {"id": "18soup1", "score": 0}}, "likes"),
    (tweet(like_count=0), "likes"),
    ({"id": "7300000000000000001", "createTime": 1, "stats": {"playCount": 0}}, "views"),
    ({"source": "tiktok", "id": "7300000000000000001", "metrics": {"views": 0}}, "views"),
])  # fmt: skip
def test_a_count_of_zero_is_zero(payload, metric):
    assert getattr(read(payload), metric) == 0


def test_the_shares_of_a_tweet_are_its_retweets_and_quotes_together():
    post = read(tweet(retweet_count=3, quote_count=2))
    assert (post.retweets, post.shares) == (3, 5)
    post = read(tweet(retweet_count=3))
    assert (post.retweets, post.shares) == (3, 3)
    assert read(tweet(like_count=1)).shares is None


def test_a_retweet_does_not_count_what_belongs_to_the_tweet_it_repeats():
    payload = tweet(retweet_count=900, like_count=5, impression_count=7)
    post = read({**payload, "referenced_tweets": [{"type": "retweeted", "id": "1"}]})
    assert post.content_type == "retweet"
    assert (post.likes, post.comments, post.shares, post.retweets, post.views) == (None,) * 5


def test_no_views_of_a_tweet_that_others_reacted_to_are_unknown_views():
    assert read(tweet(impression_count=0, like_count=3)).views is None
    assert read(tweet(impression_count=0, like_count=0)).views == 0


def test_the_author_of_a_playlist_is_not_the_author_of_its_videos():
    post = read({
        "kind": "youtube#playlistItem", "id": "x",
        "snippet": {"channelTitle": "Collector", "channelId": "UCx", "publishedAt": "2025-01-01T00:00:00Z",
                    "resourceId": {"videoId": "souPs0up_-1"}},
    })  # fmt: skip
    assert (post.author, post.author_id, post.published_at) == (None, None, None)


def test_a_time_counted_back_from_weeks_ago_is_no_time():
    row = {
        "videoId": "souPs0up_-1", "videoUrl": "", "viewsText": "", "publishedDate": "2024-07-03T19:59:03Z",
        "publishedText": "3 weeks ago",
    }  # fmt: skip
    assert read(row).published_at is None
    assert read({**row, "publishedText": "5 hours ago"}).published_at is not None


@pytest.mark.parametrize(("written", "seen"), [
    ("17.14.11", "2017-11-14T00:00:00+00:00"), ("2020-08-12T00:00:00Z", "2020-08-12T00:00:00+00:00"),
    ("13.09", None), ("", None),
])  # fmt: skip
def test_a_trending_day_without_its_year_is_unknown(written, seen):
    row = {"video_id": "souPs0up_-1", "title": "x", "likes": "1", "trending_date": written}
    found = read(row).observed_at
    assert (found and found.isoformat()) == seen


@pytest.mark.parametrize("written", ["17.31.02", "soon", "2024-02-30"])
def test_a_trending_day_that_cannot_be_is_a_reason(written):
    row = {"video_id": "souPs0up_-1", "title": "x", "likes": "1", "trending_date": written}
    [rejection] = read_payload(row)
    assert rejection.reason == "bad_time"


def test_what_reddit_has_taken_away_is_unknown():
    post = read({"kind": "t3", "data": {
        "id": "18soup1", "title": "[deleted by user]", "selftext": "[removed]", "author": "[deleted]",
        "is_self": True,
    }})  # fmt: skip
    assert (post.title, post.description, post.author, post.content_type) == (None, None, None, "text")


@pytest.mark.parametrize(("written", "kind"), [
    ({"is_self": True}, "text"), ({"is_self": "True"}, "text"), ({"is_self": 1}, "text"),
    ({"url": "https://news.example/a"}, "link"), ({"url": "https://i.redd.it/a.jpeg"}, "image"),
    ({"url": "http://i.imgur.com/a.PNG?1"}, "image"), ({"url": "http://i.imgur.com/a.gifv"}, "video"),
    ({"url": "https://v.redd.it/abc"}, "video"), ({"is_video": True}, "video"),
    ({"is_gallery": True}, "gallery"),
    ({"url": "http://imgur.com/a", "post_hint": "image"}, "image"),
    ({"url": "https://www.youtube.com/watch?v=souPs0up_-1", "post_hint": "rich:video"}, "link"),
])  # fmt: skip
def test_what_a_reddit_post_holds_is_told_by_its_flags_and_its_address(written, kind):
    assert read({"kind": "t3", "data": {"id": "18soup1", **written}}).content_type == kind


def test_a_crosspost_shows_the_film_of_the_post_it_repeats():
    film = {"reddit_video": {"fallback_url": "https://v.redd.it/x/720.mp4", "duration": 9}}
    post = read({"kind": "t3", "data": {
        "id": "18soup1", "url": "https://v.redd.it/x", "is_video": False, "media": None,
        "crosspost_parent_list": [{"id": "18soup0", "media": film}],
    }})  # fmt: skip
    assert (post.content_type, post.video_url, post.duration_seconds) == (
        "video", "https://v.redd.it/x/720.mp4", 9.0,
    )  # fmt: skip


@pytest.mark.parametrize("body", [
    "[rules](#s) and [more](https://a.example/b#c)", "run `git #wip`", "so:\n\n    x = 1 #org\n",
    "```\n#a\n#b\n```",
])  # fmt: skip
def test_code_and_links_of_a_reddit_post_hold_no_hashtags(body):
    post = read({"kind": "t3", "data": {"id": "18soup1", "title": "x", "selftext": f"#soup {body} #broth"}})
    assert post.hashtags == ["soup", "broth"]


def test_the_texts_of_x_and_reddit_are_freed_of_html():
    assert read({**tweet(), "text": "a &amp; b &lt;3"}).description == "a & b <3"
    assert read({"kind": "t3", "data": {"id": "18soup1", "title": "a &amp; b"}}).title == "a & b"

"""Every file of the real payloads: each record is a sound post or has its reason, and nothing is raised."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from viralforge.model import values
from viralforge.model.ids import canonical_external_id
from viralforge.model.post import METRICS, ScrapedPost
from viralforge.model.rejection import REASONS, Rejection
from viralforge.sources.recognise import columns_of_headerless, read_payload

ROWS = 2000
"""So many of a table's rows, or of a file's lines, are read: the rest is of the same kind."""
FOLDERS = {
    "brightdata_samples": "tiktok twitter instagram", "raw_apify": "tiktok twitter instagram",
    "raw_instagram": "instagram", "raw_reddit": "reddit", "raw_tiktok": "tiktok", "raw_twitter_v1": "twitter",
    "raw_twitter_v2": "twitter", "raw_twitter_web": "twitter", "raw_youtube": "youtube",
    "reddit_rall_hourly": "reddit", "reddit_top": "reddit", "tweets_misc": "twitter",
    "yt_ripple_daily": "youtube", "yt_trending_2017_in_80d": "youtube", "yt_trending_2017v1_us_gb": "youtube",
    "yt_trending_2017v2_us_fr": "youtube", "yt_trending_2018_11c": "youtube",
    "yt_trending_2020_11c": "youtube", "yt_trending_2024_us": "youtube",
    "yt_trending_daily_2024_2025": "youtube",
}  # fmt: skip


def documents(path: Path) -> Iterator[Any]:
    """The JSON values and table rows in a file, as far as they can be decoded at all."""
    if path.suffix == ".sqlite":
        return
    text = _bytes(path).decode("utf-8-sig", "replace")
    if ".csv" in path.name or ".tar" in path.name:
        yield from _rows(text)
        return
    try:
        yield json.loads(text)
    except ValueError:
        for line in text.splitlines()[:ROWS]:
            try:
                yield json.loads(line)
            except ValueError:
                continue


def _bytes(path: Path) -> bytes:
    if path.suffix != ".zst":
        return path.read_bytes()
    unpack = "zstd -dc --long=27 -- '{}' {} | head -c 4000000"
    untar = "| tar xO" if ".tar" in path.name else ""
    return subprocess.run(unpack.format(path, untar), shell=True, capture_output=True, check=True).stdout


def _rows(text: str) -> Iterator[Any]:
    table = csv.reader(io.StringIO(text, newline=""))
    first = next(table)
    columns = columns_of_headerless(first)
    rows = itertools.chain([first], table) if columns else table
    for row in itertools.islice(rows, ROWS):
        if len(row) == len(columns or first):
            yield dict(zip(columns or first, row, strict=True))


def results(folder: Path) -> Iterator[tuple[Path, ScrapedPost | Rejection]]:
    csv.field_size_limit(2**27)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for document in documents(path):
                for result in read_payload(document, origin=path.name):
                    yield path, result


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_record_is_a_sound_post_or_has_its_reason(folder, shared):
    posts = 0
    for path, result in results(shared / "data" / folder):
        if isinstance(result, Rejection):
            assert result.reason in REASONS, (path, result)
            assert result.detail, (path, result)
            assert result.platform in (None, *FOLDERS[folder].split()), (path, result)
            assert "nobody expected" not in result.detail, (path, result)
        else:
            posts += 1
            assert result.platform in FOLDERS[folder].split(), (path, result)
            _check(result, str(path))
    assert posts


ADDRESSES = {
    "youtube": r"https?://(www\.)?youtube\.com/(watch\?v=|shorts/){}",
    "twitter": r"https://(x|twitter)\.com/\w+/status/{}",
    "instagram": r"https?://(www\.)?instagram\.com/((p|reel|tv|reels)/{}/?|stories/.*)",
    "tiktok": r"https://www\.tiktok\.com/@[\w.]*/(video|photo)/{}.*",
    "reddit": r"https://www\.reddit\.com/r/[^/]+/comments/{}/.*",
}


def _check(post: ScrapedPost, where: str) -> None:
    assert post.external_id == canonical_external_id(post.platform, post.external_id), where
    assert re.fullmatch(ADDRESSES[post.platform].format(re.escape(post.external_id)), post.url or ""), where
    assert post.fetched_via is not None, where
    for metric in METRICS:
        count = getattr(post, metric)
        assert count is None or 0 <= count < 10**11, (where, metric, count)
    now = datetime.now(UTC)
    if post.published_at is not None:
        assert datetime(2005, 4, 1, tzinfo=UTC) <= post.published_at <= now, (where, post.published_at)
        if post.observed_at is not None:  # a day without its hour may lie before the hour of the post
            assert post.published_at <= post.observed_at + timedelta(days=2), where
    for tags in (post.hashtags or [], post.mentions or []):
        assert tags == values.tags(tags), where
        assert not any("#" in tag or "@" in tag or " " in tag for tag in tags), (where, tags)
    for address in (post.thumbnail_url, post.video_url, *(post.media_urls or [])):
        assert address is None or re.match("https?://[^ ]+$", address), (where, address)
    for text in (post.title, post.description, post.author):
        assert text is None or text == values.text(text), where
    assert post.duration_seconds is None or 0 <= post.duration_seconds < 10 * 86400, where


def test_the_counts_of_the_small_set_are_known(shared):
    posts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for _, result in results(shared / "data" / "sample"):
        if isinstance(result, ScrapedPost):
            posts[result.platform] += 1
        else:
            reasons[result.reason] += 1
    assert posts == {"reddit": 1206, "youtube": 1041, "instagram": 102, "twitter": 70, "tiktok": 31}
    assert reasons == {"unknown_shape": 40, "not_a_post": 41, "missing_id": 18, "empty": 12}


def _of(document: Any, key: str) -> Iterator[dict[str, Any]]:
    """All dicts that hold a key, at any depth."""
    if isinstance(document, dict):
        if key in document:
            yield document
        document = list(document.values())
    if isinstance(document, list):
        for item in document:
            yield from _of(item, key)


def _youtube_likes(document: Any) -> int:
    held = [video["statistics"].get("likeCount", 0) for video in _of(document, "statistics")]
    return sum(int(count) for count in held)


def _twitter_likes(page: Any) -> int:
    tweets = page["data"] if isinstance(page["data"], list) else [page["data"]]
    return sum(
        tweet["public_metrics"]["like_count"]
        for tweet in tweets
        if all(link["type"] != "retweeted" for link in tweet.get("referenced_tweets", []))
    )


def _tiktok_likes(line: Any) -> int:
    return int(line["data"]["stats"]["diggCount"])


def _instagram_likes(line: Any) -> int:
    [item] = list(_of(line["data"], "carousel_media_count"))
    return 0 if item["like_and_view_counts_disabled"] else int(item["like_count"])


def _reddit_likes(rows: Any) -> int:
    return sum(row["score"] for row in rows)


@pytest.mark.parametrize(("name", "likes"), [
    ("sample/youtube/timdoherty_two_snapshots/searchMetadataStub.2018-08-16.9baeaf2.json", _youtube_likes),
    ("sample/twitter/tweet_quote_tweets_resp.json", _twitter_likes),
    ("sample/tiktok/zeeschuimer_tiktok.ndjson", _tiktok_likes),
    ("raw_instagram/zeeschuimer/posts.ndjson", _instagram_likes),
    ("sample/reddit/rall_2024-01-02T13.json", _reddit_likes),
])  # fmt: skip
def test_the_likes_of_a_file_add_up_to_what_is_written_in_it(name, likes, shared):
    read = list(documents(shared / "data" / name))
    posts = [post for document in read for post in read_payload(document)]
    assert sum(post.likes or 0 for post in posts) == sum(likes(document) for document in read) > 0

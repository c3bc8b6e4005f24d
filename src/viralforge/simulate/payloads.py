"""Answers in the platforms' own shapes: pages as YouTube, X, Instagram, TikTok and Reddit send them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from viralforge.simulate.post import Counts, Post

Seen = Sequence[tuple[Post, Counts]]
Payload = dict[str, Any]
_CATEGORIES = {
    "AI tools": "28", "home cooking": "26", "fitness": "17", "saving money": "27", "indie games": "20",
    "gardening": "26", "slow travel": "19", "repair": "26",
}  # fmt: skip
_HOST = "https://simulated.invalid"
"""Where simulated media would lie: a name that can never resolve."""


def page(platform: str, seen: Seen) -> Payload:
    """One page of the platform's official API with these posts on it; each record says it is simulated."""
    return _PAGES[platform](seen)


def _iso(second: int, tail: str) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S") + tail


def _caption(post: Post) -> str:
    return f"{post.title} #" + " #".join(post.tags)


def _youtube(seen: Seen) -> Payload:
    return {
        "kind": "youtube#videoListResponse", "etag": "simulated", "simulated": True,
        "pageInfo": {"totalResults": len(seen), "resultsPerPage": 50},
        "items": [_video(post, counts) for post, counts in seen],
    }  # fmt: skip


def _video(post: Post, counts: Counts) -> Payload:
    if post.parts is None:
        post.parts = _video_parts(post)
    snippet, details = post.parts
    views, likes, comments = counts[:3]
    statistics = {"viewCount": str(views), "favoriteCount": "0"}
    if likes is not None:
        statistics["likeCount"] = str(likes)
    if comments is not None:
        statistics["commentCount"] = str(comments)
    return {
        "kind": "youtube#video", "etag": "simulated", "id": post.external_id, "snippet": snippet,
        "contentDetails": details, "statistics": statistics, "simulated": True,
    }  # fmt: skip


def _video_parts(post: Post) -> tuple[Payload, Payload]:
    image = f"{_HOST}/{post.external_id}"
    snippet = {
        "publishedAt": _iso(post.published, "Z"), "channelId": post.author.author_id, "title": post.title,
        "description": "Simulated for ViralForge's demo. #" + " #".join(post.tags),
        "thumbnails": {
            "default": {"url": f"{image}/default.jpg", "width": 120, "height": 90},
            "high": {"url": f"{image}/hqdefault.jpg", "width": 480, "height": 360},
        },
        "channelTitle": post.author.name, "tags": [post.niche, *post.tags],
        "categoryId": _CATEGORIES[post.niche], "liveBroadcastContent": "none",
        "defaultAudioLanguage": post.author.language,
    }  # fmt: skip
    minutes, seconds = divmod(20 + post.key * 7919 % 1500, 60)
    length = f"PT{minutes}M{seconds}S"
    return snippet, {"duration": length, "dimension": "2d", "definition": "hd", "caption": "false"}


def _twitter(seen: Seen) -> Payload:
    authors = {post.author.author_id: post.author for post, _counts in seen}
    return {
        "data": [_status(post, counts) for post, counts in seen],
        "includes": {
            "users": [
                {"id": found.author_id, "name": f"[simulated] {found.name}", "username": found.name}
                for found in authors.values()
            ]
        },
        "meta": {"result_count": len(seen)}, "simulated": True,
    }  # fmt: skip


def _status(post: Post, counts: Counts) -> Payload:
    if post.parts is None:
        post.parts = _status_parts(post)
    views, likes, comments, shares, retweets, saves = counts
    record: Payload = post.parts | {
        "public_metrics": {
            "retweet_count": retweets, "reply_count": comments, "like_count": likes,
            "quote_count": (shares or 0) - (retweets or 0), "bookmark_count": saves,
            "impression_count": views,
        },
    }  # fmt: skip
    return record


def _status_parts(post: Post) -> Payload:
    text, hashtags = post.title, []
    for tag in post.tags:
        hashtags.append({"start": len(text) + 1, "end": len(text) + 2 + len(tag), "tag": tag})
        text = f"{text} #{tag}"
    return {
        "id": post.external_id, "text": text, "author_id": post.author.author_id,
        "created_at": _iso(post.published, ".000Z"), "lang": post.author.language,
        "conversation_id": post.external_id, "edit_history_tweet_ids": [post.external_id],
        "entities": {"hashtags": hashtags}, "possibly_sensitive": False, "reply_settings": "everyone",
        "context_annotations": [
            {"domain": {"id": "65", "name": "Interests"}, "entity": {"id": "1", "name": post.niche}}
        ],
        "simulated": True,
    }  # fmt: skip


def _instagram(seen: Seen) -> Payload:
    return {
        "data": [_media(post, counts) for post, counts in seen],
        "paging": {"cursors": {"before": "simulated", "after": "simulated"}}, "simulated": True,
    }  # fmt: skip


def _media(post: Post, counts: Counts) -> Payload:
    if post.parts is None:
        post.parts = _media_parts(post)
    record: Payload = post.parts | {"like_count": counts[1], "comments_count": counts[2]}
    return record


def _media_parts(post: Post) -> Payload:
    video = post.key % 3 != 0
    code = post.external_id
    return {
        "id": f"17{post.key % 10**15:015d}", "shortcode": code, "permalink": f"https://www.instagram.com/p/{code}/",
        "caption": _caption(post), "media_type": "VIDEO" if video else "IMAGE",
        "media_product_type": "REELS" if video else "FEED",
        "media_url": f"{_HOST}/{code}.{'mp4' if video else 'jpg'}",
        "thumbnail_url": f"{_HOST}/{code}/thumbnail.jpg",
        "timestamp": _iso(post.published, "+0000"), "username": post.author.name,
        "owner": {"id": post.author.author_id}, "simulated": True,
    }  # fmt: skip


def _tiktok(seen: Seen) -> Payload:
    return {
        "data": {
            "videos": [_clip(post, counts) for post, counts in seen],
            "cursor": len(seen), "search_id": "simulated", "has_more": False,
        },
        "error": {"code": "ok", "message": "", "log_id": "simulated"}, "simulated": True,
    }  # fmt: skip


def _clip(post: Post, counts: Counts) -> Payload:
    if post.parts is None:
        post.parts = _clip_parts(post)
    record: Payload = post.parts | {
        "view_count": counts[0], "like_count": counts[1], "comment_count": counts[2],
        "share_count": counts[3], "favorites_count": counts[5],
    }  # fmt: skip
    return record


def _clip_parts(post: Post) -> Payload:
    return {
        "id": int(post.external_id), "create_time": post.published, "username": post.author.name,
        "region_code": post.author.country, "video_description": _caption(post),
        "hashtag_names": list(post.tags), "video_duration": 8 + post.key * 7919 % 80,
        "music_id": 10**18 + post.key, "effect_ids": [], "playlist_id": 0, "simulated": True,
    }  # fmt: skip


def _reddit(seen: Seen) -> Payload:
    children = [{"kind": "t3", "data": _submission(post, counts)} for post, counts in seen]
    return {
        "kind": "Listing", "simulated": True,
        "data": {"after": None, "before": None, "dist": len(seen), "modhash": "", "children": children},
    }  # fmt: skip


def _submission(post: Post, counts: Counts) -> Payload:
    if post.parts is None:
        post.parts = _submission_parts(post)
    record: Payload = post.parts | {"score": counts[1], "ups": counts[1], "num_comments": counts[2]}
    return record


def _submission_parts(post: Post) -> Payload:
    subreddit = "sim_" + post.niche.replace(" ", "_").lower()
    name = post.external_id
    link = f"/r/{subreddit}/comments/{name}/simulated/"
    return {
        "id": name, "name": f"t3_{name}", "subreddit": subreddit, "subreddit_id": "t5_sim",
        "title": post.title,
        "selftext": "Simulated for the demo. #" + " #".join(post.tags), "author": post.author.name,
        "author_fullname": post.author.author_id, "created_utc": float(post.published), "permalink": link,
        "url": f"https://www.reddit.com{link}", "domain": f"self.{subreddit}",
        "is_self": True, "is_video": False,
        "over_18": False, "upvote_ratio": 0.9, "downs": 0, "thumbnail": "self", "stickied": False,
        "simulated": True,
    }  # fmt: skip


_PAGES: dict[str, Callable[[Seen], Payload]] = {
    "youtube": _youtube, "twitter": _twitter, "instagram": _instagram, "tiktok": _tiktok, "reddit": _reddit,
}  # fmt: skip

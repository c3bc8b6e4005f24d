"""The stream of simulated payloads: deterministic, ordered, bounded, in the platforms' shapes."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice, pairwise
from typing import Any

import orjson
import pytest

from viralforge.model.ids import PLATFORMS, canonical_external_id
from viralforge.simulate.catalogue import MARKETS, NICHES, TAGS
from viralforge.simulate.plan import SCHEDULE, Plan
from viralforge.simulate.post import POOLS
from viralforge.simulate.world import PAGE, Answer, World

NOW = datetime(2025, 6, 15, 12, 30, tzinfo=UTC)


def stream_hash(world: World) -> str:
    """One hash over every page and the moment it was seen."""
    whole = sha256()
    for answer in world.answers():
        whole.update(answer.observed_at.isoformat().encode() + orjson.dumps(answer.payload))
    return whole.hexdigest()


def test_the_same_seed_and_hour_give_the_same_stream():
    early, late = NOW.replace(minute=1), NOW.replace(minute=59)
    assert stream_hash(World(1_500, seed=3, now=early)) == stream_hash(World(1_500, seed=3, now=late))


def test_another_seed_gives_another_stream():
    assert stream_hash(World(300, seed=3, now=NOW)) != stream_hash(World(300, seed=4, now=NOW))


def test_posts_made_again_are_the_same_posts(monkeypatch: pytest.MonkeyPatch):
    kept = stream_hash(World(1_500, seed=3, now=NOW))
    monkeypatch.setattr("viralforge.simulate.world._KEPT_POSTS", 1)
    assert stream_hash(World(1_500, seed=3, now=NOW)) == kept


def test_there_are_exactly_as_many_posts_as_asked_for(told: Any):
    assert len(told.truth.tracks) == 10_000
    assert 9.5 < told.truth.sightings.total() / 10_000 < 11.5


@pytest.mark.parametrize("total", [0, 1, 999, 1_000])
def test_a_small_world_has_exactly_its_posts(total: int):
    seen = {post.external_id for answer in World(total, seed=7, now=NOW).answers() for post, _ in answer.seen}
    assert len(seen) == total


def test_answers_come_in_the_order_of_time_and_never_from_the_future():
    moments = [answer.observed_at for answer in World(1_500, seed=7, now=NOW).answers()]
    assert moments == sorted(moments)
    assert NOW - timedelta(days=60, hours=1) < moments[0]
    assert NOW - timedelta(hours=3) < moments[-1] <= NOW


def test_no_sighting_lies_near_the_edge_of_a_period_of_whole_days():
    for answer in World(1_500, seed=7, now=NOW).answers():
        before = NOW.replace(minute=0) - answer.observed_at
        assert before % timedelta(days=1) < timedelta(hours=21, minutes=30)


def test_a_post_is_seen_after_its_publication_and_never_shrinks():
    reached: dict[str, int] = {}
    for answer in World(1_500, seed=7, now=NOW).answers():
        for post, counts in answer.seen:
            assert post.published_at < answer.observed_at
            reach = counts[0] if counts[0] is not None else counts[1]
            assert reach is not None
            assert reach >= reached.get(post.external_id, 1)
            reached[post.external_id] = reach


def test_a_post_is_looked_at_often_while_young_and_rarely_later(told: Any):
    stories = told.truth.histories.keys()
    assert len(SCHEDULE) == max(
        track.sightings for known, track in told.truth.tracks.items() if known not in stories
    )
    gaps = [late - early for early, late in pairwise(SCHEDULE)]
    assert gaps == sorted(gaps)


def test_memory_does_not_grow_with_what_was_streamed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("viralforge.simulate.world._KEPT_POSTS", 1_000)
    answers = World(100_000, seed=7, now=NOW, stories=False).answers()
    held = []
    tracemalloc.start()
    try:
        for pages in (400, 400, 400):
            assert sum(len(answer.seen) for answer in islice(answers, pages)) > 2_000
            held.append(tracemalloc.get_traced_memory()[0])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert held[2] - held[1] < 2_000_000
    assert peak < 40_000_000


def test_ids_are_distinct_and_canonical_in_large_worlds():
    plan_size = 2_000_000
    found: dict[tuple[str, str], int] = {}
    for answer in islice(World(plan_size, seed=7, now=NOW, stories=False).answers(), 400):
        for post, _counts in answer.seen:
            assert canonical_external_id(post.platform, post.external_id) == post.external_id
            assert found.setdefault((post.platform, post.external_id), post.published) == post.published
    assert len(found) > 10_000


def test_a_page_never_holds_more_than_the_platform_sends():
    for answer in islice(World(200_000, seed=7, now=NOW, stories=False).answers(), 2_000):
        assert 0 < len(answer.seen) <= PAGE


def records(answer: Answer) -> list[dict]:
    """The posts on a page, where each platform has them."""
    payload = answer.payload
    return {
        "youtube": lambda: payload["items"],
        "twitter": lambda: payload["data"],
        "instagram": lambda: payload["data"],
        "tiktok": lambda: payload["data"]["videos"],
        "reddit": lambda: [child["data"] for child in payload["data"]["children"]],
    }[answer.platform]()


def test_every_page_and_every_record_says_that_it_is_simulated():
    for answer in World(1_500, seed=7, now=NOW).answers():
        assert answer.payload["simulated"] is True
        assert len(records(answer)) == len(answer.seen)
        for record, (post, _counts) in zip(records(answer), answer.seen, strict=True):
            assert record["simulated"] is True
            assert post.title.startswith("[simulated]")
            assert post.author.name.startswith("sim_")
            assert "[simulated]" in orjson.dumps(record).decode()


def test_raw_records_are_small_and_plain_json():
    sizes = []
    for answer in islice(World(1_500, seed=7, now=NOW).answers(), 300):
        assert json.loads(json.dumps(answer.payload)) == answer.payload
        sizes += [len(orjson.dumps(record)) for record in records(answer)]
    assert 350 < sum(sizes) / len(sizes) < 1_100


def test_youtube_counts_are_strings_and_hidden_ones_are_absent():
    missing = set()
    for answer in World(2_000, seed=7, now=NOW).answers():
        if answer.platform == "youtube":
            for record in records(answer):
                assert all(isinstance(value, str) for value in record["statistics"].values())
                missing |= {"likeCount", "commentCount"} - record["statistics"].keys()
    assert missing == {"likeCount", "commentCount"}


def test_an_x_page_brings_its_authors_along_and_marks_hashtags_where_they_stand():
    pages = [answer for answer in World(1_500, seed=7, now=NOW).answers() if answer.platform == "twitter"]
    for answer in pages[:200]:
        known = {user["id"] for user in answer.payload["includes"]["users"]}
        for record in records(answer):
            assert record["author_id"] in known
            for tag in record["entities"]["hashtags"]:
                assert record["text"][tag["start"] : tag["end"]] == "#" + tag["tag"]


def test_every_platform_and_niche_is_asked_and_hashtags_follow_zipf(told: Any):
    lanes = {(answer.platform, answer.niche) for answer in islice(told.world.answers(), 1_000)}
    assert lanes == {(platform, niche) for platform in PLATFORMS for niche in NICHES}
    uses = [
        sum(told.truth.tag_posts[platform, TAGS[niche][rank]] for platform in PLATFORMS for niche in NICHES)
        for rank in (0, 5, 40)
    ]
    assert uses[0] > 2 * uses[1] > 4 * uses[2] > 0


def test_the_plan_deals_out_every_post_once():
    plan = Plan.of(12_345, seed=1, now=datetime(2025, 6, 15, tzinfo=UTC), days=30)
    lanes = len(PLATFORMS) * len(NICHES)
    assert sum(plan.count(number, lane) for number in range(plan.rounds) for lane in range(lanes)) == 12_345
    assert lanes * 3 == POOLS
    assert set(MARKETS) == set(PLATFORMS)

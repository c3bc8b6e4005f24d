"""Random sightings made to collide: few posts, few moments, small numbers and missing ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from viralforge.model.post import METRICS, ScrapedPost
from viralforge.model.snapshot import MetricsSnapshot

START = datetime(2025, 3, 30, 18, 0, tzinfo=UTC)
"""Late in a month and in a day, so that a few hours on both are others."""
KEYS = (("youtube", "dQw4w9WgXcQ"), ("youtube", "9bZkp7q19f0"), ("reddit", "18wabcd"), ("twitter", "20"))

moments = st.one_of(
    st.integers(0, 9).map(lambda hours: START + timedelta(hours=5 * hours)),
    st.integers(0, 40).map(lambda part: START + timedelta(seconds=part * 0.37)),
)
counts = st.one_of(st.none(), st.integers(0, 4), st.sampled_from([10, 999]))
numbers = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(METRICS, counts) | {"views": st.one_of(counts, st.just(10**15))}
)
words = st.lists(st.sampled_from(["ai", "soup", 'a "b", {c}\\', "日本", "x\ty\nz"]), max_size=3, unique=True)
contents = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["a title", "NULL", "\\N", "tab\there\\", "größer 😀"]),
        "description": st.sampled_from(["one\ntwo", "#ai"]), "author": st.sampled_from(["a", "b"]),
        "hashtags": st.lists(st.sampled_from(["ai", "soup", "日本"]), max_size=3, unique=True),
        "keywords": words, "detected_topics": words,
        "published_at": st.just(START - timedelta(days=1, microseconds=7)),
        "duration_seconds": st.sampled_from([0.0, 12.5]), "scrape_job_id": st.integers(1, 3),
        "scrape_source": st.sampled_from(["file", "api"]),
        "fetched_via": st.sampled_from(["scraper", "export"]),
        "raw_json": st.sampled_from([{"a": [1, 2.5, None, "x\\ty"]}, {"b": "日本"}, [], 0, "text"]),
    },
)  # fmt: skip
keys = st.sampled_from(KEYS)


@st.composite
def posts(draw: st.DrawFn) -> ScrapedPost:
    """One sighting, now and then undated or with a payload that may have been taken before."""
    platform, external_id = draw(keys)
    return ScrapedPost(
        platform=platform, external_id=external_id, **draw(numbers), **draw(contents),
        observed_at=draw(st.one_of(moments, moments, moments, st.none())),
        payload_hash=draw(st.one_of(st.none(), st.none(), st.sampled_from([b"1" * 16, b"2" * 16]))),
    )  # fmt: skip


known_numbers = numbers.filter(lambda given: any(value is not None for value in given.values()))
snapshots = st.builds(
    lambda given, at: MetricsSnapshot(**given, recorded_at=at),
    known_numbers,
    st.one_of(moments, st.none()),
)

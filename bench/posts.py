"""Simulated posts for the benchmarks, each once, and the same ones seen again later."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from viralforge.model.post import ScrapedPost
from viralforge.simulate import payloads
from viralforge.simulate.plan import LANES, Plan
from viralforge.simulate.post import cell, counts
from viralforge.sources.recognise import read_payload

Post = dict[str, Any]
_FIELDS = [field.name for field in fields(ScrapedPost) if field.name not in ("payload_hash",)]
SEEN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
LATER = SEEN + timedelta(hours=7)


def pages(total: int) -> Iterator[Post]:
    """The payloads of `total` posts, a page for each cell of the plan."""
    plan = Plan.of(total, seed=7, now=SEEN, days=60)
    for number in range(plan.rounds):
        for lane, (platform, _niche) in enumerate(LANES):
            if found := cell(plan, number, lane):
                second = found[-1].published + 3600.0
                yield payloads.page(platform, [(post, counts(post, second)) for post in found])


def posts(total: int, observed_at: datetime = SEEN) -> list[Post]:
    """`total` different posts as mappings, seen at the same time."""
    made: list[Post] = []
    for page in pages(total):
        for found in read_payload(page):
            if not isinstance(found, ScrapedPost):
                sys.exit(f"the simulator made a payload that is no post: {found}")
            given = {name: value for name in _FIELDS if (value := getattr(found, name)) is not None}
            made.append(given | {"observed_at": observed_at, "scrape_source": "api"})
    return made


def seen_again(known: list[Post]) -> list[Post]:
    """The same posts seven hours later, their numbers a tenth larger."""
    return [
        post | {"observed_at": LATER}
        | {name: post[name] * 11 // 10 + 1 for name in ("views", "likes", "comments") if name in post}
        for post in known
    ]  # fmt: skip

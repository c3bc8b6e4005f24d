"""Payloads that must be turned away: shapes the platforms really send, with what makes them useless."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from viralforge.simulate import payloads
from viralforge.simulate.plan import LANES
from viralforge.simulate.post import Post, cell, counts
from viralforge.simulate.world import World

Damage = tuple[str, dict[str, Any]]
"""The reason it must be rejected for, and the page that holds it."""


def damaged(world: World) -> Iterator[Damage]:
    """A dozen pages of one post each, each damaged in one way, all seen in the last round."""
    rng = Random(f"{world.plan.seed}/damaged/{world.plan.end.date()}")
    second = world.plan.end.timestamp()
    spare = _posts(world)
    for number in range(12):
        reason, platform, damage = _DAMAGES[number % len(_DAMAGES)]
        post = spare[platform][rng.randrange(len(spare[platform]))]
        page = payloads.page(platform, [(post, counts(post, second))])
        damage(page, number)
        yield reason, page


def _posts(world: World) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = {}
    for lane, (platform, _niche) in enumerate(LANES):
        for number in range(world.plan.rounds):
            if platform not in found and (posts := cell(world.plan, number, lane)):
                found[platform] = posts
    return found


def _spreadsheet(page: dict[str, Any], number: int) -> None:
    page["data"]["videos"][0]["id"] = f"7.{61068204 + number}E+18"


def _graph_id_alone(page: dict[str, Any], number: int) -> None:
    record = page["data"][0]
    record["id"] = f"17{10**14 + number:015d}"
    del record["shortcode"], record["permalink"]


def _negative(page: dict[str, Any], number: int) -> None:
    page["data"][0]["public_metrics"]["like_count"] = -3 - number


def _beyond_counting(page: dict[str, Any], number: int) -> None:
    page["items"][0]["statistics"]["viewCount"] = str(10**18 + number)


_DAMAGES = (
    ("damaged_id", "tiktok", _spreadsheet),
    ("missing_id", "instagram", _graph_id_alone),
    ("bad_number", "twitter", _negative),
    ("number_out_of_range", "youtube", _beyond_counting),
)

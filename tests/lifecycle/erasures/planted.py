"""Whom the tests of erasures erase, and the posts of that author."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from viralforge.errors import InvalidPost
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC)
USER, AUTHOR, NAME, POST = "zz-user-4711", "UCzz-author-4711", "Zz Müller 4711", "zz-post4711"
TOKENS = (USER, AUTHOR, NAME, POST, "zz-tag4711")
EVENT = {"event_name": "trend_action", "event_type": "click", "session_id": "s1", "platform": "web"}


def post(number: int, **more: Any) -> dict[str, Any]:
    """A post of the author who is erased."""
    return {
        "platform": "youtube", "external_id": f"{number:011}", "author": NAME, "author_id": AUTHOR,
        "views": 5_000, "likes": 7, "hashtags": ["zz-tag4711", "soup"], "observed_at": NOW,
        "title": f"by {NAME}", "raw_json": {"snippet": {"channelId": AUTHOR}},
    } | more  # fmt: skip


def refused(warehouse: DataWarehouse, given: dict[str, Any]) -> str:
    """Why a post is not saved."""
    with pytest.raises(InvalidPost) as error:
        warehouse.save_scraped_post(given)
    return error.value.reason

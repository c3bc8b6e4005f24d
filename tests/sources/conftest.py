"""The made-up payloads that tests of the adapters share: one file a shape, with what must come out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from viralforge.model.post import ScrapedPost
from viralforge.model.rejection import Rejection

EXAMPLES = Path(__file__).parent / "examples"


@pytest.fixture(scope="session")
def example() -> Callable[[str], Any]:
    """What reads the payload of the example of a shape, anew each time."""
    return lambda shape: json.loads((EXAMPLES / f"{shape}.json").read_text(encoding="utf-8"))["payload"]


@pytest.fixture(scope="session")
def plain() -> Callable[[ScrapedPost | Rejection], dict[str, Any]]:
    """What writes a result as the examples do."""
    return _plain


def _plain(result: ScrapedPost | Rejection) -> dict[str, Any]:
    """A result as the examples write it: what is known of a post, or why it is none."""
    if isinstance(result, Rejection):
        return {"reason": result.reason, "shape": result.shape}
    found = {field.name: getattr(result, field.name) for field in fields(result) if field.name != "raw_json"}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in found.items()
        if value is not None
    }

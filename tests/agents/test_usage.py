"""Tokens, from whatever a provider reports: recorded answers of five providers, and shapes of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from viralforge.model.usage import Tokens

EXAMPLES: dict[str, tuple[dict[str, Any] | None, Tokens]] = {
    "nothing": (None, Tokens()),
    "an empty one": ({}, Tokens()),
    "a total alone": ({"total_tokens": 0}, Tokens()),
    "OpenAI": (
        {
            "prompt_tokens": 100, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 60},
            "completion_tokens_details": {"reasoning_tokens": 12},
        },
        Tokens(100, 20, 60, None, 12),
    ),
    "OpenAI's responses": (
        {
            "input_tokens": 100, "output_tokens": 20, "input_tokens_details": {"cached_tokens": 60},
            "output_tokens_details": {"reasoning_tokens": 12},
        },
        Tokens(100, 20, 60, None, 12),
    ),
    "embeddings": ({"prompt_tokens": 300, "total_tokens": 300}, Tokens(300, 0)),
    "Anthropic": (
        {
            "input_tokens": 10, "output_tokens": 7, "cache_read_input_tokens": 80,
            "cache_creation_input_tokens": 5, "service_tier": "standard",
        },
        Tokens(95, 7, 80, 5),
    ),
    "Anthropic through LiteLLM, which adds up too": (
        {"prompt_tokens": 95, "completion_tokens": 7, "cache_read_input_tokens": 80}, Tokens(95, 7, 80)
    ),
    "Bedrock": (
        {"inputTokens": 10, "outputTokens": 7, "cacheReadInputTokens": 80, "cacheWriteInputTokens": 5},
        Tokens(95, 7, 80, 5),
    ),
    "Gemini": (
        {
            "promptTokenCount": 100, "candidatesTokenCount": 8, "thoughtsTokenCount": 5,
            "cachedContentTokenCount": 60,
        },
        Tokens(100, 13, 60, None, 5),
    ),
    "Gemini through CrewAI": (
        {
            "prompt_token_count": 100, "candidates_token_count": 8, "completion_tokens": 13,
            "cached_prompt_tokens": 60, "reasoning_tokens": 5,
        },
        Tokens(100, 13, 60, None, 5),
    ),
    "Anthropic through CrewAI, which adds up": (
        {"input_tokens": 95, "output_tokens": 7, "cached_prompt_tokens": 80, "cache_creation_tokens": 5},
        Tokens(95, 7, 80, 5),
    ),
    "what is no number": (
        {"prompt_tokens": "many", "completion_tokens": True, "cached_tokens": -1}, Tokens()
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", EXAMPLES)
def test_each_shape_of_usage_is_understood(shape: str) -> None:
    usage, tokens = EXAMPLES[shape]
    assert Tokens.read(usage) == tokens


def test_every_recorded_answer_adds_up_to_its_own_total(shared: Path) -> None:
    seen: Counter[str] = Counter()
    for answer in recorded(shared):
        for usage in usages(answer["response"]):
            tokens = Tokens.read(usage)
            assert tokens.input is not None and tokens.output is not None
            total = usage.get("total_tokens", usage.get("totalTokens", tokens.input + tokens.output))
            assert tokens.input + tokens.output == total, usage
            assert (tokens.cached or 0) + (tokens.cache_write or 0) <= tokens.input
            assert (tokens.reasoning or 0) <= tokens.output
            seen[answer["uri"].split("/")[2]] += 1
    assert sum(seen.values()) == 1_111
    assert len(seen) == 6


def recorded(shared: Path) -> Iterator[dict[str, Any]]:
    file = shared / "data" / "llm_agent_logs" / "crewai_llm_calls.jsonl"
    yield from map(orjson.loads, file.read_bytes().splitlines())


def usages(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        for name, value in document.items():
            if name == "usage" and isinstance(value, dict):
                yield value
            else:
                yield from usages(value)
    elif isinstance(document, list):
        for each in document:
            yield from usages(each)

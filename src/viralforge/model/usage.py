"""How many tokens a call of a language model took, from whatever its provider says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

_INPUT = ("prompt_tokens", "prompt_token_count", "promptTokenCount", "input_tokens", "inputTokens")
_OUTPUT = ("completion_tokens", "output_tokens", "outputTokens")
_CANDIDATES = ("candidates_token_count", "candidatesTokenCount")
_CACHED = (
    "cached_prompt_tokens", "cached_tokens", "cache_read_input_tokens", "cacheReadInputTokens",
    "cached_content_token_count", "cachedContentTokenCount",
)  # fmt: skip
_WRITTEN = ("cache_creation_tokens", "cache_creation_input_tokens", "cacheWriteInputTokens")
_REASONING = ("reasoning_tokens", "thoughts_token_count", "thoughtsTokenCount")
_INPUT_DETAILS = ("prompt_tokens_details", "input_tokens_details")
_OUTPUT_DETAILS = ("completion_tokens_details", "output_tokens_details")
_APART = (
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "cacheReadInputTokens",
    "cacheWriteInputTokens",
)
"""Who speaks of these (Anthropic, Bedrock) counts them beside the input, all others count them in it."""
_MOST = 10**15


class Tokens(NamedTuple):
    """Tokens of one call; None is unknown.

    `input` is all that was read, `cached` (read from a cache) and `cache_write` (written to one) among it;
    `output` is all that was written, `reasoning` among it.
    """

    input: int | None = None
    output: int | None = None
    cached: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None

    @classmethod
    def read(cls, usage: Any) -> Self:
        """The tokens in the usage that OpenAI, Anthropic, Bedrock, Gemini, Azure, LiteLLM or CrewAI report.

        >>> Tokens.read({"input_tokens": 10, "cache_read_input_tokens": 90, "output_tokens": 7})
        Tokens(input=100, output=7, cached=90, cache_write=None, reasoning=None)
        >>> Tokens.read({"promptTokenCount": 8, "candidatesTokenCount": 2, "thoughtsTokenCount": 5}).output
        7
        """
        if not isinstance(usage, Mapping):  # a model of a provider's library
            dump = getattr(usage, "model_dump", None)
            usage = dump() if callable(dump) else dict(getattr(usage, "__dict__", {}))
        if not usage:
            return cls()
        read = _first(usage, _INPUT)
        cached = _first(usage, _CACHED, _INPUT_DETAILS)
        written = _first(usage, _WRITTEN)
        reasoning = _first(usage, _REASONING, _OUTPUT_DETAILS)
        output = _first(usage, _OUTPUT)
        if output is None and (candidates := _first(usage, _CANDIDATES)) is not None:
            output = candidates + (reasoning or 0)
        if output is None and read is not None:
            output = 0  # what turns text into vectors writes nothing
        # What calls it the prompt (LiteLLM) has counted them in already.
        beside = usage.get("prompt_tokens") is None and any(name in usage for name in _APART)
        if read is not None and beside:
            read += (cached or 0) + (written or 0)
        return cls(read, output, cached, written, reasoning)


def _first(usage: Mapping[str, Any], names: tuple[str, ...], details: tuple[str, ...] = ()) -> int | None:
    inside = [found for name in details if isinstance(found := usage.get(name), Mapping)]
    for place in (usage, *inside):
        for name in names:
            found = place.get(name)
            if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= _MOST:
                return int(found)
    return None

"""What a call costs: by the user's own prices first, else by those that `genai-prices` knows of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from viralforge.model.price import OwnPrice, Price, PriceKind
from viralforge.model.usage import Tokens

_MILLION, _BILLIONTH = Decimal(1_000_000), Decimal("0.000000001")
_PROVIDERS = {
    "bedrock": "aws", "amazon": "aws", "aws_bedrock": "aws", "gemini": "google", "vertex_ai": "google",
    "azure_openai": "azure", "azure_ai": "azure", "xai": "x-ai", "together_ai": "together",
    "fireworks_ai": "fireworks", "voyage": "voyageai",
}  # fmt: skip
"""Providers by the names that LiteLLM and OpenTelemetry give them, where `genai-prices` has another."""
_EDITION = re.compile(r"-v\d+$")
UNKNOWN = Price()


class Prices:
    """The prices that are known; the user's own come first, the closest of them.

    >>> own = OwnPrice.read({"kind": "model", "name": "house-*", "inputUsd": 2, "outputUsd": 8})
    >>> at = datetime.fromisoformat("2026-03-01T12:00:00+00:00")
    >>> Prices([own]).of_model("house-7b", None, Tokens(input=1_000, output=500), at).usd
    Decimal('0.006000000')
    """

    def __init__(self, own: Sequence[OwnPrice] = ()) -> None:
        self._own = sorted(own, key=lambda price: price.closeness, reverse=True)

    def of_model(self, model: str, provider: str | None, tokens: Tokens, at: datetime) -> Price:
        """The price of these tokens of a model at that time; unknown where their number is."""
        if tokens.input is None or tokens.output is None:
            return UNKNOWN
        maker, name = _named(model, provider)
        own = self._closest("model", model, provider, at) or self._closest("model", name, maker, at)
        if own is not None:
            return Price(usd=_of_tokens(own, tokens), source="own")
        return _known(name, maker, tokens, at)

    def of_each(self, kind: PriceKind, name: str, count: int, at: datetime) -> Price:
        """The price of so many calls of a tool, or units of a platform; only the user knows it."""
        if own := self._closest(kind, name, None, at):
            assert own.each_usd is not None
            return Price(usd=_rounded(own.each_usd * count), source="own")
        return UNKNOWN

    def _closest(self, kind: PriceKind, name: str, provider: str | None, at: datetime) -> OwnPrice | None:
        return next((own for own in self._own if own.fits(kind, name, provider, at.date())), None)


def _named(model: str, provider: str | None) -> tuple[str | None, str]:
    """The provider and the model where the name has both, as in `bedrock/us.anthropic.claude-sonnet-4-6`."""
    first, slash, rest = model.partition("/")
    if slash and (provider is None or first == provider or _PROVIDERS.get(first, first) in _provider_ids()):
        provider, model = first, rest
    return (provider and _PROVIDERS.get(provider, provider)), model


def _of_tokens(price: OwnPrice, tokens: Tokens) -> Decimal:
    assert price.input_usd is not None
    assert price.output_usd is not None
    cached, written = tokens.cached or 0, tokens.cache_write or 0
    plain = max((tokens.input or 0) - cached - written, 0)
    cached_usd = price.input_usd if price.cached_usd is None else price.cached_usd
    write_usd = price.input_usd if price.cache_write_usd is None else price.cache_write_usd
    usd = plain * price.input_usd + cached * cached_usd + written * write_usd
    return _rounded((usd + (tokens.output or 0) * price.output_usd) / _MILLION)


def _known(model: str, provider: str | None, tokens: Tokens, at: datetime) -> Price:
    genai = _genai()
    counts = {
        "input_tokens": tokens.input, "output_tokens": tokens.output,
        "cache_read_tokens": tokens.cached, "cache_write_tokens": tokens.cache_write,
    }  # fmt: skip
    usage = genai.Usage(**{name: count for name, count in counts.items() if count})
    ids: list[str | None] = [provider, None] if provider in _provider_ids() else [None]
    if model.startswith("text-embedding-"):
        ids.append("openai")  # `genai-prices` guesses the makers of models that write, not of these
    for name in dict.fromkeys((model, _EDITION.sub("", model))):
        for known in ids:
            try:
                found = genai.calc_price(usage, name, provider_id=known, genai_request_timestamp=at)
            except LookupError:
                continue
            except ValueError:  # counts that contradict each other, such as more cached than read
                return UNKNOWN
            return Price(usd=_rounded(found.total_price), source=f"genai-prices {genai.__version__}")
    return UNKNOWN


def _rounded(usd: Decimal) -> Decimal:
    return usd.quantize(_BILLIONTH)


@cache
def _provider_ids() -> frozenset[str]:
    from genai_prices import data_snapshot

    return frozenset(provider.id for provider in data_snapshot.get_snapshot().providers)


def _genai() -> Any:
    import genai_prices  # half a second, which nobody waits for who asks no price

    return genai_prices

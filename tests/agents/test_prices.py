"""What calls cost: the user's own prices first, the closest of them, then the public ones; else unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from viralforge.errors import InvalidInput, UnknownRecord
from viralforge.insight.costs import Prices
from viralforge.model.price import OwnPrice
from viralforge.model.usage import Tokens

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOME = Tokens(input=1_000_000, output=1_000_000)


def own(name: str, input_usd: float, **more: object) -> OwnPrice:
    given = {"kind": "model", "name": name, "input_usd": input_usd, "output_usd": 2 * input_usd}
    return OwnPrice.read(given | more)


@pytest.mark.parametrize(
    ("model", "provider", "usd"),
    [
        ("gpt-4o-mini", None, "0.75"),
        ("openai/gpt-4o-mini", None, "0.75"),
        ("gpt-4o-mini", "openai", "0.75"),
        ("azure/gpt-4o-mini", None, "0.75"),
        ("claude-sonnet-4-20250514", "anthropic", None),
        ("bedrock/us.anthropic.claude-sonnet-4-6", None, None),
        ("gemini/gemini-2.5-flash", None, "2.8"),
        ("openrouter/meta-llama/llama-3.2-3b-instruct", None, None),
        ("text-embedding-ada-002-v2", None, None),
    ],
)
def test_models_are_known_by_the_names_that_frameworks_give_them(model, provider, usd) -> None:
    price = Prices().of_model(model, provider, Tokens(1_000_000, 1_000_000, 0, 0), NOW)
    assert price.source is not None and price.source.startswith("genai-prices ")
    assert price.usd is not None and price.usd > 0
    if usd is not None:
        assert price.usd == Decimal(usd)


@pytest.mark.parametrize("model", ["house/of-cards", "fake", "", "no-such-model-7b"])
def test_an_unknown_price_is_none_and_never_zero(model: str) -> None:
    assert Prices().of_model(model, None, SOME, NOW).usd is None


def test_unknown_tokens_have_no_price() -> None:
    assert Prices([own("*", 1)]).of_model("gpt-4o", None, Tokens(), NOW).usd is None


def test_cached_tokens_cost_less_where_their_price_is_known() -> None:
    plain, cached = (
        Prices().of_model("gpt-4o", "openai", Tokens(1_000, 10, read), NOW).usd for read in (0, 800)
    )
    assert plain is not None and cached is not None and cached < plain


def test_the_closest_of_ones_own_prices_holds() -> None:
    prices = Prices([
        own("*", 1), own("gpt-*", 2), own("gpt-4o", 3), own("gpt-4o", 4, provider="azure"),
        own("gpt-4o", 5, valid_from="2026-02-01"), own("gpt-4o", 6, valid_from="2026-04-01"),
    ])  # fmt: skip

    def of(model: str, provider: str | None = None, at: datetime = NOW) -> Decimal | None:
        return prices.of_model(model, provider, Tokens(1_000_000, 0), at).usd

    assert [of("llama"), of("gpt-5"), of("gpt-4o")] == [1, 2, 5]
    assert of("gpt-4o", "azure") == 4
    assert of("gpt-4o", at=datetime(2026, 1, 31, 23, 59, tzinfo=UTC)) == 3
    assert of("gpt-4o", at=datetime(2026, 4, 1, tzinfo=UTC)) == 6


def test_ones_own_price_is_found_by_the_whole_name_and_by_that_without_the_provider() -> None:
    for name in ("house/small", "house/*", "small"):
        assert Prices([own(name, 1)]).of_model("house/small", None, SOME, NOW).usd == 3


def test_a_price_holds_until_the_day_before_its_last() -> None:
    prices = Prices([own("m", 1, valid_from="2026-02-01", valid_until="2026-03-01")])
    before = prices.of_model("m", None, SOME, NOW - timedelta(days=1))
    assert (before.usd, before.source) == (3, "own")
    assert prices.of_model("m", None, SOME, NOW).usd is None


def test_ones_own_price_counts_cached_and_written_tokens_apart() -> None:
    price = own("m", 10, cached_usd=1, cache_write_usd=12)
    tokens = Tokens(input=1_000, output=100, cached=600, cache_write=300)
    assert Prices([price]).of_model("m", None, tokens, NOW).usd == (
        Decimal(100 * 10 + 600 * 1 + 300 * 12 + 100 * 20) / 1_000_000
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "model", "name": "m"},
        {"kind": "model", "name": "m", "input_usd": 1, "output_usd": 1, "each_usd": 1},
        {"kind": "tool", "name": "t", "input_usd": 1},
        {"kind": "tool", "name": "t", "each_usd": 1, "provider": "x"},
        {"kind": "unit", "name": "youtube", "each_usd": -1},
        {"kind": "tool", "name": " ", "each_usd": 1},
        {"kind": "tool", "name": "t", "each_usd": 1, "valid_from": "2026-02-01", "valid_until": "2026-02-01"},
    ],
)
def test_a_price_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="OwnPrice"):
        OwnPrice.read(wrong)


def test_a_stored_price_comes_back_as_it_was_and_is_replaced_by_one_of_the_same_day(warehouse) -> None:
    first = warehouse.prices.set(own("m", 1, provider="openai", cached_usd="0.123456789"))
    assert warehouse.prices.all() == [own("m", 1, provider="openai", cached_usd="0.123456789")]
    assert warehouse.prices.set(own("m", 2, provider="openai")) == first
    warehouse.prices.set(own("m", 3, valid_from=date(2026, 1, 1)))
    assert [price.input_usd for price in warehouse.prices.all()] == [3, 2]
    warehouse.prices.drop(first)
    with pytest.raises(UnknownRecord):
        warehouse.prices.drop(first)

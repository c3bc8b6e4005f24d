"""What a question may be narrowed by is checked before it is asked, and an error says what to write."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from viralforge.analytics import filters
from viralforge.errors import InvalidInput


@pytest.mark.parametrize("limit", [-1, 1.5, "3", True, 2**64])
def test_a_limit_that_cannot_be_is_refused(limit):
    with pytest.raises(InvalidInput, match=r"limit: .* write 0 or more"):
        filters.limit(limit)


def test_a_limit_of_0_is_no_rows():
    assert filters.limit(0) == 0


def test_a_platform_that_is_not_known_is_refused_with_those_that_are():
    with pytest.raises(InvalidInput, match="youtube, twitter"):
        filters.platform("myspace")


@pytest.mark.parametrize("length", [0, -1, float("nan"), float("inf"), 900_000])
@pytest.mark.parametrize("period", [filters.days, filters.hours])
def test_a_period_that_cannot_be_is_refused(period, length: float):
    with pytest.raises(InvalidInput, match=f"{period.__name__}: .* is no period"):
        period(length)


@pytest.mark.parametrize("number", [0, -2, float("nan"), float("inf")])
def test_a_multiple_that_cannot_be_is_refused(number: float):
    with pytest.raises(InvalidInput, match=r"times: .* is no multiple"):
        filters.multiple("times", number)


def test_a_multiple_is_exactly_what_was_written():
    assert filters.multiple("times", 1.1) == Decimal("1.1")


@pytest.mark.parametrize("wrong", ["", "dQw4w9WgXcQ", None, 7])
def test_what_is_no_id_of_a_post_is_refused_with_an_example(wrong):
    with pytest.raises(InvalidInput, match="looks like"):
        filters.post_key(wrong)


def test_an_id_may_be_written_out():
    known = UUID("5cd6213d-2e90-b8cb-be8b-5dab10494180")
    assert filters.post_key(str(known)) == filters.post_key(known) == known

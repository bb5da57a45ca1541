"""M3: what a tier takes off a price."""

from __future__ import annotations

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from seonmul.catalog import rules

PRICES = st.integers(0, 10_000_000)
TIERS = st.integers(0, 3)


def price(list_won: int, tier: int, *, certificate: bool = False, corporate: bool = True) -> int:
    return rules.price_won(
        list_won, is_gift_certificate=certificate, is_corporate_list=corporate, tier_percent=tier
    )


@pytest.mark.parametrize(
    ("list_won", "tier", "won"),
    [
        (4_300, 0, 4_300), (4_300, 1, 4_257), (4_300, 2, 4_214), (4_300, 3, 4_171), (4_350, 1, 4_306),
        (100, 3, 97), (1, 1, 0), (0, 3, 0),
    ],
)  # fmt: skip
def test_goods_on_the_corporate_list_get_it_off_to_the_won(list_won: int, tier: int, won: int) -> None:
    """M3"""
    assert price(list_won, tier) == won


@each(PRICES, TIERS)
def test_gift_certificates_and_the_general_list_never_get_it(list_won: int, tier: int) -> None:
    """M3"""
    assert price(list_won, tier, certificate=True) == list_won
    assert price(list_won, tier, corporate=False) == list_won
    assert price(list_won, tier, certificate=True, corporate=False) == list_won


@each(PRICES, TIERS)
def test_a_price_is_whole_won_between_nothing_and_the_list_price(list_won: int, tier: int) -> None:
    """M3: and a tier takes off its percent, less than one won more."""
    won = price(list_won, tier)
    assert type(won) is int and 0 <= won <= list_won
    assert list_won * (100 - tier) / 100 - 1 < won <= list_won * (100 - tier) / 100


@each(PRICES, TIERS, TIERS)
def test_a_better_tier_never_pays_more(list_won: int, one: int, other: int) -> None:
    """M3"""
    low, high = sorted((one, other))
    assert price(list_won, high) <= price(list_won, low)


@each(PRICES, PRICES, TIERS)
def test_what_is_dearer_stays_dearer(one: int, other: int, tier: int) -> None:
    """C1: so that a list sorted by price is sorted for every tier."""
    low, high = sorted((one, other))
    assert price(low, tier) <= price(high, tier)

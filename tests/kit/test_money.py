from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.kit import money


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0원"), (999, "999원"), (1234, "1,234원"), (-1234, "-1,234원"), (50_000_000, "50,000,000원")],
)
def test_format(amount, text):
    assert money.format_won(amount) == text


@pytest.mark.parametrize("wrong", [True, 1.0, "1", None])
def test_money_is_int_and_nothing_else(wrong):
    for asked in (money.checked_won, money.format_won, lambda value: money.share(value, 1, 10)):
        with pytest.raises(TypeError):
            asked(wrong)


def test_a_share_is_rounded_down_to_the_won():
    assert money.share(4_505, 10, 100) == 450
    assert money.share(4_500, 3, 1_000) == 13


@given(st.integers(0, 10**12), st.integers(0, 1_000), st.integers(1, 1_000))
def test_a_share_is_the_floor_and_a_refund_mirrors_it(amount, numerator, denominator):
    exact = Fraction(amount * numerator, denominator)
    part = money.share(amount, numerator, denominator)
    assert part <= exact < part + 1
    assert money.share(-amount, numerator, denominator) == -part


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 10), (1, 0), (1, -10)])
def test_a_share_of_odd_parts_is_an_error(numerator, denominator):
    with pytest.raises(ValueError, match="share"):
        money.share(100, numerator, denominator)

"""P3, P4, P5: limits of our card channel, what can go back, reward."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.figures.rules import Figures
from seonmul.payments import rules
from seonmul.payments.rules import CardFacts, CardRefusal, RefundRefusal

_WON = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("figure", "most", "why", "room"),
    [
        ("card_once_most_won", 999_999, CardRefusal.ONCE, None),
        ("card_day_most_won", 1_199_999, CardRefusal.DAY, 999_999),
        ("card_month_most_won", 1_499_999, CardRefusal.MONTH, 999_999),
    ],
)
def test_each_limit_says_what_is_left(figure: str, most: int, why: CardRefusal, room: int | None) -> None:
    """P3"""
    lately = CardFacts(today_won=200_000, month_won=500_000)
    no = rules.why_not_card(1_000_000, lately, figures=replace(Figures(), **{figure: most}))
    assert no is not None and no.why is why and no.numbers.get("room") == room
    assert rules.why_not_card(1_000_000, lately, figures=replace(Figures(), **{figure: most + 1})) is None
    assert rules.why_not_card(1_000_000, lately, figures=Figures()) is None, "0 is no limit"


@given(_WON, _WON)
def test_no_more_goes_back_than_is_left(won: int, room: int) -> None:
    """P5"""
    no = rules.why_not_give_back(won, room)
    assert (no is None) is (0 < won <= room)
    assert no is None or (no.why is RefundRefusal.TOO_MUCH and no.numbers == {"room": room})


@given(_WON, _WON, _WON, st.integers(0, 20))
def test_reward_is_a_share_of_what_was_really_paid(
    certificates: int, others: int, reward: int, percent: int
) -> None:
    """P4: rounded down, never of what was paid with reward, nothing where nothing was paid."""
    total = certificates + others
    paid = total - min(reward, total)
    earned = rules.reward_won(certificates, cash_and_card_won=paid, total_won=total, percent=percent)
    assert 0 <= earned * 100 <= min(certificates, paid) * percent
    if reward == 0 and total:
        assert earned == certificates * percent // 100


def test_a_window_that_ended_is_told_as_what_it_is() -> None:
    """P3: its code is stable, since pages and the API keep it."""
    assert CardRefusal.ENDED.code == "card_window_ended"
    assert "결제되지 않았으니" in CardRefusal.ENDED.sentence

"""P1, O9, P5: the decisions of the books, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.kit.refusals import No
from seonmul.ledger import rules
from seonmul.ledger.rules import HoldFacts, LedgerRefusal, PartFacts


def test_what_is_missing_is_said_in_won() -> None:
    """P1"""
    no = rules.why_not_post({"cash": 3_000, "held": 0}, {"cash": -4_500, "held": 4_500})
    assert no == No(LedgerRefusal.NOT_ENOUGH, {"missing_won": 1_500})
    assert no.say() == "잔액이 1,500원 모자랍니다. 아무것도 결제하지 않았습니다."


def test_to_the_last_won_may_be_spent_and_the_platform_may_owe() -> None:
    """P1: an account that keeps no balance (the platform's) is not asked."""
    assert rules.why_not_post({"cash": 4_500}, {"cash": -4_500, "bank": -99}) is None
    assert rules.why_not_post({"cash": 0}, {"cash": 1}) is None


@pytest.mark.parametrize(("won", "rest"), [(0, 300), (-1, 300), (301, 300)])
def test_a_hold_gives_no_more_than_its_rest(won: int, rest: int) -> None:
    """O9"""
    no = rules.why_not_take(HoldFacts(1_000, 500, 200), won)
    assert no == No(LedgerRefusal.HOLD_SPENT, {"rest_won": rest})
    assert no.say() == "보류한 금액 300원보다 많이 처리할 수 없습니다."


def test_a_hold_gives_its_whole_rest() -> None:
    """O9"""
    assert rules.why_not_take(HoldFacts(1_000, 500, 200), 300) is None


def test_only_the_very_same_transfer_is_a_repeat() -> None:
    """P1"""
    assert rules.why_not_repeat({"a": -5, "b": 5}, {"b": 5, "a": -5}) is None
    for other in ({"a": -6, "b": 6}, {"a": -5, "c": 5}, {"a": -5, "b": 4, "c": 1}):
        no = rules.why_not_repeat({"a": -5, "b": 5}, other)
        assert no is not None and no.why is LedgerRefusal.CAUSE_TAKEN


def test_what_was_spent_first_goes_back_last() -> None:
    """P5"""
    parts = [PartFacts(1_000, 0), PartFacts(500, 0)]
    assert rules.shares_of_return(parts, 300) == [0, 300]
    assert rules.shares_of_return(parts, 700) == [200, 500]
    assert rules.shares_of_return([PartFacts(1_000, 200), PartFacts(500, 500)], 100) == [100, 0]
    with pytest.raises(ValueError, match="more than there is room"):
        rules.shares_of_return(parts, 1_501)


_PART = st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)).map(lambda p: PartFacts(p[0], min(p)))


@given(st.lists(_PART, min_size=1, max_size=3), st.integers(0, 10**9))
def test_shares_sum_up_and_no_part_gives_more_than_it_holds(parts: list[PartFacts], wish: int) -> None:
    """P5"""
    won = min(wish, sum(part.amount_won - part.returned_won for part in parts))
    shares = rules.shares_of_return(parts, won)
    assert sum(shares) == won
    assert all(
        0 <= share <= part.amount_won - part.returned_won for share, part in zip(shares, parts, strict=True)
    )
    later_rest = [p.amount_won - p.returned_won - s for p, s in zip(parts, shares, strict=True)][1:]
    assert shares[0] == 0 or not any(later_rest)

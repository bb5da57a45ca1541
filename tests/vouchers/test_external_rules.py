"""C3: what the external issuer's words mean, and when it is asked again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from seonmul.figures.rules import Figures
from seonmul.vouchers import rules
from seonmul.vouchers.models import VOUCHER_MOVES, VoucherState
from seonmul.vouchers.ports import Coupon, Told
from seonmul.vouchers.rules import GoodsRefusal
from tests.given import MONDAY


@pytest.mark.parametrize("code", ["", "G 1", "상품", "G" * 41, "G-1"])
def test_what_is_no_goods_code_is_refused(code: str) -> None:
    """C3"""
    no = rules.why_not_set_goods(code)
    assert no is not None and no.why is GoodsRefusal.NO_CODE
    assert rules.why_not_set_goods("G00000000101") is None


@pytest.mark.parametrize(
    ("told", "rest_won", "face_won", "state"),
    [
        (Told.LIVE, 10_000, 10_000, ""), (Told.LIVE, 4_000, 10_000, "partly_used"), (Told.LIVE, 0, 0, ""),
        (Told.LIVE, None, 10_000, ""), (Told.USED, 0, 10_000, "used"), (Told.EXPIRED, 10_000, 10_000, "expired"),
        (Told.CANCELLED, 0, 0, "void"), (Told.PENDING, 0, 0, ""), (Told.OTHER, 0, 0, ""), (Told.NOTHING, None, 0, ""),
    ],
)  # fmt: skip
def test_only_a_word_that_we_know_moves_a_voucher(
    told: Told, rest_won: int | None, face_won: int, state: str
) -> None:
    """C3, V2"""
    assert rules.state_there(Coupon(told, rest_won=rest_won), face_won=face_won) == state


@pytest.mark.parametrize(
    ("told", "rest_won", "print_won", "state"),
    [
        (Told.LIVE, 0, 0, "issued"), (Told.LIVE, None, 0, "issued"), (Told.LIVE, 10_000, 10_000, "issued"),
        (Told.LIVE, 4_000, 10_000, "partly_used"), (Told.LIVE, None, 10_000, ""), (Told.USED, 0, 0, "used"),
        (Told.OTHER, 0, 0, ""),
    ],
)  # fmt: skip
def test_what_lives_there_again_was_given_back(
    told: Told, rest_won: int | None, print_won: int, state: str
) -> None:
    """C3, V3"""
    coupon = Coupon(told, rest_won=rest_won)
    assert rules.state_there(coupon, face_won=0, is_used=True, print_won=print_won) == state
    assert not state or state == "used" or VoucherState(state) in VOUCHER_MOVES[VoucherState.USED]


@forall(st.sampled_from(Told), st.integers(0, 10**6), st.integers(0, 10**6))
def test_whatever_it_says_the_move_is_on_the_map(told: Told, rest_won: int, face_won: int) -> None:
    """V2: from a voucher that can be used."""
    state = rules.state_there(Coupon(told, rest_won=rest_won), face_won=face_won)
    assert not state or VoucherState(state) in VOUCHER_MOVES[VoucherState.ISSUED]


@forall(st.sampled_from(VoucherState), st.sampled_from(["", "used", "partly_used", "expired", "void"]))
def test_what_is_no_move_is_told(state: VoucherState, told: str) -> None:
    """C3, V2: whatever stands here and whatever it says, it moves on the map, agrees, or staff look."""
    moves = VOUCHER_MOVES.get(state, set())
    is_odd = rules.is_at_odds(state, told, moves=moves)
    may_move = told in moves and state not in rules.SETTLED
    agrees = not told or told == state or (state in rules.SETTLED and told in ("expired", "void"))
    assert [is_odd, may_move and not agrees, agrees].count(True) == 1


@forall(st.integers(0, 10_000))
def test_an_issuer_that_is_silent_is_asked_less_and_less_often(tries: int) -> None:
    """C3"""
    first, then = rules.try_again_at(tries, MONDAY), rules.try_again_at(tries + 1, MONDAY)
    assert MONDAY < first <= then <= MONDAY + timedelta(minutes=30)
    assert rules.ask_again_at(MONDAY, figures=Figures()) == MONDAY + timedelta(hours=24)

"""Decisions of the books. P1, O9."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from seonmul.kit.refusals import No, Refusal, _

K = TypeVar("K", bound=Hashable)


class LedgerRefusal(Refusal):
    NOT_ENOUGH = "balance_not_enough", _("잔액이 {missing_won:,}원 모자랍니다. 아무것도 결제하지 않았습니다.")
    HOLD_SPENT = "hold_spent", _("보류한 금액 {rest_won:,}원보다 많이 처리할 수 없습니다.")
    CAUSE_TAKEN = "cause_taken", _("같은 사유로 다른 금액이 이미 처리되었습니다.")


@dataclass(frozen=True)
class HoldFacts:
    """A hold in won."""

    amount_won: int
    captured_won: int
    released_won: int
    refunded_won: int = 0


@dataclass(frozen=True)
class PartFacts:
    """A part of a hold in won."""

    amount_won: int
    returned_won: int


def why_not_post(balances: Mapping[K, int], changes: Mapping[K, int]) -> No | None:
    """Say why these changes may not be posted: a member's account never goes below zero.

    `balances`: the kept balances of the members' accounts among the changed ones.
    """
    for account, balance in balances.items():
        after = balance + changes.get(account, 0)
        if after < 0:
            return No(LedgerRefusal.NOT_ENOUGH, {"missing_won": -after})
    return None


def why_not_take(hold: HoldFacts, won: int) -> No | None:
    """Say why `won` may not be captured from, or released of, this hold."""
    rest = hold.amount_won - hold.captured_won - hold.released_won
    if won <= 0 or won > rest:
        return No(LedgerRefusal.HOLD_SPENT, {"rest_won": rest})
    return None


def why_not_refund(hold: HoldFacts, won: int, kept_won: int = 0) -> No | None:
    """Say why `won` of what was captured may not be given back, `kept_won` of it kept. P5, P4"""
    rest = hold.captured_won - hold.refunded_won
    if won <= 0 or won > rest or not 0 <= kept_won <= won:
        return No(LedgerRefusal.HOLD_SPENT, {"rest_won": rest})
    return None


def why_not_repeat(posted: Mapping[K, int], asked: Mapping[K, int]) -> No | None:
    """Say why a cause that has posted may not be met again: only the very same transfer counts as a repeat."""
    return None if dict(posted) == dict(asked) else No(LedgerRefusal.CAUSE_TAKEN)


def shares_of_return(parts: Sequence[PartFacts], won: int) -> list[int]:
    """Split what goes back over the parts, last part first: what is spent first goes back last. P5.

    `parts` in the order in which they are spent; the result has the same order and sums to `won`.
    """
    room = [part.amount_won - part.returned_won for part in parts]
    return shares_in_order(room[::-1], won)[::-1]


def shares_in_order(room: Sequence[int], won: int) -> list[int]:
    """Fill one after the other: as much as there is room, until `won` is placed."""
    shares, left = [], won
    for most in room:
        shares.append(min(left, most))
        left -= shares[-1]
    if left:
        raise ValueError("more than there is room for")
    return shares


def less_kept(shares: Sequence[int], kept_won: int) -> list[int]:
    """What is given of each share when `kept_won` is kept: reward first, then cash, the card last. P4"""
    kept = shares_in_order(shares, kept_won)
    return [share - less for share, less in zip(shares, kept, strict=True)]

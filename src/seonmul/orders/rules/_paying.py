"""With what an order is paid, what it earns, and what of it goes back. O6, P3, P4, P5"""

from __future__ import annotations

from dataclasses import dataclass

from seonmul.kit.refusals import No, Refusal, _
from seonmul.orders.rules._placing import OrderRefusal
from seonmul.payments import rules as payments


class SplitRefusal(Refusal):
    REWARD_SHORT = (
        "order_reward_short",
        _("쓸 수 있는 리워드는 {has_won:,}원입니다. 결제하지 않았습니다. 금액을 고쳐 주세요."),
    )
    CASH_SHORT = (
        "order_cash_short",
        _(
            "쓸 수 있는 캐쉬는 {has_won:,}원입니다. 결제하지 않았습니다. 캐쉬를 충전하거나 카드로 나눠 내 주세요."
        ),
    )
    TOO_MUCH = (
        "order_split_too_much",
        _("결제할 금액 {total_won:,}원보다 많이 쓸 수 없습니다. 결제하지 않았습니다. 금액을 고쳐 주세요."),
    )


@dataclass(frozen=True)
class Split:
    """With what an order is paid, in won and in the order of spending; what goes back goes the other way round. O6, P5"""

    reward_won: int = 0
    cash_won: int = 0
    card_won: int = 0

    @property
    def total_won(self) -> int:
        return self.reward_won + self.cash_won + self.card_won

    @property
    def needs_grant(self) -> bool:
        """Cash and reward need spend authentication; a card brings its own. M4"""
        return self.reward_won + self.cash_won > 0


def split_of(total_won: int, *, reward_won: int, cash_won: int) -> Split:
    """What is chosen of reward and cash; a card pays the rest. O6"""
    return Split(reward_won, cash_won, max(total_won - reward_won - cash_won, 0))


def split_wanted(
    total_won: int,
    *,
    reward_won: int,
    cash_won: int | None,
    has_reward_won: int,
    has_cash_won: int,
    all_of: str = "",
) -> Split:
    """What a person asks for on the pay page: reward goes first and cash makes room for it; a card pays the rest. O6

    `cash_won` None: as much as there is. `all_of`: "reward" or "cash", of which all there is is to be used.
    """
    if all_of == "reward":
        reward_won = min(has_reward_won, total_won)
    room = max(total_won - reward_won, 0)
    if cash_won is None or all_of == "cash":
        cash_won = has_cash_won
    return split_of(total_won, reward_won=reward_won, cash_won=min(cash_won, room))


class CheckoutRefusal(Refusal):
    CANCELLED = (
        "checkout_cancelled",
        _("카드 결제를 취소했습니다. 쓰려던 캐쉬와 리워드는 다시 쓸 수 있습니다. 다시 결제해 주세요."),
    )
    AGAIN = (
        "checkout_again",
        _("결제 방법이나 금액을 바꿔 이 카드 결제는 끝났습니다. 주문으로 돌아가 다시 결제해 주세요."),
    )
    CHANGED = (
        "checkout_changed",
        _("카드 결제를 마치기 전에 주문할 수 없게 바뀌어 주문하지 않았습니다. 주문을 다시 확인해 주세요."),
    )


_ENDS: dict[str, Refusal] = {
    "window_ended": payments.CardRefusal.ENDED,
    "cancelled": CheckoutRefusal.CANCELLED,
    "again": CheckoutRefusal.AGAIN,
    OrderRefusal.CHANGED_MEANWHILE.code: OrderRefusal.CHANGED_MEANWHILE,
}


def why_ended(why: str, *, seen_won: int, now_won: int) -> No:
    """Say why no order came of a card window that is over. `why`: as the checkout keeps it. O6, P3"""
    if why == OrderRefusal.PRICE_CHANGED.code:
        return No(OrderRefusal.PRICE_CHANGED, {"seen_won": seen_won, "now_won": now_won})
    return No(_ENDS.get(why, CheckoutRefusal.CHANGED))


def why_not_split(split: Split, total_won: int, *, has_reward_won: int, has_cash_won: int) -> No | None:
    """Say why an order of `total_won` may not be paid like this. O6"""
    if min(split.reward_won, split.cash_won, split.card_won) < 0 or split.total_won != total_won:
        return No(SplitRefusal.TOO_MUCH, {"total_won": total_won})
    if split.reward_won > has_reward_won:
        return No(SplitRefusal.REWARD_SHORT, {"has_won": has_reward_won})
    if split.cash_won > has_cash_won:
        return No(SplitRefusal.CASH_SHORT, {"has_won": has_cash_won})
    return None


@dataclass(frozen=True)
class EarningFacts:
    """What an order's reward hangs on. `certificates_won`: what its gift certificates cost, less those refunded."""

    certificates_won: int
    cash_and_card_won: int
    total_won: int
    earned_won: int
    unearned_won: int


def reward_to_take_back(facts: EarningFacts, refunded_certificates_won: int, *, percent: int) -> int:
    """What of an order's reward goes with a refund of some of its gift certificates. P4

    What stays earned is what an order without them would have earned.
    """
    stays = payments.reward_won(
        facts.certificates_won - refunded_certificates_won,
        cash_and_card_won=facts.cash_and_card_won,
        total_won=facts.total_won,
        percent=percent,
    )
    return max(facts.earned_won - facts.unearned_won - stays, 0)


def kept_for_reward(facts: EarningFacts, reward_back_won: int, *, left_won: int, used_won: int) -> int:
    """What of the reward that goes with a refund was spent, and is therefore kept from it. P4

    `left_won`, `used_won`: of what the order brought. What is left goes first, then what has ended unspent and no refund
    before this one has counted: nobody pays for reward that was never of use.
    """
    # has ended, was given up, or was taken back with a refund before
    gone = facts.earned_won - left_won - used_won
    unspent = left_won + max(gone - facts.unearned_won, 0)
    return min(max(reward_back_won - unspent, 0), used_won)


@dataclass(frozen=True)
class RefundPlan:
    """What a refund comes to, in won. `won`: the price of the copies; `reward_back_won`: reward that goes with them,
    `kept_won` of it spent already and therefore kept; the others: where the rest goes. P4, P5
    """

    won: int
    reward_back_won: int
    kept_won: int
    card_won: int
    cash_won: int
    reward_won: int


def amount_won(unit_price_won: int, copies: int) -> int:
    """What a line costs."""
    return unit_price_won * copies

"""Within which bounds of money a member of a company may pay, and a department have paid for it. M7"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _


class BudgetRefusal(Refusal):
    ORDER_OVER = (
        "budget_order_over",
        _(
            "한 번에 {limit_won:,}원까지 결제할 수 있는데 이 주문은 {over_won:,}원이 많습니다. 결제하지 않았고 주문은 "
            "그대로 있습니다. 나눠서 주문하거나 회사의 대표에게 한도를 올려 달라고 요청해 주세요."
        ),
    )
    MEMBER_OVER = (
        "budget_member_over",
        _(
            "이번 달에 결제할 수 있는 금액이 {left_won:,}원 남아 {over_won:,}원이 모자랍니다. 결제하지 않았고 주문은 "
            "그대로 있습니다. 회사의 대표에게 한도를 올려 달라고 요청하거나, 새로 시작하는 {resets_on}에 결제해 주세요."
        ),
    )
    DEPARTMENT_OVER = (
        "budget_department_over",
        _(
            "{department} 부서의 이번 달 예산이 {left_won:,}원 남아 {over_won:,}원이 모자랍니다. 결제하지 않았고 "
            "주문은 그대로 있습니다. 회사의 대표에게 예산을 올려 달라고 요청하거나, 새로 시작하는 {resets_on}에 결제해 "
            "주세요."
        ),
    )


@dataclass(frozen=True)
class Bound:
    """What may be paid for in a month, and what was, in won. `held_won`: card windows, and orders to approve."""

    limit_won: int
    used_won: int
    held_won: int

    @property
    def taken_won(self) -> int:
        return self.used_won + self.held_won

    @property
    def left_won(self) -> int:
        return max(self.limit_won - self.taken_won, 0)

    def over_won(self, wanted_won: int) -> int:
        """How much is missing for this much more."""
        return max(self.taken_won + wanted_won - self.limit_won, 0)


@dataclass(frozen=True)
class BudgetFacts:
    """The bounds of one member of a company in a month of Seoul; None where there is no bound. M7

    `order_most_won`: for one order; `member`: for a month; `budget`: of `department`, in which all of its members pay.
    """

    resets_on: date
    order_most_won: int | None = None
    member: Bound | None = None
    department: str = ""
    budget: Bound | None = None

    @property
    def is_bound(self) -> bool:
        return bool(self.order_most_won is not None or self.member or self.budget)


def why_not_pay_within(facts: BudgetFacts, wanted_won: int) -> No | None:
    """Say why a member of a company may not pay for this much more in this month. First reason wins. M7"""
    most = facts.order_most_won
    if most is not None and wanted_won > most:
        return No(BudgetRefusal.ORDER_OVER, {"limit_won": most, "over_won": wanted_won - most})
    resets_on = clock.korean_date(facts.resets_on)
    for bound, why, words in (
        (facts.member, BudgetRefusal.MEMBER_OVER, {}),
        (facts.budget, BudgetRefusal.DEPARTMENT_OVER, {"department": facts.department}),
    ):
        if bound and bound.over_won(wanted_won):
            numbers = {"left_won": bound.left_won, "over_won": bound.over_won(wanted_won)}
            return No(why, {**numbers, "resets_on": resets_on, **words})
    return None

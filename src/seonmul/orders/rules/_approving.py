"""Who must consent to an order before it is sent, in which order, and by when. O8, M7"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit.clock import SEOUL
from seonmul.kit.refusals import No, Refusal, _


class ApprovalRefusal(Refusal):
    NO_APPROVER = (
        "approval_no_approver",
        _(
            "이 금액부터는 결재가 필요한데 결재할 수 있는 다른 구성원이 없습니다. 결제하지 않았습니다. "
            "회사의 대표에게 결재자를 정해 달라고 요청해 주세요."
        ),
    )
    NOT_WAITING = "approval_not_waiting", _("이미 처리된 주문입니다. 다시 확인해 주세요.")
    NO_REASON = (
        "approval_no_reason",
        _("반려하는 이유를 적어 주세요. 주문한 분께 그대로 전합니다. 아직 반려하지 않았습니다."),
    )
    NOT_APPROVER = (
        "approval_not_approver",
        _("결재자나 대표만 결재할 수 있습니다. 회사의 대표에게 권한을 요청해 주세요."),
    )
    OWN_ORDER = "approval_own_order", _("자기가 주문한 것은 다른 구성원이 결재해야 합니다.")


COMPANY, OPERATOR = "company", "operator"


@dataclass(frozen=True)
class ApprovalFacts:
    """An order at the moment of paying. `approval_above_won`: from here on the company's approver, None for nobody.

    `approvers`: members of the company who may consent, without the one who orders.
    """

    has_certificates: bool
    amount_won: int
    approval_above_won: int | None = None
    approvers: int = 0

    @property
    def needs_company(self) -> bool:
        return self.approval_above_won is not None and self.amount_won >= self.approval_above_won


def steps_of(facts: ApprovalFacts) -> list[str]:
    """Who must consent, one after the other: the company's approver, then the operator for gift certificates. O8"""
    company = [COMPANY] if facts.needs_company else []
    return company + ([OPERATOR] if facts.has_certificates else [])


def why_not_ask_approval(facts: ApprovalFacts) -> No | None:
    """Say why this order would wait for nobody. M7"""
    return No(ApprovalRefusal.NO_APPROVER) if facts.needs_company and not facts.approvers else None


def why_not_decide(is_waiting: bool, *, approve: bool, reason: str) -> No | None:
    """Say why this decision is not taken: a decided order stays decided, a refusal needs its reason. O8"""
    if not is_waiting:
        return No(ApprovalRefusal.NOT_WAITING)
    return None if approve or reason.strip() else No(ApprovalRefusal.NO_REASON)


def why_not_approve_for_company(*, may_approve: bool, is_own: bool) -> No | None:
    """Say why this member of the company does not decide on this order. M7, O8"""
    if not may_approve:
        return No(ApprovalRefusal.NOT_APPROVER)
    return No(ApprovalRefusal.OWN_ORDER) if is_own else None


@dataclass(frozen=True)
class ApprovalSigns:
    """What speaks for or against an order with gift certificates. O8

    `earlier_most_won`: the largest order of this buyer before; `own_people`: recipients with the number of somebody of
    the buyer's; `shared_people`: recipients to whom other accounts sent gift certificates lately, `accounts_most` of
    them to one.
    """

    joined_at: datetime
    paid_at: datetime
    amount_won: int
    earlier_most_won: int
    own_people: int
    shared_people: int
    accounts_most: int
    figures: Figures

    @property
    def is_new_member(self) -> bool:
        return self.paid_at - self.joined_at < timedelta(days=self.figures.new_member_days)

    @property
    def is_first_large(self) -> bool:
        return self.amount_won >= self.figures.large_order_won > self.earlier_most_won

    @property
    def is_at_night(self) -> bool:
        hour = self.paid_at.astimezone(SEOUL).hour
        return hour >= self.figures.unusual_from_hour or hour < self.figures.unusual_to_hour

    @property
    def is_shared(self) -> bool:
        return self.accounts_most >= self.figures.shared_accounts
